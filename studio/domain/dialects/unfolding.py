"""One text that holds all of a picture's texts, as programs write it into a photo's comment or between its pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialects.comfyui import PROMPT_KEY, WORKFLOW_KEY
from studio.domain.dialects.invokeai import METADATA_KEY
from studio.domain.dialects.novelai import COMMENT_KEY
from studio.domain.dialects.values import as_json, json_object
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS: Final = frozenset({OWN_KEY, METADATA_KEY, PARAMETERS_KEY, PROMPT_KEY, WORKFLOW_KEY, COMMENT_KEY})
"""One of them tells that an object's keys are those of texts."""


def unfolded(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that are folded into the one called ``parameters``; empty where it is not of that kind."""
    found = json_object(texts.get(PARAMETERS_KEY, ""))
    if any(isinstance(value, dict) and "class_type" in value for value in found.values()):
        return {PROMPT_KEY: texts[PARAMETERS_KEY]}
    if found.keys() >= {"uc", "sampler"} or "v4_prompt" in found:
        return {COMMENT_KEY: texts[PARAMETERS_KEY]}
    if _KEYS & {key for key, value in found.items() if isinstance(value, dict) or key != PROMPT_KEY}:
        return {key: _text(value) for key, value in found.items()}
    return {}


def _text(value: Any) -> str:  # noqa: ANN401 - any part of parsed JSON
    return value if isinstance(value, str) else as_json(value)
