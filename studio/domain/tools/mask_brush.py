"""The mask brush: marks what is to be painted anew."""

from __future__ import annotations

from typing import Final

from studio.domain.tools.mask_operations import MASK_OPERATIONS
from studio.domain.tools.painting import STROKE_PARAMETERS, on_mask, stroke
from studio.domain.tools.tool import Cursor, Group, Tool

MASK_BRUSH: Final = Tool(
    id="mask_brush",
    title="Mask brush",
    help="Marks what the model is to paint anew; everything else stays as it is.",
    icon="highlighter",
    key="Q",
    group=Group.MASK,
    run=stroke("Mask brush", on_mask),
    parameters=STROKE_PARAMETERS,
    operations=MASK_OPERATIONS,
    cursor=Cursor.BRUSH,
)
