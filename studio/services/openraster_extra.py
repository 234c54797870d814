"""What Sfumato alone writes into an OpenRaster file: ``sfumato/document.json``."""

from __future__ import annotations

import json
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from studio import __version__
from studio.domain.errors import NewerData
from studio.domain.picture import MAX_SIDE

EXTRA: Final = "sfumato/document.json"
EXTRA_VERSION: Final = 1
_FURTHEST: Final = 2**40

_Place = Annotated[int, Field(ge=-_FURTHEST, le=_FURTHEST)]
_Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]


class _Value(BaseModel):
    # Built with the first file: the window's start need not wait for it.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Placed(_Value):
    """A mask or a selection.

    Attributes:
        src: name of its picture in the archive; None where it is of nothing.
        x: of the picture's left column, in the document's coordinates.
        y: of the picture's top row, likewise.
    """

    src: str | None
    x: _Place
    y: _Place


class ExtraLayer(_Value):
    """What the stack has no place for.

    Attributes:
        id: the layer's.
        name: with all its characters.
        offset: where the layer's origin lies on the document's plane.
        origins: hex SHA-256 of the pictures that were laid on it.
        is_painted: whether anything on it was painted by hand or came from elsewhere.
    """

    id: Annotated[str, Field(min_length=1, max_length=64)]
    name: str
    offset: tuple[_Place, _Place]
    origins: tuple[_Sha256, ...] = ()
    is_painted: bool = False


class Extra(_Value):
    """All of it.

    Attributes:
        version: layout of this file.
        software: version of the Sfumato that wrote it.
        origin: of the image, in the document's coordinates.
        frame: x, y, width and height.
        active: id of the layer that is painted on.
        mask: None where there is none.
        selection: None where everything is selected.
        layers: by the name of their picture in the archive.
        settings: what was set beside the canvas, by name.
    """

    version: int = EXTRA_VERSION
    software: str = __version__
    origin: tuple[_Place, _Place]
    frame: tuple[_Place, _Place, _Side, _Side]
    active: str | None
    mask: Placed | None
    selection: Placed | None
    layers: dict[str, ExtraLayer]
    settings: dict[str, JsonValue]

    def to_json(self) -> bytes:
        """Return the file's content: ASCII, which holds half a surrogate pair in a name as well."""
        return json.dumps(self.model_dump(), indent=1).encode()


def read_extra(content: bytes) -> Extra | None:
    """Return what the file says; None where it is damaged.

    Raises:
        NewerData: a newer Sfumato wrote it.
    """
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        return None
    version = values.get("version") if isinstance(values, dict) else None
    if isinstance(version, int) and version > EXTRA_VERSION:
        raise NewerData(
            f"The document has version {version}",
            f"this Sfumato knows versions up to {EXTRA_VERSION}",
            "Update Sfumato to open it",
        )
    try:
        return Extra.model_validate(values)
    except ValidationError:
        return None
