"""While something is dragged the window shows where it will go, and there it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, QRect, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayout, QLineEdit, QWidget

from studio.bridge.background import Background
from studio.bridge.dropped import HISTORY_MIME, Dropped, Files, HistoryDrop, Link, PictureData, clipboard_data
from studio.domain.errors import StudioError
from studio.domain.metadata import Metadata
from studio.services.pictures import png_bytes
from studio.ui import theme
from studio.ui.canvas.drop_layout import DropZone, nearest, zone_areas
from studio.ui.canvas.drop_zones import DropZones
from tests.bridge.requests import image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

COPY = Qt.DropAction.CopyAction
LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
ALL = (DropZone.NEW_LAYER, DropZone.IMAGE_TO_IMAGE, DropZone.SETTINGS)


class Stage:
    """A window with a host and something beside it, and what was heard."""

    def __init__(self, reader: Background) -> None:
        self.window = QWidget()
        self.host, self.beside = QWidget(), QLineEdit()
        layout = QHBoxLayout(self.window)
        # The offscreen platform complains about windows with a smallest size.
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.addWidget(self.host, 4)
        layout.addWidget(self.beside, 1)
        self.zones = DropZones(self.host, reader)
        self.zones.watch(self.window)
        self.heard: list[tuple[DropZone, Dropped] | StudioError] = []
        self.zones.dropped.connect(self._note)
        self.zones.failed.connect(self.heard.append)
        self.window.resize(900, 600)

    def _note(self, zone: DropZone, what: Dropped) -> None:
        self.heard.append((zone, what))

    def enter(self, mime: QMimeData, at: QPoint | None = None, actions: Qt.DropAction = COPY) -> QDragEnterEvent:
        event = QDragEnterEvent(at or QPoint(1, 1), actions, mime, LEFT, NO_KEY)
        QApplication.sendEvent(self.host, event)
        return event

    def move(self, mime: QMimeData, at: QPoint, target: QWidget | None = None) -> QDragMoveEvent:
        event = QDragMoveEvent(at, COPY, mime, LEFT, NO_KEY)
        QApplication.sendEvent(target or self.host, event)
        return event

    def drop(self, mime: QMimeData, at: QPoint, target: QWidget | None = None) -> QDropEvent:
        event = QDropEvent(QPointF(at), COPY, mime, LEFT, NO_KEY)
        QApplication.sendEvent(target or self.host, event)
        return event

    def middle(self, zone: DropZone) -> QPoint:
        return self.zones.areas[zone].center().toPoint()


@pytest.fixture
def reader(qtbot: QtBot) -> Iterator[Background]:
    assert qtbot
    made = Background("reader")
    yield made
    made.close()


@pytest.fixture
def stage(app: QApplication, qtbot: QtBot, reader: Background) -> Stage:
    assert app
    stage = Stage(reader)
    qtbot.addWidget(stage.window)
    stage.window.show()
    qtbot.waitExposed(stage.window)
    return stage


def files(*names: str | Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(name)) for name in names])
    return mime


def painted(folder: Path) -> Path:
    """Write a picture that says how it was painted."""
    request = text_request("a red fox")
    metadata = Metadata.of(request, image_of(request), CONDITIONS, minutes_past_noon(1))
    path = folder / "fox.png"
    path.write_bytes(png_bytes(image_of(request).picture, metadata.text_chunks()))
    return path


def plain(folder: Path) -> Path:
    path = folder / "plain.png"
    path.write_bytes(png_bytes(image_of(text_request("x")).picture, {}))
    return path


def of_history(*ids: int) -> QMimeData:
    mime = QMimeData()
    mime.setData(HISTORY_MIME, QByteArray("\n".join(map(str, ids)).encode()))
    return mime


def test_nothing_is_shown_until_a_picture_comes(stage: Stage) -> None:
    assert stage.zones.isHidden()
    text = QMimeData()
    text.setText("only words")
    assert not stage.enter(text).isAccepted()
    assert stage.zones.isHidden()


def test_a_picture_that_knows_how_it_was_painted_can_go_to_three_places(
    stage: Stage, qtbot: QtBot, tmp_path: Path
) -> None:
    mime = files(painted(tmp_path))
    assert stage.enter(mime).isAccepted()
    assert stage.zones.isVisible()
    assert stage.zones.geometry() == stage.host.rect()
    assert stage.zones.title == "fox.png"
    assert stage.zones.zones == ALL[:2]
    qtbot.waitUntil(lambda: stage.zones.zones == ALL)
    for zone in ALL:
        moved = stage.move(mime, stage.middle(zone))
        assert (stage.zones.active, moved.isAccepted(), moved.dropAction()) == (zone, True, COPY)
    dropped = stage.drop(mime, stage.middle(DropZone.SETTINGS))
    assert (dropped.isAccepted(), dropped.dropAction()) == (True, COPY)
    assert stage.heard == [(DropZone.SETTINGS, Files((tmp_path / "fox.png",)))]
    assert stage.zones.isHidden()
    assert stage.zones.zones == ()
    assert stage.zones.active is None


@pytest.mark.parametrize("kind", ["plain", "gone", "folder", "text"])
def test_settings_are_offered_only_where_there_are_some(
    stage: Stage, qtbot: QtBot, reader: Background, tmp_path: Path, kind: str
) -> None:
    path = plain(tmp_path) if kind == "plain" else tmp_path if kind == "folder" else tmp_path / "other.png"
    if kind == "text":
        path.write_text("<html>")
    stage.enter(files(path))
    looked: list[None] = []
    reader.run(lambda: None, looked.append)
    qtbot.waitUntil(lambda: looked == [None])
    assert stage.zones.zones == ALL[:2]


def test_what_was_found_out_about_an_earlier_file_is_not_told_of_the_next(
    stage: Stage, qtbot: QtBot, reader: Background, tmp_path: Path
) -> None:
    stage.enter(files(painted(tmp_path)))
    QApplication.sendEvent(stage.host, QDragLeaveEvent())
    assert stage.zones.isHidden()
    stage.enter(files(plain(tmp_path)))
    looked: list[None] = []
    reader.run(lambda: None, looked.append)
    qtbot.waitUntil(lambda: looked == [None])
    assert stage.zones.zones == ALL[:2]


@pytest.mark.parametrize(
    ("mime", "zones", "what"),
    [
        (files("/tmp/a.ora"), (DropZone.DOCUMENT,), Files((Path("/tmp/a.ora"),))),
        (files("/tmp/a.png", "/tmp/b.ora"), ALL[:1], Files((Path("/tmp/a.png"), Path("/tmp/b.ora")))),
        (of_history(4), ALL, HistoryDrop((4,))),
        (of_history(4, 5), ALL[:1], HistoryDrop((4, 5))),
    ],
)
def test_each_kind_has_its_places(stage: Stage, mime: QMimeData, zones: tuple[DropZone, ...], what: Dropped) -> None:
    stage.enter(mime)
    assert stage.zones.zones == zones
    stage.drop(mime, stage.middle(zones[-1]))
    assert stage.heard == [(zones[-1], what)]


def test_the_keyboard_goes_where_a_picture_is_dropped(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    stage.host.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    stage.window.activateWindow()
    stage.beside.setFocus()
    qtbot.waitUntil(stage.beside.hasFocus)
    mime = files(plain(tmp_path))
    stage.enter(mime)
    stage.drop(mime, stage.middle(DropZone.NEW_LAYER))
    assert stage.host.hasFocus()


def test_a_link_and_a_browsers_picture_are_not_handed_over_before_they_are_dropped(stage: Stage) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://pictures.example/fox.png")])
    stage.enter(mime)
    assert stage.zones.title == "fox.png from pictures.example"
    stage.drop(mime, stage.middle(DropZone.IMAGE_TO_IMAGE))
    mime.setData("image/png", QByteArray(b"png"))
    stage.enter(mime)
    stage.drop(mime, stage.middle(DropZone.NEW_LAYER))
    assert stage.heard == [
        (DropZone.IMAGE_TO_IMAGE, Link("https://pictures.example/fox.png")),
        (DropZone.NEW_LAYER, PictureData(b"png", "fox.png")),
    ]


def test_beside_the_host_the_places_show_and_nothing_can_be_dropped(stage: Stage) -> None:
    mime = files("/tmp/a.png")
    event = QDragEnterEvent(QPoint(890, 5), COPY, mime, LEFT, NO_KEY)
    QApplication.sendEvent(stage.window, event)
    assert stage.zones.isVisible()
    assert event.isAccepted()
    assert event.dropAction() is Qt.DropAction.IgnoreAction
    assert stage.zones.active is None
    assert not stage.move(mime, QPoint(890, 6), stage.window).isAccepted()
    stage.drop(mime, QPoint(890, 6), stage.window)
    assert stage.heard == []
    assert stage.zones.isHidden()


def test_a_program_that_would_delete_its_file_afterwards_is_refused(stage: Stage) -> None:
    mime = files("/tmp/a.png")
    assert not stage.enter(mime, actions=Qt.DropAction.MoveAction).isAccepted()
    assert stage.zones.isHidden()
    assert stage.enter(mime, actions=Qt.DropAction.MoveAction | Qt.DropAction.LinkAction).dropAction() is (
        Qt.DropAction.LinkAction
    )


def test_the_places_follow_the_host(stage: Stage, qtbot: QtBot) -> None:
    stage.enter(files("/tmp/a.png"))
    stage.window.resize(700, 400)
    qtbot.waitUntil(lambda: stage.zones.geometry() == stage.host.rect())


def test_a_paste_is_a_new_layer(stage: Stage) -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(0)
    QGuiApplication.clipboard().setMimeData(clipboard_data(image, b"png"))
    stage.zones.paste()
    assert stage.heard == [(DropZone.NEW_LAYER, PictureData(b"png"))]


def test_a_paste_from_an_empty_clipboard_is_told_in_words(stage: Stage) -> None:
    QGuiApplication.clipboard().clear()
    stage.zones.paste()
    (error,) = stage.heard
    assert isinstance(error, StudioError)
    assert error.why == "it is nothing"


def test_a_paste_of_something_else_is_told_in_words(stage: Stage) -> None:
    QGuiApplication.clipboard().setText("only words")
    stage.zones.paste()
    (error,) = stage.heard
    assert isinstance(error, StudioError)
    assert error.why == "it is text"


rooms = st.builds(QRect, st.just(0), st.just(0), st.integers(320, 3000), st.integers(240, 2000))
some_zones = st.sampled_from([ALL, ALL[:2], ALL[:1], (DropZone.DOCUMENT,)])


@given(rooms, some_zones, st.integers(0, 3000), st.integers(0, 2000))
def test_places_lie_inside_and_apart_and_every_point_has_one(
    room: QRect, zones: tuple[DropZone, ...], x: int, y: int
) -> None:
    areas = zone_areas(room, zones)
    assert set(areas) == set(zones)
    for area in areas.values():
        assert QRectF(room).contains(area)
        assert min(area.width(), area.height()) > 20
        assert nearest(areas, area.center()) is next(zone for zone in zones if areas[zone] == area)
    assert not any(areas[one].intersects(areas[other]) for one in zones for other in zones if one is not other)
    assert nearest(areas, QPointF(x, y)) in zones


@pytest.mark.parametrize("width", [300, 900], ids=["below each other", "side by side"])
def test_settings_found_late_move_no_place(stage: Stage, qtbot: QtBot, tmp_path: Path, width: int) -> None:
    stage.window.resize(width, 600)
    path = tmp_path / "painted.png"
    path.write_bytes(png_bytes(image_of(text_request("fox")).picture, {"parameters": "fox"}))
    stage.enter(files(str(path)))
    before = stage.zones.areas
    qtbot.waitUntil(lambda: DropZone.SETTINGS in stage.zones.areas)
    after = stage.zones.areas
    assert {zone: after[zone] for zone in before} == before


@pytest.mark.parametrize("theme_name", ["dark", "light"])
def test_the_place_under_the_pointer_stands_out(stage: Stage, theme_name: str) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, theme_name)
    mime = files("/tmp/a.png")
    stage.enter(mime)
    stage.move(mime, stage.middle(DropZone.IMAGE_TO_IMAGE))
    shown = stage.zones.grab().toImage()
    areas = {zone: area.toRect().adjusted(8, 8, -8, -8) for zone, area in stage.zones.areas.items()}
    colours = {zone: shown.pixelColor(area.topLeft()).name() for zone, area in areas.items()}
    tokens = theme.current()
    assert colours == {DropZone.NEW_LAYER: tokens.window, DropZone.IMAGE_TO_IMAGE: tokens.raised}
    theme.apply(app, "dark")
