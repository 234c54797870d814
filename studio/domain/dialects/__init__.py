"""One file per way of writing down how a picture was made. `DIALECTS` lists them in the order in which they are asked.

A dialect is a function from a file's texts by key to `FoundSettings`, or to None where it finds nothing of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return what a picture's texts say of how it was made, in the first dialect that says something.

    Nothing in them is run or fetched, and what is too long, too deep or damaged says nothing.

    Args:
        texts: by key, as a PNG holds them; a photo's comment as ``parameters``.
    """
    for said in (texts, unfolded(texts)):
        for reader in DIALECTS:
            if found := reader(said):
                return found
    return None
