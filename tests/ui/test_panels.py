"""Panels build, show, close and leave nothing alive; what is chosen in them is what is asked for."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from studio.domain.errors import InvalidSize, UnknownModel
from studio.domain.geometry import ASPECTS, Aspect, Size
from studio.domain.samplers import Sampler, Schedule
from studio.domain.settings import Settings
from studio.ui.panels import PANELS, PanelRow, PromptPanel
from studio.ui.panels.prompt_fields import ExamplesButton
from studio.ui.theme import DARK
from studio.ui.widgets.aspect_picker import AspectPicker
from studio.ui.widgets.combo_box import ComboBox
from studio.ui.widgets.fold import Fold
from tests.paper_model import PROMPTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session


@pytest.fixture
def panel(session_of: Callable[..., Session], qtbot: QtBot) -> PromptPanel:
    panel = PromptPanel(session_of().models, Settings(prompt="a fox"))
    qtbot.addWidget(panel)
    # With a size of its own the layout asks for none, which the screen that is not there could not keep.
    panel.setMinimumSize(320, 700)
    panel.show()
    return panel


def named(panel: QWidget, name: str) -> QAbstractButton:
    return next(each for each in panel.findChildren(QAbstractButton) if each.accessibleName() == name)


@pytest.mark.parametrize("row", PANELS, ids=[row.id for row in PANELS])
def test_a_panel_builds_shows_closes_and_leaves_nothing_alive(
    row: PanelRow, session_of: Callable[..., Session], qtbot: QtBot
) -> None:
    panel = row.build(session_of())
    panel.show()
    qtbot.waitUntil(panel.isVisible)
    gone = weakref.ref(panel)
    panel.close()
    panel.deleteLater()
    del panel
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert gone() is None


def test_panels_have_ids_and_titles_of_their_own() -> None:
    assert len({row.id for row in PANELS}) == len({row.title for row in PANELS}) == len(PANELS)


def test_an_aspect_sets_both_sides(panel: PromptPanel) -> None:
    panel.use_model_defaults()
    QTest.mouseClick(named(panel, "Aspect ratio 16:9"), Qt.MouseButton.LeftButton)
    size = panel.size_fields.size_in_pixels
    assert (size.width, size.height) == (344, 192)
    QTest.mouseClick(named(panel, "Swap width and height"), Qt.MouseButton.LeftButton)
    assert named(panel, "Aspect ratio 9:16").isChecked()


def test_a_size_of_no_preset_marks_none(panel: PromptPanel) -> None:
    panel.use_model_defaults()
    QTest.mouseClick(named(panel, "Aspect ratio 1:1"), Qt.MouseButton.LeftButton)
    panel.size_fields.set_size(Size(264, 128))
    assert marked(panel) == []


@pytest.mark.parametrize(
    ("size", "title"),
    [
        (Size(512, 512), "1:1"),
        (Size(768, 512), "3:2"),
        (Size(592, 440), "4:3"),
        (Size(1920, 1080), "16:9"),
        (Size(1080, 1920), "9:16"),
        (Size(360, 256), None),
    ],
)
def test_a_shape_is_marked_at_any_number_of_pixels(panel: PromptPanel, size: Size, title: str | None) -> None:
    panel.use_model_defaults()
    panel.size_fields.set_size(size)
    assert marked(panel) == [title] * (title is not None)


@pytest.mark.parametrize("aspect", ASPECTS, ids=[aspect.title for aspect in ASPECTS])
def test_a_shape_that_is_picked_is_the_one_that_is_marked(panel: PromptPanel, aspect: Aspect) -> None:
    panel.use_model_defaults()
    QTest.mouseClick(named(panel, f"Aspect ratio {aspect.title}"), Qt.MouseButton.LeftButton)
    assert marked(panel) == [aspect.title]


def marked(panel: PromptPanel) -> list[str]:
    picker = panel.findChild(AspectPicker)
    assert isinstance(picker, AspectPicker)
    return [each.text() for each in picker.findChildren(QAbstractButton) if each.isChecked()]


def test_sampler_and_schedule_fold_away_and_are_summed_up(panel: PromptPanel) -> None:
    fold = panel.findChild(Fold)
    assert isinstance(fold, Fold)
    boxes = fold.findChildren(ComboBox)
    assert not any(box.isVisible() for box in boxes)
    QTest.mouseClick(fold.heading, Qt.MouseButton.LeftButton)
    assert all(box.isVisible() for box in boxes)
    boxes[0].choose(Sampler.EULER_A)
    boxes[1].choose(Schedule.KARRAS)
    request = panel.request()
    assert (request.sampling.sampler, request.sampling.schedule) == (Sampler.EULER_A, Schedule.KARRAS)
    assert fold.heading.accessibleDescription() == "Euler a · Karras"


def test_a_request_says_what_the_panel_shows(panel: PromptPanel) -> None:
    panel.use_model_defaults()
    panel.sampling_fields.seed.number.set_value(42)
    panel.sampling_fields.seed.set_locked(True)
    panel.sampling_fields.count.set_value(3)
    panel.negative_prompt.set_text("text")
    request = panel.request()
    assert (request.prompt, request.negative_prompt, request.count) == ("a fox", "text", 3)
    assert (request.width, request.height) == (256, 256)
    assert (request.sampling.steps, request.sampling.guidance_scale, request.sampling.seed) == (20, 5.0, 42)


def test_a_first_start_says_that_the_seed_is_random(panel: PromptPanel) -> None:
    seed = panel.sampling_fields.seed.number
    assert (seed.lineEdit().text(), seed.lineEdit().placeholderText()) == ("", "random")
    request = panel.request()
    assert seed.lineEdit().text() == str(request.sampling.seed)


@pytest.mark.parametrize("typed", ["42", "0"])
def test_a_seed_that_is_typed_is_kept(panel: PromptPanel, typed: str) -> None:
    QTest.keyClicks(panel.sampling_fields.seed.number, typed)
    assert panel.sampling_fields.seed.is_locked
    assert {panel.request().sampling.seed, panel.request().sampling.seed} == {int(typed)}
    assert panel.sampling_fields.seed.number.lineEdit().text() == typed


def test_a_seed_that_is_drawn_by_hand_is_the_next_one_and_no_more(panel: PromptPanel) -> None:
    QTest.mouseClick(named(panel, "New seed"), Qt.MouseButton.LeftButton)
    assert not panel.sampling_fields.seed.is_locked
    shown = int(panel.sampling_fields.seed.number.value)
    assert panel.request().sampling.seed == shown
    assert panel.request().sampling.seed != shown


def test_a_double_click_lets_the_seed_go(panel: PromptPanel) -> None:
    seed = panel.sampling_fields.seed
    QTest.keyClicks(seed.number, "42")
    QTest.mouseDClick(seed.number.lineEdit(), Qt.MouseButton.LeftButton)
    assert not seed.is_locked
    assert seed.number.lineEdit().text() == ""
    assert panel.request().sampling.seed != 42


def test_two_requests_are_two_jobs(panel: PromptPanel) -> None:
    assert panel.request().job_id != panel.request().job_id


def test_a_size_that_does_not_fit_is_an_error_in_words(panel: PromptPanel) -> None:
    panel.size_fields.set_size(Size(300, 256))
    with pytest.raises(InvalidSize, match="304x256"):
        panel.request()


def test_without_a_model_the_panel_says_so(app: QApplication, qtbot: QtBot) -> None:
    assert app
    panel = PromptPanel((), Settings())
    qtbot.addWidget(panel)
    with pytest.raises(UnknownModel, match="no model"):
        panel.request()


def test_the_examples_come_from_the_model(panel: PromptPanel) -> None:
    button = panel.findChild(ExamplesButton)
    assert isinstance(button, ExamplesButton)
    menu = button.build_menu()
    assert [action.text() for action in menu.actions()] == list(PROMPTS)
    menu.actions()[1].trigger()
    assert panel.prompt.text == PROMPTS[1]


def test_every_setting_of_the_panel_comes_back(session_of: Callable[..., Session], panel: PromptPanel) -> None:
    panel.size_fields.set_size(Size(320, 192))
    panel.sampling_fields.guidance.set_value(3.5)
    panel.negative_prompt.set_text("text, blur")
    session = session_of()
    session.update_settings(**panel.values)
    again = PromptPanel(session.models, session.settings)
    assert again.values == panel.values
    again.deleteLater()


def test_too_many_tokens_are_marked(panel: PromptPanel) -> None:
    panel.prompt.show_count(31, 32)
    count = next(each for each in panel.findChildren(QLabel) if each.accessibleName() == "Tokens of the prompt")
    quiet = colours(count)
    panel.prompt.show_count(31, 30)
    assert panel.prompt.count_text == "31/30"
    assert DARK.danger in colours(count)
    assert DARK.danger not in quiet


def colours(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
