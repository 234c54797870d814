"""Fixtures that fail a test which leaves something running, and say where it was started.

After napari's `conftest.py`: threads, child processes and, in tests that use Qt, QThreads, pool tasks, timers,
animations and top-level widgets. What a fixture of a wider scope started before the test is not the test's leak.
"""

import gc
import os
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import shiboken6
from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QEvent, QObject, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QWidget

GRACE_S = float(os.environ.get("SFUMATO_TEST_GRACE_S", "2"))
"""How long a thread or a process that was told to end may take to do so; shorter where leaks are planted."""

# tqdm watches its bars from one daemon thread for the life of the process. Qt's threads show up as dummies that
# Python 3.11 never forgets, and are looked at as QThreads below.
THREADS_OF_THE_HOUSE = ("TMonitor", "_DummyThread")
# multiprocessing keeps these two for the life of the process, once shared memory was used.
PROCESSES_OF_THE_HOUSE = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


@dataclass(frozen=True)
class Kind:
    """One kind of Qt object that can be left running.

    Attributes:
        type: the class whose `start` is watched.
        runs: tells whether an object of it still runs.
        end: stops it, so that one test's leak does not become the next one's.
    """

    type: type[QObject]
    runs: Callable[[Any], bool]
    end: Callable[[Any], object]


def _thread_runs(thread: QThread) -> bool:
    return thread.isRunning() and not thread.wait(int(GRACE_S * 1000))


def _end_thread(thread: QThread) -> None:
    thread.requestInterruption()
    thread.quit()
    if not thread.wait(int(GRACE_S * 1000)):
        thread.terminate()
        thread.wait()


KINDS = (
    Kind(QThread, _thread_runs, _end_thread),
    Kind(QTimer, QTimer.isActive, QTimer.stop),
    Kind(QAbstractAnimation, lambda a: a.state() == QAbstractAnimation.State.Running, QAbstractAnimation.stop),
)


@dataclass(frozen=True)
class Started:
    """Something a test started.

    Attributes:
        kind: what it is.
        reference: the Qt object, held weakly so that watching it does not keep it alive.
        where: `file:line` of the call.
    """

    kind: Kind
    reference: weakref.ref[QObject]
    where: str

    def running(self) -> QObject | None:
        """Return the object if both its Python and its C++ half exist and it runs."""
        found = self.reference()
        return found if found is not None and shiboken6.isValid(found) and self.kind.runs(found) else None


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail when a Python thread outlives the test."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + GRACE_S
    started = [t for t in set(threading.enumerate()) - before if type(t).__name__ not in THREADS_OF_THE_HOUSE]
    for thread in started:
        thread.join(max(0.0, deadline - time.monotonic()))
    if left := [thread.name for thread in started if thread.is_alive()]:
        pytest.fail(f"leaked threading.Thread: {', '.join(left)}")


@pytest.fixture(autouse=True)
def no_leaked_processes() -> Iterator[None]:
    """Fail when a child process outlives the test, and end it."""
    before = _children()
    yield
    started = [child for child in _children() - before if not _of_the_house(child)]
    _, left = psutil.wait_procs(started, timeout=GRACE_S) if started else ([], [])
    names = [f"{child.pid} {_command(child)}" for child in left]
    for child in left:
        child.kill()
    if names:
        psutil.wait_procs(left, timeout=GRACE_S)
        pytest.fail(f"leaked child process: {', '.join(names)}")


@pytest.fixture(autouse=True)
def no_leaked_qt(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail when a QThread, timer, animation, pool task or top-level widget outlives a test that uses Qt."""
    if "qapp" not in request.fixturenames:
        yield
        return
    started: list[Started] = []
    for kind in KINDS:
        _watch(monkeypatch, kind, started)
    before = QApplication.topLevelWidgets()
    yield
    _settle()
    if _running(started) or _new_widgets(before):
        # A cycle that only the collector can free is garbage and no leak. Collecting costs 0.1 s once torch is loaded,
        # so only on suspicion.
        gc.collect()
        _settle()
    running, widgets = _running(started), _new_widgets(before)
    leaks = [f"leaked {one.kind.type.__name__}, started at {one.where}: {found!r}" for one, found in running]
    leaks += [f"leaked top-level widget: {widget!r}" for widget in widgets]
    if not QThreadPool.globalInstance().waitForDone(int(GRACE_S * 1000)):
        leaks.append("leaked task in the global QThreadPool")
    for one, found in running:
        one.kind.end(found)
    for widget in widgets:
        widget.close()
        widget.deleteLater()
    _settle()
    if leaks:
        pytest.fail("\n".join(leaks))


def _watch(monkeypatch: pytest.MonkeyPatch, kind: Kind, started: list[Started]) -> None:
    """Note every start of a `kind` from Python."""
    start: Callable[..., None] = kind.type.start  # pyright: ignore[reportAttributeAccessIssue]  # all KINDS have it

    def noting_start(self: QObject, *args: object, **options: object) -> None:
        call = traceback.extract_stack(limit=2)[0]
        started.append(Started(kind, weakref.ref(self), f"{call.filename}:{call.lineno}"))
        start(self, *args, **options)

    monkeypatch.setattr(kind.type, "start", noting_start)


def _running(started: list[Started]) -> list[tuple[Started, QObject]]:
    seen: dict[int, tuple[Started, QObject]] = {}
    for one in started:
        if (found := one.running()) is not None:
            seen.setdefault(id(found), (one, found))
    return list(seen.values())


def _new_widgets(before: list[QWidget]) -> list[QWidget]:
    known = {id(widget) for widget in before}
    return [widget for widget in QApplication.topLevelWidgets() if id(widget) not in known]


def _settle() -> None:
    """Deliver what was posted; deletions would wait for an event loop otherwise."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()


def _children() -> set[psutil.Process]:
    """Return this process's children, theirs, and so on.

    Linux lists them under their parents; psutil looks at every process of the machine, for 1 to 10 ms twice a test.
    """
    if not Path(f"/proc/self/task/{threading.get_native_id()}/children").exists():
        return set(psutil.Process().children(recursive=True))
    found: set[psutil.Process] = set()
    parents = [os.getpid()]
    while parents:
        pids = _listed_children(parents.pop())
        parents += pids
        for pid in pids:
            with suppress(psutil.NoSuchProcess):
                found.add(psutil.Process(pid))
    return found


def _listed_children(parent: int) -> list[int]:
    """Return what a process's threads started and has not been waited for; Linux only."""
    pids: list[int] = []
    for listed in Path(f"/proc/{parent}/task").glob("*/children"):
        # A process or a thread that has ended since has no children.
        with suppress(OSError):
            pids += map(int, listed.read_text("ascii").split())
    return pids


def _of_the_house(child: psutil.Process) -> bool:
    try:
        return child.status() == psutil.STATUS_ZOMBIE or any(name in _command(child) for name in PROCESSES_OF_THE_HOUSE)
    except psutil.NoSuchProcess:
        return True


def _command(child: psutil.Process) -> str:
    try:
        return " ".join(child.cmdline())
    except psutil.Error:
        return child.name() if child.is_running() else "(gone)"
