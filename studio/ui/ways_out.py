"""What a person can do about a failure with one click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from studio.domain.errors import (
    EngineDied,
    EngineFailed,
    InvalidSize,
    NotANumber,
    OutOfMemory,
    StorageError,
    StudioError,
)
from studio.domain.geometry import Size, snap

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.domain.model import ModelInfo
    from studio.domain.request import GenerationRequest


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Paint the same request once more."""

    request: GenerationRequest

    @property
    def title(self) -> str:
        """What its button says."""
        return "Try again"


@dataclass(frozen=True, slots=True)
class UseSize:
    """Take another size and paint: the request that failed, or what the panel asks for where none could be built."""

    size: Size
    request: GenerationRequest | None = None

    @property
    def title(self) -> str:
        """What its button says."""
        return f"Use {self.size}"


@dataclass(frozen=True, slots=True)
class SaveAgain:
    """Try once more to keep the pictures that could not be kept."""

    @property
    def title(self) -> str:
        """What its button says."""
        return "Save again"


@dataclass(frozen=True, slots=True)
class CancelFetch:
    """Fetch no picture from the network any more."""

    @property
    def title(self) -> str:
        """What its button says."""
        return "Cancel"


@dataclass(frozen=True, slots=True)
class SaveDocument:
    """Save the document."""

    @property
    def title(self) -> str:
        """What its button says."""
        return "Save"


@dataclass(frozen=True, slots=True)
class DiscardDocument:
    """Let the changes go and do what was asked for."""

    go_on: Callable[[], object]

    @property
    def title(self) -> str:
        """What its button says."""
        return "Discard"


@dataclass(frozen=True, slots=True)
class Undo:
    """Make what was done undone."""

    go_on: Callable[[], object]

    @property
    def title(self) -> str:
        """What its button says."""
        return "Undo"


@dataclass(frozen=True, slots=True)
class Stop:
    """Do no more of what is being done."""

    go_on: Callable[[], object]

    @property
    def title(self) -> str:
        """What its button says."""
        return "Stop"


@dataclass(frozen=True, slots=True)
class GoThere:
    """Go where what was done is seen."""

    title: str
    go_on: Callable[[], object]


WayOut = TryAgain | UseSize | SaveAgain | CancelFetch | SaveDocument | DiscardDocument | Undo | Stop | GoThere


def ways_out(
    error: StudioError,
    asked: Size,
    model: ModelInfo | None,
    request: GenerationRequest | None,
    *,
    unsaved: int = 0,
) -> tuple[WayOut, ...]:
    """Return the ways out of a failure, the most promising first.

    Args:
        error: what went wrong.
        asked: the size that was asked for.
        model: what was to paint, where it is known.
        request: what was to be painted, where it could be built.
        unsaved: painted pictures that could not be kept.
    """
    found: list[WayOut] = []
    # Without a request it was the model itself that did not fit, and no size of picture helps.
    is_about_size = isinstance(error, InvalidSize) or (isinstance(error, OutOfMemory) and request is not None)
    if model is not None and is_about_size and (size := _other_size(error, asked, model)):
        found.append(UseSize(size, request))
    if request is not None and isinstance(error, EngineDied | EngineFailed | OutOfMemory | NotANumber):
        found.append(TryAgain(request))
    if unsaved and isinstance(error, StorageError):
        found.append(SaveAgain())
    return tuple(found)


def fetch_progress(url: str, received: int, total: int) -> str:
    """Return how far a picture is that comes from the network.

    Args:
        url: where it comes from.
        received: bytes so far.
        total: bytes in all, or -1 where nobody knows.
    """
    host = urlsplit(url).hostname or "the page itself"
    size = f"{received / 1e6:.1f} MB" if total < 0 else f"{received / 1e6:.1f} of {total / 1e6:.1f} MB"
    return f"{size} from {host}"


def pictures_at_stake(unsaved: int) -> StorageError:
    """Return what is said once to somebody who closes the window over pictures that could not be kept."""
    pictures = "A picture is" if unsaved == 1 else f"{unsaved} pictures are"
    return StorageError(
        f"{pictures} not in the history yet",
        "saving failed, and closing the window may lose what is not saved",
        "Make room and save again, or close the window once more to leave all the same",
    )


def _other_size(error: StudioError, asked: Size, model: ModelInfo) -> Size | None:
    multiple = model.extent_multiple
    if isinstance(error, InvalidSize):
        nearest = Size(snap(asked.width, multiple), snap(asked.height, multiple))
        return nearest if nearest != asked else None
    if asked.width * asked.height > model.native_side**2:
        return Size(model.native_side, model.native_side)
    half = Size(snap(asked.width / 2, multiple), snap(asked.height / 2, multiple))
    return half if half != asked else None
