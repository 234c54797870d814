"""A button that is pressed by holding pictures over it: so they are carried on into what it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from typing_extensions import override

from studio.bridge.dropped import HISTORY_MIME
from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

    from studio.ui.theme.icons import Icon

WAIT_MS: Final = 500
"""As long as file managers wait before they open a folder that something is held over."""


class SpringButton(IconButton):
    """An icon button that opens to pictures of the history."""

    def __init__(self, icon: Icon, name: str, tip: str, *, side: int) -> None:
        super().__init__(icon, name, tip, side=side)
        self.setAcceptDrops(True)
        self._spring = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._spring.timeout.connect(self._open)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        if event.mimeData().hasFormat(HISTORY_MIME):
            event.acceptProposedAction()
            self.setDown(True)
            self._spring.start()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent, /) -> None:
        self._stop()

    @override
    def dropEvent(self, event: QDropEvent, /) -> None:
        # Let go too early: nothing is meant by that.
        self._stop()
        event.ignore()

    def _open(self) -> None:
        self._stop()
        self.clicked.emit()

    def _stop(self) -> None:
        self._spring.stop()
        self.setDown(False)
