"""The list at the side of the gallery: all pictures, stars, trash, boards and saved searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QKeyEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from studio.bridge.dropped import HISTORY_MIME, HistoryDrop, read_mime
from studio.bridge.history_overview import STARRED
from studio.ui import theme
from studio.ui.gallery.places import Place, PlaceKind, query_of
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import CAPTION, ICON, LABEL, RADIUS, SPACE
from studio.ui.widgets.line_field import LineField

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtWidgets import QWidget

    from studio.domain.query import Query

ROW: Final = 8 * SPACE
_TITLE_ROW: Final = 10 * SPACE
_PLACE: Final = Qt.ItemDataRole.UserRole
_EDGE: Final = 2 * SPACE


class SideList(QListWidget):
    """Choosing a row searches; pictures that are dropped on a board are put on it.

    Signals:
        query_chosen: the text of a query.
        board_named: number of a board, or None for a new one, and its name.
        board_deleted: number of a board.
        search_forgotten: name of a saved search.
        filled: number of a board, and tuple of numbers of pictures to put on it.
        starred: tuple of numbers of pictures to give a star.
        thrown: tuple of numbers of pictures to throw away.
        empty_wanted: the trash is to be emptied.
    """

    query_chosen = Signal(str)
    board_named = Signal(object, str)
    board_deleted = Signal(int)
    search_forgotten = Signal(str)
    filled = Signal(int, object)
    starred = Signal(object)
    thrown = Signal(object)
    empty_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._places: tuple[Place, ...] = ()
        self._queries: tuple[Query | None, ...] = ()
        self._query = ""
        self._target: int | None = None
        self._delegate = _PlaceDelegate(self)
        self.setItemDelegate(self._delegate)
        self._delegate.named.connect(self._name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed | QListWidget.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAccessibleName("Boards and searches")
        self.setViewportMargins(0, _EDGE, 0, _EDGE)
        self.itemClicked.connect(self._click)

    @property
    def target(self) -> int | None:
        """The row that dragged pictures would be dropped on."""
        return self._target

    @property
    def places(self) -> tuple[Place, ...]:
        """What is shown."""
        return self._places

    def show_places(self, rows: tuple[Place, ...]) -> None:
        """Show other rows."""
        if rows == self._places or self.state() == QListWidget.State.EditingState:
            return
        self._places = rows
        self._queries = tuple(query_of(place.query) if place.shows else None for place in rows)
        self.clear()
        for place in rows:
            item = QListWidgetItem(place.title)
            item.setData(_PLACE, place)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _spoken(place))
            item.setFlags(_flags(place))
            self.addItem(item)
        self.show_query(self._query)

    def show_query(self, text: str) -> None:
        """Mark the place that a query's text leads to; none where it leads elsewhere."""
        self._query = text
        query = query_of(text)
        self.setCurrentRow(self._queries.index(query) if query in self._queries else -1)

    @override
    def sizeHint(self) -> QSize:
        return QSize(208, 400)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        # The Enter that ends a name comes by here, too.
        is_naming, before = self.state() == QListWidget.State.EditingState, self.currentRow()
        super().keyPressEvent(event)
        place = _of(self.currentItem())
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if place is not None and not is_naming and (is_enter or (place.shows and self.currentRow() != before)):
            self._click(self.currentItem())

    @override
    def contextMenuEvent(self, arg__1: QContextMenuEvent, /) -> None:
        item = self.itemAt(arg__1.pos())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, ask in self._asks(item):
            action = QAction(title, menu)
            action.triggered.connect(ask)
            menu.addAction(action)
        if menu.isEmpty():
            menu.deleteLater()
        else:
            menu.popup(arg__1.globalPos())

    # --- pictures that are dropped

    @override
    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        if event.mimeData().hasFormat(HISTORY_MIME):
            event.acceptProposedAction()

    @override
    def dragMoveEvent(self, e: QDragMoveEvent, /) -> None:
        row = self.indexAt(e.position().toPoint()).row()
        takes = row >= 0 and _takes_pictures(self._places[row])
        self._aim(row if takes else None)
        e.setAccepted(takes)

    @override
    def dragLeaveEvent(self, e: QDragLeaveEvent, /) -> None:
        self._aim(None)

    @override
    def dropEvent(self, event: QDropEvent, /) -> None:
        row, self._target = self._target, None
        self.viewport().update()
        ids = _dropped(event.mimeData())
        if row is None or not ids:
            return
        event.acceptProposedAction()
        place = self._places[row]
        if place.kind is PlaceKind.TRASH:
            self.thrown.emit(ids)
        elif place.board_id is not None:
            self.filled.emit(place.board_id, ids)
        else:
            self.starred.emit(ids)

    def _aim(self, row: int | None) -> None:
        if row != self._target:
            self._target = row
            self.viewport().update()

    # --- what rows do

    def _click(self, item: QListWidgetItem) -> None:
        place = _of(item)
        if place is None:
            return
        if place.kind is PlaceKind.NEW_BOARD:
            self.editItem(item)
        elif place.shows:
            self.query_chosen.emit(place.query)

    def _name(self, row: int, name: str) -> None:
        place = self._places[row]
        if name and (place.kind is PlaceKind.NEW_BOARD or name != place.title):
            self.board_named.emit(place.board_id, name)

    def _asks(self, item: QListWidgetItem | None) -> list[tuple[str, object]]:
        place = _of(item)
        if place is None or item is None:
            return []
        match place.kind:
            case PlaceKind.BOARD:
                return [("Rename", lambda: self.editItem(item)), ("Delete the board", lambda: self._delete(place))]
            case PlaceKind.SEARCH:
                return [("Forget this search", lambda: self.search_forgotten.emit(place.title))]
            case PlaceKind.TRASH:
                return [("Empty the trash", self.empty_wanted.emit)]
            case _:
                return []

    def _delete(self, place: Place) -> None:
        if place.board_id is not None:
            self.board_deleted.emit(place.board_id)


class _PlaceDelegate(QStyledItemDelegate):
    """Paints a row and takes the name of a board.

    Signals:
        named: the row, and what was written.
    """

    named = Signal(int, str)

    def __init__(self, side: SideList) -> None:
        super().__init__(side)
        self._side = side

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /) -> QSize:
        place = index.data(_PLACE)
        is_title = isinstance(place, Place) and place.kind is PlaceKind.TITLE
        return QSize(120, _TITLE_ROW if is_title else ROW)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        place = index.data(_PLACE)
        if not isinstance(place, Place):
            return
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = area.adjusted(4 * SPACE, 0, -4 * SPACE, 0)
        if place.kind is PlaceKind.TITLE:
            _paint_title(painter, words.adjusted(0, 0, 0, -SPACE), place.title)
        else:
            self._paint_place(painter, option, place, is_target=index.row() == self._side.target)
        painter.restore()

    @override
    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> QWidget:
        return LineField("Name of the board", parent)

    @override
    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex, /) -> None:
        place = index.data(_PLACE)
        if isinstance(editor, LineField) and isinstance(place, Place) and not editor.isModified():
            editor.setText("" if place.kind is PlaceKind.NEW_BOARD else place.title)
            editor.setPlaceholderText("Name of the board")
            editor.selectAll()

    @override
    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        # The history says how it is called afterwards.
        if isinstance(editor, LineField):
            self.named.emit(index.row(), editor.text().strip())

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        area: QRect = option.rect
        editor.setGeometry(area.adjusted(_EDGE, 1, -_EDGE, -1))

    def _paint_place(self, painter: QPainter, option: QStyleOptionViewItem, place: Place, *, is_target: bool) -> None:
        tokens = theme.current()
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        is_hot = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = tokens.field_pressed if is_chosen or is_target else tokens.field_hover if is_hot else None
        if ground is not None:
            has_ring = is_target or bool(is_chosen and state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(QColor(tokens.focus if has_ring else ground), 1))
            painter.setBrush(QColor(ground))
            shape = area.adjusted(_EDGE, 1, -_EDGE, -1)
            painter.drawRoundedRect(shape, RADIUS, RADIUS)
        ink = tokens.text if is_chosen or is_target else tokens.text_quiet
        words = area.adjusted(4 * SPACE, 0, -4 * SPACE, 0)
        if place.icon is not None:
            icons.paint(painter, place.icon, QRect(words.left(), area.top(), ICON, area.height()), ink)
            words.setLeft(words.left() + ICON + 2 * SPACE)
        at = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(LABEL))
        if place.count:
            painter.setPen(QColor(tokens.text_quiet))
            count = f"{place.count:,}"
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | at, count)
            words.setRight(words.right() - painter.fontMetrics().horizontalAdvance(count) - 2 * SPACE)
        painter.setFont(font(LABEL, QFont.Weight.Medium if is_chosen else QFont.Weight.Normal))
        is_quiet = place.kind is PlaceKind.NEW_BOARD and not is_hot
        painter.setPen(QColor(tokens.text_quiet if is_quiet else tokens.text))
        title = painter.fontMetrics().elidedText(place.title, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | at, title)


def _paint_title(painter: QPainter, area: QRect, title: str) -> None:
    painter.setFont(font(CAPTION, QFont.Weight.DemiBold))
    painter.setPen(QColor(theme.current().text_quiet))
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, title)


def _of(item: QListWidgetItem | None) -> Place | None:
    place = None if item is None else item.data(_PLACE)
    return place if isinstance(place, Place) else None


def _flags(place: Place) -> Qt.ItemFlag:
    if place.kind is PlaceKind.TITLE:
        return Qt.ItemFlag.NoItemFlags
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    is_named = place.kind in {PlaceKind.BOARD, PlaceKind.NEW_BOARD}
    return flags | Qt.ItemFlag.ItemIsEditable if is_named else flags


def _takes_pictures(place: Place) -> bool:
    return place.kind in {PlaceKind.BOARD, PlaceKind.TRASH} or place.query == STARRED


def _spoken(place: Place) -> str:
    return place.title if place.count is None else f"{place.title}, {place.count}"


def _dropped(mime: QMimeData) -> tuple[int, ...]:
    what = read_mime(mime) if mime.hasFormat(HISTORY_MIME) else None
    return what.entry_ids if isinstance(what, HistoryDrop) else ()
