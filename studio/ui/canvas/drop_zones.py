"""Where a dragged picture will go, shown before the button is released."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.bridge.dropped import Files, HistoryDrop, Link, carries_settings, glance, read_mime
from studio.domain.errors import StudioError
from studio.ui import theme
from studio.ui.canvas.drop_layout import DropZone, nearest, zone_areas
from studio.ui.canvas.drop_paint import paint_heading, paint_zone, words_of
from studio.ui.theme.icons import Icon

if TYPE_CHECKING:
    from studio.bridge.background import Background
    from studio.bridge.dropped import Offer

_SCRIM: Final = 232
"""Opacity of the ground: enough of the picture stays to see that nothing has happened to it yet."""


class DropZones(QWidget):
    """Lies over a widget, its host, while a picture is dragged over it, and divides it into places to drop.

    It takes part in no event itself: it watches the host's, which need not know. Other widgets of the window can be
    watched too, so that the places show as soon as something comes into the window.

    Signals:
        dropped: the `DropZone`, and what was dropped: one of `studio.bridge.dropped.Dropped`. Also after `paste`.
        failed: what was dropped or pasted is no picture, in words.
    """

    dropped = Signal(DropZone, object)
    failed = Signal(StudioError)

    def __init__(self, host: QWidget, reader: Background) -> None:
        """Watch a host from now on.

        Args:
            host: the parent; it accepts drops from now on.
            reader: looks into dragged files for settings, behind the window.
        """
        super().__init__(host)
        self._host = host
        self._reader = reader
        self._offer: Offer | None = None
        self._zones: tuple[DropZone, ...] = ()
        self._keeps_room = False
        self._active: DropZone | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Places to drop a picture")
        self.hide()
        self.watch(host)

    @property
    def zones(self) -> tuple[DropZone, ...]:
        """The places there are for what is dragged now; empty while nothing is."""
        return self._zones

    @property
    def areas(self) -> dict[DropZone, QRectF]:
        """Where each place lies; room is kept for a file's settings, so that nothing moves when they are found."""
        laid_out = (*self._zones, DropZone.SETTINGS) if self._keeps_room else self._zones
        areas = zone_areas(self.rect(), tuple(dict.fromkeys(laid_out)))
        return {zone: areas[zone] for zone in self._zones}

    @property
    def active(self) -> DropZone | None:
        """Where it would go if it were dropped now."""
        return self._active

    @property
    def title(self) -> str:
        """What is dragged, in words; empty while nothing is."""
        return self._offer.title if self._offer is not None else ""

    def watch(self, widget: QWidget) -> None:
        """Show the places while a picture is over this widget as well; beside the host it cannot be dropped."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def paste(self) -> None:
        """Take the clipboard's picture for a new layer."""
        # Qt has none of an empty clipboard, where its own types promise one.
        self._take(DropZone.NEW_LAYER, QGuiApplication.clipboard().mimeData() or QMimeData())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        on_host = watched is self._host
        # Enter events are a kind of move events in Qt, and these a kind of drop events.
        if isinstance(event, QDragEnterEvent):
            return self._enter(event, on_host=on_host)
        if isinstance(event, QDropEvent) and self._offer is not None:
            return self._move(event, on_host) if isinstance(event, QDragMoveEvent) else self._drop(event, on_host)
        if event.type() is QEvent.Type.DragLeave:
            self._end()
        elif event.type() is QEvent.Type.Resize and on_host:
            self.setGeometry(self._host.rect())
        return False

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(tokens.backdrop)
        ground.setAlpha(_SCRIM)
        painter.fillRect(self.rect(), ground)
        if self._offer is not None:
            paint_heading(painter, self.rect(), self._offer.title, _icon_of(self._offer), tokens)
            for zone, area in self.areas.items():
                count = _count(self._offer)
                paint_zone(painter, area, zone, count, tokens, is_active=zone is self._active)
        painter.end()

    def _enter(self, event: QDragEnterEvent, *, on_host: bool) -> bool:
        action = _action(event)
        offer = glance(event.mimeData()) if action is not None else None
        if offer is None:
            return False
        if offer != self._offer:
            self._begin(offer)
        return self._move(event, on_host)

    def _begin(self, offer: Offer) -> None:
        self._offer = offer
        self._zones = _zones_of(offer)
        self.setGeometry(self._host.rect())
        self.raise_()
        self.show()
        is_one_file = isinstance(offer.what, Files) and len(offer.what.paths) == 1
        self._keeps_room = is_one_file and DropZone.DOCUMENT not in self._zones
        if isinstance(offer.what, Files) and self._keeps_room:
            path = offer.what.paths[0]
            self._reader.run(partial(carries_settings, path), partial(self._add_settings, offer), lambda _: None)

    def _add_settings(self, offer: Offer, carries: bool) -> None:
        # Another drag may have begun meanwhile.
        if carries and offer is self._offer and DropZone.SETTINGS not in self._zones:
            self._zones += (DropZone.SETTINGS,)
            self.update()

    def _move(self, event: QDropEvent, on_host: bool) -> bool:
        self._activate(nearest(self.areas, event.position()) if on_host else None)
        action = _action(event)
        if on_host and action is not None:
            event.setDropAction(action)
            event.accept()
        else:
            # An enter event must be accepted for the moves to come; this refuses the drop alone.
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.setAccepted(isinstance(event, QDragEnterEvent))
        return True

    def _activate(self, zone: DropZone | None) -> None:
        if zone is not self._active:
            self._active = zone
            self.setAccessibleDescription(words_of(zone, 1).title if zone is not None else "")
            self.update()

    def _drop(self, event: QDropEvent, on_host: bool) -> bool:
        action = _action(event)
        zone = nearest(self.areas, event.position()) if on_host else None
        self._end()
        if zone is None or action is None:
            event.ignore()
            return True
        event.setDropAction(action)
        event.accept()
        # Else undo would take words out of the prompt, and keys for tools would write into it.
        self._host.setFocus(Qt.FocusReason.OtherFocusReason)
        self._take(zone, event.mimeData())
        return True

    def _take(self, zone: DropZone, mime: QMimeData) -> None:
        try:
            what = read_mime(mime)
        except StudioError as error:
            self.failed.emit(error)
        else:
            self.dropped.emit(zone, what)

    def _end(self) -> None:
        self._offer, self._zones, self._keeps_room = None, (), False
        self._activate(None)
        self.hide()


def _zones_of(offer: Offer) -> tuple[DropZone, ...]:
    """Return the places for what is dragged; a file's settings are looked for later."""
    match offer.what:
        case Files() as files if files.document is not None:
            return (DropZone.DOCUMENT,)
        case HistoryDrop(ids) if len(ids) == 1:
            return (DropZone.NEW_LAYER, DropZone.IMAGE_TO_IMAGE, DropZone.SETTINGS)
        case _ if _count(offer) > 1:
            return (DropZone.NEW_LAYER,)
        case _:
            return (DropZone.NEW_LAYER, DropZone.IMAGE_TO_IMAGE)


def _count(offer: Offer) -> int:
    match offer.what:
        case Files(paths):
            return len(paths)
        case HistoryDrop(ids):
            return len(ids)
        case Link() | None:
            return 1


def _icon_of(offer: Offer) -> Icon:
    match offer.what:
        case HistoryDrop():
            return Icon.HISTORY
        case Link():
            return Icon.LINK
        case Files() | None:
            return Icon.PICTURE


def _action(event: QDropEvent) -> Qt.DropAction | None:
    """Return what to tell the other program; never a move, after which it would delete its file."""
    possible = event.possibleActions()
    allowed = (action for action in (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction) if action & possible)
    return next(allowed, None)
