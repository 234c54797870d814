"""Settings of any picture as the text that A1111 writes, which most other programs read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from studio.domain.found_settings import FoundSettings

_MARKS: Final = ',:"\n'
"""A value with one of these is put into quotation marks; ``quote`` in A1111's ``modules/infotext_utils.py``."""


def parameters_text(found: FoundSettings) -> str:
    """Return prompt, ``Negative prompt:`` where there is one, and a line of settings, as far as they are known.

    Source: ``create_infotext`` in A1111's ``modules/processing.py``. For a picture of our own,
    `studio.domain.metadata.Metadata.to_parameters` knows more.
    """
    lines = [found.prompt]
    if found.negative_prompt:
        lines.append(f"Negative prompt: {found.negative_prompt}")
    said = {
        "Steps": "" if found.steps is None else str(found.steps),
        "Sampler": found.sampler.title if found.sampler else found.sampler_name,
        "Schedule type": found.schedule.title if found.schedule else found.schedule_name,
        "CFG scale": "" if found.guidance_scale is None else f"{found.guidance_scale:g}",
        "Seed": "" if found.seed is None else str(found.seed),
        "Size": "" if found.size is None else str(found.size),
        "Model hash": found.model_hash[:10],
        "Model": found.model,
        "Denoising strength": "" if found.strength is None else f"{found.strength:g}",
        "VAE": found.vae,
    }
    lines.append(", ".join(f"{name}: {_quoted(value)}" for name, value in said.items() if value))
    return "\n".join(lines).strip()


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if any(mark in value for mark in _MARKS) else value
