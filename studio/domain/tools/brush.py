"""The brush."""

from __future__ import annotations

from typing import Final

from studio.domain.tools.painting import STROKE_PARAMETERS, on_layer, stroke
from studio.domain.tools.tool import Cursor, Group, Tool

BRUSH: Final = Tool(
    id="brush",
    title="Brush",
    help="Paints with the foreground colour; Shift and a click draws a straight line from the last stroke.",
    icon="brush",
    key="B",
    group=Group.PAINT,
    run=stroke("Brush", on_layer),
    parameters=STROKE_PARAMETERS,
    cursor=Cursor.BRUSH,
    is_painting=True,
)
