"""What pen, mouse, wheel and fingers do over the canvas, and the keys that are held meanwhile."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from studio.domain.tools.tool import Modifier, PointerEvent, PointerKind
from studio.ui.canvas.tool_work import HAND, PICKER

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QTabletEvent, QWheelEvent

    from studio.bridge.tool_box import ToolBox
    from studio.ui.canvas.brush_sizing import BrushSizing
    from studio.ui.canvas.navigation import Navigation
    from studio.ui.canvas.tool_work import ToolWork

WHEEL_STEP: Final = 1.25
"""What one notch of the wheel enlarges by."""
_NOTCH: Final = 120
_A_CLICK: Final = 4.0
"""Device-independent pixels that a hand moves while it only clicks."""
_MODIFIERS: Final = {
    Qt.KeyboardModifier.ShiftModifier: Modifier.SHIFT,
    Qt.KeyboardModifier.ControlModifier: Modifier.CONTROL,
    Qt.KeyboardModifier.AltModifier: Modifier.ALT,
}


class _Doing(Enum):
    """What the pressed pointer does."""

    NOTHING = auto()
    WORKING = auto()
    PANNING = auto()
    TURNING = auto()
    CHOOSING = auto()
    """Shift is held: a drag sizes the brush, a click is the tool's."""
    SIZING = auto()


class CanvasInput(QObject):
    """Turns Qt's events into what the tools and the view understand, in the order they come; none is left out.

    Attributes:
        pointer: where the pointer is over the view, in device-independent pixels; None where it is elsewhere.
    """

    def __init__(
        self, navigation: Navigation, work: ToolWork, tool_box: ToolBox, sizing: BrushSizing, parent: QObject
    ) -> None:
        """Join what is done by hand to what it is done to.

        Args:
            navigation: moves the view.
            work: runs the tools.
            tool_box: holds them.
            sizing: changes the brush.
            parent: owns this object.
        """
        super().__init__(parent)
        self._navigation, self._work, self._tool_box = navigation, work, tool_box
        self._sizing = sizing
        self._doing = _Doing.NOTHING
        self._pressed: PointerEvent | None = None
        self._button = Qt.MouseButton.NoButton
        self._pressed_at = self._last = QPointF()
        self._is_space_held = False
        self.pointer: QPointF | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a button or the pen is down."""
        return self._doing is not _Doing.NOTHING

    @property
    def brush_at(self) -> QPointF | None:
        """Where the outline of the brush is drawn: it stays while the brush is sized."""
        return self._pressed_at if self._doing is _Doing.SIZING else self.pointer

    @property
    def is_moving_view(self) -> bool:
        """Whether the view is being moved or turned by dragging."""
        return self._doing in {_Doing.PANNING, _Doing.TURNING}

    def mouse(self, event: QMouseEvent) -> None:
        """Do what the mouse asks for."""
        pointer = self._pointer_event(event, 1.0, QPointF(), is_eraser=False)
        self._take(event, pointer)

    def tablet(self, event: QTabletEvent) -> None:
        """Do what the pen asks for; every point that it reports counts."""
        is_eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
        tilt = QPointF(event.xTilt(), event.yTilt())
        self._take(event, self._pointer_event(event, event.pressure(), tilt, is_eraser=is_eraser))
        # Else Qt would send it again as a mouse's.
        event.accept()

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom around the pointer; two fingers on a touchpad move the view, with Ctrl they zoom."""
        pixels, notches = event.pixelDelta(), event.angleDelta().y() / _NOTCH
        is_touchpad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not pixels.isNull()
        if is_touchpad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._navigation.move(QPointF(pixels))
        else:
            self._navigation.zoom_by(WHEEL_STEP**notches, event.position())
        event.accept()

    def fingers(self, event: QEvent) -> bool:
        """Zoom and turn with two fingers; return whether the event was that."""
        match event:
            case QNativeGestureEvent():
                return self._native(event)
            case QGestureEvent():
                pinch = event.gesture(Qt.GestureType.PinchGesture)
                if not isinstance(pinch, QPinchGesture):
                    return False
                self._navigation.zoom_by(pinch.scaleFactor(), pinch.centerPoint())
                self._navigation.turn_by(pinch.rotationAngle() - pinch.lastRotationAngle(), pinch.centerPoint())
                event.accept()
                return True
            case _:
                return False

    def hold_space(self, held: Qt.KeyboardModifier) -> None:
        """Take the hand until Space is let go."""
        self._is_space_held = True
        self.borrow(held)

    def keys_held(self, event: QKeyEvent, *, is_release: bool) -> None:
        """Borrow a tool, or give it back, as keys go down and up."""
        if event.key() == Qt.Key.Key_Space and is_release and not event.isAutoRepeat():
            self._is_space_held = False
        held = event.modifiers()
        if event.key() == Qt.Key.Key_Alt:
            alt = Qt.KeyboardModifier.AltModifier
            held = held & ~alt if is_release else held | alt
        self.borrow(held)

    def borrow(self, held: Qt.KeyboardModifier) -> None:
        """Take the hand while Space is held, the picker while Alt is and one paints; never in a gesture."""
        if self.is_busy:
            return
        if self._is_space_held:
            self._tool_box.borrow(HAND)
        elif held & Qt.KeyboardModifier.AltModifier and self._tool_box.chosen.is_painting:
            self._tool_box.borrow(PICKER)
        else:
            self._tool_box.borrow(None)

    def leave_keys(self) -> None:
        """The keyboard is elsewhere: no key is held here any more."""
        self._is_space_held = False
        self.borrow(Qt.KeyboardModifier.NoModifier)

    def cancel(self) -> None:
        """Take back what the pressed pointer does."""
        self._work.cancel()
        self._doing = _Doing.NOTHING

    def _native(self, event: QNativeGestureEvent) -> bool:
        match event.gestureType():
            case Qt.NativeGestureType.ZoomNativeGesture:
                self._navigation.zoom_by(1 + event.value(), event.position())
            case Qt.NativeGestureType.RotateNativeGesture:
                self._navigation.turn_by(event.value(), event.position())
            case Qt.NativeGestureType.SmartZoomNativeGesture:
                self._navigation.fit()
            case _:
                return False
        return True

    def _take(self, event: QMouseEvent | QTabletEvent, pointer: PointerEvent) -> None:
        at = event.position()
        self.pointer = at
        match pointer.kind:
            case PointerKind.PRESS:
                self._press(event, pointer)
            case PointerKind.MOVE:
                self._move(at, pointer)
            case PointerKind.RELEASE:
                self._release(event, pointer)
        self._last = at

    def _press(self, event: QMouseEvent | QTabletEvent, pointer: PointerEvent) -> None:
        if self.is_busy:
            return
        self.borrow(event.modifiers())
        self._pressed, self._pressed_at, self._button = pointer, event.position(), event.button()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton:
            self._doing = _Doing.PANNING
        elif is_left and self._is_space_held and pointer.has(Modifier.SHIFT):
            self._doing = _Doing.TURNING
        elif is_left and pointer.has(Modifier.SHIFT) and self._sizing.is_possible:
            self._doing = _Doing.CHOOSING
            self._sizing.begin_drag()
        elif is_left:
            self._doing = _Doing.WORKING
            self._work.press(pointer)

    def _move(self, at: QPointF, pointer: PointerEvent) -> None:
        way = at - self._pressed_at
        if self._doing is _Doing.CHOOSING and way.manhattanLength() > _A_CLICK:
            self._doing = _Doing.SIZING
        match self._doing:
            case _Doing.WORKING:
                self._work.follow(pointer)
            case _Doing.PANNING:
                self._navigation.move(at - self._last)
            case _Doing.TURNING:
                self._navigation.turn_between(self._last, at)
            case _Doing.SIZING:
                self._sizing.drag(way)
            case _:
                pass

    def _release(self, event: QMouseEvent | QTabletEvent, pointer: PointerEvent) -> None:
        if self.is_busy and event.buttons() & self._button:
            return  # of another button
        doing, self._doing = self._doing, _Doing.NOTHING
        if doing is _Doing.CHOOSING and self._pressed is not None:
            self._work.press(self._pressed)
            doing = _Doing.WORKING
        if doing is _Doing.WORKING:
            self._work.follow(pointer)
        self.borrow(event.modifiers())

    def _pointer_event(
        self, event: QMouseEvent | QTabletEvent, pressure: float, tilt: QPointF, *, is_eraser: bool
    ) -> PointerEvent:
        point = self._navigation.viewport.document_point(event.position())
        return PointerEvent(
            _KINDS.get(event.type(), PointerKind.MOVE),
            point.x(),
            point.y(),
            pressure,
            tilt.x(),
            tilt.y(),
            is_eraser,
            frozenset(name for flag, name in _MODIFIERS.items() if event.modifiers() & flag),
            self._navigation.viewport.shown_zoom / self._navigation.viewport.scale,
        )


_KINDS: Final = {
    QEvent.Type.MouseButtonPress: PointerKind.PRESS,
    QEvent.Type.MouseButtonDblClick: PointerKind.PRESS,
    QEvent.Type.MouseButtonRelease: PointerKind.RELEASE,
    QEvent.Type.TabletPress: PointerKind.PRESS,
    QEvent.Type.TabletRelease: PointerKind.RELEASE,
}
