"""How a picture came to be, in the words that the press, search engines and social networks have agreed on."""

from __future__ import annotations

from enum import Enum
from typing import Final

_VOCABULARY: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"


class SourceType(Enum):
    """A term of IPTC's vocabulary (https://cv.iptc.org/newscodes/digitalsourcetype/); the value is the term's own name.

    There is none for a picture of which nobody can say where it comes from, such as an imported one.
    """

    GENERATED = "trainedAlgorithmicMedia"
    """A model painted all of it."""
    COMPOSITE = "compositeWithTrainedAlgorithmicMedia"
    """A model painted into it, or from it, and something of what was there before may be left."""
    BY_HAND = "digitalCreation"
    """A person painted it, without a model."""

    @property
    def uri(self) -> str:
        """The term as XMP and Content Credentials write it."""
        return _VOCABULARY + self.value

    @property
    def is_ai(self) -> bool:
        """Whether a model had a part in it."""
        return self is not SourceType.BY_HAND

    @property
    def title(self) -> str:
        """What it says, for people."""
        return _TITLES[self]

    @classmethod
    def of_uri(cls, text: str) -> SourceType | None:
        """Return the term of that address, or of that bare name; None for any other one."""
        name = text.strip().removeprefix("https:").removeprefix("http:").removeprefix(_VOCABULARY.removeprefix("http:"))
        return next((term for term in cls if term.value == name), None)


_TITLES: Final = {
    SourceType.GENERATED: "Made by a model",
    SourceType.COMPOSITE: "Made in part by a model",
    SourceType.BY_HAND: "Painted by hand",
}


def source_type_of(*, has_generated: bool, has_own: bool) -> SourceType | None:
    """Return what to call a picture by what is in it.

    Args:
        has_generated: whether anything of it is a model's.
        has_own: whether anything of it, or of what the model began with, is not.

    Returns:
        None where nothing is in it at all.
    """
    if has_generated:
        return SourceType.COMPOSITE if has_own else SourceType.GENERATED
    return SourceType.BY_HAND if has_own else None
