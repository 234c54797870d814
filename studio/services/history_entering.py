"""Entering pictures into the index: what is read from a file, and how it becomes a row with its edges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialect import Dialect
from studio.domain.found_settings import FoundSettings
from studio.domain.lineage import EdgeKind, Parent
from studio.domain.looks import look_of
from studio.services.history_index import COLUMNS, sortable, storable
from studio.services.metadata_reading import read_file
from studio.services.pictures import read_picture

if TYPE_CHECKING:
    from pathlib import Path

    from studio.domain.metadata import Metadata
    from studio.domain.picture import Picture
    from studio.services.history_edges import Edges
    from studio.services.history_entry import Entry
    from studio.services.history_index import HistoryIndex

_PNG_END: Final = b"\0\0\0\0IEND\xaeB`\x82"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A picture on its way into the index.

    Attributes:
        path: its file.
        found: how it was made, as far as its file says.
        metadata: all of it, where Sfumato painted the picture.
        pixels: hex SHA-256 of its raw RGB pixels.
        width: in pixels.
        height: in pixels.
        created: when it was made, with a time zone.
        look: of `studio.domain.looks.look_of`; None as long as nobody has looked.
        is_imported: whether it came from outside.
        parents: what it was made of.
    """

    path: Path
    found: FoundSettings
    metadata: Metadata | None
    pixels: str
    width: int
    height: int
    created: datetime
    look: int | None = None
    is_imported: bool = False
    parents: tuple[Parent, ...] = ()

    @classmethod
    def painted(cls, path: Path, metadata: Metadata, picture: Picture | None = None) -> Arrival:
        """Return what Sfumato painted; without the picture its look is left for later."""
        return cls(
            path=path,
            found=FoundSettings.of_metadata(metadata),
            metadata=metadata,
            pixels=metadata.picture_sha256,
            width=metadata.width,
            height=metadata.height,
            created=metadata.created,
            look=None if picture is None else look_of(picture.pixels),
            parents=metadata.parents,
        )


class Entering:
    """Makes rows of arrivals."""

    def __init__(self, index: HistoryIndex, edges: Edges) -> None:
        self._index = index
        self._edges = edges

    def enter(self, arrival: Arrival, entry_id: int | None = None) -> Entry:
        """Enter a picture, with its edges. One that has an entry by its path already keeps it, and its marks.

        Args:
            arrival: the picture.
            entry_id: number that its entry shall have; None for a new one.

        Raises:
            StorageError: the index cannot be written.
        """
        with self._index.transaction():
            row = self._row(arrival, entry_id)
            entry = self._index.entry(row)
            # What was just made from valid metadata can be read.
            assert entry is not None
            self._edges.write(entry, arrival.parents)
            self._edges.derive(entry)
            self._edges.fill_in(entry)
        return entry

    def _row(self, arrival: Arrival, entry_id: int | None) -> tuple[Any, ...]:
        values = _values(arrival) | {"id": entry_id, "path": self._index.name_of(arrival.path)}
        connection = self._index.connection
        connection.execute("INSERT INTO model (name, hash) VALUES (:model, :model_hash) ON CONFLICT DO NOTHING", values)
        # Another process that recovers may have entered the file between its writing and now.
        return connection.execute(_INSERT, values).fetchone()


def arrival_of(path: Path, *, is_careful: bool = False) -> Arrival:
    """Return what a file says of itself; of one that was painted here the pixels are not decoded.

    Args:
        path: of the file.
        is_careful: do not take our own word for what the pixels are.

    Raises:
        UnreadablePicture: no picture, or a damaged one.
    """
    reading = read_file(path)
    metadata = reading.own
    if metadata is not None and path.suffix.lower() == ".png" and not is_careful and _is_whole_png(path):
        return Arrival.painted(path, metadata)
    picture = read_picture(path)
    created = datetime.fromtimestamp(path.stat().st_mtime, UTC) if metadata is None else metadata.created
    return Arrival(
        path=path,
        found=reading.found or FoundSettings(prompt=""),
        metadata=metadata,
        pixels=picture.sha256,
        width=picture.width,
        height=picture.height,
        created=created,
        look=look_of(picture.pixels),
        is_imported=metadata is None,
        parents=_parents(metadata, picture.sha256),
    )


def _parents(metadata: Metadata | None, pixels: str) -> tuple[Parent, ...]:
    """Return the parents that the file names; of a copy with other pixels that is the picture it is a copy of."""
    if metadata is None:
        return ()
    return (
        metadata.parents if metadata.picture_sha256 == pixels else (Parent(metadata.picture_sha256, EdgeKind.IMPORT),)
    )


def _is_whole_png(path: Path) -> bool:
    """Tell whether a PNG ends as one: https://www.w3.org/TR/png-3/#11IEND. One that is being copied does not yet."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - len(_PNG_END)))
        return file.read() == _PNG_END


def _values(arrival: Arrival) -> dict[str, object]:
    """Return by name what the index keeps of a picture."""
    found, metadata = arrival.found, arrival.metadata
    size, modified_ns = state_of(arrival.path)
    return {
        "created": sortable(arrival.created),
        "day": f"{arrival.created.astimezone():%Y-%m-%d}",
        "prompt": storable(found.prompt),
        "negative_prompt": storable(found.negative_prompt),
        "metadata": storable(found.to_json() if metadata is None else metadata.to_json()),
        "dialect": found.dialect.value if metadata is None else Dialect.SFUMATO.value,
        "pixels": arrival.pixels,
        "look": arrival.look,
        "width": arrival.width,
        "height": arrival.height,
        "task": "" if metadata is None else metadata.task.value,
        "model": storable(found.model),
        "model_hash": storable(found.model_hash),
        "loras": storable(" ".join(lora.name for lora in found.loras)),
        "is_imported": arrival.is_imported,
        "bytes": size,
        "modified_ns": modified_ns,
    }


def state_of(path: Path) -> tuple[int | None, int | None]:
    """Return size and time of a file; both None where it has gone meanwhile."""
    try:
        state = path.stat()
    except OSError:
        return None, None
    return state.st_size, state.st_mtime_ns


_FIELDS: Final = (
    "created", "day", "prompt", "negative_prompt", "metadata", "dialect", "pixels", "look", "width", "height", "task",
    "model", "loras", "bytes", "modified_ns",
)  # fmt: skip
_KEPT: Final = ("created", "day", "look")
"""What stays as long as the pixels do: a file that was copied to another disk is no newer picture."""
_INSERT: Final = f"""
    INSERT INTO picture (id, path, model_id, is_imported, {", ".join(_FIELDS)})
    VALUES (
        :id, :path, (SELECT id FROM model WHERE name = :model AND hash = :model_hash), :is_imported,
        {", ".join(f":{field}" for field in _FIELDS)}
    )
    ON CONFLICT (path) DO UPDATE SET
        is_missing = 0, {", ".join(f"{field} = excluded.{field}" for field in _FIELDS if field not in _KEPT)},
        look = CASE WHEN excluded.pixels = pixels THEN coalesce(excluded.look, look) ELSE excluded.look END,
        created = CASE WHEN excluded.pixels = pixels THEN created ELSE excluded.created END,
        day = CASE WHEN excluded.pixels = pixels THEN day ELSE excluded.day END
    RETURNING {COLUMNS}
"""
