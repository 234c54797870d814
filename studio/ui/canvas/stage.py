"""Which generated picture is seen over the layers: the preview of the one being painted, or a finished one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.domain.picture import Mask
from studio.ui.canvas.shown_picture import ShownPicture

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from studio.domain.canvas.proposal import Proposal
    from studio.domain.geometry import Rect
    from studio.ui.pace import Pace


class Stage:
    """Holds what was generated, and where.

    Attributes:
        area: where the next picture will lie, in document pixels.
        pace: how far it is; None while nothing is being painted.
        is_expecting: whether one is being painted.
        is_hidden: whether none is to be seen, for a moment.
    """

    def __init__(self, area: Rect) -> None:
        self.area = area
        self.pace: Pace | None = None
        self.is_expecting = self.is_hidden = False
        self._cover: Mask | None = None
        self._preview: ShownPicture | None = None
        self._proposal: ShownPicture | None = None
        self._prompt = ""

    @property
    def shown(self) -> ShownPicture | None:
        """What is seen: a preview before a finished picture."""
        if self.is_hidden:
            return None
        return self._proposal if self._preview is None else self._preview

    @property
    def is_blank(self) -> bool:
        """Whether there is no picture, hidden or not, and none is expected."""
        return self._proposal is None and self._preview is None and not self.is_expecting

    @property
    def words(self) -> str:
        """How far the picture is that is being painted; else what the finished one shows."""
        if self.pace is not None:
            return f"{self.pace.headline} {self.pace.details}"
        return self._prompt

    def begin(self, area: Rect, cover: Mask | None) -> None:
        """Expect a picture; what is seen stays until there is a preview."""
        self.area, self._cover = area, cover
        self.is_expecting = True

    def show_preview(self, preview: QImage, area: Rect | None) -> None:
        """Show an estimate of the finished picture, or of a part of it, as far as it is new."""
        part = self.area if area is None else area
        cover = self._cover
        if cover is not None and part != self.area:
            rows, columns = part.intersected(self.area).within(self.area)
            cover = Mask(cover.alpha[rows, columns])
        self._preview = ShownPicture.of_preview(preview, part, cover)

    def show_proposal(self, proposal: Proposal | None) -> None:
        """Show a finished picture in place of all others, or none."""
        self._preview = None
        self._proposal = None if proposal is None else ShownPicture.of_proposal(proposal)
        self._prompt = "" if proposal is None else proposal.prompt

    def end(self) -> None:
        """Show no preview and no progress any more."""
        self._preview = self._cover = self.pace = None
        self.is_expecting = False
