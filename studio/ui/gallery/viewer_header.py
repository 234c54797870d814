"""The bar above a picture that is looked at: what it is, which of how many, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, LABEL, ROW, SPACE
from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studio.services.history_entry import Entry

HEADER: Final = 12 * SPACE
"""Height of the bar."""


class HeaderTitle(QWidget):
    """Two lines, each as far as there is room: what it is, and figures."""

    def __init__(self) -> None:
        super().__init__()
        self._title = self._figures = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(80)

    @property
    def texts(self) -> tuple[str, str]:
        """Both lines, whole."""
        return self._title, self._figures

    def say(self, title: str, figures: str) -> None:
        """Show two lines."""
        if (title, figures) != (self._title, self._figures):
            self._title, self._figures = title, figures
            self.setAccessibleName(f"{title}, {figures}")
            self.setToolTip(title)
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, HEADER)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        rows = (
            (self._title, font(BODY, QFont.Weight.Medium), tokens.text, -20),
            (self._figures, font(LABEL), tokens.text_quiet, 0),
        )
        for text, typeface, colour, above in rows:
            painter.setFont(typeface)
            painter.setPen(QColor(colour))
            shown = QFontMetrics(typeface).elidedText(text, Qt.TextElideMode.ElideRight, self.width())
            area = self.rect()
            area.setTop(self.height() // 2 + above)
            area.setHeight(20)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class PageHeader(QWidget):
    """The way back, a title in two lines, and what can be done, at the right.

    Signals:
        left: the user wants to go back.
    """

    left = Signal()

    def __init__(self, back_tip: str) -> None:
        super().__init__()
        self.title = HeaderTitle()
        self._back = IconButton(Icon.CHEVRON_LEFT, "Back", back_tip, side=ROW)
        self._back.clicked.connect(self.left)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
        row.setSpacing(SPACE)
        row.addWidget(self._back)
        row.addSpacing(SPACE)
        row.addWidget(self.title, 1)
        self.setFixedHeight(HEADER)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)

    def add(self, widgets: Iterable[QWidget]) -> None:
        """Add a group of buttons at the right, with a gap before it."""
        self._row.addSpacing(2 * SPACE)
        for widget in widgets:
            # A click leaves the keyboard with the picture.
            for button in (widget, *widget.findChildren(QAbstractButton)):
                if button.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme.current().line))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()


def title_of(entry: Entry) -> str:
    """Return the prompt's first line, or the file's name where there is no prompt."""
    return next((line.strip() for line in entry.prompt.splitlines() if line.strip()), entry.path.name)


def figures_of(entry: Entry | None, where: str, zoom: float) -> str:
    """Return one line of figures.

    Args:
        entry: the picture, where it is known.
        where: which of how many.
        zoom: the screen's pixels for one of its pixels; 0 where it is not seen.
    """
    if entry is None:
        return where
    size, moment = f"{entry.width} \u00d7 {entry.height}", f"{entry.created.astimezone():%Y-%m-%d %H:%M}"
    return "  \u00b7  ".join(filter(None, (where, size, moment, f"{100 * zoom:.0f} %" if zoom else "")))
