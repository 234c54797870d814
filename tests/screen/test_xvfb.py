"""The screen itself: windows are found where they are, and what is on it can be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.screen.xvfb import Screen


@pytest.mark.slow
def test_a_window_is_found_by_its_title_and_seen(screen: Screen) -> None:
    program = screen.python("tests.screen.other_side", "{}")
    program.wait("ready")
    left, top, width, height = screen.window("Other side")
    x, y = program.wait("ready")["source"]
    assert left < x < left + width
    assert top < y < top + height
    assert screen.shot().size == (1280, 900)
    assert len(set(screen.shot().crop((left, top, left + width, top + height)).convert("L").tobytes())) > 1


@pytest.mark.slow
def test_a_program_that_ends_is_noticed_at_once(screen: Screen) -> None:
    program = screen.python("tests.screen.other_side", "no JSON")
    with pytest.raises(AssertionError, match="no ready among"):
        program.wait("ready")
