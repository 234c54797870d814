"""One file per tool: what the pointer does to the document. `TOOLS` lists them in the order of the tool bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.tools.brush import BRUSH
from studio.domain.tools.ellipse_selection import ELLIPSE_SELECTION
from studio.domain.tools.eraser import ERASER
from studio.domain.tools.fill import FILL
from studio.domain.tools.frame import FRAME
from studio.domain.tools.gradient import GRADIENT
from studio.domain.tools.hand import HAND
from studio.domain.tools.lasso import LASSO
from studio.domain.tools.mask_brush import MASK_BRUSH
from studio.domain.tools.mask_eraser import MASK_ERASER
from studio.domain.tools.move import MOVE
from studio.domain.tools.picker import PICKER
from studio.domain.tools.rectangle_selection import RECTANGLE_SELECTION
from studio.domain.tools.transform import TRANSFORM
from studio.domain.tools.zoom import ZOOM

if TYPE_CHECKING:
    from studio.domain.tools.tool import Tool

TOOLS: Final[tuple[Tool, ...]] = (
    BRUSH,
    ERASER,
    FILL,
    GRADIENT,
    PICKER,
    MASK_BRUSH,
    MASK_ERASER,
    RECTANGLE_SELECTION,
    ELLIPSE_SELECTION,
    LASSO,
    MOVE,
    TRANSFORM,
    FRAME,
    HAND,
    ZOOM,
)
