"""The main job, as a person does it: write, press Ctrl+Enter, watch, find the picture again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from studio.domain.errors import EngineDied, OutOfMemory
from studio.domain.events import Phase
from studio.ui.panels.queue_panel import QueueRow
from studio.ui.widgets.number_field import NumberField
from tests.fakes import Gate, Script
from tests.paper_model import PROMPTS, TOKEN_LIMIT
from tests.ui.person import (
    CONTROL,
    button,
    click,
    click_newest,
    focused,
    generate,
    middle_colour,
    pictures,
    press,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from studio.domain.errors import StudioError
    from studio.services.paths import Paths
    from studio.ui.main_window import MainWindow

NO_ROOM = OutOfMemory("The picture did not fit into memory", "3.1 GB were needed", "Paint a smaller picture")


def picture_named(window: MainWindow) -> str:
    """Return what the canvas says of the picture that it shows, the tool and the zoom behind it left out."""
    return window.canvas.accessibleDescription().rsplit(", ", 2)[0]


def test_a_new_window_offers_an_example_to_paint(window: MainWindow) -> None:
    assert window.prompt_panel.prompt.text == PROMPTS[0]
    assert window.prompt_panel.prompt.edit.textCursor().selectedText() == PROMPTS[0]
    assert focused() is window.prompt_panel.prompt.edit
    for prompt in PROMPTS:
        assert button(window, f"Example prompt: {prompt}").isVisible()


def test_an_example_on_the_canvas_goes_into_the_prompt(window: MainWindow) -> None:
    click(button(window, f"Example prompt: {PROMPTS[2]}"))
    assert window.prompt_panel.prompt.text == PROMPTS[2]
    assert focused() is window.prompt_panel.prompt.edit


def test_the_first_start_takes_what_the_model_suggests(window: MainWindow) -> None:
    values = window.prompt_panel.values
    assert (values["width"], values["height"], values["steps"], values["guidance"]) == (256, 256, 20, 5.0)


def test_a_picture_is_painted_with_the_keyboard_alone(window: MainWindow, qtbot: QtBot) -> None:
    write(window, "a red fox, 3d")
    generate()
    qtbot.waitUntil(pictures(window, 1))
    assert window.canvas.image is not None
    assert (window.canvas.image.width(), window.canvas.image.height()) == (256, 256)
    assert picture_named(window) == "a red fox, 3d"
    assert window.history.currentIndex().row() == 0
    assert window.history.currentIndex().data() == "a red fox, 3d"
    assert window.prompt_panel.button.text() == "Generate"


def test_the_picture_comes_into_being_on_the_canvas(window_of: Callable[..., MainWindow], qtbot: QtBot) -> None:
    early, late = Gate(step=2), Gate(step=18)
    window = window_of(Script(gates=(early, late)))
    generate()
    qtbot.waitUntil(lambda: window.prompt_panel.button.hint == "Step 2/20" and window.canvas.image is not None)
    first = middle_colour(window.canvas)
    assert window.prompt_panel.button.text() == "Cancel"
    assert picture_named(window) == "Step 2/20 10 ms/step · 0.2 s left"
    assert "Step 2/20" in window.status.text
    assert window.windowTitle() == "Step 2/20 - Sfumato"
    early.open()
    qtbot.waitUntil(lambda: window.prompt_panel.button.hint == "Step 18/20")
    qtbot.waitUntil(lambda: middle_colour(window.canvas) != first)
    late.open()
    qtbot.waitUntil(pictures(window, 1))
    assert window.status.text.startswith("Painted in 0.2 s | CPU · float32")


def test_escape_cancels(window_of: Callable[..., MainWindow], qtbot: QtBot) -> None:
    gate = Gate(step=3)
    window = window_of(Script(gates=(gate,)))
    generate()
    qtbot.waitUntil(lambda: window.prompt_panel.button.hint == "Step 3/20")
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.prompt_panel.button.is_painting)
    assert window.status.text.startswith("Cancelled")
    assert window.canvas.image is None
    assert button(window, f"Example prompt: {PROMPTS[1]}").isVisible()
    assert window.messages.text == ""


def test_a_cancelled_picture_leaves_the_one_before_it(window_of: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = window_of(Script(), Script(gates=(Gate(step=3),)))
    generate()
    qtbot.waitUntil(pictures(window, 1))
    before = middle_colour(window.canvas)
    write(window, "something else")
    generate()
    qtbot.waitUntil(lambda: window.prompt_panel.button.hint == "Step 3/20")
    qtbot.waitUntil(lambda: middle_colour(window.canvas) != before)
    click(window.prompt_panel.button)
    qtbot.waitUntil(lambda: not window.prompt_panel.button.is_painting)
    assert middle_colour(window.canvas) == before


def test_an_error_says_what_why_and_what_to_do(window_of: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = window_of(Script(error=NO_ROOM, error_step=2))
    generate()
    qtbot.waitUntil(window.messages.isVisible)
    assert window.messages.text == ("The picture did not fit into memory. 3.1 GB were needed. Paint a smaller picture.")
    assert [way.text() for way in window.messages.findChildren(QPushButton)] == ["Use 128x128", "Try again"]
    press(Qt.Key.Key_Escape)
    assert window.messages.isHidden()


def test_trying_again_paints_the_same_request(window_of: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = window_of(Script(error=EngineDied("The engine stopped")), Script())
    generate()
    qtbot.waitUntil(window.messages.isVisible)
    seed = window.prompt_panel.values["seed"]
    click(button(window, "Try again"))
    qtbot.waitUntil(pictures(window, 1))
    assert window.messages.isHidden()
    assert window._session.history_model.entries[0].seed == seed


@pytest.mark.parametrize(
    ("error", "way_out"), [(EngineDied("The engine ended"), "Try again"), (NO_ROOM, "Use 128x128")]
)
def test_a_replay_that_failed_is_tried_again_and_leaves_no_picture(
    error: StudioError, way_out: str, window_of: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = window_of(Script(), Script(error=error), Script())
    session = window._session
    generate()
    qtbot.waitUntil(pictures(window, 1))
    with qtbot.waitSignal(session.replays.failed):
        session.replays.replay(session.history_model.entries[0])
    qtbot.waitUntil(lambda: button(window, way_out).isVisible())
    with qtbot.waitSignal(session.replays.judged) as said:
        click(button(window, way_out))
    assert said.args is not None
    assert said.args[0].verdict.word == "identical"
    assert session.history_model.rowCount() == 1
    assert len(session.canvas.state.proposals) == 1


def test_a_failure_stays_to_be_read_while_the_next_job_is_painted(
    window_of: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    gate = Gate(step=2)
    window = window_of(Script(gates=(gate,), error=NO_ROOM, error_step=3), Script())
    write(window, "first")
    generate()
    write(window, "second")
    generate()
    gate.open()
    qtbot.waitUntil(pictures(window, 1))
    assert window.messages.text.startswith("The picture did not fit into memory.")
    click(button(window, "Use 128x128"))
    qtbot.waitUntil(pictures(window, 2))
    newest = window._session.history_model.entries[0]
    assert (newest.prompt, newest.width) == ("first", 128)
    assert window.prompt_panel.values["width"] == 128


def test_a_size_the_model_cannot_paint_has_a_way_out(window: MainWindow, qtbot: QtBot) -> None:
    field = next(each for each in window.findChildren(NumberField) if each.accessibleName() == "Width")
    field.setFocus()
    press(Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(focused(), "300")
    generate()
    assert "300x256 cannot be painted" in window.messages.text
    click(button(window, "Use 304x256"))
    qtbot.waitUntil(pictures(window, 1))
    assert window.canvas.image is not None
    assert window.canvas.image.width() == 304


def test_a_picture_that_cannot_be_kept_can_be_saved_again(window: MainWindow, paths: Paths, qtbot: QtBot) -> None:
    paths.pictures.parent.mkdir(parents=True, exist_ok=True)
    paths.pictures.write_text("a file where the folder should be")
    generate()
    qtbot.waitUntil(window.messages.isVisible)
    paths.pictures.unlink()
    click(button(window, "Save again"))
    qtbot.waitUntil(lambda: window.history.model().rowCount() == 1)


def test_a_picture_that_cannot_be_kept_is_not_lost_unasked(window: MainWindow, paths: Paths, qtbot: QtBot) -> None:
    paths.pictures.parent.mkdir(parents=True, exist_ok=True)
    paths.pictures.write_text("a file where the folder should be")
    for unsaved in (1, 2):
        generate()
        qtbot.waitUntil(lambda unsaved=unsaved: window._session.unsaved == unsaved)
        assert window.messages.isVisible()
    window.close()
    assert window.isVisible()
    assert window.messages.text.startswith("2 pictures are not in the history yet.")
    window.close()
    assert not window.isVisible()


def test_the_queue_shows_what_waits_and_cancels_it(window_of: Callable[..., MainWindow], qtbot: QtBot) -> None:
    gate = Gate(step=4)
    window = window_of(Script(gates=(gate,)), Script())
    for prompt in ("first", "second", "third"):
        write(window, prompt)
        generate()
    qtbot.waitUntil(lambda: window.prompt_panel.button.hint == "Step 4/20")
    assert window.side.tabText(2) == "Queue 3"
    window.side.setCurrentIndex(2)
    rows = window.side.findChildren(QueueRow)
    assert [row.text.split()[0] for row in rows] == ["first", "second", "third"]
    assert "Step 4/20" in rows[0].text
    assert "Waits" in rows[1].text
    click(rows[1].cancel)
    assert window.side.tabText(2) == "Queue 2"
    gate.open()
    qtbot.waitUntil(pictures(window, 2))
    assert [entry.prompt for entry in window._session.history_model.entries] == ["third", "first"]
    assert window.side.tabText(2) == "Queue"


def test_a_picture_of_the_history_can_be_looked_at_while_another_one_is_painted(
    window_of: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    gate = Gate(step=4)
    window = window_of(Script(), Script(), Script(gates=(gate,)))
    for count, prompt in enumerate(("first", "second"), 1):
        write(window, prompt)
        generate()
        qtbot.waitUntil(pictures(window, count))
    write(window, "third")
    generate()
    qtbot.waitUntil(lambda: window.prompt_panel.button.hint == "Step 4/20")
    cell = window.history.visualRect(window.history.model().index(1, 0)).center()
    QTest.mouseClick(window.history.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    qtbot.waitUntil(lambda: picture_named(window) == "first")
    click_newest(window)
    qtbot.waitUntil(lambda: picture_named(window) == "second")
    gate.open()
    qtbot.waitUntil(pictures(window, 3))
    assert picture_named(window) == "third"


def test_the_arrow_keys_walk_through_the_history(window: MainWindow, qtbot: QtBot) -> None:
    for count, prompt in enumerate(("first", "second"), 1):
        write(window, prompt)
        generate()
        qtbot.waitUntil(pictures(window, count))
    press(Qt.Key.Key_F6)
    assert focused() is window.canvas
    press(Qt.Key.Key_F6)
    assert focused() is window.history
    press(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: picture_named(window) == "first")
    press(Qt.Key.Key_F6)
    assert focused() is window.prompt_panel.prompt.edit


def test_the_tokens_of_the_prompt_are_counted(window: MainWindow, qtbot: QtBot) -> None:
    write(window, "a red fox, 3d")
    qtbot.waitUntil(lambda: window.prompt_panel.prompt.count_text == f"7/{TOKEN_LIMIT}")
    write(window, "x")
    qtbot.waitUntil(lambda: window.prompt_panel.prompt.count_text == f"3/{TOKEN_LIMIT}")


def test_everything_is_back_after_a_restart(window_of: Callable[..., MainWindow], qtbot: QtBot) -> None:
    first = window_of()
    write(first, "a blue whale, flat")
    press(Qt.Key.Key_L, CONTROL)
    generate()
    qtbot.waitUntil(pictures(first, 1))
    first.prompt_panel.sampling_fields.steps.set_value(7)
    first.resize(1100, 720)
    seed = first.prompt_panel.values["seed"]
    first.close()
    first._session.close()

    second = window_of()
    qtbot.waitUntil(lambda: second.canvas.image is not None)
    assert picture_named(second) == "a blue whale, flat"
    qtbot.waitUntil(lambda: second.history.currentIndex().row() == 0)
    values = second.prompt_panel.values
    assert (values["prompt"], values["steps"], values["seed"]) == ("a blue whale, flat", 7, seed)
    assert values["seed_locked"] is True
    assert second._session.settings.geometry != ""


def test_a_last_picture_that_is_gone_leaves_an_empty_canvas_that_says_what_to_do(
    window_of: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    first = window_of()
    first._session.update_settings(last_picture=99)
    first.close()
    first._session.close()
    second = window_of()
    qtbot.waitUntil(second.messages.isVisible)
    assert button(second, f"Example prompt: {PROMPTS[0]}").isVisible()


def test_hiding_a_column_does_not_forget_how_wide_it_was(window: MainWindow, qtbot: QtBot) -> None:
    window.close()
    widths = window._session.settings.splitter_sizes
    assert len(widths) == 3
    window.show()
    window.commands.window.show_side_panel()
    qtbot.waitUntil(lambda: 0 in window._columns.sizes())
    window.close()
    assert window._session.settings.splitter_sizes == widths


def test_what_was_set_is_back_after_a_crash(window_of: Callable[..., MainWindow], paths: Paths, qtbot: QtBot) -> None:
    first = window_of()
    first.prompt_panel.sampling_fields.steps.set_value(7)
    qtbot.waitUntil(lambda: paths.settings.exists() and '"steps": 7' in paths.settings.read_text())
    # Not closed: the window's geometry was never kept.
    second = window_of()
    assert second._session.settings.geometry == ""
    assert second.prompt_panel.values["steps"] == 7


def test_a_locked_seed_stays_and_an_unlocked_one_changes(window: MainWindow, qtbot: QtBot) -> None:
    generate()
    qtbot.waitUntil(pictures(window, 1))
    first = window.prompt_panel.values["seed"]
    generate()
    qtbot.waitUntil(pictures(window, 2))
    second = window.prompt_panel.values["seed"]
    assert first != second
    click(button(window, "Keep the seed"))
    generate()
    qtbot.waitUntil(pictures(window, 3))
    assert window.prompt_panel.values["seed"] == second


def test_a_job_of_several_pictures_says_which_one(window_of: Callable[..., MainWindow], qtbot: QtBot) -> None:
    gate = Gate(step=5, index=1)
    window = window_of(Script(gates=(gate,)))
    window.prompt_panel.sampling_fields.count.set_value(3)
    generate()
    qtbot.waitUntil(lambda: window.prompt_panel.button.hint == "Picture 2/3 · Step 5/20")
    gate.open()
    qtbot.waitUntil(pictures(window, 3))
    assert window.status.text.startswith("3 pictures in")


def test_before_the_first_step_the_window_says_what_is_done(window_of: Callable[..., MainWindow], qtbot: QtBot) -> None:
    gate = Gate(phase=Phase.LOADING)
    window = window_of(Script(gates=(gate,)))
    generate()
    qtbot.waitUntil(lambda: window.prompt_panel.button.hint == "Loading the model")
    assert window.status.text.startswith("Loading the model")
    gate.open()
    qtbot.waitUntil(pictures(window, 1))


def test_a_click_on_the_newest_picture_shows_it_while_another_one_is_painted(
    window_of: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    gate = Gate(step=4)
    window = window_of(Script(), Script(gates=(gate,)))
    write(window, "first")
    generate()
    qtbot.waitUntil(pictures(window, 1))
    write(window, "second")
    generate()
    qtbot.waitUntil(lambda: window.canvas.accessibleDescription().startswith("Step 4/20"))
    click_newest(window)
    qtbot.waitUntil(lambda: picture_named(window) == "first")
