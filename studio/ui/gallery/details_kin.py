"""The pictures that one was made of, or that were made of it: small, in a row, to go there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from studio.bridge.lineage_tree import edge_words
from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import LABEL, SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.bridge.entry_pictures import EntryPictures
    from studio.services.history_edges import Edge
    from studio.services.history_entry import Entry

SIDE: Final = 12 * SPACE
MOST: Final = 4
"""Pictures in the row; what else there is stands as a number, and the lineage shows it."""
_CORNER: Final = 4
_SMOOTH: Final = Qt.TransformationMode.SmoothTransformation


class KinRow(QWidget):
    """A title and small pictures.

    Signals:
        chosen: number of the entry whose picture was clicked.
        more_wanted: there are more than are shown, and the user wants them.
    """

    chosen = Signal(int)
    more_wanted = Signal()

    def __init__(self, title: str, pictures: EntryPictures) -> None:
        super().__init__()
        self._pictures = pictures
        self._buttons: list[QAbstractButton] = []
        heading = QLabel(title)
        heading.setFont(font(LABEL))
        heading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setAccessibleName(title)
        self._row = QHBoxLayout()
        self._row.setSpacing(SPACE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(heading)
        column.addLayout(self._row)
        pictures.came.connect(self._on_picture)

    def show_kin(self, kin: Sequence[tuple[Edge, Entry | None]]) -> None:
        """Show these pictures and no others; nothing at all where there are none."""
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._buttons = []
        for edge, entry in kin[:MOST]:
            button = _KinButton(edge, entry, self._pictures)
            button.clicked.connect(self._choose)
            self._buttons.append(button)
        if len(kin) > MOST:
            rest = _MoreButton(len(kin) - MOST)
            rest.clicked.connect(self.more_wanted)
            self._buttons.append(rest)
        for button in self._buttons:
            self._row.addWidget(button)
        self._row.addStretch(1)
        self.setVisible(bool(kin))

    def _choose(self) -> None:
        button = self.sender()
        if isinstance(button, _KinButton) and button.entry is not None:
            self.chosen.emit(button.entry.id)

    def _on_picture(self, entry_id: int) -> None:
        for button in self._buttons:
            if isinstance(button, _KinButton) and button.entry is not None and button.entry.id == entry_id:
                button.update()


class _KinButton(QAbstractButton):
    def __init__(self, edge: Edge, entry: Entry | None, pictures: EntryPictures) -> None:
        super().__init__()
        self.entry = entry
        self._pictures = pictures
        what = "a picture that is not in the history" if entry is None else (entry.prompt or entry.path.name)
        words = filter(None, (edge.parent.kind.title, edge_words(edge), what))
        self.setToolTip("\n".join(words))
        self.setAccessibleName(f"{edge.parent.kind.title}: {what}")
        self.setEnabled(entry is not None)
        self.setFixedSize(QSize(SIDE, SIDE))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        cell = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        shape = QPainterPath()
        shape.addRoundedRect(cell, _CORNER, _CORNER)
        painter.fillPath(shape, QColor(tokens.field))
        image = None if self.entry is None else self._pictures.of(self.entry)
        if image is not None and not image.isNull():
            side = min(image.width(), image.height())
            source = QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
            painter.setClipPath(shape)
            # Smaller in one step, the painter would leave out most pixels.
            size = (cell.size() * self.devicePixelRatioF()).toSize()
            painter.drawImage(cell, image.copy(source.toRect()).scaled(size, mode=_SMOOTH))
            painter.setClipping(False)
        elif image is not None or self.entry is None:
            area = QRect(0, 0, 18, 18)
            area.moveCenter(self.rect().center())
            icons.paint(painter, Icon.NO_PICTURE, area, tokens.text_disabled)
        if self.hasFocus() or self.underMouse():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else tokens.text_quiet), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _CORNER + 1, _CORNER + 1)
        painter.end()


class _MoreButton(QAbstractButton):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.setText(f"+{count:,}")
        self.setToolTip("Show all of them in the lineage")
        self.setAccessibleName(f"{count:,} more")
        self.setFixedSize(QSize(SIDE, SIDE))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else tokens.outline), 1))
        painter.setBrush(QColor(tokens.field_hover if strong else tokens.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), _CORNER, _CORNER)
        painter.setFont(font(LABEL))
        painter.setPen(QColor(tokens.text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
