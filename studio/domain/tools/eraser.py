"""The eraser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.tools.painting import STROKE_PARAMETERS, on_layer, stroke
from studio.domain.tools.tool import Cursor, Group, Tool

if TYPE_CHECKING:
    from studio.domain.canvas.ink import Inked
    from studio.domain.tools.tool import ToolContext


def _erasing(context: ToolContext, _: bool) -> Inked:
    return on_layer(context, True)


ERASER: Final = Tool(
    id="eraser",
    title="Eraser",
    help="Makes the active layer transparent, so that what lies below it is seen.",
    icon="eraser",
    key="E",
    group=Group.PAINT,
    run=stroke("Eraser", _erasing),
    parameters=STROKE_PARAMETERS,
    cursor=Cursor.BRUSH,
)
