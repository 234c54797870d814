"""Documents as OpenRaster files, which Krita, GIMP and MyPaint open as well.

Source: https://www.openraster.org/baseline/file-layout-spec.html. What other programs have no place for, the mask, the
selection, the frame and the settings, lies in the archive's folder ``sfumato``, which they ignore.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from studio.domain.errors import UnwritablePlace
from studio.domain.geometry import Rect
from studio.services.canvas_picture import shown
from studio.services.files import write_whole
from studio.services.openraster_extra import EXTRA, Extra, ExtraLayer, Placed
from studio.services.openraster_stack import Stack, StackLayer, stack_xml
from studio.services.picture_decoding import MAX_PIXELS
from studio.services.png_planes import PlanePngs, png_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.plane import Plane
    from studio.domain.canvas.state import CanvasState
    from studio.services.canvas_document import StoredDocument

MIMETYPE: Final = "image/openraster"
_THUMBNAIL_SIDE: Final = 256
_DOT: Final = Rect(0, 0, 1, 1)
"""What is stored of a layer without pixels: every layer needs a picture."""


class OpenRasterWriter:
    """Writes documents, and writes one again in less time. One thread at a time."""

    def __init__(self, pngs: PlanePngs | None = None, *, is_for_others: bool = True) -> None:
        """Begin without a document.

        Args:
            pngs: shared with another writer of the same thread, so that each spares the other's work.
            is_for_others: whether other programs are to read the files: then they hold what is seen of all layers
                together, as the specification asks, which takes longer than all the rest of a document saved again.
        """
        self._pngs = pngs or PlanePngs()
        self._is_for_others = is_for_others

    def write(self, path: Path, document: StoredDocument) -> None:
        """Write a document, whole or not at all.

        Args:
            path: where; missing folders are made, and a file that is there is replaced.
            document: what to write.

        Raises:
            UnwritablePlace: the folder cannot be written, the disk is full, or a layer is larger than such a file may
                hold; the old file is still there.
        """
        write_whole(path, self.bytes_of(document))

    def bytes_of(self, document: StoredDocument) -> bytes:
        """Return the file's content.

        Raises:
            UnwritablePlace: a layer, the mask or the selection is larger than such a file may hold.
        """
        state = document.state
        area = image_area(state)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            # First and as it is, so that the kind of the file can be told from its first bytes.
            _put(archive, "mimetype", MIMETYPE.encode(), zipfile.ZIP_STORED)
            for name, content in self._members(document, area):
                # A PNG is compressed already.
                way = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
                _put(archive, name, content, way)
        self._pngs.forget_others()
        return buffer.getvalue()

    def _members(self, document: StoredDocument, area: Rect) -> Iterator[tuple[str, bytes]]:
        state = document.state
        layers: list[StackLayer] = []
        extra_layers: dict[str, ExtraLayer] = {}
        for number, layer in enumerate(state.layers):
            src = f"data/layer{number:03}.png"
            own = _stored_area(layer)
            yield src, self._pngs.of(f"layer {layer.id}", layer.pixels, own)
            layers.append(_stack_layer(layer, src, own, area, is_active=layer.id == state.active))
            extra_layers[src] = _extra_layer(layer)
        yield "stack.xml", stack_xml(Stack(area.width, area.height, tuple(layers)))
        if self._is_for_others:
            merged = shown(state, area)
            yield "mergedimage.png", png_of(merged)
            yield "Thumbnails/thumbnail.png", png_of(_small(merged))
        planes = {"mask": state.mask, "selection": state.selection}
        places: dict[str, Placed | None] = {}
        for name, plane in planes.items():
            places[name] = None if plane is None else _placed(name, plane)
            if plane is not None and not plane.is_empty:
                _require_room(f"The {name}", plane.bounds, "Clear what of it lies far out")
                yield f"sfumato/{name}.png", self._pngs.of(name, plane, plane.bounds)
        extra = Extra(
            origin=(area.x, area.y),
            frame=(state.frame.x, state.frame.y, state.frame.width, state.frame.height),
            active=state.active,
            mask=places["mask"],
            selection=places["selection"],
            layers=extra_layers,
            settings=dict(document.settings),
        )
        yield EXTRA, extra.to_json()


def image_area(state: CanvasState) -> Rect:
    """Return what a file calls the image: all that is painted, and the frame.

    A document that reaches further than a picture can is cut around its frame; the layers are stored whole anyway.
    """
    whole = state.bounds.united(state.frame)
    if whole.width * whole.height <= MAX_PIXELS:
        return whole
    side = int(MAX_PIXELS**0.5)
    frame = state.frame
    left, top = frame.x + (frame.width - side) // 2, frame.y + (frame.height - side) // 2
    return whole.intersected(Rect(left, top, side, side))


def _stored_area(layer: Layer) -> Rect:
    """Return what of a layer is stored, in its own coordinates.

    Raises:
        UnwritablePlace: more than a picture may hold.
    """
    own = layer.pixels.bounds
    _require_room(f"The layer \u201c{layer.name}\u201d", own, "Erase what lies far out, or put it on another layer")
    return _DOT if own.is_empty else own


def _require_room(what: str, own: Rect, remedy: str) -> None:
    """Refuse what could be written, but not be read again.

    Raises:
        UnwritablePlace: more than a picture may hold.
    """
    if own.width * own.height > MAX_PIXELS:
        raise UnwritablePlace(
            f"{what} is too large for a file",
            f"what is painted on it spans {own.size} pixels, and a picture holds {MAX_PIXELS // 10**6} million",
            remedy,
        )


def _stack_layer(layer: Layer, src: str, own: Rect, area: Rect, *, is_active: bool) -> StackLayer:
    return StackLayer(
        name=layer.name,
        src=src,
        x=own.x + layer.offset[0] - area.x,
        y=own.y + layer.offset[1] - area.y,
        opacity=layer.opacity,
        visible=layer.visible,
        blend=layer.blend,
        locked=layer.locked,
        selected=is_active,
    )


def _extra_layer(layer: Layer) -> ExtraLayer:
    return ExtraLayer(
        id=layer.id,
        name=layer.name,
        offset=layer.offset,
        origins=tuple(sorted(layer.origins)),
        is_painted=layer.is_painted,
    )


def _placed(name: str, plane: Plane) -> Placed:
    if plane.is_empty:
        return Placed(src=None, x=0, y=0)
    own = plane.bounds
    return Placed(src=f"sfumato/{name}.png", x=own.x, y=own.y)


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image = Image.fromarray(pixels)
    image.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE), Image.Resampling.BOX)
    return np.asarray(image)


def _put(archive: zipfile.ZipFile, name: str, content: bytes, way: int) -> None:
    """Add a member without a date: equal documents make equal files."""
    member = zipfile.ZipInfo(name)
    member.external_attr = 0o644 << 16
    archive.writestr(member, content, way)
