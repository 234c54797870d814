"""Opening Photoshop's files: their layers of pixels, and in words what cannot be shown as the file has it."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import numpy as np
from psd_tools import ParseLimits, PSDImage
from psd_tools.api.layers import AdjustmentLayer, FillLayer, Group, ShapeLayer, SmartObjectLayer, TypeLayer
from psd_tools.api.layers import Layer as PsdLayer
from psd_tools.constants import BlendMode as PsdBlend
from psd_tools.constants import ChannelID, ColorMode

from studio.domain.canvas.blend import BlendMode, divided, premultiplied
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import NO_PIXELS, plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import UnreadablePicture
from studio.domain.geometry import Rect
from studio.domain.picture import MAX_SIDE
from studio.services.canvas_document import OpenedDocument, StoredDocument
from studio.services.layered_psd import PSD_BLENDS
from studio.services.picture_decoding import DAMAGES, MAX_PIXELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

_MAX_FILE: Final = 2**31
"""Bytes of a file."""
_MAX_PIXELS: Final = 2**30
"""Of all layers together: 4 GiB of memory."""
_MAX_LAYERS: Final = 10_000
_DAMAGES: Final = (*DAMAGES, AssertionError, AttributeError, ArithmeticError, MemoryError)
"""What psd-tools was seen to raise at files whose bytes were changed at random."""
_BLENDS: Final = {theirs: ours for ours, theirs in PSD_BLENDS.items()}


def read_psd(source: Path | bytes, name: str = "") -> OpenedDocument:
    """Read a Photoshop document, also a large one (PSB).

    Args:
        source: the file, or its content.
        name: what a message calls it; the file's own where empty.

    Raises:
        UnreadablePicture: it is no such file, a damaged one, one made to do harm, or it cannot be reached.
    """
    name = name or (str(source) if isinstance(source, Path) else "that was dropped")
    try:
        content = _content(source, name)
        limits = ParseLimits(max_read_bytes=_MAX_FILE, max_total_bytes=_MAX_FILE)
        document = PSDImage.open(io.BytesIO(content), max_alloc_bytes=_MAX_PIXELS * 4, parse_limits=limits)
        return _Reader(document, name).document()
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        _refuse(name, error.strerror or str(error), error)
    except _DAMAGES as error:
        _refuse(name, f"the file is damaged: {error or type(error).__name__}", error)


@dataclass(frozen=True, slots=True)
class _Around:
    """What the groups around a layer add to it."""

    opacity: float = 1.0
    visible: bool = True
    locked: bool = False


class _Reader:
    """Walks through one document and remembers what cannot be shown."""

    def __init__(self, document: PSDImage, name: str) -> None:
        self._document, self._name = document, name
        self._remarks: dict[str, list[str]] = {}

    def document(self) -> OpenedDocument:
        """Return what it holds.

        Raises:
            UnreadablePicture: it would fill the memory.
        """
        size = Rect(0, 0, self._document.width, self._document.height)
        self._require_room(size)
        layers = tuple(self._layers(self._document, _Around()))
        if not layers:
            layers = tuple(self._merged())
        if self._document.depth > 8:
            self._remark(f"Reduced from {self._document.depth} to 8 bits a channel")
        if self._document.color_mode is not ColorMode.RGB:
            self._remark(f"Converted from {self._document.color_mode.name.capitalize()} to sRGB")
        state = CanvasState(layers, layers[-1].id if layers else None)
        return OpenedDocument(StoredDocument(state), size, False, tuple(self._notes()))

    def _require_room(self, size: Rect) -> None:
        """Refuse what would fill the memory, before the first layer is unpacked."""
        sizes = [(layer.width, layer.height) for layer in self._document.descendants()]
        if len(sizes) > _MAX_LAYERS:
            _refuse(self._name, f"it has more than {_MAX_LAYERS} layers")
        for width, height in [*sizes, (size.width, size.height)]:
            if width * height > MAX_PIXELS or max(width, height) > 2 * MAX_SIDE:
                _refuse(
                    self._name, f"a layer has {width}x{height} pixels, and Sfumato holds {MAX_PIXELS // 10**6} million"
                )
        if sum(width * height for width, height in sizes) > _MAX_PIXELS:
            _refuse(self._name, f"its layers have more than {_MAX_PIXELS // 10**6} million pixels")

    def _layers(self, group: Iterable[PsdLayer], around: _Around) -> Iterator[Layer]:
        for layer in group:
            within = replace(
                around,
                opacity=around.opacity * layer.opacity / 255 * layer.fill_opacity / 255,
                visible=around.visible and layer.visible,
                locked=around.locked or _is_locked(layer),
            )
            if isinstance(layer, Group):
                if layer.blend_mode is not PsdBlend.PASS_THROUGH or layer.opacity < 255 or layer.has_mask():
                    self._remark("Groups were opened, and their layers may blend differently", layer.name)
                yield from self._layers(layer, within)
            elif (pixels := self._pixels(layer)) is not None:
                yield Layer(
                    name=layer.name or "Layer",
                    pixels=plane_of(pixels) if pixels.size else NO_PIXELS,
                    offset=(layer.left, layer.top),
                    opacity=within.opacity,
                    visible=within.visible,
                    locked=within.locked,
                    blend=self._blend(layer),
                )

    def _pixels(self, layer: PsdLayer) -> NDArray[np.uint8] | None:
        """Return (H, W, 4) uint8, premultiplied; None where the layer is not of pixels."""
        if isinstance(layer, AdjustmentLayer | FillLayer):
            self._remark("Left out, for Sfumato has no such layers", layer.name)
            return None
        image = layer.topil()
        if image is None:
            if isinstance(layer, ShapeLayer | TypeLayer | SmartObjectLayer):
                self._remark("Left out, for the file has no pixels of them", layer.name)
                return None
            return np.zeros((0, 0, 4), np.uint8)
        if isinstance(layer, ShapeLayer | TypeLayer | SmartObjectLayer):
            self._remark("Texts, shapes and smart objects became pixels", layer.name)
        pixels = np.array(image.convert("RGBA"))
        if image.mode not in {"RGBA", "LA"} and (alpha := layer.topil(ChannelID.TRANSPARENCY_MASK)) is not None:
            pixels[..., 3] = np.asarray(alpha.convert("L"))
        self._mask(layer, pixels)
        if layer.has_effects():
            self._remark("Effects were left out", layer.name)
        if layer.clipping:
            self._remark("Layers that are clipped by the one below are shown whole", layer.name)
        return premultiplied(pixels)

    def _mask(self, layer: PsdLayer, pixels: NDArray[np.uint8]) -> None:
        """Make transparent, in (H, W, 4) straight pixels, what the layer's mask hides."""
        if layer.has_vector_mask():
            self._remark("Masks made of paths were left out", layer.name)
        mask = layer.mask
        if mask is None or mask.disabled:
            return
        levels = mask.topil(layer_sized=True)
        shown = (
            np.asarray(levels.convert("L")) if levels else np.full(pixels.shape[:2], mask.background_color, np.uint8)
        )
        pixels[..., 3] = divided(pixels[..., 3].astype(np.uint16) * shown)
        self._remark("Masks became transparency", layer.name)

    def _blend(self, layer: PsdLayer) -> BlendMode:
        if (blend := _BLENDS.get(layer.blend_mode)) is not None:
            return blend
        self._remark(f"Shown as Normal instead of {layer.blend_mode.name.replace('_', ' ').capitalize()}", layer.name)
        return BlendMode.NORMAL

    def _merged(self) -> Iterator[Layer]:
        """Yield the merged picture of a document without layers."""
        if (image := self._document.topil()) is not None:
            yield Layer(name="Background", pixels=plane_of(premultiplied(np.array(image.convert("RGBA")))))

    def _remark(self, what: str, name: str = "") -> None:
        self._remarks.setdefault(what, []).append(name)

    def _notes(self) -> Iterator[str]:
        for what, names in self._remarks.items():
            quoted = [f"\u201c{name}\u201d" for name in names if name]
            more = f" and {len(quoted) - 5} more" if len(quoted) > 5 else ""
            yield f"{what}: {', '.join(quoted[:5])}{more}." if quoted else f"{what}."


def _is_locked(layer: PsdLayer) -> bool:
    locks = layer.locks
    return locks is not None and (locks.complete or locks.composite)


def _content(source: Path | bytes, name: str) -> bytes:
    content = source.read_bytes() if isinstance(source, Path) and source.stat().st_size <= _MAX_FILE else source
    if isinstance(content, Path):
        _refuse(name, f"it has more than {_MAX_FILE // 2**30} GiB")
    if not content.startswith(b"8BPS"):
        _refuse(name, "it is no Photoshop document")
    return content


def _refuse(name: str, why: str, cause: Exception | None = None) -> NoReturn:
    raise UnreadablePicture(f"The document {name} cannot be opened", why, "Use another copy of it") from cause
