"""Opening OpenRaster files of any program."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import numpy as np

from studio.domain.canvas.blend import premultiplied
from studio.domain.canvas.layer import Layer, new_layer_id
from studio.domain.canvas.plane import NO_MASK, NO_PIXELS, Plane
from studio.domain.canvas.state import FIRST_FRAME, CanvasState
from studio.domain.errors import UnreadablePicture
from studio.domain.geometry import Rect
from studio.services.canvas_document import OpenedDocument, StoredDocument
from studio.services.openraster import MIMETYPE
from studio.services.openraster_extra import EXTRA, Extra, Placed, read_extra
from studio.services.openraster_stack import DamagedStack, Stack, StackLayer, read_stack, written_name
from studio.services.picture_decoding import DAMAGES, MAX_PIXELS, decoded, opened

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray
    from PIL import Image

_MAX_TEXT: Final = 16 * 2**20
"""Bytes of ``stack.xml`` and of our own file, unpacked."""
_MAX_PNG: Final = 2**29
"""Bytes of one picture, packed as a PNG."""
_MAX_PIXELS: Final = 2**30
"""Of all layers together: 4 GiB of memory."""
_PNG_HEAD: Final = struct.Struct(">16xII")
"""Signature, length and kind of the first chunk, width and height."""
_PNG_BEGINS: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_DAMAGES: Final = (*DAMAGES, zipfile.BadZipFile, zlib.error, MemoryError)


def read_openraster(source: Path | bytes, name: str = "") -> OpenedDocument:
    """Read a document.

    Args:
        source: the file, or its content.
        name: what a message calls it; the file's own where empty.

    Raises:
        UnreadablePicture: it is no such file, a damaged one, one made to do harm, or it cannot be reached.
        NewerData: a newer Sfumato wrote it.
    """
    name = name or (str(source) if isinstance(source, Path) else "that was dropped")
    try:
        with zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source)) as archive:
            return _Reader(archive, name).document()
    except DamagedStack as error:
        _refuse(name, f"the order of its layers is damaged: {error}", error)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        _refuse(name, error.strerror or str(error), error)
    except _DAMAGES as error:
        is_none = isinstance(error, zipfile.BadZipFile) and "not a zip" in str(error).lower()
        _refuse(name, "it is no OpenRaster document" if is_none else f"the file is damaged: {error}", error)


class _Reader:
    """Reads one archive. Nothing of it is ever written to the disk, so its names cannot lead anywhere."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive, self._name = archive, name
        self._notes: dict[str, None] = {}
        self._names = frozenset(archive.namelist())
        self._ids: set[str] = set()

    def document(self) -> OpenedDocument:
        """Return what it holds.

        Raises:
            StudioError: as for `read_openraster`, beside what the archive itself raises.
        """
        self._require_kind()
        stack = read_stack(self._member("stack.xml", _MAX_TEXT))
        self._require_room(stack)
        self._notes.update(dict.fromkeys(stack.notes))
        extra = self._extra()
        x, y = extra.origin if extra else (0, 0)
        layers = tuple(self._layer(layer, extra, (x, y)) for layer in stack.layers)
        state = CanvasState(
            layers=layers,
            active=_active(stack, layers, extra),
            mask=self._plane(extra.mask if extra else None) or NO_MASK,
            selection=self._plane(extra.selection if extra else None),
            frame=Rect(*extra.frame) if extra else FIRST_FRAME,
        )
        return OpenedDocument(
            StoredDocument(state, extra.settings if extra else {}),
            Rect(x, y, stack.width, stack.height),
            extra is not None,
            tuple(self._notes),
        )

    def _require_kind(self) -> None:
        kind = MIMETYPE
        if "mimetype" in self._names:
            kind = self._member("mimetype", 256).decode("ascii", "replace").strip()
        if kind == "application/x-krita":
            _refuse(self._name, "it is a Krita document", remedy="Save it as OpenRaster in Krita")
        if kind != MIMETYPE or "stack.xml" not in self._names:
            _refuse(self._name, "it is no OpenRaster document")

    def _require_room(self, stack: Stack) -> None:
        """Refuse layers that would fill the memory, before the first of them is unpacked."""
        sizes = {src: self._pixels_of(src) for src in {layer.src for layer in stack.layers} & self._names}
        if sum(sizes.get(layer.src, 0) for layer in stack.layers) > _MAX_PIXELS:
            _refuse(self._name, f"its layers have more than {_MAX_PIXELS // 10**6} million pixels")

    def _pixels_of(self, src: str) -> int:
        """Return how many pixels a picture says that it has; of a PNG, as it should be, without unpacking it."""
        with self._archive.open(src) as member:
            head = member.read(_PNG_HEAD.size)
        if head.startswith(_PNG_BEGINS) and len(head) == _PNG_HEAD.size:
            width, height = _PNG_HEAD.unpack(head)
            return width * height
        with self._opened(src) as image:
            return image.width * image.height

    def _opened(self, src: str) -> AbstractContextManager[Image.Image]:
        # A layer is as long as what is painted on it, which no model has to paint from.
        return opened(self._member(src, _MAX_PNG), f"{src} in {self._name}", longest=MAX_PIXELS)

    def _extra(self) -> Extra | None:
        if EXTRA not in self._names:
            return None
        extra = read_extra(self._member(EXTRA, _MAX_TEXT))
        if extra is None:
            self._notes["The mask, the frame and the settings in the file are damaged and were left out."] = None
        return extra

    def _layer(self, told: StackLayer, extra: Extra | None, origin: tuple[int, int]) -> Layer:
        pixels = premultiplied(self._picture(told.src, told.name, "RGBA"))
        own = extra.layers.get(told.src) if extra else None
        if own is not None and own.id in self._ids:
            own = None  # one picture that is shown by two layers
        x, y = told.x + origin[0], told.y + origin[1]
        offset = own.offset if own else (x, y)
        place = Rect(x - offset[0], y - offset[1], pixels.shape[1], pixels.shape[0])
        layer_id = own.id if own else new_layer_id()
        self._ids.add(layer_id)
        return Layer(
            id=layer_id,
            name=own.name if own and written_name(own.name) == told.name else told.name or "Layer",
            pixels=NO_PIXELS.written(place, pixels),
            offset=offset,
            visible=told.visible,
            opacity=told.opacity,
            blend=told.blend,
            locked=told.locked,
            origins=frozenset(own.origins) if own else frozenset(),
            is_painted=own is not None and own.is_painted,
        )

    def _plane(self, placed: Placed | None) -> Plane | None:
        if placed is None or placed.src is None:
            return None if placed is None else NO_MASK
        levels = self._picture(placed.src, placed.src, "L")
        return NO_MASK.written(Rect(placed.x, placed.y, levels.shape[1], levels.shape[0]), levels)

    def _picture(self, src: str, name: str, mode: str) -> NDArray[np.uint8]:
        """Return (H, W, 4) straight or (H, W) uint8."""
        if src.startswith(("/", "\\")) or ".." in src.replace("\\", "/").split("/"):
            _refuse(self._name, f"\u201c{name}\u201d points outside the file")
        if src not in self._names:
            _refuse(self._name, f"the picture of \u201c{name}\u201d is missing in it")
        with self._opened(src) as image:
            whole = decoded(image)
            self._notes.update(dict.fromkeys(whole.notes))
            return np.asarray(whole.image if whole.image.mode == mode else whole.image.convert(mode))

    def _member(self, name: str, limit: int) -> bytes:
        """Return a member's content. What it unpacks to is never more than what the archive says of it."""
        member = self._archive.getinfo(name)
        if member.file_size > limit:
            _refuse(self._name, f"{name} in it unpacks to {member.file_size // 2**20} MiB")
        return self._archive.read(member)


def _active(stack: Stack, layers: tuple[Layer, ...], extra: Extra | None) -> str | None:
    if extra is not None and (extra.active is None or extra.active in {layer.id for layer in layers}):
        return extra.active
    chosen = [layer.id for layer, told in zip(layers, stack.layers, strict=True) if told.selected]
    return chosen[0] if chosen else layers[-1].id if layers else None


def _refuse(name: str, why: str, cause: Exception | None = None, *, remedy: str = "Use another copy of it") -> NoReturn:
    raise UnreadablePicture(f"The document {name} cannot be opened", why, remedy) from cause
