"""Values stay within what a tool declares, whatever a file says."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.parameters import Choice, Number, Option, Toggle, Values

SIZE = Number(id="size", title="Size", default=40, minimum=1, maximum=1000, decimals=1)
PRESSURE = Toggle(id="pressure", title="Pressure", default=True)
SHAPE = Choice(id="shape", title="Shape", default="a", options=(Option("a", "A"), Option("b", "B")))
ALL = (SIZE, PRESSURE, SHAPE)

anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.lists(st.integers())


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(("size", "pressure", "shape", "gone")), anything))
def test_whatever_was_kept_the_values_are_sound(given_values: dict[str, object]) -> None:
    values = Values.of(ALL, given_values)
    assert 1 <= values.number("size") <= 1000
    assert isinstance(values.is_on("pressure"), bool)
    assert values.chosen("shape") in ("a", "b")
    assert set(values.by_id) == {"size", "pressure", "shape"}


def test_what_is_missing_or_makes_no_sense_is_the_default() -> None:
    values = Values.of(ALL, {"size": math.nan, "pressure": 1, "shape": "c"})
    assert (values.number("size"), values.is_on("pressure"), values.chosen("shape")) == (40.0, True, "a")


def test_a_value_is_brought_into_its_range() -> None:
    values = Values.of(ALL).with_value("size", 5000).with_value("shape", "b")
    assert values.number("size") == 1000
    assert values.with_value("size", 12.34).number("size") == 12.3
    assert values.chosen("shape") == "b"


def test_a_share_is_a_hundredth() -> None:
    assert Values.of(ALL, {"size": 50}).share("size") == 0.5


def test_an_unknown_parameter_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        Values.of(ALL).with_value("gone", 1)
