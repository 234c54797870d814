"""Two pictures of the history side by side: read, brought to one size and told apart behind the window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.bridge.picture_levels import PictureLevels
from studio.domain.difference import Difference, difference_of
from studio.domain.errors import StudioError
from studio.domain.geometry import Size
from studio.services.pictures import read_picture, scaled_picture

if TYPE_CHECKING:
    from pathlib import Path

    from studio.bridge.background import Background
    from studio.services.history_entry import Entry


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two pictures of one size, and what tells them apart.

    Attributes:
        first: the one that gives the size.
        second: scaled to it where it had another one.
        map: where they differ, as `studio.domain.difference.Difference.map`.
        difference: how far they are apart.
        second_size: of the second one before it was scaled; None where both had one size.
    """

    first: PictureLevels
    second: PictureLevels
    map: PictureLevels
    difference: Difference
    second_size: Size | None


class PictureComparison(QObject):
    """Compares two pictures at a time; what was asked for before is dropped.

    Signals:
        compared: the `Comparison` that was asked for last.
        failed: the `StudioError` that says why there is none.
    """

    compared = Signal(Comparison)
    failed = Signal(StudioError)

    def __init__(self, reader: Background, parent: QObject | None = None) -> None:
        """Read on a thread.

        Args:
            reader: the thread.
            parent: owns this object.
        """
        super().__init__(parent)
        self._reader = reader
        self._asked = 0

    def compare(self, first: Entry, second: Entry) -> None:
        """Ask for a comparison; `compared` or `failed` answers, unless another one is asked for first."""
        self._asked += 1
        asked = self._asked
        self._reader.run(
            partial(_compared, first.path, second.path), partial(self._show, asked), partial(self._give_up, asked)
        )

    def drop(self) -> None:
        """Want no answer any more."""
        self._asked += 1

    def _show(self, asked: int, comparison: Comparison) -> None:
        if asked == self._asked:
            self.compared.emit(comparison)

    def _give_up(self, asked: int, error: StudioError) -> None:
        if asked == self._asked:
            self.failed.emit(error)


def _compared(first_path: Path, second_path: Path) -> Comparison:
    first, second = read_picture(first_path), read_picture(second_path)
    size, second_size = Size(first.width, first.height), Size(second.width, second.height)
    same = size == second_size
    scaled = second if same else scaled_picture(second, size)
    difference = difference_of(first, scaled)
    return Comparison(
        PictureLevels.of(first),
        PictureLevels.of(scaled),
        PictureLevels.of(difference.map),
        difference,
        None if same else second_size,
    )
