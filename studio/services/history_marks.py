"""What the user thinks of his pictures: stars, notes and tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.domain.errors import InvalidSetting
from studio.services.history_index import marks, parts, storable
from studio.services.history_journal import PictureMarked
from studio.services.history_restoring import remember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from studio.services.history_index import HistoryIndex
    from studio.services.history_journal import Journal


@dataclass(frozen=True, slots=True)
class Mark:
    """The marks of one picture at one time.

    Attributes:
        id: number of its entry.
        is_starred: whether the user likes it.
        note: what he wrote about it.
        tags: his words for it, sorted.
    """

    id: int
    is_starred: bool
    note: str
    tags: tuple[str, ...]


_WORTH_SAYING: Final = """
    is_starred = 1 OR note <> '' OR tags <> '' OR trashed IS NOT NULL OR (is_imported = 1 AND dialect = 'sfumato')
"""
"""What no file of a picture says."""


class Marks:
    """Changes marks, of many pictures at once or of none. Each change returns what was before, for `put_back`."""

    def __init__(self, index: HistoryIndex, journal: Journal) -> None:
        self._index = index
        self._journal = journal

    def star(self, ids: Iterable[int], is_starred: bool) -> tuple[Mark, ...]:
        """Say whether the user likes pictures.

        Returns:
            What was before, of those that are different now.

        Raises:
            StorageError: nothing was changed.
        """
        return self._change(ids, lambda mark: Mark(mark.id, is_starred, mark.note, mark.tags))

    def note(self, ids: Iterable[int], text: str) -> tuple[Mark, ...]:
        """Write about pictures, in place of what was written before. Returns and raises as `star`."""
        text = storable(text)
        return self._change(ids, lambda mark: Mark(mark.id, mark.is_starred, text, mark.tags))

    def tag(self, ids: Iterable[int], add: Iterable[str] = (), remove: Iterable[str] = ()) -> tuple[Mark, ...]:
        """Give pictures words and take some away. Returns as `star`.

        Raises:
            InvalidSetting: a tag is empty or has a blank in it.
            StorageError: nothing was changed.
        """
        more, less = {_checked(tag) for tag in add}, set(remove)
        return self._change(
            ids, lambda mark: Mark(mark.id, mark.is_starred, mark.note, tuple(sorted({*mark.tags} - less | more)))
        )

    def put_back(self, before: Iterable[Mark]) -> tuple[Mark, ...]:
        """Make the marks what they were. Returns and raises as `star`, so that this can be undone as well."""
        wanted = {mark.id: mark for mark in before}
        return self._change(wanted, lambda mark: wanted[mark.id])

    def of(self, ids: Iterable[int]) -> list[Mark]:
        """Return the marks of these pictures, in no order, without those that are not there.

        Raises:
            StorageError: the index cannot be read.
        """
        rows = [
            row
            for part in parts(list(ids))
            for row in self._index.rows(
                f"SELECT id, is_starred, note, tags FROM picture WHERE id IN ({marks(part)})", part
            )
        ]
        return [Mark(number, bool(starred), note, tuple(tags.split())) for number, starred, note, tags in rows]

    def _change(self, ids: Iterable[int], change: Callable[[Mark], Mark]) -> tuple[Mark, ...]:
        with self._index.transaction():
            # The line that is written says all of a picture: an index that knows less would make it forgotten.
            remember(self._index, self._journal)
            changes = [(mark, after) for mark in self.of(ids) if (after := change(mark)) != mark]
            before = [mark for mark, _ in changes]
            execute = self._index.connection.executemany
            execute("UPDATE picture SET is_starred = ? WHERE id = ?", [(one.is_starred, one.id) for _, one in changes])
            # Words alone, and only those that are others: each row's entry in the word index is written anew for it.
            words = [one for mark, one in changes if (mark.note, mark.tags) != (one.note, one.tags)]
            execute(
                "UPDATE picture SET note = ?, tags = ? WHERE id = ?",
                [(one.note, " ".join(one.tags), one.id) for one in words],
            )
            # Before the transaction ends: what the index says is written down, or it does not say it.
            self._journal.append(marked(self._index, [mark.id for mark in before]))
        return tuple(before)


def marked(index: HistoryIndex, ids: Sequence[int] | None = None) -> list[PictureMarked]:
    """Return what the journal says of these pictures, or of all that have anything to be said.

    Raises:
        StorageError: the index cannot be read.
    """
    select = "SELECT pixels, path, is_starred, note, tags, is_imported, trashed, home FROM picture"
    if ids is None:
        rows = index.rows(f"{select} WHERE {_WORTH_SAYING}")
    else:
        rows = [row for part in parts(ids) for row in index.rows(f"{select} WHERE id IN ({marks(part)})", part)]
    return [
        PictureMarked(pixels, path, bool(starred), note, tags, bool(imported), trashed, home)
        for pixels, path, starred, note, tags, imported, trashed, home in rows
    ]


def _checked(tag: str) -> str:
    if not tag or len(tag.split()) != 1 or tag != tag.strip():
        raise InvalidSetting(f"\u201c{tag}\u201d is no tag", "a tag is one word", "Use a hyphen in place of the blank")
    return storable(tag)
