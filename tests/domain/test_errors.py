"""Errors speak in sentences and cross process boundaries by name."""

import pytest

from studio.domain import errors
from studio.domain.errors import EngineDied, EngineFailed, StudioError, error_from_parts

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, StudioError)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_comes_back_from_its_parts(kind: type[StudioError]) -> None:
    back = error_from_parts(kind.__name__, "what", "why", "remedy")
    assert type(back) is kind
    assert (back.what, back.why, back.remedy) == ("what", "why", "remedy")


def test_an_unknown_kind_is_a_failure_of_the_engine() -> None:
    assert type(error_from_parts("SystemExit", "x", "", "")) is EngineFailed


def test_a_message_is_three_sentences() -> None:
    error = EngineDied("The engine ended", "it was killed", "Try again!")
    assert str(error) == "The engine ended. It was killed. Try again!"


def test_parts_that_are_missing_leave_no_gap() -> None:
    assert str(StudioError("Only this")) == "Only this."


def test_the_tree_in_the_docstring_names_every_kind() -> None:
    assert errors.__doc__
    for kind in KINDS:
        assert kind.__name__ in errors.__doc__
