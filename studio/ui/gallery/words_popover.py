"""Small windows beside the pictures, in which one writes a note or tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout
from typing_extensions import override

from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, SPACE
from studio.ui.widgets.line_field import LineField
from studio.ui.widgets.popover import Popover

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_EDGE: Final = 3 * SPACE
_SIZE: Final = QSize(80 * SPACE, 36 * SPACE)


class NotePopover(Popover):
    """A note of several lines; it is kept when the window closes, and given up with Esc.

    Signals:
        written: the text, where it is another one.
    """

    written = Signal(str)

    def __init__(self, text: str, title: str, owner: QWidget) -> None:
        super().__init__(title, owner)
        self._before = text
        self._is_given_up = False
        self._edit = QPlainTextEdit(text)
        self._edit.setAccessibleName(title)
        self._edit.setFont(font(LABEL))
        keys = "Ctrl+Enter or a click beside it keeps it, Esc gives it up"
        self._edit.setPlaceholderText(f"Found again by its words. {keys}")
        self._edit.installEventFilter(self)
        _lay_out(self, title, self._edit)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusProxy(self._edit)

    @override
    def sizeHint(self) -> QSize:
        return _SIZE

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if event.key() == Qt.Key.Key_Escape or (
                is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier
            ):
                self._is_given_up = event.key() == Qt.Key.Key_Escape
                self.close()
                return True
        return super().eventFilter(watched, event)

    @override
    def hideEvent(self, event: QHideEvent, /) -> None:
        text = self._edit.toPlainText().strip()
        if text != self._before and not self._is_given_up:
            self._before = text
            self.written.emit(text)
        super().hideEvent(event)


class TagsPopover(Popover):
    """Tags, one word each; kept with Enter or when the window closes, given up with Esc.

    Signals:
        changed: tuple of tags that are new, and tuple of those that are gone.
    """

    changed = Signal(object, object)

    def __init__(self, tags: tuple[str, ...], title: str, owner: QWidget) -> None:
        super().__init__(title, owner)
        self._before = set(tags)
        self._edit = LineField(title)
        self._edit.setText("".join(f"{tag} " for tag in tags))
        self._edit.setPlaceholderText("portrait sketch to-print")
        _lay_out(self, title, self._edit)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusProxy(self._edit)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_SIZE.width(), super().sizeHint().height())

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._edit.setText(" ".join(self._before))
        super().keyPressEvent(event)

    @override
    def hideEvent(self, event: QHideEvent, /) -> None:
        after = set(self._edit.text().replace(",", " ").split())
        new, gone = tuple(sorted(after - self._before)), tuple(sorted(self._before - after))
        self._before = after
        if new or gone:
            self.changed.emit(new, gone)
        super().hideEvent(event)


def _lay_out(popover: Popover, title: str, field: QWidget) -> None:
    label = QLabel(title)
    label.setFont(font(LABEL))
    layout = QVBoxLayout(popover)
    layout.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
    layout.setSpacing(2 * SPACE)
    layout.addWidget(label)
    layout.addWidget(field)
