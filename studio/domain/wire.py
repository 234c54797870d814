"""Messages between the window and the engine's process, and their bytes.

A message is ``magic (4 bytes) | version (2) | length of the text (4) | length of the pixels (8) | text | pixels``,
numbers big-endian, the text JSON. Pixels are raw bytes: a pipe carries the 12 MB of a 2048 x 2048 picture in 7 ms, half
the time of a shared memory file, and leaves nothing behind when a process dies. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import numpy as np

from studio.domain.wire_values import Pixels, WireError, pack, unpack

if TYPE_CHECKING:
    from studio.domain.errors import StudioError
    from studio.domain.events import Event
    from studio.domain.ports import EngineDescription, Memory
    from studio.domain.request import GenerationRequest, ModelRef

MAGIC: Final = b"SFMT"
VERSION: Final = 1
MAX_TEXT: Final = 2**26
"""Most bytes of text that are believed; a prompt of a megabyte fits."""
MAX_PIXELS: Final = 2**32
"""Most bytes of pixels that are believed: three pictures of the largest side."""

_PREFIX: Final = struct.Struct(">4sHIQ")


@dataclass(frozen=True, slots=True)
class Paint:
    """Do a job. Answered by `Said` with its events; its terminal event is the last word on it."""

    request: GenerationRequest


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Stop a job; the only command that is heeded while another one is being carried out. Not answered."""

    job_id: str


@dataclass(frozen=True, slots=True)
class LoadModel:
    """Make a model ready. Answered by `Done` or `Refused`."""

    model: ModelRef


@dataclass(frozen=True, slots=True)
class UnloadModel:
    """Give the model's memory back. Answered by `Done` or `Refused`."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Show that you are there. Answered by `Done`."""


@dataclass(frozen=True, slots=True)
class AskMemory:
    """Answered by `MemoryTold` or `Refused`."""


@dataclass(frozen=True, slots=True)
class AskDescription:
    """Answered by `DescriptionTold` or `Refused`."""


@dataclass(frozen=True, slots=True)
class ShutDown:
    """End. Not answered."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The process runs; the engine's libraries are still to be imported."""

    pid: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine stands and takes commands."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The process still runs."""


@dataclass(frozen=True, slots=True)
class Said:
    """An event of the current job. `Finished` carries only those pictures that no `Painted` brought before."""

    event: Event


@dataclass(frozen=True, slots=True)
class Done:
    """The command was carried out."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The command failed, or, before `Ready`, the engine could not be made."""

    error: StudioError


@dataclass(frozen=True, slots=True)
class MemoryTold:
    """What is used now."""

    memory: Memory


@dataclass(frozen=True, slots=True)
class DescriptionTold:
    """Where and how the engine computes."""

    description: EngineDescription


Command: TypeAlias = Paint | CancelJob | LoadModel | UnloadModel | Ping | AskMemory | AskDescription | ShutDown
Answer: TypeAlias = Hello | Ready | Heartbeat | Said | Done | Refused | MemoryTold | DescriptionTold
ReadInto = Callable[[memoryview], int | None]
"""Fills the front of a buffer and returns how many bytes it wrote there; 0 at the end of the stream."""


def encode(message: Command | Answer) -> Iterator[memoryview]:
    """Yield the bytes of a message in the order in which they are to be written; pixels are not copied.

    Raises:
        TypeError: it holds a value that has no form on the wire.
    """
    pixels = Pixels()
    text = json.dumps(pack(message, pixels), allow_nan=False, separators=(",", ":")).encode("ascii")
    yield memoryview(_PREFIX.pack(MAGIC, VERSION, len(text), pixels.size) + text)
    for array in pixels.arrays:
        yield array.data.cast("B")


def receive_command(read_into: ReadInto) -> Command | None:
    """Return the next command, waiting for it; None at the end of the stream.

    Raises:
        WireError: the bytes are no command of this version.
    """
    # unpack returns an instance of the hint it is given.
    return cast("Command | None", _receive(read_into, Command))


def receive_answer(read_into: ReadInto) -> Answer | None:
    """Return the next answer, waiting for it; None at the end of the stream.

    Raises:
        WireError: the bytes are no answer of this version.
    """
    # unpack returns an instance of the hint it is given.
    return cast("Answer | None", _receive(read_into, Answer))


def _receive(read_into: ReadInto, kinds: object) -> object | None:
    prefix = bytearray(_PREFIX.size)
    if not _fill(memoryview(prefix), read_into, may_end=True):
        return None
    magic, version, text_size, pixels_size = _PREFIX.unpack(prefix)
    if magic != MAGIC or version != VERSION:
        message = f"{bytes(prefix[:6])!r} begins no message of version {VERSION}"
        raise WireError(message)
    if text_size > MAX_TEXT or pixels_size > MAX_PIXELS:
        message = f"a message of {text_size} bytes of text and {pixels_size} of pixels is too long"
        raise WireError(message)
    text, payload = bytearray(text_size), np.empty(pixels_size, np.uint8)
    _fill(memoryview(text), read_into)
    _fill(payload.data, read_into)
    # Pictures become views of it, and a picture never changes.
    payload.flags.writeable = False
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"the text of a message is no JSON: {error}"
        raise WireError(message) from error
    return unpack(plain, kinds, payload)


def _fill(buffer: memoryview, read_into: ReadInto, *, may_end: bool = False) -> bool:
    """Fill a buffer; return False if the stream ended before its first byte and might do so."""
    rest = buffer
    while rest.nbytes:
        read = read_into(rest)
        if not read:
            if may_end and rest.nbytes == buffer.nbytes:
                return False
            message = f"the stream ended {rest.nbytes} bytes too early"
            raise WireError(message)
        rest = rest[read:]
    return True
