"""The bar above the canvas: how the tool in the hand is set, and what it can do at once."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Final, assert_never

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget
from typing_extensions import override

from studio.domain.parameters import Choice, Number, Toggle
from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, ICON, ROW, SPACE
from studio.ui.widgets.choice_box import ChoiceBox
from studio.ui.widgets.operation_button import OperationButton
from studio.ui.widgets.overflow_bar import BarItem, OverflowBar
from studio.ui.widgets.parameter_field import ParameterField
from studio.ui.widgets.toggle import Toggle as ToggleButton

if TYPE_CHECKING:
    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.tool_box import ToolBox
    from studio.domain.parameters import Parameter, Value, Values
    from studio.domain.tools.tool import Operation, Tool

_FIRST_PARAMETERS: Final = 2
"""How many parameters stay in the bar longer than the buttons do."""
_RANK_FIRST, _RANK_BUTTON, _RANK_LATER, _RANK_RARE = range(4)
_ROOM_FOR_TITLE: Final = 160 * SPACE
_BAR: Final = 11 * SPACE


class ToolOptions(QWidget):
    """Drawn from the parameters and the operations that a tool declares; what finds no room folds away.

    It shows the chosen tool, not one that is borrowed while a key is held.

    Signals:
        done: Enter or Esc in a field: the keyboard may go back to the canvas.
    """

    done = Signal()

    def __init__(self, tool_box: ToolBox, store: CanvasStore) -> None:
        super().__init__()
        self._tool_box, self._store = tool_box, store
        self._bars: dict[str, OptionBar] = {}
        self._stack = QStackedWidget()
        self._icon = _ToolIcon()
        self._title = QLabel()
        self._title.setFont(font(BODY, QFont.Weight.Medium))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 0, 2 * SPACE, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._icon)
        layout.addWidget(self._title)
        layout.addWidget(self._stack, 1)
        self.setFixedHeight(_BAR)
        self.setAccessibleName("Tool options")
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        tool_box.tool_changed.connect(self._show_tool)
        tool_box.values_changed.connect(self._show_values)
        self._show_tool()

    @property
    def bar(self) -> OptionBar:
        """The options of the chosen tool."""
        return self._bars[self._tool_box.chosen.id]

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(40 * SPACE, _BAR)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._title.setVisible(event.size().width() >= _ROOM_FOR_TITLE)

    @override
    def event(self, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Before the window's shortcut.
            event.setAccepted(event.key() == Qt.Key.Key_Escape)
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def _show_tool(self) -> None:
        tool = self._tool_box.chosen
        if tool.id not in self._bars:
            bar = OptionBar(tool, self._tool_box.values_of(tool.id))
            bar.value_changed.connect(partial(self._set_value, tool.id))
            bar.operated.connect(self._store.operate)
            self._bars[tool.id] = bar
            self._stack.addWidget(bar)
        self._stack.setCurrentWidget(self._bars[tool.id])
        self._icon.icon = Icon(tool.icon)
        self._icon.setToolTip(f"{tool.title}\n{tool.help}")
        self._icon.update()
        self._title.setText(tool.title)

    def _show_values(self, tool_id: str) -> None:
        if tool_id in self._bars:
            self._bars[tool_id].show_values(self._tool_box.values_of(tool_id))

    def _set_value(self, tool_id: str, parameter_id: str, value: Value) -> None:
        self._tool_box.set_value(parameter_id, value, tool_id)


class OptionBar(OverflowBar):
    """The options of one tool.

    Signals:
        value_changed: the id of a parameter and its new value.
        operated: the `Operation` that was clicked, and the amount beside it.
    """

    value_changed = Signal(str, object)
    operated = Signal(object, float)

    def __init__(self, tool: Tool, values: Values) -> None:
        super().__init__(f"More options of the {tool.title.lower()}", ROW - SPACE)
        self._is_showing = False
        self._controls = {parameter.id: self._build_control(parameter) for parameter in tool.parameters}
        items = [
            BarItem(self._controls[parameter.id], _rank(place, parameter), SPACE)
            for place, parameter in enumerate(tool.parameters)
        ]
        self._buttons: dict[str, OperationButton] = {}
        for amount, operations in groupby(tool.operations, key=lambda operation: operation.amount):
            items += self._build_operations(amount, tuple(operations))
        self.set_items(items)
        self.show_values(values)

    def control(self, parameter_id: str) -> QWidget:
        """Return what a parameter is set with.

        Raises:
            KeyError: there is no such parameter; a programming error.
        """
        return self._controls[parameter_id]

    def button(self, operation_id: str) -> OperationButton:
        """Return what does an operation.

        Raises:
            KeyError: there is no such operation; a programming error.
        """
        return self._buttons[operation_id]

    def show_values(self, values: Values) -> None:
        """Show how the tool is set."""
        # Fields tell of what they are shown, too.
        self._is_showing = True
        for parameter_id, control in self._controls.items():
            match control:
                case ParameterField():
                    control.set_value(values.number(parameter_id))
                case ToggleButton():
                    control.setChecked(values.is_on(parameter_id))
                case ChoiceBox():
                    control.choose(values.chosen(parameter_id))
                case _:
                    assert_never(control)
        self._is_showing = False

    def _build_control(self, parameter: Parameter) -> ParameterField | ToggleButton | ChoiceBox:
        take = partial(self._take, parameter.id)
        match parameter:
            case Number():
                field = ParameterField(parameter)
                field.value_changed.connect(take)
                return field
            case Toggle():
                toggle = ToggleButton(parameter.title, parameter.help or parameter.title)
                toggle.toggled.connect(take)
                return toggle
            case Choice():
                box = ChoiceBox(parameter)
                box.chosen.connect(take)
                return box
            case _:
                assert_never(parameter)

    def _build_operations(self, amount: Number | None, operations: tuple[Operation, ...]) -> list[BarItem]:
        """Return buttons; those that ask for the same amount fold away together, with its field."""
        field = None if amount is None else ParameterField(amount)
        buttons = [self._build_button(operation, field) for operation in operations]
        if field is None:
            return [
                BarItem(button, _RANK_BUTTON, SPACE if place else 3 * SPACE) for place, button in enumerate(buttons)
            ]
        field.reset()
        together = QWidget()
        row = QHBoxLayout(together)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for widget in (field, *buttons):
            row.addWidget(widget)
        return [BarItem(together, _RANK_BUTTON, 3 * SPACE)]

    def _build_button(self, operation: Operation, field: ParameterField | None) -> OperationButton:
        button = OperationButton(Icon(operation.icon), operation.title, operation.help)
        button.clicked.connect(partial(self._operate, operation, field))
        self._buttons[operation.id] = button
        return button

    def _operate(self, operation: Operation, field: ParameterField | None) -> None:
        self.operated.emit(operation, 0.0 if field is None else float(field.value))

    def _take(self, parameter_id: str, value: Value) -> None:
        if not self._is_showing:
            self.value_changed.emit(parameter_id, value)


class _ToolIcon(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.icon = Icon.PICTURE
        self.setFixedSize(ICON + 2, ICON + 2)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        icons.paint(painter, self.icon, QRect(0, 0, self.width(), self.height()), theme.current().text_quiet)
        painter.end()


def _rank(place: int, parameter: Parameter) -> int:
    if parameter.is_rare:
        return _RANK_RARE
    return _RANK_FIRST if place < _FIRST_PARAMETERS else _RANK_LATER
