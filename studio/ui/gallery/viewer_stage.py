"""One picture on a neutral ground, as large as one likes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from typing_extensions import override

from studio.bridge.picture_levels import PictureLevels
from studio.ui import theme
from studio.ui.gallery.viewer_lens_view import LensView
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import BODY, LABEL, SPACE

if TYPE_CHECKING:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from studio.ui.gallery.viewer_lens import Lens
    from studio.ui.theme.icons import Icon
    from studio.ui.theme.tokens import Tokens

_MESSAGE_WIDTH: Final = 420


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in the place of a picture.

    Attributes:
        icon: above it.
        what: one line.
        why: more lines, quieter.
    """

    icon: Icon
    what: str
    why: str = ""


class PictureStage(LensView):
    """Shows a picture, its thumbnail until it is there, or words that say why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: PictureLevels | QImage | Message | None = None
        self.setAccessibleName("Picture")

    @property
    def message(self) -> Message | None:
        """What is said in the place of a picture; None where one is seen."""
        return self._shown if isinstance(self._shown, Message) else None

    def show_picture(self, levels: PictureLevels) -> None:
        """Show a picture."""
        self.show_size(levels.size)
        self._show(levels)

    def show_preview(self, thumbnail: QImage | None, size: QSize) -> None:
        """Show a small copy in the place of a picture of this size that is being read; None: nothing yet."""
        self.show_size(size)
        self._show(thumbnail)

    def say(self, message: Message) -> None:
        """Say something in the place of a picture."""
        self._show(message)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.backdrop))
        match self._shown:
            case None:
                pass
            case Message() as message:
                paint_message(painter, self.rect(), message, tokens)
            case shown:
                paint_picture(painter, QRectF(self.rect()), self.lens, shown)
        painter.end()

    def _show(self, shown: PictureLevels | QImage | Message | None) -> None:
        self._shown = shown
        self.setAccessibleDescription(shown.what if isinstance(shown, Message) else "")
        self.update()


def paint_picture(painter: QPainter, pane: QRectF, lens: Lens, shown: PictureLevels | QImage) -> None:
    """Paint a picture, or a small copy of it, as a lens shows it in a part of a widget."""
    target = lens.target.translated(pane.topLeft())
    is_whole = isinstance(shown, PictureLevels)
    painter.save()
    painter.setClipRect(pane, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not (is_whole and lens.is_crisp))
    painter.drawImage(target, shown.at(lens.shown_zoom) if is_whole else shown)
    painter.restore()


def paint_message(painter: QPainter, area: QRect, message: Message, tokens: Tokens) -> None:
    """Paint an icon and words into the middle of an area."""
    width = min(_MESSAGE_WIDTH, area.width() - 8 * SPACE)
    left, middle = area.center().x() - width // 2, area.center().y()
    icons.paint(painter, message.icon, QRect(left, middle - 64, width, 32), tokens.text_disabled)
    painter.setPen(QColor(tokens.text))
    painter.setFont(font(BODY))
    what = painter.fontMetrics().elidedText(message.what, Qt.TextElideMode.ElideMiddle, width)
    painter.drawText(QRect(left, middle - 16, width, 20), Qt.AlignmentFlag.AlignCenter, what)
    painter.setPen(QColor(tokens.text_quiet))
    painter.setFont(font(LABEL))
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
    painter.drawText(QRect(left, middle + 8, width, 96), flags, message.why)
