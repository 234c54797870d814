"""How to generate on the canvas: what is done with the frame, and what that kind of painting can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from studio.bridge.frame_reader import EMPTY_FRAME
from studio.domain.framing import FrameKind
from studio.domain.inpainting import DEFAULT_PADDING, MAX_PADDING, Fill, Inpainting
from studio.ui.panels.kind_field import KindField
from studio.ui.theme.tokens import SPACE
from studio.ui.widgets.combo_box import ComboBox
from studio.ui.widgets.number_field import NumberField
from studio.ui.widgets.toggle import Toggle

if TYPE_CHECKING:
    from studio.bridge.frame_reader import FrameAsk
    from studio.domain.settings import Settings


class CanvasFields(QWidget):
    """The kind, and only those fields that mean something for it.

    Attributes:
        kind: says and takes what Generate does.

    Signals:
        changed: something that is remembered changed.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kind = KindField()
        self._strength = _strength_field(FrameKind.IMAGE, "the picture")
        self._mask_strength = _strength_field(FrameKind.INPAINT, "what lies under the mask")
        self._padding = NumberField("Context", 0, MAX_PADDING, step=8, usual_high=256)
        self._padding.default = DEFAULT_PADDING
        self._padding.setToolTip(
            "How many pixels around the mask the model sees. That part alone is painted, in the size that the model is "
            "made for: less context shows finer detail, more fits better to the rest"
        )
        self._fill = ComboBox("Fill")
        self._fill.setToolTip(
            "What lies under the mask before it is painted: the original, its blurred surroundings, or noise. It shows "
            "with a strength below 1"
        )
        for fill in Fill:
            self._fill.addItem(f"Fill: {fill.value}", fill)
        self._soft = Toggle("Soft mask", "Paint grey parts of the mask for a part of the way, so that they keep more")
        self._mask = QWidget()
        self._lay_out()
        self._connect()
        self.show_ask(EMPTY_FRAME)

    @property
    def method(self) -> Inpainting:
        """How to paint into a mask."""
        fill = self._fill.currentData()
        return Inpainting(
            padding=int(self._padding.value),
            fill=fill if isinstance(fill, Fill) else Fill.ORIGINAL,
            soft=self._soft.isChecked(),
        )

    @property
    def strengths(self) -> dict[FrameKind, float]:
        """Denoising strength for each kind that has one."""
        mask_strength = float(self._mask_strength.value)
        return {
            FrameKind.IMAGE: float(self._strength.value),
            FrameKind.INPAINT: mask_strength,
            FrameKind.OUTPAINT: mask_strength,
        }

    @property
    def values(self) -> dict[str, object]:
        """What is remembered, by the names of the settings' fields."""
        method, strengths = self.method, self.strengths
        return {
            "strength": strengths[FrameKind.IMAGE],
            "mask_strength": strengths[FrameKind.INPAINT],
            "fill": method.fill,
            "padding": method.padding,
            "soft_mask": method.soft,
        }

    def restore(self, settings: Settings) -> None:
        """Show what was remembered."""
        self._strength.set_value(settings.strength)
        self._mask_strength.set_value(settings.mask_strength)
        self._fill.choose(settings.fill)
        self._padding.set_value(settings.padding)
        self._soft.setChecked(settings.soft_mask)

    def show_ask(self, ask: FrameAsk) -> None:
        """Show what Generate does, and the fields for that."""
        self.kind.show_ask(ask)
        self._strength.setVisible(ask.kind is FrameKind.IMAGE)
        self._mask.setVisible(ask.kind in {FrameKind.INPAINT, FrameKind.OUTPAINT})

    def _lay_out(self) -> None:
        mask = QGridLayout(self._mask)
        mask.setContentsMargins(0, 0, 0, 0)
        mask.setSpacing(2 * SPACE)
        mask.addWidget(self._mask_strength, 0, 0)
        mask.addWidget(self._padding, 0, 1)
        mask.addWidget(self._fill, 1, 0)
        mask.addWidget(self._soft, 1, 1)
        mask.setColumnStretch(0, 1)
        mask.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self.kind)
        layout.addWidget(self._strength)
        layout.addWidget(self._mask)

    def _connect(self) -> None:
        for field in (self._strength, self._mask_strength, self._padding):
            field.value_changed.connect(self.changed)
        self._fill.currentIndexChanged.connect(self.changed)
        self._soft.toggled.connect(self.changed)


def _strength_field(kind: FrameKind, of_what: str) -> NumberField:
    field = NumberField("Strength", 0.01, 1, step=0.05, decimals=2, usual_high=1)
    field.default = kind.strength or 1.0
    field.setToolTip(
        f"Denoising strength: how freely {of_what} is painted over. Low keeps shapes and colours, 1 leaves almost "
        "nothing; below 1 it takes fewer steps"
    )
    return field
