"""The tool bar: one button for each tool, and the two colours at its foot."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.panels.colours import ColourPopover
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import SPACE
from studio.ui.widgets.popover import Edge
from studio.ui.widgets.swatches import SWATCHES, Swatches
from studio.ui.widgets.tool_button import TOOL_SIDE, ToolButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.bridge.tool_box import ToolBox
    from studio.domain.tools.tool import RGB, Tool

_EDGE: Final = SPACE
_GAP: Final = 1
_GROUP_GAP: Final = 2 * SPACE + 1
_MOST_COLUMNS: Final = 3


class ToolBar(QWidget):
    """Chooses tools and colours. It takes a second column where the window is too low for one.

    Attributes:
        colours: opens for the colour that is clicked; it knows the recent ones.

    Signals:
        recent_changed: the recent colours, for the settings.
    """

    recent_changed = Signal()

    def __init__(self, tool_box: ToolBox) -> None:
        super().__init__()
        self._tool_box = tool_box
        self._columns = 1
        self._lines: tuple[int, ...] = ()
        self._group = QButtonGroup(self)
        self._buttons = {tool.id: self._build_button(tool) for tool in tool_box.tools}
        self._rows = tuple(
            tuple(self._buttons[tool.id] for tool in tools)
            for _, tools in groupby(tool_box.tools, key=lambda tool: tool.group)
        )
        self.swatches = Swatches()
        self.swatches.setParent(self)
        self.colours = ColourPopover(self)
        self._set: Callable[[RGB], None] = tool_box.set_foreground
        self.setAccessibleName("Tools")
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self._connect()
        self._mark_tool()
        self._show_colours()
        self._place(1)

    def button(self, tool_id: str) -> ToolButton:
        """Return the button of a tool.

        Raises:
            KeyError: there is no such tool; a programming error.
        """
        return self._buttons[tool_id]

    @property
    def columns(self) -> int:
        """In how many columns the tools stand."""
        return self._columns

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.width(), self._height(1))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self.width(), self._height(_MOST_COLUMNS))

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        room = event.size().height()
        fitting = (columns for columns in range(1, _MOST_COLUMNS) if self._height(columns) <= room)
        self._place(next(fitting, _MOST_COLUMNS))

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        for y in self._lines:
            width = self.width() - 4 * SPACE
            painter.fillRect(2 * SPACE, y, width, 1, QColor(theme.current().field_pressed))
        painter.end()

    def _build_button(self, tool: Tool) -> ToolButton:
        button = ToolButton(Icon(tool.icon), tool.title, f"{tool.title} ({tool.key})\n{tool.help}")
        button.setParent(self)
        button.clicked.connect(partial(self._choose, tool.id))
        self._group.addButton(button)
        return button

    def _connect(self) -> None:
        tool_box, swatches = self._tool_box, self.swatches
        tool_box.tool_changed.connect(self._mark_tool)
        tool_box.colours_changed.connect(self._show_colours)
        swatches.swap_requested.connect(tool_box.swap_colours)
        swatches.reset_requested.connect(tool_box.reset_colours)
        swatches.foreground.clicked.connect(self._open_foreground)
        swatches.background.clicked.connect(self._open_background)
        self.colours.picked.connect(self._take_colour)
        self.colours.recent_changed.connect(self.recent_changed)

    def _choose(self, tool_id: str) -> None:
        self._tool_box.choose(tool_id)

    def _mark_tool(self) -> None:
        self._buttons[self._tool_box.tool.id].setChecked(True)

    def _show_colours(self) -> None:
        self.swatches.show_colours(self._tool_box.foreground, self._tool_box.background)
        if self.colours.isVisible():
            is_front = self._set == self._tool_box.set_foreground
            self.colours.picker.show_colour(self._tool_box.foreground if is_front else self._tool_box.background)

    def _open_foreground(self) -> None:
        self._set = self._tool_box.set_foreground
        self.colours.open_for(self._tool_box.foreground, self.swatches.foreground, Edge.RIGHT)

    def _open_background(self) -> None:
        self._set = self._tool_box.set_background
        self.colours.open_for(self._tool_box.background, self.swatches.background, Edge.RIGHT)

    def _take_colour(self, colour: RGB) -> None:
        self._set(colour)

    def _height(self, columns: int) -> int:
        rows = sum(-(-len(group) // columns) for group in self._rows)
        return 2 * _EDGE + rows * (TOOL_SIDE + _GAP) + len(self._rows) * _GROUP_GAP + SWATCHES.height() + SPACE

    def _place(self, columns: int) -> None:
        """Put the tools into so many columns and the colours to the foot."""
        self._columns = columns
        y = _EDGE
        lines: list[int] = []
        for group in self._rows:
            for place, button in enumerate(group):
                row, column = divmod(place, columns)
                button.move(_EDGE + column * (TOOL_SIDE + _GAP), y + row * (TOOL_SIDE + _GAP))
            y += -(-len(group) // columns) * (TOOL_SIDE + _GAP)
            lines.append(y + SPACE - 1)
            y += _GROUP_GAP
        self._lines = tuple(lines[:-1])
        self.setFixedWidth(2 * _EDGE + columns * (TOOL_SIDE + _GAP) - _GAP)
        self.swatches.move(
            (self.width() - SWATCHES.width()) // 2, max(y, self.height() - SWATCHES.height() - 2 * SPACE)
        )
        self.update()
