"""What a half-typed query could become, below the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from studio.domain.query_completion import Completion

_ROW: Final = 7 * SPACE
_SHOWN: Final = 9
_WIDTH: Final = 90 * SPACE
_NOTE: Final = Qt.ItemDataRole.UserRole


class CompletionList(QListWidget):
    """Lies over what is below the field, whose keys lead through it: the keyboard stays with the field.

    Signals:
        accepted: the `Completion` that was clicked.
    """

    accepted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self._offers: tuple[Completion, ...] = ()
        self.setItemDelegate(_OfferDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("completions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setAccessibleName("Completions")
        self.itemClicked.connect(self._accept)
        self.hide()

    @property
    def chosen(self) -> Completion | None:
        """The one that the keys have come to; None while they have come to none."""
        return self._offers[self.currentRow()] if self.isVisible() and self.currentRow() >= 0 else None

    @property
    def first(self) -> Completion | None:
        """The likeliest one."""
        return self._offers[0] if self.isVisible() and self._offers else None

    def offer(self, offers: Sequence[Completion], field: QWidget) -> None:
        """Show these below a field; none hide it."""
        self._offers = tuple(offers)
        self.clear()
        for offer in self._offers:
            item = QListWidgetItem(offer.text.strip())
            item.setData(_NOTE, offer.note)
            self.addItem(item)
        self.setVisible(bool(self._offers))
        if self._offers:
            height = min(len(self._offers), _SHOWN) * _ROW + 2 * SPACE + 2
            corner = field.mapTo(self._ground, QPoint(0, field.height() + SPACE))
            self.setGeometry(QRect(corner, QSize(min(_WIDTH, self._ground.width()), height)))
            self.raise_()

    def step(self, by: int) -> None:
        """Go to another offer."""
        self.setCurrentRow((self.currentRow() + by) % max(1, self.count()))

    def _accept(self, item: QListWidgetItem) -> None:
        self.accepted.emit(self._offers[self.row(item)])


class _OfferDelegate(QStyledItemDelegate):
    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /) -> QSize:
        return QSize(_WIDTH, _ROW)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        tokens = theme.current()
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(area.adjusted(SPACE, 0, -SPACE, 0), QColor(tokens.field_pressed))
        words = area.adjusted(3 * SPACE, 0, -3 * SPACE, 0)
        painter.setFont(font(LABEL))
        painter.setPen(QColor(tokens.text))
        title = str(index.data())
        at = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | at, title)
        words.setLeft(words.left() + painter.fontMetrics().horizontalAdvance(title) + 4 * SPACE)
        painter.setPen(QColor(tokens.text_quiet))
        note = painter.fontMetrics().elidedText(str(index.data(_NOTE)), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | at, note)
        painter.restore()
