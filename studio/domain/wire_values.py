"""Values of the domain <-> plain JSON and raw pixels, by the types their classes declare.

A new field of a request or an event travels without a line here, as long as it is made of what is known below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Final, get_args, get_origin, get_type_hints

from studio.domain import errors, events, geometry, inpainting, lineage, picture, ports, request, samplers
from studio.domain.errors import StudioError, error_from_parts
from studio.domain.picture import Mask, Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

TAG: Final = "is"
"""Key of a value's class name."""

_NAMES: Final[dict[str, object]] = {
    **vars(errors),
    **vars(samplers),
    **vars(geometry),
    **vars(inpainting),
    **vars(lineage),
    **vars(picture),
    **vars(request),
    **vars(events),
    **vars(ports),
    "Path": Path,
}


class WireError(Exception):
    """Bytes that are no message, or none that this version knows; never shown to a user as such."""


@dataclass
class Pixels:
    """The raw bytes that follow a message's text, in the order in which the text names them.

    Attributes:
        arrays: C-contiguous uint8.
        size: bytes in all of them.
    """

    arrays: list[NDArray[np.uint8]] = field(default_factory=list)
    size: int = 0

    def add(self, array: NDArray[np.uint8]) -> dict[str, object]:
        """Append an array and return the text that names it."""
        named: dict[str, object] = {"shape": list(array.shape), "offset": self.size}
        self.arrays.append(array)
        self.size += array.nbytes
        return named


def pack(value: object, pixels: Pixels) -> object:
    """Return a value as what `json.dumps` takes; pictures and masks go to ``pixels``.

    Raises:
        TypeError: a class that has no form on the wire, or a number that is not finite.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return float(value)
        case Enum():
            return value.value
        case Path():
            return str(value)
        case Picture():
            return pixels.add(value.pixels)
        case Mask():
            return pixels.add(value.alpha)
        case StudioError():
            return {"kind": type(value).__name__, "what": value.what, "why": value.why, "remedy": value.remedy}
        case _:
            return _pack_many(value, pixels)


def _pack_many(value: object, pixels: Pixels) -> object:
    if isinstance(value, tuple):
        return [pack(item, pixels) for item in value]
    if isinstance(value, dict):
        return {str(key): pack(item, pixels) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        named: dict[str, object] = {TAG: type(value).__name__}
        return named | {one.name: pack(getattr(value, one.name), pixels) for one in fields(value)}
    message = f"{value!r} cannot be sent"
    raise TypeError(message)


def unpack(plain: object, hint: object, payload: NDArray[np.uint8]) -> object:
    """Return the value that `pack` made ``plain`` of.

    Args:
        plain: what `json.loads` gave.
        hint: the type it must have.
        payload: (size,) uint8, read-only, all arrays of the message one after another; pictures are views into it.

    Raises:
        WireError: it has another type, lacks a field, has one too many, or is out of range.
    """
    if isinstance(hint, UnionType):
        return unpack(plain, _member(plain, get_args(hint)), payload)
    origin = get_origin(hint)
    if origin is tuple:
        item = get_args(hint)[0]
        return tuple(unpack(one, item, payload) for one in _items(plain))
    if origin is dict:
        item = get_args(hint)[1]
        return {key: unpack(one, item, payload) for key, one in _mapping(plain).items()}
    if not isinstance(hint, type):
        message = f"{hint!r} has no form on the wire"
        raise WireError(message)
    return _unpack_class(plain, hint, payload)


def _unpack_class(plain: object, hint: type, payload: NDArray[np.uint8]) -> object:
    if hint in _SCALARS:
        return _SCALARS[hint](plain)
    if issubclass(hint, Enum):
        return _built(hint, plain)
    if issubclass(hint, (Picture, Mask)):
        return _built(hint, _array(_mapping(plain), payload))
    if issubclass(hint, StudioError):
        return _error(_mapping(plain))
    if is_dataclass(hint):
        return _unpack_fields(_mapping(plain), hint, payload)
    message = f"{hint.__name__} has no form on the wire"
    raise WireError(message)


def _unpack_fields(plain: dict[str, object], hint: type, payload: NDArray[np.uint8]) -> object:
    hints = _hints(hint)
    if plain.keys() != hints.keys() | {TAG} or plain[TAG] != hint.__name__:
        message = f"a {hint.__name__} needs {', '.join(hints)} and has {', '.join(plain)}"
        raise WireError(message)
    return _built(hint, **{name: unpack(plain[name], one, payload) for name, one in hints.items()})


@cache
def _hints(hint: type) -> dict[str, object]:
    known = get_type_hints(hint, localns=_NAMES)
    return {one.name: known[one.name] for one in fields(hint)}


def _member(plain: object, members: tuple[object, ...]) -> object:
    """Return the member of a union that ``plain`` claims to be."""
    if plain is None and NoneType in members:
        return NoneType
    tag = plain.get(TAG) if isinstance(plain, dict) else None
    for one in members:
        if isinstance(one, type) and one is not NoneType and tag == (one.__name__ if is_dataclass(one) else None):
            return one
    message = f"{tag or type(plain).__name__} is not expected here"
    raise WireError(message)


def _built(hint: Callable[..., object], *values: object, **named: object) -> object:
    try:
        return hint(*values, **named)
    except (ValueError, StudioError) as error:
        raise WireError(str(error)) from error


def _array(named: dict[str, object], payload: NDArray[np.uint8]) -> NDArray[np.uint8]:
    shape = [_integer(side) for side in _items(named.get("shape"))]
    offset = _integer(named.get("offset"))
    size = math.prod(shape)
    if len(shape) not in {2, 3} or min(shape) < 1 or offset < 0 or offset + size > payload.size:
        message = f"pixels of shape {shape} at {offset} do not fit {payload.size} bytes"
        raise WireError(message)
    return payload[offset : offset + size].reshape(shape)


def _error(named: dict[str, object]) -> StudioError:
    kind, what, why, remedy = (_text(named.get(part)) for part in ("kind", "what", "why", "remedy"))
    return error_from_parts(kind, what, why, remedy)


def _items(plain: object) -> list[object]:
    if not isinstance(plain, list):
        raise _unexpected(plain, "a list")
    return plain


def _mapping(plain: object) -> dict[str, object]:
    if not isinstance(plain, dict):
        raise _unexpected(plain, "an object")
    return plain


def _text(plain: object) -> str:
    if not isinstance(plain, str):
        raise _unexpected(plain, "text")
    return plain


def _flag(plain: object) -> bool:
    if not isinstance(plain, bool):
        raise _unexpected(plain, "true or false")
    return plain


def _integer(plain: object) -> int:
    if not isinstance(plain, int) or isinstance(plain, bool):
        raise _unexpected(plain, "a whole number")
    return plain


def _number(plain: object) -> float:
    if not isinstance(plain, (int, float)) or isinstance(plain, bool):
        raise _unexpected(plain, "a number")
    return float(plain)


def _nothing(plain: object) -> None:
    if plain is not None:
        raise _unexpected(plain, "nothing")


def _path(plain: object) -> Path:
    return Path(_text(plain))


def _unexpected(plain: object, expected: str) -> WireError:
    return WireError(f"{type(plain).__name__} where {expected} is expected")


_SCALARS: Final[dict[type, Callable[[object], object]]] = {
    bool: _flag,
    int: _integer,
    float: _number,
    str: _text,
    NoneType: _nothing,
    Path: _path,
}
