"""Files of other programs, dropped to be taken into the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.bridge.dropped import Files, glance
from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, LABEL, RADIUS, SPACE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea

_GROUND: Final = 224
"""Opacity: enough of the pictures stays to see that nothing has happened to them."""
_EDGE: Final = 3 * SPACE


class FileDrops(QWidget):
    """Lies over the pictures while files are dragged over them or over what is beside them.

    It takes part in no event itself: it watches the others', which take pictures of the history as before.

    Signals:
        dropped: files and folders, a tuple of at least one path.
    """

    dropped = Signal(tuple)

    def __init__(self, pictures: QAbstractScrollArea, *beside: QAbstractScrollArea) -> None:
        """Watch views from now on.

        Args:
            pictures: what it lies over.
            beside: where files can be dropped as well.
        """
        super().__init__(pictures)
        self._ground = pictures.viewport()
        self._title = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Drop to take into the history")
        self.hide()
        for view in (pictures, *beside):
            view.viewport().setAcceptDrops(True)
            view.viewport().installEventFilter(self)

    @property
    def title(self) -> str:
        """What is dragged, in words; empty while nothing is that could be dropped here."""
        return self._title

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        match event:
            # Enter events are a kind of move events in Qt, and these a kind of drop events.
            case QDragEnterEvent():
                return self._enter(event)
            case QDragMoveEvent() if self._title:
                return _take(event)
            case QDropEvent() if self._title:
                return self._drop(event)
            case QDragLeaveEvent() if self._title:
                self._end()
                return True
            case _:
                return False

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(tokens.backdrop)
        ground.setAlpha(_GROUND)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(QColor(tokens.accent), 2))
        painter.drawRoundedRect(QRectF(self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)), RADIUS, RADIUS)
        middle = self.rect().center()
        mark = QRect(middle - QPoint(4 * SPACE, 12 * SPACE), middle + QPoint(4 * SPACE, -4 * SPACE))
        icons.paint(painter, Icon.HISTORY, mark, tokens.accent)
        words = self.rect().adjusted(2 * _EDGE, 0, -2 * _EDGE, 0)
        painter.setPen(QColor(tokens.text))
        painter.setFont(font(BODY, QFont.Weight.DemiBold))
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(words.adjusted(0, middle.y() - 2 * SPACE, 0, 0), centred, "Take into the history")
        painter.setPen(QColor(tokens.text_quiet))
        painter.setFont(font(LABEL))
        name = painter.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words.adjusted(0, middle.y() + 4 * SPACE, 0, 0), centred, name)
        painter.end()

    def _enter(self, event: QDragEnterEvent) -> bool:
        offer = glance(event.mimeData())
        if offer is None or not isinstance(offer.what, Files) or _action(event) is None:
            return False
        self._title = offer.title
        self.setGeometry(self._ground.geometry())
        self.raise_()
        self.show()
        return _take(event)

    def _drop(self, event: QDropEvent) -> bool:
        offer = glance(event.mimeData())
        self._end()
        if offer is not None and isinstance(offer.what, Files) and _take(event):
            self.dropped.emit(offer.what.paths)
        return True

    def _end(self) -> None:
        self._title = ""
        self.hide()


def _take(event: QDropEvent) -> bool:
    """Accept a drag, as a copy."""
    action = _action(event)
    if action is None:
        event.ignore()
    else:
        event.setDropAction(action)
        event.accept()
    return True


def _action(event: QDropEvent) -> Qt.DropAction | None:
    """Return what to tell the other program; never a move, after which it would delete its file."""
    possible = event.possibleActions()
    allowed = (action for action in (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction) if action & possible)
    return next(allowed, None)
