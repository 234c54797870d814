"""The order of layers in an OpenRaster file: its ``stack.xml``.

Source: https://www.openraster.org/baseline/layer-stack-spec.html, and its extensions ``edit-locked`` and ``selected``
as Krita (``kis_open_raster_stack_save_visitor.cpp``), MyPaint and GIMP write them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from studio.domain.canvas.blend import BlendMode
from studio.domain.xml_text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_LAYERS: Final = 10_000
_MAX_DEPTH: Final = 64
"""Groups in groups; Python's recursion ends at 1,000."""
_FURTHEST: Final = 2**30
"""Pixels from the origin at which a place in a file is still believed."""
_BLENDS: Final[Mapping[str, BlendMode]] = {
    **{mode.value: mode for mode in BlendMode},
    # What Krita calls its own versions of these; they differ by a few levels at most.
    "krita:soft_light": BlendMode.SOFT_LIGHT,
    "krita:linear_dodge": BlendMode.ADD,
    "krita:add": BlendMode.ADD,
    "svg:add": BlendMode.ADD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StackLayer:
    """A layer as the stack tells of it.

    Attributes:
        name: for people.
        src: name of its picture in the archive.
        x: of the picture's left column, from the image's.
        y: of the picture's top row, from the image's.
        opacity: 0 to 1.
        visible: whether it is seen.
        blend: how it meets what lies below.
        locked: whether its pixels may not be changed.
        selected: whether it is painted on.
    """

    name: str
    src: str
    x: int = 0
    y: int = 0
    opacity: float = 1.0
    visible: bool = True
    blend: BlendMode = BlendMode.NORMAL
    locked: bool = False
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Stack:
    """All of it.

    Attributes:
        width: of the image, in pixels.
        height: of the image, in pixels.
        layers: the lowest first.
        notes: what Sfumato cannot show as the file has it, in sentences.
    """

    width: int
    height: int
    layers: tuple[StackLayer, ...]
    notes: tuple[str, ...] = ()


class DamagedStack(ValueError):
    """A ``stack.xml`` that tells of no layers."""


def written_name(name: str) -> str:
    """Return a name as XML can hold it."""
    return storable(name)


def stack_xml(stack: Stack) -> bytes:
    """Return the file for these layers."""
    image = ElementTree.Element(
        "image", {"version": "0.0.3", "w": str(stack.width), "h": str(stack.height), "xres": "72", "yres": "72"}
    )
    root = ElementTree.SubElement(image, "stack")
    for layer in reversed(stack.layers):
        attributes = {
            "name": written_name(layer.name),
            "src": layer.src,
            "x": str(layer.x),
            "y": str(layer.y),
            "opacity": repr(layer.opacity),
            "visibility": "visible" if layer.visible else "hidden",
            "composite-op": layer.blend.value,
        }
        marks = {"edit-locked": layer.locked, "selected": layer.selected}
        ElementTree.SubElement(root, "layer", attributes | {name: "true" for name, is_set in marks.items() if is_set})
    ElementTree.indent(image, " ")
    return ElementTree.tostring(image, "UTF-8", xml_declaration=True)


def read_stack(content: bytes) -> Stack:
    """Return what a file tells; groups are opened, and their opacity and visibility go to their layers.

    Raises:
        DamagedStack: it is no stack, or one made to do harm.
    """
    try:
        image = ElementTree.XML(content, ElementTree.XMLParser(target=_PlainTree()))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise DamagedStack(str(error)) from error
    root = image.find("stack")
    if image.tag != "image" or root is None:
        message = "it has no stack of layers"
        raise DamagedStack(message)
    reader = _Reader()
    layers = tuple(reader.layers_of(root, _Group()))[::-1]
    width, height = (_whole(image.get(name), "0") for name in ("w", "h"))
    return Stack(max(0, width), max(0, height), layers, tuple(reader.notes()))


class _PlainTree(ElementTree.TreeBuilder):
    """Refuses a document type: entities, the means of most attacks by XML, can only be declared in one."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse it.

        Raises:
            DamagedStack: always.
        """
        del name, pubid, system
        message = "it declares a document type, which no stack has"
        raise DamagedStack(message)


@dataclass(frozen=True, slots=True)
class _Group:
    """What the groups around a layer add to it."""

    x: int = 0
    y: int = 0
    opacity: float = 1.0
    visible: bool = True
    locked: bool = False
    depth: int = 0


class _Reader:
    """Walks through one stack and remembers what cannot be shown."""

    def __init__(self) -> None:
        self._unknown: dict[str, list[str]] = {}
        self._left_out: list[str] = []
        self._groups: list[str] = []
        self._count = 0

    def layers_of(self, stack: ElementTree.Element, group: _Group) -> Iterator[StackLayer]:
        """Yield the layers of a stack and of the stacks in it, the highest first.

        Raises:
            DamagedStack: there are too many.
        """
        if group.depth > _MAX_DEPTH:
            message = f"its groups lie more than {_MAX_DEPTH} deep"
            raise DamagedStack(message)
        for element in stack:
            match element.tag:
                case "layer":
                    yield self._layer(element, group)
                case "stack":
                    yield from self.layers_of(element, self._group(element, group))
                case "annotation" | "annotations":
                    pass  # by definition nothing that is seen
                case _:
                    self._left_out.append(f"{element.tag} \u201c{element.get('name', '')}\u201d")

    def notes(self) -> Iterator[str]:
        """Yield what cannot be shown as the file has it."""
        for operator, names in self._unknown.items():
            yield f"Shown as Normal instead of {operator}: {_listed(names)}."
        if self._groups:
            yield f"Groups were opened, and their layers may blend differently: {_listed(self._groups)}."
        if self._left_out:
            yield f"Left out, for it is no layer of pixels: {', '.join(self._left_out[:5])}."

    def _layer(self, element: ElementTree.Element, group: _Group) -> StackLayer:
        self._count += 1
        if self._count > MAX_LAYERS:
            message = f"it has more than {MAX_LAYERS} layers"
            raise DamagedStack(message)
        name = element.get("name", "")
        operator = element.get("composite-op", BlendMode.NORMAL.value)
        if operator not in _BLENDS:
            self._unknown.setdefault(operator, []).append(name)
        return StackLayer(
            name=name,
            src=element.get("src", ""),
            x=group.x + _whole(element.get("x")),
            y=group.y + _whole(element.get("y")),
            opacity=group.opacity * _opacity(element),
            visible=group.visible and _is_visible(element),
            blend=_BLENDS.get(operator, BlendMode.NORMAL),
            locked=group.locked or element.get("edit-locked") == "true",
            selected=element.get("selected") == "true",
        )

    def _group(self, element: ElementTree.Element, outer: _Group) -> _Group:
        inner = replace(
            outer,
            x=outer.x + _whole(element.get("x")),
            y=outer.y + _whole(element.get("y")),
            opacity=outer.opacity * _opacity(element),
            visible=outer.visible and _is_visible(element),
            locked=outer.locked or element.get("edit-locked") == "true",
            depth=outer.depth + 1,
        )
        is_plain = element.get("composite-op", BlendMode.NORMAL.value) == BlendMode.NORMAL.value
        children = [child for child in element if child.tag in {"layer", "stack"}]
        is_alone = len(children) == 1
        has_own_blends = any(
            child.get("composite-op", BlendMode.NORMAL.value) != BlendMode.NORMAL.value for child in element
        )
        is_isolated = element.get("isolation") == "isolate" and has_own_blends
        if not is_plain or is_isolated or (_opacity(element) < 1 and not is_alone):
            self._groups.append(element.get("name", ""))
        return inner


def _listed(names: Iterable[str]) -> str:
    quoted = [f"\u201c{name}\u201d" for name in names]
    return ", ".join(quoted[:5]) + (f" and {len(quoted) - 5} more" if len(quoted) > 5 else "")


def _is_visible(element: ElementTree.Element) -> bool:
    return element.get("visibility", "visible") != "hidden"


def _opacity(element: ElementTree.Element) -> float:
    value = _number(element.get("opacity"), "1")
    return min(1.0, max(0.0, value))


def _whole(text: str | None, otherwise: str = "0") -> int:
    return round(min(float(_FURTHEST), max(-float(_FURTHEST), _number(text, otherwise))))


def _number(text: str | None, otherwise: str) -> float:
    try:
        value = float(text or otherwise)
    except ValueError:
        value = math.nan
    return value if math.isfinite(value) else float(otherwise)
