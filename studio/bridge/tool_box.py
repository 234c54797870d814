"""Which tool is in the hand, how it is set, and the two colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.domain.parameters import Values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studio.domain.parameters import Value
    from studio.domain.tools.tool import RGB, Tool

BLACK: Final = (0, 0, 0)
WHITE: Final = (255, 255, 255)


class ToolBox(QObject):
    """Holds the tools. A chosen tool stays in the hand; another one may be borrowed while a key is held.

    It is `studio.domain.tools.tool.Colours` as well.

    Signals:
        tool_changed: the `Tool` that is in the hand now, chosen or borrowed; another one may be chosen behind it.
        values_changed: the id of the tool that is set in another way.
        colours_changed: foreground or background is another one.
    """

    tool_changed = Signal(object)
    values_changed = Signal(str)
    colours_changed = Signal()

    def __init__(self, tools: tuple[Tool, ...], parent: QObject | None = None) -> None:
        """Begin with the first tool and every parameter at its default.

        Args:
            tools: `studio.domain.tools.TOOLS`, at least one.
            parent: owns this object.
        """
        super().__init__(parent)
        self.tools: Final = tools
        self._by_id = {tool.id: tool for tool in tools}
        self._chosen = tools[0]
        self._borrowed: Tool | None = None
        self._values = {tool.id: Values.of(tool.parameters) for tool in tools}
        self._foreground: RGB = BLACK
        self._background: RGB = WHITE

    @property
    def tool(self) -> Tool:
        """What is in the hand."""
        return self._chosen if self._borrowed is None else self._borrowed

    @property
    def chosen(self) -> Tool:
        """What is in the hand again once nothing is borrowed."""
        return self._chosen

    @property
    def values(self) -> Values:
        """How the tool in the hand is set."""
        return self._values[self.tool.id]

    @property
    def foreground(self) -> RGB:
        """What is painted with."""
        return self._foreground

    @property
    def background(self) -> RGB:
        """The other colour."""
        return self._background

    def find(self, tool_id: str) -> Tool | None:
        """Return a tool; None where there is none of that id."""
        return self._by_id.get(tool_id)

    def values_of(self, tool_id: str) -> Values:
        """Return how a tool is set.

        Raises:
            KeyError: there is no such tool; a programming error.
        """
        return self._values[tool_id]

    def choose(self, tool_id: str) -> None:
        """Take a tool into the hand; what was borrowed goes back.

        Raises:
            KeyError: there is no such tool; a programming error.
        """
        before = self.tool, self._chosen
        self._chosen, self._borrowed = self._by_id[tool_id], None
        self._tell(before)

    def borrow(self, tool_id: str | None) -> None:
        """Use another tool for a moment; None: use the chosen one again. An unknown id borrows nothing."""
        before = self.tool, self._chosen
        self._borrowed = None if tool_id is None else self._by_id.get(tool_id)
        self._tell(before)

    def set_value(self, parameter_id: str, value: Value, tool_id: str | None = None) -> None:
        """Set a parameter, brought into its range.

        Args:
            parameter_id: which.
            value: a float, a bool or the id of an option.
            tool_id: whose; None: of the tool in the hand.

        Raises:
            KeyError: there is no such tool or parameter; a programming error.
        """
        key = self.tool.id if tool_id is None else tool_id
        values = self._values[key].with_value(parameter_id, value)
        if values.by_id != self._values[key].by_id:
            self._values[key] = values
            self.values_changed.emit(key)

    def set_foreground(self, colour: RGB) -> None:
        """Paint with another colour."""
        self._set_colours(colour, self._background)

    def set_background(self, colour: RGB) -> None:
        """Change the other colour."""
        self._set_colours(self._foreground, colour)

    def swap_colours(self) -> None:
        """Paint with the background and keep the foreground aside."""
        self._set_colours(self._background, self._foreground)

    def reset_colours(self) -> None:
        """Paint black, white aside."""
        self._set_colours(BLACK, WHITE)

    @property
    def settings(self) -> dict[str, object]:
        """All of it as plain JSON, for `restore`."""
        return {
            "tool": self._chosen.id,
            "foreground": list(self._foreground),
            "background": list(self._background),
            "values": {tool_id: dict(values.by_id) for tool_id, values in self._values.items()},
        }

    def restore(self, settings: Mapping[str, object]) -> None:
        """Take up what `settings` once gave; what is missing or makes no sense is left as it is."""
        given = settings.get("values")
        for tool_id, values in given.items() if isinstance(given, dict) else ():
            if isinstance(values, dict) and (tool := self._by_id.get(str(tool_id))) is not None:
                self._values[tool.id] = Values.of(tool.parameters, {str(key): one for key, one in values.items()})
                self.values_changed.emit(tool.id)
        self._set_colours(
            _colour(settings.get("foreground"), self._foreground), _colour(settings.get("background"), self._background)
        )
        if (tool := self._by_id.get(str(settings.get("tool")))) is not None:
            self.choose(tool.id)

    def _set_colours(self, foreground: RGB, background: RGB) -> None:
        if (foreground, background) != (self._foreground, self._background):
            self._foreground, self._background = foreground, background
            self.colours_changed.emit()

    def _tell(self, before: tuple[Tool, Tool]) -> None:
        if (self.tool, self._chosen) != before:
            self.tool_changed.emit(self.tool)


def _colour(given: object, default: RGB) -> RGB:
    if not isinstance(given, list | tuple) or len(given) != len(default):
        return default
    levels = [int(level) for level in given if isinstance(level, int | float) and 0 <= level <= 255]
    return (levels[0], levels[1], levels[2]) if len(levels) == len(default) else default
