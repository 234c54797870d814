"""How a window comes up: on this screen, with what was hidden still hidden, and with a word about what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from studio.ui.main_window import FIRST_SIZE, LEAST_SIZE, MainWindow
from tests.paper_model import write_paper_model
from tests.ui.person import focused, generate, pictures, press

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session
    from studio.services.paths import Paths


@pytest.fixture
def new_window(session_of: Callable[..., Session], qtbot: QtBot) -> Iterator[MainWindow]:
    """A window of a user who has none yet, as large as it makes itself."""
    assert qtbot
    window = MainWindow(session_of())
    yield window
    window.close()
    window.deleteLater()


def test_the_first_window_and_its_title_bar_fit_on_the_screen(new_window: MainWindow, qtbot: QtBot) -> None:
    new_window.show()
    qtbot.waitUntil(new_window.isVisible)
    screen = new_window.screen().availableSize()
    assert screen.height() <= FIRST_SIZE.height(), "this screen is too large to tell"
    assert LEAST_SIZE.height() <= new_window.height() < screen.height()
    assert new_window.width() == max(LEAST_SIZE.width(), min(FIRST_SIZE.width(), screen.width()))


def test_hidden_columns_stay_hidden_after_a_restart(window_of: Callable[..., MainWindow], qtbot: QtBot) -> None:
    first = window_of()
    widths = first._columns.sizes()
    press(Qt.Key.Key_F7)
    press(Qt.Key.Key_F8)
    first.close()
    first._session.close()

    second = window_of()
    assert not second.prompt_panel.isVisible()
    assert not second.side.isVisible()
    assert focused() is second.canvas
    press(Qt.Key.Key_F8)
    press(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert focused() is second.prompt_panel.prompt.edit
    qtbot.waitUntil(lambda: second._columns.sizes() == widths)
    second.close()
    second._session.close()

    third = window_of()
    assert third.prompt_panel.isVisible()
    assert third.side.isVisible()
    assert focused() is third.prompt_panel.prompt.edit


def test_a_model_that_is_left_out_is_told_once_a_start(
    window_of: Callable[..., MainWindow], paths: Paths, qtbot: QtBot
) -> None:
    folder = paths.models / "torn"
    write_paper_model(paths.models, "torn")
    (folder / "model_index.json").write_text("{")
    first = window_of()
    assert first.messages.text.startswith(
        f"The model {folder} cannot be used. The file model_index.json cannot be read"
    )
    assert first.prompt_panel.model is not None
    press(Qt.Key.Key_Escape)
    generate()
    qtbot.waitUntil(pictures(first, 1))
    assert first.messages.text == ""
    first.close()
    first._session.close()
    assert window_of().messages.text != ""
