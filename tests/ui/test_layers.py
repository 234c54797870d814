"""Layers are chosen, renamed, hidden, locked, ordered and blended in their panel, by mouse and by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from studio.bridge.canvas_store import CanvasStore
from studio.domain.canvas.blend import BlendMode
from studio.domain.canvas.commands import ChangeLayer, Ground, Paint
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect
from studio.ui import theme
from studio.ui.panels.layer_list import eye_area, lock_area, name_area
from studio.ui.panels.layers import LayersPanel
from studio.ui.widgets.combo_box import ComboBox
from studio.ui.widgets.line_field import LineField
from studio.ui.widgets.overflow_bar import OverflowBar
from studio.ui.widgets.parameter_field import ParameterField
from tests.ui.person import button, click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def store(app: QApplication) -> Iterator[CanvasStore]:
    assert app
    layers = tuple(Layer(name=name, id=name) for name in ("low", "middle", "high"))
    store = CanvasStore(CanvasState(layers, active="middle"))
    yield store
    store.close()


@pytest.fixture
def panel(store: CanvasStore, qtbot: QtBot) -> LayersPanel:
    panel = LayersPanel(store)
    qtbot.addWidget(panel)
    panel.resize(240, 480)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


def row_rect(panel: LayersPanel, name: str) -> QRect:
    row = panel.model.row_of(name)
    assert row is not None
    return panel.list.visualRect(panel.model.index(row))


def click_in_row(panel: LayersPanel, name: str, part: Callable[[QRect], QRect]) -> None:
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=part(row_rect(panel, name)).center())


def ids(store: CanvasStore) -> list[str]:
    return [layer.id for layer in store.state.layers]


Kind = TypeVar("Kind", bound=QWidget)


def find(panel: LayersPanel, kind: type[Kind]) -> Kind:
    found = panel.findChild(kind)
    assert isinstance(found, kind)
    return found


def test_a_click_on_a_row_lets_tools_paint_there(panel: LayersPanel, store: CanvasStore) -> None:
    click_in_row(panel, "low", name_area)
    assert store.state.active == "low"
    assert store.undo_title is None


def test_the_row_follows_the_layer_that_is_active(panel: LayersPanel, store: CanvasStore) -> None:
    store.activate("high")
    assert panel.list.currentIndex().row() == 0
    panel.edits.remove()
    assert (store.state.active, panel.list.currentIndex().data()) == ("middle", "middle")
    store.undo()
    assert panel.list.currentIndex().data() == store.state.active


def test_eye_and_lock_are_clicked_without_choosing_the_layer(panel: LayersPanel, store: CanvasStore) -> None:
    before = panel.list.viewport().grab(row_rect(panel, "high")).toImage()
    click_in_row(panel, "high", eye_area)
    click_in_row(panel, "low", lock_area)
    assert [layer.visible for layer in store.state.layers] == [True, True, False]
    assert [layer.locked for layer in store.state.layers] == [True, False, False]
    assert store.state.active == "middle"
    assert panel.list.viewport().grab(row_rect(panel, "high")).toImage() != before


def test_two_clicks_on_an_eye_hide_and_show(panel: LayersPanel, store: CanvasStore) -> None:
    at = eye_area(row_rect(panel, "high")).center()
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=at)
    QTest.mouseDClick(panel.list.viewport(), LEFT, pos=at)
    assert store.state.layer("high").visible
    assert panel.list.findChild(LineField) is None


def test_keys_alone_choose_hide_rename_and_delete(panel: LayersPanel, store: CanvasStore, qtbot: QtBot) -> None:
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    assert store.state.active == "high"
    QTest.keyClick(panel.list, Qt.Key.Key_Space)
    assert not store.state.layer("high").visible
    QTest.keyClick(panel.list, Qt.Key.Key_F2)
    editor = panel.list.findChild(LineField)
    assert isinstance(editor, LineField)
    assert (editor.text(), editor.selectedText()) == ("high", "high")
    QTest.keyClicks(editor, "Fox")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    # Qt commits an edit once the editor has had the key.
    qtbot.waitUntil(lambda: store.state.layer("high").name == "Fox")
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert ids(store) == ["low", "middle"]


def test_a_double_click_on_a_name_renames_and_escape_does_not(panel: LayersPanel, store: CanvasStore) -> None:
    at = name_area(row_rect(panel, "low")).center()
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=at)
    QTest.mouseDClick(panel.list.viewport(), LEFT, pos=at)
    editor = panel.list.findChild(LineField)
    assert isinstance(editor, LineField)
    QTest.keyClicks(editor, "Fox")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert store.state.layer("low").name == "low"


def test_the_fields_show_the_active_layer_and_change_it(panel: LayersPanel, store: CanvasStore) -> None:
    store.apply(ChangeLayer(layer_id="middle", opacity=0.333, blend=BlendMode.MULTIPLY))
    blend, opacity = find(panel, ComboBox), find(panel, ParameterField)
    assert (blend.currentText(), opacity.value) == ("Multiply", 33)
    # What is shown in whole percents is not written back.
    assert store.state.layer("middle").opacity == 0.333
    store.activate("low")
    assert (blend.currentText(), opacity.value) == ("Normal", 100)
    blend.choose(BlendMode.SCREEN)
    assert store.state.layer("low").blend is BlendMode.SCREEN
    assert store.state.layer("middle").blend is BlendMode.MULTIPLY


def test_dragging_the_opacity_is_undone_as_one(panel: LayersPanel, store: CanvasStore) -> None:
    edit = find(panel, ParameterField).lineEdit()
    QTest.mousePress(edit, LEFT, pos=QPoint(80, 10))
    for x in (60, 40, 20):
        QTest.mouseMove(edit, QPoint(x, 10))
    QTest.mouseRelease(edit, LEFT, pos=QPoint(20, 10))
    assert store.state.layer("middle").opacity < 0.95
    store.undo()
    assert store.state.layer("middle").opacity == 1
    assert store.undo_title is None


def test_the_buttons_do_what_they_say(panel: LayersPanel, store: CanvasStore) -> None:
    click(button(panel, "Move layer up"))
    assert ids(store) == ["low", "high", "middle"]
    click(button(panel, "Move layer down"))
    click(button(panel, "Duplicate layer"))
    assert [layer.name for layer in store.state.layers] == ["low", "middle", "middle copy", "high"]
    click(button(panel, "Merge down"))
    assert ids(store) == ["low", "middle", "high"]
    click(button(panel, "Add layer"))
    assert store.state.active_layer is store.state.layers[2]
    store.apply(Paint(store.state.layers[2].id, Rect(0, 0, 5, 5), np.full((5, 5, 4), 255, np.uint8)))
    click(button(panel, "Clear layer"))
    assert store.state.layers[2].pixels.is_empty
    click(button(panel, "Delete layer"))
    assert ids(store) == ["low", "middle", "high"]


EDITS = {"Duplicate layer", "Move layer up", "Move layer down", "Merge down", "Clear layer", "Delete layer"}


def enabled(panel: LayersPanel) -> set[str]:
    return {name for name in EDITS if button(panel, name).isEnabled()}


def test_only_what_is_possible_can_be_pressed(panel: LayersPanel, store: CanvasStore) -> None:
    assert enabled(panel) == EDITS
    store.activate("high")
    assert enabled(panel) == {"Duplicate layer", "Move layer down", "Merge down", "Clear layer", "Delete layer"}
    panel.edits.toggle_lock()
    assert enabled(panel) == {"Duplicate layer", "Move layer down"}
    store.replace(CanvasState())
    assert enabled(panel) == set()
    assert not find(panel, ComboBox).isEnabled()
    click(button(panel, "Add layer"))
    assert [layer.name for layer in store.state.layers] == ["Layer 1"]


def test_the_menu_offers_all_of_it(panel: LayersPanel, store: CanvasStore) -> None:
    menu = panel.build_menu()
    chosen = {action.text().replace("&", ""): action for action in menu.actions()}
    assert list(chosen) == ["New layer", "Rename", "Hide", "Lock", "Duplicate", "Merge down", "Clear", "Delete"]
    chosen["Hide"].trigger()
    chosen["Lock"].trigger()
    layer = store.state.layer("middle")
    assert (layer.visible, layer.locked) == (False, True)
    menu.deleteLater()


def test_the_mask_s_row_shows_inverts_and_clears_it(panel: LayersPanel, store: CanvasStore, qtbot: QtBot) -> None:
    assert not button(panel, "Clear mask").isEnabled()
    click(button(panel, "Invert mask"))
    assert store.state.mask.bounds == store.state.frame
    qtbot.waitUntil(button(panel, "Clear mask").isEnabled)
    click(button(panel, "Clear mask"))
    assert store.state.mask.is_empty
    with qtbot.waitSignal(panel.mask_shown, check_params_cb=lambda shown: shown is False):
        click(button(panel, "Show the mask"))


def test_a_mask_that_is_painted_is_seen_in_its_row(panel: LayersPanel, store: CanvasStore, qtbot: QtBot) -> None:
    before = panel.mask_row.grab().toImage()
    store.apply(Paint(Ground.MASK, Rect(0, 0, 64, 64), np.full((64, 64), 255, np.uint8)))
    with qtbot.waitSignal(panel.model.thumbnails.drawn):
        pass
    assert panel.mask_row.grab().toImage() != before


@pytest.mark.parametrize("width", [168, 200, 240, 420])
def test_nothing_is_cut_off_however_wide_the_column_is(panel: LayersPanel, width: int) -> None:
    panel.resize(width, 480)
    QApplication.processEvents()
    assert panel.width() == width
    cut = [
        f"{type(each).__name__} {each.accessibleName()}"
        for each in panel.findChildren(QWidget)
        if each.isVisibleTo(panel) and each.parent() is panel and each.geometry().right() > panel.rect().right()
    ]
    assert cut == []
    narrow = [
        each.accessibleName()
        for each in (*panel.findChildren(ParameterField), *panel.findChildren(QAbstractButton))
        if each.isVisible() and each.width() < each.sizeHint().width()
    ]
    assert narrow == []
    bar = find(panel, OverflowBar)
    folded = {each.accessibleName() for each in bar.folded}
    assert bool(folded) is (width < 200 + 8)
    assert not folded & {"Add layer", "Duplicate layer", "Delete layer"}


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_active_layer_stands_out_in_both_themes(panel: LayersPanel, app: QApplication, name: str) -> None:
    theme.apply(app, name)
    image = panel.list.viewport().grab().toImage()
    ratio = image.devicePixelRatio()

    def ground(layer: str) -> str:
        corner = lock_area(row_rect(panel, layer)).center() * ratio
        return image.pixelColor(corner).name()

    assert ground("middle") == theme.current().field_pressed
    assert ground("low") == theme.current().window


def test_an_empty_document_says_what_to_do_and_shows_the_keyboard(panel: LayersPanel, store: CanvasStore) -> None:
    store.replace(CanvasState())
    panel.mask_row.eye.setFocus()
    without = panel.list.viewport().grab().toImage()
    inks = {without.pixelColor(x, y).name() for x in range(without.width()) for y in range(without.height())}
    assert theme.current().text in inks
    panel.list.setFocus()
    assert panel.list.viewport().grab().toImage() != without


def test_everything_is_reached_with_the_tab_key_and_has_a_name(panel: LayersPanel) -> None:
    visited: list[QWidget] = []
    focused = QApplication.focusWidget()
    while focused is not None and focused not in visited:
        visited.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
    assert all(each.accessibleName() for each in visited)
    reachable = {
        each
        for each in panel.findChildren(QWidget)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        if each.focusProxy() is None
    }
    assert reachable <= set(visited)
    assert panel.list in visited
