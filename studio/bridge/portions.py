"""Changes of many things at once, done in portions on a thread that others wait for as well."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from studio.bridge.background import Background
    from studio.domain.errors import StudioError

PORTION: Final = 500
"""Pictures that are changed in one go: a tenth of a second for stars, half a second for files that are moved."""


@dataclass(slots=True)
class _Task:
    """A change that is not done yet, of things and with results of any kind, hence `Any`."""

    left: Sequence[Any]
    work: Callable[[Sequence[Any]], tuple[Any, ...]]
    then: Callable[[tuple[Any, ...]], object]
    otherwise: Callable[[StudioError], object]
    done: list[tuple[Any, ...]]


class Portions:
    """Does one change after the other, in the order in which they were asked for. For the main thread.

    Between two portions others have their turn: what was painted is kept, and another window may write. Where the
    window closes in between, the rest is left as it is.
    """

    def __init__(self, thread: Background) -> None:
        """Stand ready.

        Args:
            thread: where the work is done.
        """
        self._thread = thread
        self._tasks: deque[_Task] = deque()

    def run(
        self,
        things: Sequence[Any],
        work: Callable[[Sequence[Any]], tuple[Any, ...]],
        then: Callable[[tuple[Any, ...]], object],
        otherwise: Callable[[StudioError], object],
    ) -> None:
        """Do something with all of these.

        Args:
            things: what it is done with.
            work: called on the thread with each portion; raises where nothing was done with that.
            then: called with what all portions returned; also where a later one failed.
            otherwise: called with what was raised; the portions after that are left out.
        """
        self._tasks.append(_Task(things, work, then, otherwise, []))
        if len(self._tasks) == 1:
            self._go_on()

    def _go_on(self) -> None:
        if self._tasks:
            task = self._tasks[0]
            portion, task.left = task.left[:PORTION], task.left[PORTION:]
            self._thread.run(lambda: task.work(portion), self._take, self._stop)

    def _take(self, result: tuple[Any, ...]) -> None:
        task = self._tasks[0]
        task.done.append(result)
        is_done = not task.left
        if is_done:
            self._tasks.popleft()
        self._go_on()
        if is_done:
            task.then(_joined(task))

    def _stop(self, error: StudioError) -> None:
        task = self._tasks.popleft()
        self._go_on()
        if task.done:
            task.then(_joined(task))
        task.otherwise(error)


def _joined(task: _Task) -> tuple[Any, ...]:
    return tuple(one for result in task.done for one in result)
