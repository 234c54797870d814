"""Compare: two pictures of the history, and what tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout
from typing_extensions import override

from studio.domain.setting_changes import changes_between
from studio.ui import theme
from studio.ui.gallery.compare_changes import ChangesList
from studio.ui.gallery.compare_mode import CompareMode
from studio.ui.gallery.compare_stage import CompareStage
from studio.ui.gallery.keyed_page import KeyedPage
from studio.ui.gallery.viewer_header import PageHeader, title_of
from studio.ui.gallery.viewer_stage import Message
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import LABEL, ROW, SPACE
from studio.ui.widgets.icon_button import IconButton
from studio.ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from studio.bridge.picture_comparison import Comparison, PictureComparison
    from studio.domain.errors import StudioError
    from studio.services.history_entry import Entry
    from studio.ui.gallery.keyed_page import Acts

_STEP: Final = 0.02
"""Of the divider with an arrow key; five times that with Shift."""
_ZOOM_STEP: Final = 1.25
_ROOM_FOR_CHANGES: Final = 800
"""A narrower page shows the settings only when asked."""


class CompareView(KeyedPage):
    """A page of its own: header, both pictures, the settings that differ, and a line that says how far they are apart.

    Attributes:
        header: above.
        stage: both pictures.
        changes: the settings that differ.

    Signals:
        closed: the user goes back.
    """

    closed = Signal()

    def __init__(self, comparison: PictureComparison) -> None:
        """Build an empty page.

        Args:
            comparison: reads and compares for this page alone.
        """
        super().__init__()
        self._comparison = comparison
        self._pair: tuple[Entry, Entry] | None = None
        self._wants_changes: bool | None = None
        self.header = PageHeader("Back (Esc)")
        self.stage = CompareStage()
        self.changes = ChangesList()
        self._modes = Segmented("Compare", [(mode, mode.value, mode.tip) for mode in CompareMode])
        self._swap = IconButton(Icon.SWAP, "Swap", "Exchange A and B (X)", side=ROW)
        tip = "Show or hide the settings that differ (I)"
        self._info = IconButton(Icon.INFO, "Settings that differ", tip, side=ROW, checked_icon=Icon.INFO)
        self._verdict = _Verdict()
        self.set_keys(*_keys_of(self))
        self._lay_out()
        self._connect()
        self.set_mode(CompareMode.SLIDER)

    @property
    def pair(self) -> tuple[Entry, Entry] | None:
        """What is compared: A and B."""
        return self._pair

    @property
    def verdict(self) -> str:
        """How far both are apart, in words."""
        return self._verdict.text()

    def compare(self, first: Entry, second: Entry) -> None:
        """Compare two pictures; the second one is scaled to the size of the first where that is another."""
        self._pair = (first, second)
        self.header.title.say(f"A:  {title_of(first)}", f"B:  {title_of(second)}")
        self.changes.show_changes(changes_between(first.found, second.found))
        self._verdict.setText("")
        self.stage.say(Message(Icon.COMPARE, "Comparing"))
        self._comparison.compare(first, second)

    def swap(self) -> None:
        """Exchange both."""
        if self._pair is not None:
            first, second = self._pair
            self.compare(second, first)

    def set_mode(self, mode: CompareMode) -> None:
        """Look at them in another way."""
        self.stage.set_mode(mode)
        self._modes.show_choice(mode, mode, set(CompareMode))

    def toggle_changes(self) -> None:
        """Show or hide the settings that differ."""
        self._wants_changes = not self.changes.isVisibleTo(self)
        self._show_changes()

    def move_divider(self, by: float) -> None:
        """Move the divider, where it is seen."""
        if self.stage.mode is CompareMode.SLIDER:
            self.stage.move_divider(self.stage.divider + by)

    def leave(self) -> None:
        """Go back."""
        self._comparison.drop()
        self.closed.emit()

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._show_changes()

    def _show_changes(self) -> None:
        is_shown = self.width() >= _ROOM_FOR_CHANGES if self._wants_changes is None else self._wants_changes
        self.changes.setVisible(is_shown)
        self._info.setChecked(is_shown)

    def _lay_out(self) -> None:
        self.header.add((self._modes,))
        self.header.add((self._swap, self._info))
        body = QHBoxLayout()
        body.setSpacing(1)
        body.addWidget(self.stage, 1)
        body.addWidget(self.changes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(body, 1)
        column.addWidget(self._verdict)
        self.setFocusProxy(self.stage)

    def _connect(self) -> None:
        self.header.left.connect(self.leave)
        self._modes.picked.connect(self.set_mode)
        self._swap.clicked.connect(self.swap)
        self._info.clicked.connect(self.toggle_changes)
        self._comparison.compared.connect(self._show)
        self._comparison.failed.connect(self._give_up)

    def _show(self, comparison: Comparison) -> None:
        self.stage.show_comparison(comparison)
        words = comparison.difference.described()
        if (other := comparison.second_size) is not None:
            size = comparison.first.size
            words += (
                f"; B has {other.width} \u00d7 {other.height} pixels and is shown scaled to "
                f"{size.width()} \u00d7 {size.height()}, the size of A"
            )
        self._verdict.setText(words)

    def _give_up(self, error: StudioError) -> None:
        self._verdict.setText("")
        self.stage.say(Message(Icon.NO_PICTURE, error.what, f"{error.why}\n{error.remedy}"))


class _Verdict(QLabel):
    """The line at the foot."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(LABEL))
        self.setWordWrap(True)
        self.setMinimumHeight(ROW)
        self.setContentsMargins(4 * SPACE, SPACE, 4 * SPACE, SPACE)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, QColor(theme.current().line))
        painter.end()


def _keys_of(view: CompareView) -> tuple[Acts, Acts]:
    """Return what the keys do, and what some of them do with Shift."""
    key = Qt.Key
    acts: Acts = {
        key.Key_1: lambda: view.set_mode(CompareMode.SLIDER),
        key.Key_2: lambda: view.set_mode(CompareMode.SIDE_BY_SIDE),
        key.Key_3: lambda: view.set_mode(CompareMode.DIFFERENCE),
        key.Key_X: view.swap,
        key.Key_I: view.toggle_changes,
        key.Key_Left: lambda: view.move_divider(-_STEP),
        key.Key_Right: lambda: view.move_divider(_STEP),
        key.Key_Plus: lambda: view.stage.zoom_by(_ZOOM_STEP),
        key.Key_Equal: lambda: view.stage.zoom_by(_ZOOM_STEP),
        key.Key_Minus: lambda: view.stage.zoom_by(1 / _ZOOM_STEP),
        key.Key_0: view.stage.fit,
        key.Key_Z: view.stage.zoom_to_pixels,
        key.Key_Escape: view.leave,
    }
    return acts, {
        key.Key_Left: lambda: view.move_divider(-5 * _STEP),
        key.Key_Right: lambda: view.move_divider(5 * _STEP),
    }
