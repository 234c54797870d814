"""Photoshop's layered files, by way of psd-tools: written for other programs, and opened as documents.

What a PSD has no place for: the mask, the selection, the frame, the prompt and the settings, which only OpenRaster
keeps, and more than 30,000 pixels a side.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode as PsdBlend
from psd_tools.constants import ProtectedFlags, Resource, Tag
from psd_tools.psd import PSD
from psd_tools.psd.image_resources import ImageResource

from studio.domain.canvas.blend import BlendMode, premultiplied, straight
from studio.domain.errors import UnwritablePlace
from studio.domain.xmp import Xmp
from studio.services.canvas_picture import shown
from studio.services.files import write_whole
from studio.services.openraster import image_area

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect

PSD_BLENDS: Final[Mapping[BlendMode, PsdBlend]] = {
    BlendMode.NORMAL: PsdBlend.NORMAL,
    BlendMode.MULTIPLY: PsdBlend.MULTIPLY,
    BlendMode.SCREEN: PsdBlend.SCREEN,
    BlendMode.OVERLAY: PsdBlend.OVERLAY,
    BlendMode.DARKEN: PsdBlend.DARKEN,
    BlendMode.LIGHTEN: PsdBlend.LIGHTEN,
    BlendMode.ADD: PsdBlend.LINEAR_DODGE,
    BlendMode.SOFT_LIGHT: PsdBlend.SOFT_LIGHT,
    BlendMode.COLOUR: PsdBlend.COLOR,
}
"""Photoshop's names. Its soft light and its linear dodge differ from the W3C's by some levels."""
LONGEST_SIDE: Final = 30_000
"""Of a PSD, in pixels: Adobe Photoshop File Formats Specification, "File Header Section"."""
SILENT: Final = Xmp()
"""Tells nothing."""
_LONGEST_NAME: Final = 255


def write_psd(path: Path, state: CanvasState, xmp: Xmp = SILENT) -> tuple[str, ...]:
    """Write a document's layers for Photoshop and others, whole or not at all.

    Args:
        path: where; missing folders are made, and a file that is there is replaced.
        state: the canvas.
        xmp: what is told of it.

    Returns:
        What the file does not hold, in sentences; empty where it holds everything.

    Raises:
        UnwritablePlace: the folder cannot be written, the disk is full, or the document is too large for a PSD.
    """
    write_whole(path, psd_bytes(state, xmp))
    return tuple(_losses(state))


def psd_bytes(state: CanvasState, xmp: Xmp = SILENT) -> bytes:
    """Return a PSD of all layers.

    Raises:
        UnwritablePlace: the document is too large for one.
    """
    area = image_area(state)
    if max(area.width, area.height, *(side for layer in state.layers for side in _size(layer))) > LONGEST_SIDE:
        raise UnwritablePlace(
            "The document is too large for a PSD file",
            f"it has {area.size} pixels, and that format ends at {LONGEST_SIDE} a side",
            "Save it as OpenRaster",
        )
    document = _WithPreview.frompil(Image.fromarray(_on_white(shown(state, area))))
    for layer in state.layers:
        _add(document, layer, area)
    if not xmp.is_empty:
        told = ImageResource(key=Resource.XMP_METADATA.value, data=xmp.to_packet())
        document.image_resources[Resource.XMP_METADATA] = told
    buffer = io.BytesIO()
    document.save(buffer)
    return _with_transparent_preview(buffer.getvalue())


def _on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (H, W, 4) straight pixels as a merged picture is stored: the colours laid on white, the alpha beside."""
    colours = premultiplied(pixels)
    colours[..., :3] += 255 - pixels[..., 3:]
    return colours


class _WithPreview(PSDImage):
    """A document whose merged picture is there already: psd-tools would blend all layers again, slowly."""

    def is_updated(self) -> bool:
        """Tell that the merged picture is up to date."""
        return False


def _add(document: PSDImage, layer: Layer, area: Rect) -> None:
    own = layer.bounds
    pixels = straight(layer.read(own)) if not own.is_empty else None
    # A layer without a pixel is stored as one that is transparent: programs stumble over layers of no size.
    image = Image.new("RGBA", (1, 1)) if pixels is None else Image.fromarray(pixels)
    added = document.create_pixel_layer(
        image,
        top=own.y - area.y if pixels is not None else 0,
        left=own.x - area.x if pixels is not None else 0,
        opacity=round(layer.opacity * 255),
        blend_mode=PSD_BLENDS[layer.blend],
    )
    # Half a surrogate pair has no place in UTF-16.
    added.name = layer.name.encode(errors="replace").decode()[:_LONGEST_NAME]
    added.visible = layer.visible
    if layer.locked:
        # Not `lock()`, which in psd-tools 1.26 leaves a new lock open.
        added.tagged_blocks.set_data(Tag.PROTECTED_SETTING, int(ProtectedFlags.COMPLETE))


def _with_transparent_preview(content: bytes) -> bytes:
    """Say that the fourth channel of the merged picture is its transparency: by a negative count of layers.

    Source: Adobe Photoshop File Formats Specification, "Layer info"; psd-tools keeps that sign but cannot set it.
    """
    record = PSD.read(io.BytesIO(content))
    info = record.layer_and_mask_information.layer_info
    if info is None or info.layer_count <= 0:
        return content
    info.layer_count = -info.layer_count
    buffer = io.BytesIO()
    record.write(buffer)
    return buffer.getvalue()


def _size(layer: Layer) -> tuple[int, int]:
    bounds = layer.bounds
    return bounds.width, bounds.height


def _losses(state: CanvasState) -> list[str]:
    held = {"the mask": not state.mask.is_empty, "the selection": state.selection is not None}
    lost = [name for name, is_there in held.items() if is_there]
    losses = (
        [f"A PSD file has no place for {' and '.join([*lost, 'the frame'])}: OpenRaster keeps them."] if lost else []
    )
    if any(layer.blend in {BlendMode.ADD, BlendMode.SOFT_LIGHT} for layer in state.layers):
        losses.append(
            "Photoshop adds and softens light a little differently: layers may look brighter or darker there."
        )
    if any(len(layer.name) > _LONGEST_NAME for layer in state.layers):
        losses.append(f"Names were cut to {_LONGEST_NAME} characters.")
    return losses
