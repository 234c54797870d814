"""The pictures folder when it is another one than last time: entries stay with their files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio.services.history_marks import marked
from studio.services.history_restoring import FORGETFUL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from studio.services.history_index import HistoryIndex
    from studio.services.history_journal import Journal, Line


def follow_root(index: HistoryIndex, journal: Journal, other_lines: Callable[[], Iterable[Line]]) -> None:
    """Let every row name its file from the folder that is in use now.

    A file that lies in the new folder under the same name, and no longer in the old one, was moved along; the others
    stay where they are and are named by their whole path from now on.

    Args:
        index: the index.
        journal: of the folder that is in use now; it gets all that the index knows.
        other_lines: returns what belongs into it beside the marks of pictures.

    Raises:
        StorageError: the index cannot be used.
        UnwritablePlace: the journal cannot be written.
    """
    here = str(index.pictures.absolute())
    said = index.rows("SELECT value FROM about WHERE name = 'pictures'")
    if said == [(here,)]:
        return
    with index.transaction():
        index.connection.execute("INSERT OR REPLACE INTO about (name, value) VALUES ('pictures', ?)", (here,))
        if not said and journal.is_there:
            index.connection.execute("INSERT OR REPLACE INTO about (name, value) VALUES (?, '1')", (FORGETFUL,))
        if said:
            _rename_all(index, Path(said[0][0]))
            journal.append([*marked(index), *other_lines()])


def _rename_all(index: HistoryIndex, before: Path) -> None:
    names: list[tuple[str, str | None, int]] = []
    for number, path, home in index.rows("SELECT id, path, home FROM picture"):
        names.append((_renamed(index, before, path), home and _renamed(index, before, home), number))
    index.connection.executemany("UPDATE picture SET path = ?, home = ? WHERE id = ?", names)
    outside = {str(Path(name).parent) for name, _, _ in names if Path(name).is_absolute()}
    index.connection.execute("DELETE FROM folder")
    # Times that no folder has: the next look goes into all of them.
    index.connection.executemany("INSERT INTO folder (name, modified_ns) VALUES (?, -1)", [(one,) for one in outside])


def _renamed(index: HistoryIndex, before: Path, name: str) -> str:
    old = before / name
    if not Path(name).is_absolute() and (index.pictures / name).exists() and not old.exists():
        return name
    return index.name_of(old)
