"""Taking back what was done to the history, and doing it again: stars, notes, tags, boards, the trash."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from studio.bridge.history_boards import HistoryBoards
    from studio.bridge.history_changes import HistoryChanges
    from studio.services.history_marks import Mark

MOST: Final = 100
"""Steps that are remembered."""


@dataclass(frozen=True, slots=True)
class _Marked:
    """Marks that were other ones before."""

    before: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Binned:
    """Pictures that went into the trash, or came out of it."""

    ids: frozenset[int]
    is_in: bool


@dataclass(frozen=True, slots=True)
class _Filled:
    """Pictures that were put on a board, or taken off it."""

    board_id: int
    ids: frozenset[int]
    is_on: bool


_Step: TypeAlias = _Marked | _Binned | _Filled


class _Way(Enum):
    """Which way the steps are gone."""

    BACK = auto()
    AGAIN = auto()


class HistoryUndo(QObject):
    """Remembers what this window did to the history. Everything is for the main thread.

    One step is taken back at a time. What somebody does meanwhile, by whatever button, is a step of its own: changes of
    one kind are told in the order in which they were asked for.

    Signals:
        undone: what was taken back, in a few words, such as "Star"; empty where others say it, as of the trash.
        redone: likewise of what was done again.
    """

    undone = Signal(str)
    redone = Signal(str)

    def __init__(self, changes: HistoryChanges, boards: HistoryBoards, parent: QObject | None = None) -> None:
        """Follow changes.

        Args:
            changes: marks and the trash.
            boards: what is put on them.
            parent: owns this object.
        """
        super().__init__(parent)
        self._changes, self._boards = changes, boards
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._wanted: deque[_Way] = deque()
        self._way = _Way.BACK
        self._taken: _Step | None = None
        self._is_heard = self._is_failed = False
        # Marks before the last change of any: after it was taken back, those that it had made.
        self._before: tuple[Mark, ...] = ()
        changes.marked.connect(self._on_marked)
        changes.thrown.connect(self._on_thrown)
        changes.brought_back.connect(self._on_brought_back)
        boards.put_on.connect(partial(self._on_filled, True))
        boards.taken_off.connect(partial(self._on_filled, False))
        for part in (changes, boards):
            part.failed.connect(self._on_failed)

    @property
    def is_busy(self) -> bool:
        """Whether a step is being taken back, or done again."""
        return self._taken is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to be taken back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether anything was taken back that nothing else was done after."""
        return bool(self._undone)

    def undo(self) -> None:
        """Take the last change back; nothing where there is none."""
        self._want(_Way.BACK)

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._want(_Way.AGAIN)

    def _want(self, way: _Way) -> None:
        self._wanted.append(way)
        if self._taken is None:
            self._go_on()

    def _go_on(self) -> None:
        while self._wanted and self._taken is None:
            self._way = self._wanted.popleft()
            steps = self._done if self._way is _Way.BACK else self._undone
            if steps:
                self._carry_out(steps.pop())

    def _carry_out(self, step: _Step) -> None:
        self._taken = step
        part = self._boards if isinstance(step, _Filled) else self._changes
        # What is heard of its kind between the two is the step's own doing.
        part.in_turn(self._begin)
        self._reverse(step)
        part.in_turn(partial(self._end, step))

    def _begin(self) -> None:
        self._is_heard, self._is_failed = True, False

    def _end(self, step: _Step) -> None:
        self._is_heard, self._taken = False, None
        if self._is_failed:
            (self._done if self._way is _Way.BACK else self._undone).append(step)
        else:
            (self.undone if self._way is _Way.BACK else self.redone).emit(self._title(step))
        self._go_on()

    def _reverse(self, step: _Step) -> None:
        match step:
            case _Marked(before):
                self._changes.put_back(before)
            case _Binned(ids, is_in):
                (self._changes.bring_back if is_in else self._changes.throw)(sorted(ids))
            case _Filled(board_id, ids, is_on):
                (self._boards.take if is_on else self._boards.put)(board_id, sorted(ids))
            case _:
                assert_never(step)

    def _note(self, step: _Step) -> None:
        is_own = self._is_heard and isinstance(step, _Filled) is isinstance(self._taken, _Filled)
        if is_own:
            (self._undone if self._way is _Way.BACK else self._done).append(step)
        elif self._done and _is_reverse(step, self._done[-1]):
            # The button beside the message has taken it back.
            self._done.pop()
            self._undone.append(step)
        else:
            self._done.append(step)
            del self._done[:-MOST]
            self._undone.clear()

    def _on_marked(self, before: tuple[Mark, ...]) -> None:
        self._before = before
        self._note(_Marked(before))

    def _on_thrown(self, ids: tuple[int, ...]) -> None:
        self._note(_Binned(frozenset(ids), is_in=True))

    def _on_brought_back(self, ids: tuple[int, ...]) -> None:
        self._note(_Binned(frozenset(ids), is_in=False))

    def _on_filled(self, is_on: bool, board_id: int, ids: tuple[int, ...]) -> None:
        self._note(_Filled(board_id, frozenset(ids), is_on))

    def _on_failed(self) -> None:
        self._is_failed = True

    def _title(self, step: _Step) -> str:
        match step:
            case _Marked(before):
                return _marks_title(before, self._before)
            case _Binned():
                return ""
            case _Filled(board_id, ids, _):
                name = next((board.name for board in self._boards.boards if board.id == board_id), "")
                return f"Change of the board \u201c{name}\u201d" + _of_several(len(ids))
            case _:
                assert_never(step)


def _marks_title(before: tuple[Mark, ...], after: tuple[Mark, ...]) -> str:
    """Return what marks are called that were changed: the first kind that is another one now."""
    then = {mark.id: mark for mark in after}
    pairs = [(mark, then[mark.id]) for mark in before if mark.id in then]
    several = _of_several(len(before))
    if any(one.is_starred != other.is_starred for one, other in pairs):
        return f"Star{several}"
    return f"Note{several}" if any(one.note != other.note for one, other in pairs) else f"Tags{several}"


def _of_several(count: int) -> str:
    return "" if count == 1 else f" of {count:,} pictures"


def _is_reverse(step: _Step, other: _Step) -> bool:
    match step, other:
        case _Binned(ids, False), _Binned(thrown, True):
            return ids == thrown
        case _:
            return False
