"""The panel says before the press what Generate does, lets it be chosen, and shows the fields for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from studio.bridge.canvas_store import CanvasStore
from studio.bridge.frame_reader import EMPTY_FRAME, FrameAsk
from studio.domain.canvas.commands import AddLayer, SetFrame
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.state import CanvasState
from studio.domain.framing import FrameKind
from studio.domain.geometry import Rect, Size
from studio.domain.inpainting import Fill
from studio.domain.settings import Settings
from studio.ui.frame_size import FrameSize
from studio.ui.panels import PromptPanel
from studio.ui.panels.canvas_fields import CanvasFields
from studio.ui.panels.size_fields import SizeFields
from studio.ui.widgets.combo_box import ComboBox
from studio.ui.widgets.number_field import NumberField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session

ALL = frozenset(FrameKind)


@pytest.fixture
def fields(app: QApplication, qtbot: QtBot) -> CanvasFields:
    assert app
    fields = CanvasFields()
    qtbot.addWidget(fields)
    # With a size of its own the layout asks for none, which the screen that is not there could not keep.
    fields.setMinimumSize(320, 240)
    fields.show()
    return fields


def segment(fields: CanvasFields, title: str) -> QAbstractButton:
    return next(each for each in fields.findChildren(QAbstractButton) if each.text() == title)


def shown(fields: CanvasFields) -> list[str]:
    """Return the names of what can be told, as far as it is seen."""
    parts: list[QWidget] = [*fields.findChildren(NumberField), *fields.findChildren(ComboBox)]
    toggles = [each for each in fields.findChildren(QAbstractButton) if each.text() == "Soft mask"]
    return sorted(part.accessibleName() for part in (*parts, *toggles) if part.isVisible())


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (FrameKind.TEXT, []),
        (FrameKind.IMAGE, ["Strength"]),
        (FrameKind.INPAINT, ["Context", "Fill", "Soft mask", "Strength"]),
        (FrameKind.OUTPAINT, ["Context", "Fill", "Soft mask", "Strength"]),
    ],
)
def test_fields_come_with_their_kind(fields: CanvasFields, kind: FrameKind, names: list[str]) -> None:
    fields.show_ask(FrameAsk(kind, ALL))
    assert shown(fields) == names
    assert fields.kind.text.startswith(f"{kind.title}: ")


def test_only_what_makes_sense_can_be_chosen(fields: CanvasFields) -> None:
    fields.show_ask(EMPTY_FRAME)
    assert fields.kind.text == "Text to image: the frame is empty"
    enabled = [
        title for title in ("Auto", "Text", "Image", "Inpaint", "Outpaint") if segment(fields, title).isEnabled()
    ]
    assert enabled == ["Auto", "Text"]


def test_a_kind_is_chosen_with_the_mouse_or_the_arrow_keys(fields: CanvasFields) -> None:
    picked: list[FrameKind | None] = []
    fields.kind.picked.connect(picked.append)
    fields.show_ask(FrameAsk(FrameKind.IMAGE, ALL))
    assert segment(fields, "Auto").isChecked()
    QTest.mouseClick(segment(fields, "Text"), Qt.MouseButton.LeftButton)
    fields.show_ask(FrameAsk(FrameKind.IMAGE, ALL, FrameKind.TEXT))
    assert segment(fields, "Text").isChecked()
    segment(fields, "Text").setFocus()
    QTest.keyClick(segment(fields, "Text"), Qt.Key.Key_Right)
    QTest.keyClick(segment(fields, "Image"), Qt.Key.Key_Left)
    QTest.keyClick(segment(fields, "Text"), Qt.Key.Key_Left)
    assert picked == [FrameKind.TEXT, FrameKind.IMAGE, FrameKind.TEXT, None]


def test_what_was_set_comes_back(fields: CanvasFields) -> None:
    kept = Settings(strength=0.3, mask_strength=0.9, fill=Fill.NOISE, padding=16, soft_mask=False)
    fields.restore(kept)
    assert fields.values == kept.model_dump(include=set(fields.values))
    assert fields.strengths == {FrameKind.IMAGE: 0.3, FrameKind.INPAINT: 0.9, FrameKind.OUTPAINT: 0.9}
    assert (fields.method.fill, fields.method.padding, fields.method.soft) == (Fill.NOISE, 16, False)


def test_the_panel_remembers_them(session_of: Callable[..., Session], qtbot: QtBot) -> None:
    panel = PromptPanel(session_of().models, Settings(prompt="a fox", strength=0.3, fill=Fill.BLURRED))
    qtbot.addWidget(panel)
    assert (panel.values["strength"], panel.values["fill"]) == (0.3, Fill.BLURRED)
    assert panel.frame_settings().method.fill is Fill.BLURRED


# --- the frame and the size


@pytest.fixture
def store() -> Iterator[CanvasStore]:
    store = CanvasStore()
    yield store
    store.close()


@pytest.fixture
def size_fields(app: QApplication, qtbot: QtBot) -> SizeFields:
    assert app
    fields = SizeFields()
    qtbot.addWidget(fields)
    fields.set_size(Size(256, 192))
    return fields


def test_a_new_document_has_a_frame_of_the_panels_size(size_fields: SizeFields, store: CanvasStore) -> None:
    FrameSize(size_fields, store)
    assert store.state.frame == Rect(0, 0, 256, 192)
    assert store.undo_title is None


def test_the_panel_takes_the_size_of_a_document(size_fields: SizeFields, store: CanvasStore) -> None:
    FrameSize(size_fields, store)
    store.replace(CanvasState(layers=(Layer(name="a"),), frame=Rect(5, 5, 320, 200)))
    assert size_fields.size_in_pixels == Size(320, 200)
    assert store.state.frame == Rect(5, 5, 320, 200)


def test_size_and_frame_follow_each_other(size_fields: SizeFields, store: CanvasStore) -> None:
    store.apply(AddLayer(Layer(name="a")))
    FrameSize(size_fields, store)
    assert size_fields.size_in_pixels == Size(512, 512)
    size_fields.set_size(Size(256, 512))
    assert store.state.frame == Rect(128, 0, 256, 512)
    store.apply(SetFrame(Rect(7, 9, 640, 128)))
    assert size_fields.size_in_pixels == Size(640, 128)
    store.undo()
    assert size_fields.size_in_pixels == Size(256, 512)


def test_a_size_on_its_way_is_not_corrected_and_is_undone_at_once(size_fields: SizeFields, store: CanvasStore) -> None:
    store.apply(AddLayer(Layer(name="a")))
    FrameSize(size_fields, store)
    for width in (3, 30, 300):
        size_fields.set_size(Size(width, 512))
    assert size_fields.size_in_pixels == Size(300, 512)
    assert store.state.frame.size == Size(304, 512)
    store.undo()
    assert size_fields.size_in_pixels == Size(512, 512)


def test_undo_brings_back_a_frame_that_the_model_cannot_paint(size_fields: SizeFields, store: CanvasStore) -> None:
    store.replace(CanvasState(layers=(Layer(name="a"),), frame=Rect(0, 0, 500, 500)))
    FrameSize(size_fields, store)
    size_fields.set_size(Size(256, 256))
    store.undo()
    assert store.state.frame == Rect(0, 0, 500, 500)
    assert store.undo_title is None
    assert size_fields.size_in_pixels == Size(500, 500)
