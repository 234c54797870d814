"""The layers panel: what the document is made of, from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayout, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from studio.bridge.layer_edits import LayerEdits
from studio.bridge.layer_model import MASK, LayerModel
from studio.domain.canvas.blend import BlendMode
from studio.domain.parameters import Number
from studio.ui import theme
from studio.ui.panels.layer_list import LayerList
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import CAPTION, SPACE
from studio.ui.widgets.combo_box import ComboBox
from studio.ui.widgets.icon_button import IconButton
from studio.ui.widgets.overflow_bar import BarItem, OverflowBar
from studio.ui.widgets.parameter_field import ParameterField
from studio.ui.widgets.thumbnail import THUMBNAIL, paint_thumbnail

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.bridge.canvas_store import CanvasStore

_SIDE: Final = 7 * SPACE
_SMALL: Final = 6 * SPACE
_EDGE: Final = 2 * SPACE
_NARROW: Final = 54 * SPACE
_OPACITY: Final = Number(
    id="opacity",
    title="Opacity",
    default=100,
    minimum=0,
    maximum=100,
    unit="%",
    help="How much of the layer is seen",
)


class LayersPanel(QWidget):
    """The mask, the layers, and what can be done with the active one.

    Attributes:
        model: the rows.
        edits: what the buttons do; for menus and shortcuts too.
        list: the rows on the screen.
        mask_row: the row of the mask.

    Signals:
        mask_shown: whether the mask's tint is wanted over the canvas.
        done: a layer was clicked: the keyboard may go back to the canvas.
    """

    mask_shown = Signal(bool)
    done = Signal()

    def __init__(self, store: CanvasStore) -> None:
        super().__init__()
        self._store = store
        self.model = LayerModel(store, self)
        self.edits = LayerEdits(store)
        self.list = LayerList(self.model)
        self.mask_row = MaskRow(store, self.model)
        self._blend = ComboBox("Blend mode")
        self._blend.setToolTip("How the layer's colours meet those below")
        for mode in BlendMode:
            self._blend.addItem(mode.title, mode)
        self._opacity = ParameterField(_OPACITY)
        self._is_showing = False
        self._buttons = self._build_buttons()
        self._lay_out()
        self._connect()
        self._show_active()

    def add_to_foot(self, widget: QWidget) -> None:
        """Put something beside the buttons at the foot."""
        self._feet.addWidget(widget)

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, 480)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(42 * SPACE, 64 * SPACE)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW
        self._head.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)

    @override
    def event(self, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._removes(event):
            # Before the window's shortcut, which clears the layer.
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if self._removes(event):
            self.edits.remove()
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        menu = self.build_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _removes(self, event: QKeyEvent) -> bool:
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return is_plain and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self.list.hasFocus()

    def build_menu(self) -> QMenu:
        """Return the menu of the active layer."""
        menu = QMenu(self)
        layer = self.edits.layer
        is_hidden, is_locked = layer is not None and not layer.visible, layer is not None and layer.locked
        entries: tuple[tuple[str, Callable[[], None], bool], ...] = (
            ("&New layer", self.edits.add, True),
            ("&Rename", self.list.rename, layer is not None),
            ("&Show" if is_hidden else "&Hide", self.edits.toggle_visible, layer is not None),
            ("Un&lock" if is_locked else "&Lock", self.edits.toggle_lock, layer is not None),
            ("&Duplicate", self.edits.duplicate, layer is not None),
            ("&Merge down", self.edits.merge_down, self.edits.can_sink),
            ("&Clear", self.edits.clear, layer is not None),
            ("D&elete", self.edits.remove, layer is not None),
        )
        for text, do, is_possible in entries:
            action = QAction(text, menu)
            action.setEnabled(is_possible)
            action.triggered.connect(_without_checked(do))
            menu.addAction(action)
        return menu

    def _build_buttons(self) -> dict[str, IconButton]:
        rows: tuple[tuple[str, Icon, str, str, Callable[[], None]], ...] = (
            ("add", Icon.ADD, "Add layer", "Put an empty layer above this one", self.edits.add),
            ("duplicate", Icon.DUPLICATE, "Duplicate layer", "Put a copy above this layer", self.edits.duplicate),
            ("up", Icon.ARROW_UP, "Move layer up", "Move this layer up (Ctrl+])", self.edits.rise),
            ("down", Icon.ARROW_DOWN, "Move layer down", "Move this layer down (Ctrl+[)", self.edits.sink),
            ("merge", Icon.INTO_LAYER, "Merge down", "Make one of this layer and the one below", self.edits.merge_down),
            ("clear", Icon.CLEAR, "Clear layer", "Erase everything on this layer", self.edits.clear),
            ("delete", Icon.DELETE, "Delete layer", "Delete this layer (Del)", self.edits.remove),
        )
        buttons: dict[str, IconButton] = {}
        for key, icon, name, tip, do in rows:
            buttons[key] = button = IconButton(icon, name, tip, side=_SIDE)
            button.clicked.connect(_without_checked(do))
        return buttons

    def _lay_out(self) -> None:
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        self._head.setSpacing(SPACE)
        # Room for "Soft light" beside the opacity in a column of the usual width.
        self._blend.setMinimumContentsLength(2)
        self._head.addWidget(self._blend, 1)
        self._head.addWidget(self._opacity)
        rare = {"clear", "merge", "up", "down"}
        foot = OverflowBar("More layer commands", _SIDE)
        foot.set_items([BarItem(button, rank=key in rare) for key, button in self._buttons.items()])
        self._feet = QHBoxLayout()
        self._feet.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self._feet.addWidget(foot, 1)
        layout = QVBoxLayout(self)
        # Where the panel is narrow the fields stand below each other, but only once it is narrow.
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head)
        layout.addWidget(_Line())
        layout.addWidget(self.mask_row)
        layout.addWidget(_Line())
        layout.addWidget(self.list, 1)
        layout.addWidget(_Line())
        layout.addLayout(self._feet)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)

    def _connect(self) -> None:
        self._blend.currentIndexChanged.connect(self._take_blend)
        self._opacity.value_changed.connect(self._take_opacity)
        self.mask_row.shown_changed.connect(self.mask_shown)
        self.mask_row.invert_requested.connect(self.edits.invert_mask)
        self.mask_row.clear_requested.connect(self.edits.clear_mask)
        self.list.selectionModel().currentChanged.connect(self._take_current)
        self.list.clicked.connect(self._on_clicked)
        for signal in (self.model.active_changed, self.model.dataChanged):
            signal.connect(self._show_active)

    def _on_clicked(self, index: QModelIndex) -> None:
        # The second click of two opens the name's editor, which keeps the keyboard.
        if not self.list.isPersistentEditorOpen(index):
            self.done.emit()

    def _take_current(self, current: QModelIndex) -> None:
        layer = self.model.layer_at(current.row())
        if layer is not None and not self.model.is_following and layer.id != self._store.state.active:
            self._store.activate(layer.id)

    def _take_blend(self) -> None:
        mode = self._blend.currentData()
        if not self._is_showing and isinstance(mode, BlendMode):
            self.edits.set_blend(mode)

    def _take_opacity(self) -> None:
        if not self._is_showing:
            self.edits.set_opacity(self._opacity.value / 100)

    def _show_active(self) -> None:
        layer = self.edits.layer
        # The fields tell of what they are shown, too, and whole percents are coarser than what is kept.
        self._is_showing = True
        for field in (self._blend, self._opacity):
            field.setEnabled(layer is not None)
        if layer is not None:
            self._blend.choose(layer.blend)
            self._opacity.set_value(round(layer.opacity * 100))
        self._is_showing = False
        is_free = layer is not None and not layer.locked
        for key, is_possible in (
            ("duplicate", layer is not None),
            ("up", self.edits.can_rise),
            ("down", self.edits.can_sink),
            ("merge", is_free and self.edits.can_sink),
            ("clear", is_free),
            ("delete", is_free),
        ):
            self._buttons[key].setEnabled(is_possible)


class MaskRow(QWidget):
    """The mask: how it looks, whether its tint is shown, and what is done with all of it.

    Signals:
        shown_changed: whether the tint is wanted.
        invert_requested: the mask is to cover what it did not, within the frame.
        clear_requested: the mask is to cover nothing.
    """

    shown_changed = Signal(bool)
    invert_requested = Signal()
    clear_requested = Signal()

    def __init__(self, store: CanvasStore, model: LayerModel) -> None:
        super().__init__()
        self._store = store
        self._model = model
        self.eye = IconButton(
            Icon.EYE_OFF, "Show the mask", "Show the mask over the canvas", side=_SIDE, checked_icon=Icon.EYE
        )
        self.eye.setChecked(True)
        self._invert = IconButton(
            Icon.INVERT, "Invert mask", "Mask what is free within the frame, and free what is masked", side=_SMALL
        )
        self._clear = IconButton(Icon.CLEAR, "Clear mask", "Let the mask cover nothing", side=_SMALL)
        self._picture = _MaskPicture(model, store)
        self._facts = QLabel()
        self._lay_out()
        self.eye.toggled.connect(self.shown_changed)
        self._invert.clicked.connect(self.invert_requested)
        self._clear.clicked.connect(self.clear_requested)
        model.mask_redrawn.connect(self._follow)
        store.replaced.connect(self._follow)
        self._follow()

    def _lay_out(self) -> None:
        name = QLabel("Mask")
        self._facts.setFont(font(CAPTION))
        self._facts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(self._facts)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        layout.setSpacing(0)
        layout.addWidget(self.eye)
        layout.addWidget(self._picture)
        layout.addSpacing(2 * SPACE - 1)
        layout.addLayout(words, 1)
        layout.addWidget(self._invert)
        layout.addWidget(self._clear)
        self.setToolTip("What is painted anew: everything under the mask; all else stays as it is")

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._facts.setVisible(event.size().width() >= _NARROW)

    def _follow(self) -> None:
        is_empty = self._store.state.mask.is_empty
        self._facts.setText("empty" if is_empty else "is painted anew")
        self._clear.setEnabled(not is_empty)
        self._picture.update()


class _MaskPicture(QWidget):
    def __init__(self, model: LayerModel, store: CanvasStore) -> None:
        super().__init__()
        self._model, self._store = model, store
        self.setFixedSize(THUMBNAIL)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        image = self._model.thumbnails.of(MASK, self._store.state.mask)
        paint_thumbnail(painter, self.rect(), image, is_mask=True)
        painter.end()


class _Line(QWidget):
    """A hairline between areas."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().line))
        painter.end()


def _without_checked(do: Callable[[], None]) -> Callable[[], None]:
    """Return a slot for signals that tell whether a button is checked, which nobody wants to know."""

    def call() -> None:
        do()

    return call
