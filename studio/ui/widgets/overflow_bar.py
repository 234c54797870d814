"""A row of controls that keeps what fits and folds the rest behind a button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import SPACE
from studio.ui.widgets.icon_button import IconButton
from studio.ui.widgets.popover import Edge, Popover

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

FOLDED: Final = "folded"
"""Property of a control: whether it stands in the popover, where it has room for words."""


@dataclass(frozen=True, slots=True)
class BarItem:
    """A control of the bar.

    Attributes:
        widget: the control; it is as wide as its hint says.
        rank: those of the highest rank fold away first.
        gap: free pixels before it.
    """

    widget: QWidget
    rank: int = 0
    gap: int = 0


class OverflowBar(QWidget):
    """Folds the least wanted controls away first, of these the last ones; a popover shows them, in the same order."""

    def __init__(self, name: str, side: int) -> None:
        super().__init__()
        self._items: tuple[BarItem, ...] = ()
        self._widths: tuple[int, ...] = ()
        self._folded: frozenset[int] = frozenset()
        self._popover = Popover(name, self)
        self._column = QVBoxLayout(self._popover)
        self._column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        self._column.setSpacing(SPACE)
        self.more = IconButton(Icon.MORE, name, name, side=side)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(self._open)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.more)
        self._row.addStretch(1)
        self.more.hide()

    @property
    def folded(self) -> tuple[QWidget, ...]:
        """What stands in the popover now."""
        return tuple(item.widget for place, item in enumerate(self._items) if place in self._folded)

    def set_items(self, items: Sequence[BarItem]) -> None:
        """Show other controls; those that were shown are deleted."""
        self._popover.close()
        for item in self._items:
            item.widget.hide()
            item.widget.deleteLater()
        self._items = tuple(items)
        for item in items:
            item.widget.setProperty(FOLDED, False)
        # Measured once: a control that is folded away may be wider there.
        self._widths = tuple(item.gap + item.widget.sizeHint().width() for item in items)
        self._place(self._wanted_folds(self.width()))

    @override
    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths), max((_height(item) for item in self._items), default=0))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self.more.width(), self.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        wanted = self._wanted_folds(event.size().width())
        if wanted != self._folded:
            self._place(wanted)

    def _wanted_folds(self, room: int) -> frozenset[int]:
        """Return the places of the controls that find no room."""
        excess = self.sizeHint().width() - room
        if excess <= 0:
            return frozenset()
        excess += self.more.width()
        wanted = sorted(range(len(self._items)), key=lambda place: (self._items[place].rank, place))
        folds: set[int] = set()
        for place in reversed(wanted):
            if excess <= 0:
                break
            folds.add(place)
            excess -= self._widths[place]
        # What was given up for a wide control may fit beside it.
        for place in wanted:
            if place in folds and (width := self._widths[place]) <= -excess:
                folds.remove(place)
                excess += width
        return frozenset(folds)

    def _place(self, folds: frozenset[int]) -> None:
        self._popover.close()
        self._folded = folds
        for layout in (self._row, self._column):
            while layout.count():
                layout.takeAt(0)
        for place, item in enumerate(self._items):
            if place in folds:
                self._column.addWidget(item.widget)
            else:
                self._row.addSpacing(item.gap)
                self._row.addWidget(item.widget, 0, Qt.AlignmentFlag.AlignVCenter)
            item.widget.setProperty(FOLDED, place in folds)
            item.widget.show()
        self._row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        self.more.setVisible(bool(folds))
        self.updateGeometry()

    def _open(self) -> None:
        self._popover.open_at(self.more, Edge.BELOW)


def _height(item: BarItem) -> int:
    return item.widget.sizeHint().height()
