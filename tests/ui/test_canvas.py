"""The canvas shows one picture in its frame and lets one look closer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.bridge.images import to_qimage
from studio.domain.events import Phase, Progress
from studio.domain.picture import Picture
from studio.ui.canvas import CanvasView
from studio.ui.canvas.enlarge import enlarged
from studio.ui.canvas.viewport import MARGIN, MAX_ZOOM, MIN_ZOOM, Viewport
from studio.ui.pace import Pace

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

VIEW = QSizeF(800, 600)
SIDES = st.integers(1, 4096)
PACE = Pace.of(Progress("job", Phase.DENOISING, 12, 20, 0, 1, 0.2))


@pytest.fixture
def canvas(app: QApplication, qtbot: QtBot) -> CanvasView:
    assert app
    canvas = CanvasView()
    qtbot.addWidget(canvas)
    canvas.resize(600, 500)
    canvas.show()
    return canvas


def plain(colour: str, width: int = 64, height: int = 64) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def colour_at(canvas: CanvasView, x: int, y: int) -> str:
    return canvas.grab().toImage().pixelColor(x, y).name()


def wheel(canvas: CanvasView, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def test_a_picture_fills_the_middle(canvas: CanvasView) -> None:
    canvas.show_picture(plain("#ff0000"), "red")
    assert colour_at(canvas, 300, 250) == "#ff0000"
    assert colour_at(canvas, 5, 5) != "#ff0000"
    assert canvas.zoom == pytest.approx((500 - 2 * MARGIN) / 64)


def test_the_frame_of_a_job_has_the_shape_of_its_picture(canvas: CanvasView) -> None:
    canvas.begin(512, 256)
    canvas.show_preview(plain("#00ff00", 64, 32))
    assert colour_at(canvas, 300, 250) == "#00ff00"
    assert colour_at(canvas, 300, 100) != "#00ff00"


def test_progress_lies_on_the_picture_and_goes(canvas: CanvasView) -> None:
    canvas.show_picture(plain("#00ff00"), "green")
    clean = canvas.grab().toImage()
    canvas.show_progress(PACE)
    assert canvas.grab().toImage() != clean
    assert canvas.accessibleDescription() == "Step 12/20 0.20 s/step · 2 s left"
    canvas.end()
    assert canvas.grab().toImage() == clean


def test_the_old_picture_stays_until_there_is_a_preview(canvas: CanvasView) -> None:
    canvas.show_picture(plain("#ff0000"), "red")
    canvas.begin(64, 64)
    canvas.show_progress(PACE)
    assert colour_at(canvas, 300, 200) == "#ff0000"


def test_the_wheel_zooms_around_the_pointer(canvas: CanvasView) -> None:
    image = plain("#000000")
    image.setPixelColor(10, 10, QColor("#ffffff"))
    canvas.show_picture(image, "a dot")
    factor = canvas.zoom
    left, top = 300 - 32 * factor, 250 - 32 * factor
    dot = QPoint(round(left + 10.5 * factor), round(top + 10.5 * factor))
    assert colour_at(canvas, dot.x(), dot.y()) == "#ffffff"
    wheel(canvas, dot, 4)
    assert canvas.zoom == pytest.approx(factor * 1.25**4)
    assert colour_at(canvas, dot.x(), dot.y()) == "#ffffff"


def test_dragging_moves_and_a_double_click_fits(canvas: CanvasView) -> None:
    canvas.show_picture(plain("#ff0000"), "red")
    canvas.zoom_to(5.0)
    assert colour_at(canvas, 300, 100) == "#ff0000"
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    QTest.mouseMove(canvas, QPoint(300, 380))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 380))
    assert colour_at(canvas, 300, 100) != "#ff0000"
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    assert canvas.zoom == pytest.approx((500 - 2 * MARGIN) / 64)


def test_the_arrow_keys_move_a_picture_that_is_larger_than_the_view(canvas: CanvasView) -> None:
    canvas.show_picture(plain("#ff0000"), "red")
    canvas.zoom_to(5.0)
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Up)
    assert colour_at(canvas, 300, 100) != "#ff0000"


def test_a_fitted_picture_stays_fitted_when_the_view_grows(canvas: CanvasView) -> None:
    canvas.show_picture(plain("#ff0000"), "red")
    canvas.resize(900, 800)
    assert canvas.zoom == pytest.approx((800 - 2 * MARGIN) / 64)


def test_the_next_picture_of_the_same_size_keeps_the_zoom(canvas: CanvasView) -> None:
    canvas.show_picture(plain("#ff0000"), "red")
    canvas.zoom_to(3.0)
    canvas.begin(64, 64)
    canvas.show_picture(plain("#00ff00"), "green")
    assert canvas.zoom == 3.0


def test_an_empty_canvas_has_no_zoom_and_does_not_mind_the_wheel(canvas: CanvasView, qtbot: QtBot) -> None:
    wheel(canvas, QPoint(300, 250), 1)
    canvas.zoom_by(2)
    assert canvas.zoom == 0
    canvas.show_picture(plain("#ff0000"), "red")
    with qtbot.waitSignal(canvas.zoom_changed, check_params_cb=lambda zoom: zoom == 0):
        canvas.clear()


def test_a_picture_larger_than_the_view_is_reduced_by_averaging(canvas: CanvasView) -> None:
    board = np.zeros((2048, 2048, 3), np.uint8)
    board[::2, ::2] = board[1::2, 1::2] = 255
    canvas.show_picture(to_qimage(Picture(board)), "a chessboard of single pixels")
    assert canvas.zoom < 0.5
    grey = canvas.grab().toImage().pixelColor(300, 250).red()
    assert 110 <= grey <= 145


def test_an_enlarged_preview_is_smooth() -> None:
    steps = np.repeat(np.linspace(0, 255, 8).astype(np.uint8)[None, :, None], 8, axis=0).repeat(3, axis=2)
    image = enlarged(to_qimage(Picture(steps)))
    row = np.array([image.pixelColor(x, 256).red() for x in range(image.width())])
    assert image.width() >= 512
    # Eight steps of 36 become a ramp: no two neighbours differ by more than a few of 255.
    assert np.abs(np.diff(row)).max() <= 2
    assert row[0] < 3
    assert row[-1] > 252


def test_a_large_preview_is_left_as_it_is() -> None:
    image = plain("#123456", 512, 300)
    assert enlarged(image) is image


@given(width=SIDES, height=SIDES, scale=st.sampled_from([1.0, 1.25, 1.5, 2.0]))
def test_a_fitted_picture_lies_inside_the_margins(width: int, height: int, scale: float) -> None:
    frame = Viewport(VIEW, QSizeF(width, height), scale).frame
    assert frame.left() >= MARGIN - 1e-6
    assert frame.right() <= VIEW.width() - MARGIN + 1e-6
    assert frame.top() >= MARGIN - 1e-6
    assert frame.bottom() <= VIEW.height() - MARGIN + 1e-6
    assert frame.width() / frame.height() == pytest.approx(width / height)


@given(
    zooms=st.lists(st.floats(0.001, 100), min_size=1, max_size=4),
    x=st.integers(0, 800),
    y=st.integers(0, 600),
    dx=st.integers(-2000, 2000),
)
def test_the_picture_cannot_be_lost(zooms: list[float], x: int, y: int, dx: int) -> None:
    viewport = Viewport(VIEW, QSizeF(300, 200))
    for zoom in zooms:
        viewport = viewport.zoomed(zoom, QPointF(x, y)).moved(QPointF(dx, dx))
    assert MIN_ZOOM <= viewport.shown_zoom <= MAX_ZOOM
    middle = QPointF(VIEW.width() / 2, VIEW.height() / 2)
    assert viewport.frame.adjusted(-1, -1, 1, 1).contains(middle)


@given(zoom=st.floats(0.5, 8), x=st.floats(300, 500), y=st.floats(200, 400))
def test_what_lies_under_the_pointer_stays_there(zoom: float, x: float, y: float) -> None:
    before = Viewport(VIEW, QSizeF(2000, 2000)).zoomed(0.5, QPointF(400, 300))
    after = before.zoomed(zoom, QPointF(x, y))

    def under(viewport: Viewport) -> QPointF:
        return (QPointF(x, y) - viewport.frame.topLeft()) / viewport.shown_zoom

    assert under(after).x() == pytest.approx(under(before).x(), abs=1e-6)
    assert under(after).y() == pytest.approx(under(before).y(), abs=1e-6)


def test_a_zoom_of_one_is_one_pixel_of_the_screen() -> None:
    viewport = Viewport(VIEW, QSizeF(100, 100), scale=2.0).zoomed(1.0, QPointF(400, 300))
    assert viewport.frame.width() == 50
