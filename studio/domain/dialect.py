"""The ways in which programs write down how a picture was made."""

from __future__ import annotations

from enum import Enum


class Dialect(Enum):
    """One way; the value is kept in the index and printed by ``sfumato inspect --json``."""

    SFUMATO = "sfumato"
    INVOKEAI = "invokeai"
    A1111 = "a1111"
    FOOOCUS = "fooocus"
    COMFYUI = "comfyui"
    NOVELAI = "novelai"
    SWARMUI = "swarmui"
    FASTSD = "fastsd"
    NONE = "none"
    """The picture says nothing about how it was made."""

    @property
    def title(self) -> str:
        """What people call it."""
        return _TITLES[self]


_TITLES = {
    Dialect.SFUMATO: "Sfumato",
    Dialect.INVOKEAI: "InvokeAI",
    Dialect.A1111: "A1111",
    Dialect.FOOOCUS: "Fooocus",
    Dialect.COMFYUI: "ComfyUI",
    Dialect.NOVELAI: "NovelAI",
    Dialect.SWARMUI: "SwarmUI",
    Dialect.FASTSD: "FastSD CPU",
    Dialect.NONE: "nothing",
}
