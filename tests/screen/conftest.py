"""What the tests under a real X server stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.screen.xvfb import Screen, missing_programs, x_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")
def running_screen() -> Iterator[Screen]:
    """Start the X server once for all tests of this folder."""
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    with x_server() as screen:
        yield screen


@pytest.fixture
def screen(running_screen: Screen) -> Iterator[Screen]:
    """An empty screen: every program a test starts on it is ended with the test."""
    yield running_screen
    running_screen.clear()
