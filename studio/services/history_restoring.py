"""Putting back what the user thought of his pictures, out of the file beside them, into an index that knows nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, assert_never

from studio.services.history_folders import is_in_trash
from studio.services.history_journal import (
    BoardDeleted,
    BoardFilled,
    BoardMade,
    BoardRenamed,
    PictureMarked,
    SearchSaved,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studio.services.history_index import HistoryIndex
    from studio.services.history_journal import Journal, Line

FORGETFUL: Final = "is-forgetful"
"""Marks an index that was made anew and has not been told yet what its pictures are to the user."""
Key = tuple[str, str]
"""Pixels and path of a picture: the path tells copies apart, the pixels find it when it was moved."""


@dataclass(slots=True)
class _Board:
    created: str
    pictures: dict[Key, None] = field(default_factory=dict)

    def fill(self, line: BoardFilled) -> None:
        """Put pictures on the board or take them off it."""
        for key in line.pictures:
            self.pictures.pop(key, None)
            if line.is_on:
                self.pictures[key] = None


@dataclass(slots=True)
class _Remembered:
    """What all lines together say."""

    pictures: dict[Key, PictureMarked] = field(default_factory=dict)
    boards: dict[str, _Board] = field(default_factory=dict)
    searches: dict[str, str | None] = field(default_factory=dict)

    def take(self, line: Line) -> None:
        """Let a line hold, whatever earlier ones said."""
        match line:
            case PictureMarked():
                # The last one goes last: it holds for a picture that lies nowhere where it was.
                self.pictures.pop((line.pixels, line.path), None)
                self.pictures[line.pixels, line.path] = line
            case BoardMade():
                self.boards.setdefault(line.board, _Board(line.created))
            case BoardRenamed():
                if line.board in self.boards:
                    self.boards[line.name] = self.boards.pop(line.board)
            case BoardDeleted():
                self.boards.pop(line.board, None)
            case BoardFilled():
                self.boards.setdefault(line.board, _Board("")).fill(line)
            case SearchSaved():
                self.searches[line.search] = line.query
            case _:
                assert_never(line)


def remember(index: HistoryIndex, journal: Journal, *, is_complete: bool = False) -> bool:
    """Put back what the journal says, where the index was made anew since; return whether that was so.

    Args:
        index: the index.
        journal: of its folder.
        is_complete: whether all pictures have their entries again, so that this is the last time.

    Raises:
        StorageError: the index cannot be written, or the journal not be read.
    """
    if not index.rows("SELECT 1 FROM about WHERE name = ?", (FORGETFUL,)):
        return False
    # Writers of the file hold the lock of the index: no star that another window gives meanwhile is read over.
    with index.transaction():
        restore(index, journal.read())
        if is_complete:
            index.connection.execute("DELETE FROM about WHERE name = ?", (FORGETFUL,))
    return True


def restore(index: HistoryIndex, lines: Iterable[Line]) -> None:
    """Put marks, boards and searches into the index, for the pictures that it has. A second time changes nothing.

    Args:
        index: one that has been made anew.
        lines: what was written down, oldest first.

    Raises:
        StorageError: the index cannot be written; nothing was changed.
    """
    remembered = _Remembered()
    for line in lines:
        remembered.take(line)
    with index.transaction():
        for (pixels, path), mark in remembered.pictures.items():
            for number, name in index.rows("SELECT id, path FROM picture WHERE pixels = ?", (pixels,)):
                if name == path or (pixels, name) not in remembered.pictures:
                    _mark(index, number, mark, is_thrown=is_in_trash(name))
        for name, board in remembered.boards.items():
            _fill(index, name, board)
        index.connection.executemany(
            "INSERT INTO saved_search (name, query) VALUES (?, ?) ON CONFLICT DO UPDATE SET query = excluded.query",
            [(name, query) for name, query in remembered.searches.items() if query is not None],
        )


def _mark(index: HistoryIndex, number: int, mark: PictureMarked, *, is_thrown: bool) -> None:
    index.connection.execute(
        "UPDATE picture SET is_starred = ?, note = ?, tags = ?, is_imported = max(is_imported, ?) WHERE id = ?",
        (mark.is_starred, mark.note, mark.tags, mark.is_imported, number),
    )
    if is_thrown and mark.trashed is not None:
        index.connection.execute(
            "UPDATE picture SET trashed = ?, home = ? WHERE id = ?", (mark.trashed, mark.home, number)
        )


def _fill(index: HistoryIndex, name: str, board: _Board) -> None:
    index.connection.execute(
        "INSERT INTO board (name, created) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, board.created)
    )
    for pixels, path in board.pictures:
        rows = index.rows("SELECT id, path FROM picture WHERE pixels = ? ORDER BY id", (pixels,))
        named = [number for number, found in rows if found == path] or [number for number, _ in rows[:1]]
        index.connection.executemany(
            """
            INSERT INTO board_picture (board_id, picture_id)
            VALUES ((SELECT id FROM board WHERE name = ?), ?) ON CONFLICT DO NOTHING
            """,
            [(name, number) for number in named],
        )
