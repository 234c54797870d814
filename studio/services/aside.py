"""One call beside the event loop, on a thread of its own that nobody needs to wait for."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def aside(name: str, work: Callable[[], T]) -> T:
    """Return what ``work`` returns, called on a daemon thread of this name.

    Not an executor: those are waited for when the event loop or the process ends, and a name server that does not
    answer can hold a thread for half a minute, longer than anybody who closes the window would wait. Who is cancelled
    meanwhile leaves the thread to itself.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def succeed(result: T) -> None:
        if not answer.done():
            answer.set_result(result)

    def fail(error: Exception) -> None:
        if not answer.done():
            answer.set_exception(error)

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - the thread's boundary; it is raised where it is awaited
            if not loop.is_closed():
                loop.call_soon_threadsafe(fail, error)
        else:
            if not loop.is_closed():
                loop.call_soon_threadsafe(succeed, result)

    threading.Thread(target=run, name=f"sfumato {name}", daemon=True).start()
    return await answer
