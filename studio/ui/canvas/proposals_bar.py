"""The bar at the foot of the canvas with which one chooses among generated pictures, and the keys for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import LABEL, RADIUS, ROW, SPACE
from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QAbstractButton

    from studio.bridge.canvas_generation import CanvasGeneration

_MARGIN: Final = 3 * SPACE
"""Between the bar and the edges of the canvas."""
_SEED_WIDTH: Final = 560
"""A narrower canvas shows no seed."""


class ProposalsBar(QWidget):
    """Lies over the foot of its parent, the canvas, while there is a picture to choose.

    Signals:
        peeked: whether the pictures are to be hidden, so that what lies under them is seen: as long as the eye, or its
            key, is held.
    """

    peeked = Signal(bool)

    def __init__(self, generation: CanvasGeneration, canvas: QWidget) -> None:
        """Join the bar to what it chooses from.

        Args:
            generation: holds the pictures.
            canvas: what the bar lies on; while it has the focus, the keys work.
        """
        super().__init__(canvas)
        self._generation, self._canvas = generation, canvas
        self._back = _icon_button(Icon.CHEVRON_LEFT, "Previous picture", "Show the picture before this one (Left)")
        self._count = QLabel()
        self._on = _icon_button(Icon.CHEVRON_RIGHT, "Next picture", "Show the next picture (Right)")
        self._eye = _icon_button(Icon.EYE, "Show the original", "Hold to see what was there before (hold O)")
        self._seed = QLabel()
        self._more = _icon_button(Icon.VARIATIONS, "More like this", "")
        self._discard = _push_button("Discard")
        self._into = _icon_button(Icon.INTO_LAYER, "Accept into the layer", "")
        self._accept = _push_button("Accept")
        self._lay_out()
        self._connect()
        canvas.installEventFilter(self)
        self._keys = ProposalKeys(self, generation, canvas)
        self._show()

    @property
    def text(self) -> str:
        """What is said about the picture: which of how many."""
        return self._count.text()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        event.accept()  # beside a button is not on the canvas

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        event.accept()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.field_pressed), 1))
        painter.setBrush(QColor(tokens.window))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 2, RADIUS + 2)
        painter.end()

    def _lay_out(self) -> None:
        self.setAccessibleName("Generated pictures")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        for label in (self._count, self._seed):
            label.setFont(font(LABEL))
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._seed.setForegroundRole(self._seed.palette().ColorRole.PlaceholderText)
        self._seed.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._seed.setToolTip("The seed that repeats this picture")
        # Wide enough for any count, so that the buttons stay under the pointer.
        self._count.setMinimumWidth(self._count.fontMetrics().horizontalAdvance("00 / 00"))
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE + 2, 2 * SPACE, SPACE + 2)
        layout.setSpacing(SPACE)
        for group in (
            (self._back, self._count, self._on),
            (self._eye, self._more, self._seed),
            (self._discard, self._into, self._accept),
        ):
            if layout.count():
                layout.addSpacing(2 * SPACE)
            for widget in group:
                layout.addWidget(widget)

    def _connect(self) -> None:
        choice = self._generation.proposals
        self._back.clicked.connect(lambda: choice.step(-1))
        self._on.clicked.connect(lambda: choice.step(1))
        self._eye.pressed.connect(lambda: self.peeked.emit(True))
        self._eye.released.connect(lambda: self.peeked.emit(False))
        self._more.clicked.connect(self._vary)
        self._discard.clicked.connect(choice.discard)
        self._into.clicked.connect(lambda: choice.accept(into_layer=True))
        self._accept.clicked.connect(self._take)
        choice.shown_changed.connect(self._show)

    def _vary(self) -> None:
        self._generation.more_like_this()

    def _take(self) -> None:
        self._generation.proposals.accept()

    def _show(self) -> None:
        choice = self._generation.proposals
        shown, index = choice.shown, choice.index
        self.setVisible(shown is not None)
        if shown is None:
            return
        place = 0 if index is None else index + 1
        self._count.setText("History" if choice.is_passing else f"{place} / {len(choice.waiting)}")
        self._count.setAccessibleName(
            "A picture of the history" if choice.is_passing else f"Picture {place} of {len(choice.waiting)}"
        )
        for button in (self._back, self._on):
            button.setEnabled(len(choice.waiting) > 1 or (choice.is_passing and bool(choice.waiting)))
        self._seed.setText(f"Seed {shown.seed}")
        self._more.setEnabled(shown.request is not None)
        self._more.setToolTip("Paint variations: the same prompt and settings with other seeds")
        layer = choice.layer_name
        self._into.setEnabled(layer is not None)
        self._into.setToolTip(
            "Accept onto the active layer: there is none"
            if layer is None
            else f"Accept onto \u201c{layer}\u201d (Shift+Enter)"
        )
        self._say(
            (self._accept, "Use as layer" if choice.is_passing else "Accept"),
            (self._discard, "Put away" if choice.is_passing else "Discard"),
        )
        self._accept.setToolTip("Put this picture on a new layer, named after its prompt (Enter)")
        self._discard.setToolTip(
            "Look at the canvas again (Esc)"
            if choice.is_passing
            else "Let go of all of these pictures; the history keeps them (Esc)"
        )
        self._place()

    def _say(self, *titles: tuple[QAbstractButton, str]) -> None:
        for button, title in titles:
            button.setText(title)
            button.setAccessibleName(title)

    def _place(self) -> None:
        room = self._canvas.rect()
        size = self._fit(room.width())
        self.setGeometry(
            max(0, (room.width() - size.width()) // 2),
            room.height() - size.height() - _MARGIN,
            min(size.width(), room.width()),
            size.height(),
        )
        self.raise_()

    def _fit(self, width: int) -> QSize:
        """Show as much as a canvas of this width has room for and return the size; what goes has a key and a menu."""
        shown = [width >= _SEED_WIDTH, True, True, True]
        spare = (self._seed, self._more, self._into, self._eye)
        while True:
            for widget, is_shown in zip(spare, shown, strict=True):
                widget.setVisible(is_shown)
            self._row.activate()
            size = self.sizeHint()
            if size.width() <= width or not any(shown):
                return size
            shown[shown.index(True)] = False


class ProposalKeys(QObject):
    """The keys of the canvas while there is a picture to choose, or one is being painted.

    Left and Right step, Enter accepts, with Shift into the layer, Esc discards, O shows the original while it is held.
    They go before the keys of the same name that the window has; the canvas keeps them while a tool is at work, and the
    window keeps Esc while a job runs.
    """

    def __init__(self, bar: ProposalsBar, generation: CanvasGeneration, canvas: QWidget) -> None:
        super().__init__(bar)
        self._bar, self._generation = bar, generation
        self._is_held = False
        canvas.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._let_go()
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            if event.key() == Qt.Key.Key_O and self._is_held:
                if not event.isAutoRepeat():
                    self._let_go()
                return True
            return False
        act = self._act_of(event)
        if act is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        else:
            act()
        return True

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Return what a key does now, if it is for the pictures."""
        choice, is_painting = self._generation.proposals, self._generation.is_painting
        if self._generation.is_document_busy or QApplication.mouseButtons():
            return None
        if choice.shown is None:
            # What is being painted can be looked under as well.
            return self._hold if is_painting and event.key() == Qt.Key.Key_O and not event.modifiers() else None
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        has_shift = modifiers == Qt.KeyboardModifier.ShiftModifier
        if modifiers and not has_shift:
            return None
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                return lambda: choice.accept(into_layer=has_shift)
            case Qt.Key.Key_Escape if not has_shift and not is_painting:
                return choice.discard
            case Qt.Key.Key_O if not has_shift:
                return self._hold
            case Qt.Key.Key_Left | Qt.Key.Key_Right if not has_shift and self._can_step():
                by = -1 if event.key() == Qt.Key.Key_Left else 1
                return lambda: choice.step(by)
            case _:
                return None

    def _can_step(self) -> bool:
        choice = self._generation.proposals
        return len(choice.waiting) > (0 if choice.is_passing else 1)

    def _hold(self) -> None:
        if not self._is_held:
            self._is_held = True
            self._bar.peeked.emit(True)

    def _let_go(self) -> None:
        if self._is_held:
            self._is_held = False
            self._bar.peeked.emit(False)


def _icon_button(icon: Icon, name: str, tip: str) -> IconButton:
    button = IconButton(icon, name, tip, side=ROW - SPACE)
    # A click leaves the keyboard with the canvas.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _push_button(title: str) -> QPushButton:
    button = QPushButton(title)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
