"""The last thing done to a picture's file: whoever seals it vouches for every byte, so that none may change later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from studio.domain.disclosure import Disclosure
    from studio.domain.picture_kind import PictureKind


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file as it is to be written.

    Attributes:
        content: all of it.
        notes: what went wrong with the seal, in sentences for a person; the picture is written all the same.
    """

    content: bytes
    notes: tuple[str, ...] = ()


class Seal(Protocol):
    """Puts Content Credentials into files, or nothing. Called on any thread but the main one; never raises."""

    def __call__(self, content: bytes, kind: PictureKind, disclosure: Disclosure, /) -> Sealed:
        """Return the file with its seal.

        Args:
            content: the file with all that it is to say.
            kind: of it.
            disclosure: what it may tell; with `ExportPrivacy.NOTHING` there is no seal, for it says whose it is.
        """
        ...


def unsealed(content: bytes, kind: PictureKind, disclosure: Disclosure, /) -> Sealed:
    """Return the file as it is."""
    del kind, disclosure
    return Sealed(content)
