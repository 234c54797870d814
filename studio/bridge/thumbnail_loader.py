"""Reads thumbnails behind the window: what is on the screen now comes first, what was scrolled past is left out."""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QImage, QPainter

from studio.bridge.images import to_qimage
from studio.domain.errors import StudioError
from studio.services.thumbnails import side_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.services.history_entry import Entry
    from studio.services.thumbnails import Thumbnails

THREADS: Final = 2
_log = logging.getLogger("sfumato.thumbnails")


@dataclass(frozen=True, slots=True)
class Wish:
    """A thumbnail that a view wants.

    Attributes:
        entry: of this picture.
        pixels: side of the square that it fills, in pixels of the screen.
        corner: radius of the square's corners, likewise.
    """

    entry: Entry
    pixels: int
    corner: int

    @property
    def key(self) -> tuple[int, int]:
        """What tells it from other wishes."""
        return self.entry.id, self.pixels


class ThumbnailLoader(QObject):
    """Two threads that serve the latest list of wishes.

    Signals:
        loaded: number of the entry, pixels of the side, and the thumbnail; a null image where there is none to be had.
    """

    loaded = Signal(object, int, QImage)

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        """Make everything ready; the threads begin with the first wish.

        Args:
            thumbnails: where they are kept.
            parent: owns this object.
        """
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="sfumato thumbnails")
        self._lock = Lock()
        self._wishes: deque[Wish] = deque()
        self._begun: set[tuple[int, int]] = set()
        self._workers = 0
        self._is_closed = False

    def want(self, wishes: Sequence[Wish]) -> None:
        """Load these, the first one first; earlier wishes that nobody has begun with are forgotten."""
        with self._lock:
            if self._is_closed:
                return
            self._wishes = deque(wish for wish in wishes if wish.key not in self._begun)
            wanted = min(THREADS, len(self._wishes))
            while self._workers < wanted:
                self._workers += 1
                self._executor.submit(self._work)

    def close(self) -> None:
        """Leave out what is not begun and end the threads."""
        with self._lock:
            self._is_closed = True
            self._wishes.clear()
        self._executor.shutdown()

    # --- on the loader's threads

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._wishes:
                    self._workers -= 1
                    return
                wish = self._wishes.popleft()
                self._begun.add(wish.key)
            image = self._load(wish)
            with self._lock:
                self._begun.discard(wish.key)
            self.loaded.emit(wish.entry.id, wish.pixels, image)

    def _load(self, wish: Wish) -> QImage:
        entry = wish.entry
        try:
            side = side_for(wish.pixels, entry.width, entry.height)
            return as_cell(to_qimage(self._thumbnails.of(entry, side)), wish.pixels, wish.corner)
        except StudioError as error:
            # A picture that is gone is shown as such, not complained about for each cell.
            _log.info("no thumbnail: %s", error)
        except Exception:  # noqa: BLE001 - the thread's boundary
            _log.exception("a thumbnail could not be made")
        return QImage()


def as_cell(image: QImage, pixels: int, corner: int) -> QImage:
    """Return the middle square of a picture with round corners, so that painting it is a mere copy.

    Args:
        image: not null.
        pixels: side of the square.
        corner: radius of its corners.
    """
    side = min(image.width(), image.height())
    left, top = (image.width() - side) // 2, (image.height() - side) // 2
    square = image.copy(QRect(left, top, side, side)).scaled(
        pixels, pixels, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    cell = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    cell.fill(Qt.GlobalColor.transparent)
    painter = QPainter(cell)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(square))
    painter.drawRoundedRect(QRectF(0, 0, pixels, pixels), corner, corner)
    painter.end()
    return cell
