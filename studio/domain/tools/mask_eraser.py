"""The mask eraser: keeps what the mask brush has marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.tools.mask_operations import MASK_OPERATIONS
from studio.domain.tools.painting import STROKE_PARAMETERS, on_mask, stroke
from studio.domain.tools.tool import Cursor, Group, Tool

if TYPE_CHECKING:
    from studio.domain.canvas.ink import Inked
    from studio.domain.tools.tool import ToolContext


def _unmasking(context: ToolContext, _: bool) -> Inked:
    return on_mask(context, True)


MASK_ERASER: Final = Tool(
    id="mask_eraser",
    title="Mask eraser",
    help="Takes away from the mask: what it touches stays as it is.",
    icon="circle-minus",
    key="Shift+Q",
    group=Group.MASK,
    run=stroke("Mask eraser", _unmasking),
    parameters=STROKE_PARAMETERS,
    operations=MASK_OPERATIONS,
    cursor=Cursor.BRUSH,
)
