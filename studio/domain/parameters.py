"""What a tool lets its user choose, as data: the options panel is drawn from it, and settings are kept by it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Scale(Enum):
    """How a slider runs over a range."""

    LINEAR = "linear"
    LOGARITHMIC = "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number within a range.

    Attributes:
        id: names it in code and settings.
        title: the label.
        default: what it is at first, and again by a double click.
        minimum: the least, included.
        maximum: the most, included.
        step: what one turn of the wheel or one press of a key adds.
        decimals: how many digits after the point are shown; 0 makes it whole.
        unit: stands behind the number, e.g. ``px`` or ``%``.
        help: what it does, one sentence.
        scale: how a slider runs over the range.
        is_rare: whether it may fold away where there is little room.
    """

    id: str
    title: str
    default: float
    minimum: float
    maximum: float
    step: float = 1.0
    decimals: int = 0
    unit: str = ""
    help: str = ""
    scale: Scale = Scale.LINEAR
    is_rare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Toggle:
    """On or off; attributes as in `Number`."""

    id: str
    title: str
    default: bool
    help: str = ""
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One of a choice's answers.

    Attributes:
        id: names it in code and settings.
        title: for people.
    """

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of a few; attributes as in `Number`.

    Attributes:
        default: the id of one of the options.
        options: in the order they are shown.
    """

    id: str
    title: str
    default: str
    options: tuple[Option, ...]
    help: str = ""
    is_rare: bool = False


Parameter = Number | Toggle | Choice
Value = float | bool | str
"""A `Number`'s is a float, a `Toggle`'s a bool, a `Choice`'s the id of an option."""


@dataclass(frozen=True, slots=True)
class Values:
    """A value for every parameter, each within its range.

    Attributes:
        parameters: in the order they are shown.
        by_id: of each parameter.
    """

    parameters: tuple[Parameter, ...]
    by_id: Mapping[str, Value]

    @classmethod
    def of(cls, parameters: Iterable[Parameter], given: Mapping[str, object] = MappingProxyType({})) -> Values:
        """Return values from what a file or a test gave; what is missing or makes no sense is the default."""
        known = tuple(parameters)
        return cls(known, MappingProxyType({one.id: sound(one, given.get(one.id)) for one in known}))

    def with_value(self, parameter_id: str, value: Value) -> Values:
        """Return the values with one replaced, brought into its range.

        Raises:
            KeyError: there is no such parameter; a programming error.
        """
        parameter = next((one for one in self.parameters if one.id == parameter_id), None)
        if parameter is None:
            raise KeyError(parameter_id)
        changed = {**self.by_id, parameter_id: sound(parameter, value)}
        return Values(self.parameters, MappingProxyType(changed))

    def number(self, parameter_id: str) -> float:
        """Return a `Number`'s value."""
        value = self.by_id[parameter_id]
        assert isinstance(value, float), parameter_id
        return value

    def share(self, parameter_id: str) -> float:
        """Return a `Number`'s value in percent as a share of 1."""
        return self.number(parameter_id) / 100

    def is_on(self, parameter_id: str) -> bool:
        """Return a `Toggle`'s value."""
        return self.by_id[parameter_id] is True

    def chosen(self, parameter_id: str) -> str:
        """Return the id of a `Choice`'s option."""
        value = self.by_id[parameter_id]
        assert isinstance(value, str), parameter_id
        return value


def sound(parameter: Parameter, value: object) -> Value:
    """Return a value brought into the parameter's range, or the default where it makes no sense."""
    match parameter:
        case Number():
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                return float(parameter.default)
            within = float(min(max(value, parameter.minimum), parameter.maximum))
            return round(within, parameter.decimals)
        case Toggle():
            return value if isinstance(value, bool) else parameter.default
        case Choice():
            return value if isinstance(value, str) and _has(parameter, value) else parameter.default
        case _:
            assert_never(parameter)


def _has(choice: Choice, option_id: str) -> bool:
    return any(option.id == option_id for option in choice.options)
