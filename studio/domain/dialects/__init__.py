"""One file per way of writing down how a picture was made. `DIALECTS` lists them in the order in which they are asked.

A dialect is a function from a file's texts by key to `FoundSettings`, or to None where it finds nothing of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Final, TypeAlias

from studio.domain.dialects import a1111, comfyui, fastsd, fooocus, invokeai, novelai, own, swarmui
from studio.domain.dialects.unfolding import unfolded
from studio.domain.found_settings import FoundSettings

__all__ = ["DIALECTS", "Reader", "read"]

Reader: TypeAlias = Callable[[Mapping[str, str]], FoundSettings | None]

DIALECTS: Final[tuple[Reader, ...]] = (
    own.read,
    invokeai.read,
    fooocus.read,
    swarmui.read,
    a1111.read,
    comfyui.read,
    novelai.read,
    fastsd.read,
)


_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
"""Half a surrogate pair, as JSON may write one, whole pairs among them; no other text that is read can hold one."""


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return what a picture's texts say of how it was made, in the first dialect that says something.

    Nothing in them is run or fetched, and what is too long, too deep or damaged says nothing.

    Args:
        texts: by key, as a PNG holds them; a photo's comment as ``parameters``.
    """
    for said in (texts, unfolded(texts)):
        for reader in DIALECTS:
            if found := reader(said):
                return _storable(found) if any(map(_HALF.search, said.values())) else found
    return None


def _storable(found: FoundSettings) -> FoundSettings:
    """Return the settings with a question mark for each half of a surrogate pair, which JSON holds and UTF-8 cannot."""
    words = {one.name: getattr(found, one.name) for one in fields(found)}
    plain = {name: _plain(value) for name, value in words.items() if isinstance(value, str)}
    loras = tuple(replace(lora, name=_plain(lora.name)) for lora in found.loras)
    return replace(
        found, **plain, loras=loras, others=tuple((_plain(key), _plain(value)) for key, value in found.others)
    )


def _plain(text: str) -> str:
    return text.encode(errors="replace").decode()
