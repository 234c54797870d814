"""A measured figure, and the measurements that ``sfumato bench`` makes of one machine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from studio.cli.bench_ground import Ground


class Unit(Enum):
    """How a figure reads; the value stands behind it."""

    SECONDS = "s"
    MILLISECONDS = "ms"
    RATIO = "x"
    PERCENT = "%"
    MEGABYTES = "MB"


_DECIMALS: Final = {
    Unit.SECONDS: 2,
    Unit.MILLISECONDS: 1,
    Unit.RATIO: 3,
    Unit.PERCENT: 2,
    Unit.MEGABYTES: 0,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        name: what was measured.
        value: in ``unit``.
        unit: how it reads.
        bar: what it is held against, in ``unit``; None where it is only told.
        at_least: whether more is better.
    """

    name: str
    value: float
    unit: Unit
    bar: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether the bar is met; None without a bar."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def __str__(self) -> str:
        decimals = _DECIMALS[self.unit]
        value = f"{self.value:.{decimals}f} {self.unit.value}"
        if self.bar is None:
            return f"{self.name:<62} {value:>12}"
        sign = ">=" if self.at_least else "<="
        verdict = "" if self.holds else "  missed"
        return f"{self.name:<62} {value:>12}   {sign} {self.bar:g} {self.unit.value}{verdict}"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement; several figures may come of it.

    Attributes:
        id: names it for ``--only``.
        title: what it does, shown while it runs.
        measure: makes it.
        full_size: whether it needs the model of Stable Diffusion 1.5's size, which takes minutes.
    """

    id: str
    title: str
    measure: Callable[[Ground], Sequence[Figure]]
    full_size: bool = False
