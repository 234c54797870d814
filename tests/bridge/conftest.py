"""What the bridge's tests stand on: a session with an engine that follows a script, closed at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from studio.bridge.canvas_generation import CanvasGeneration
from studio.bridge.canvas_store import CanvasStore
from studio.bridge.session import Session
from studio.domain.canvas.state import CanvasState
from studio.services.paths import Paths
from tests.bridge.canvases import FRAME
from tests.bridge.documents import Studio
from tests.domain.canvas.states import first_state
from tests.fakes import Script, ScriptedEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from studio.bridge.worker import EngineFactory

    Open = Callable[[EngineFactory], Session]
    OpenStudio = Callable[..., Studio]


@pytest.fixture
def paths() -> Paths:
    return Paths.of_user(os.environ)


@pytest.fixture
def opened(qapp: QApplication, paths: Paths) -> Iterator[Open]:
    """Open sessions that are not started yet, of one and the same user."""
    assert qapp
    sessions: list[Session] = []

    def open_session(factory: EngineFactory) -> Session:
        sessions.append(Session(paths, factory))
        return sessions[-1]

    yield open_session
    for session in sessions:
        session.close()


@pytest.fixture
def engine() -> ScriptedEngine:
    """The engine of `session`; each job goes its ordinary way."""
    return ScriptedEngine(Script())


@pytest.fixture
def session(opened: Open, engine: ScriptedEngine) -> Session:
    """A started session."""
    session = opened(lambda: engine)
    session.start()
    return session


@pytest.fixture
def store() -> Iterator[CanvasStore]:
    """An empty document with a small frame."""
    store = CanvasStore(CanvasState(frame=FRAME))
    yield store
    store.close()


@pytest.fixture
def canvas(store: CanvasStore, session: Session) -> Iterator[CanvasGeneration]:
    """Generating on that document, with the engine of `session`."""
    canvas = CanvasGeneration(store, session.generation)
    yield canvas
    canvas.close()


@pytest.fixture
def open_studio(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenStudio]:
    """Start a window's part, once its document of the last time is there or is known to be none."""
    studios: list[Studio] = []

    def start(copy_after_ms: int = 1, folder: Path = tmp_path) -> Studio:
        studio = Studio(folder, copy_after_ms)
        studios.append(studio)
        ready: list[object] = []
        studio.keeper.restored.connect(ready.append)
        studio.keeper.begun.connect(lambda: ready.append(None))
        studio.keeper.restore()
        qtbot.waitUntil(lambda: bool(ready))
        return studio

    yield start
    for studio in studios:
        studio.close()


@pytest.fixture
def studio(open_studio: OpenStudio) -> Studio:
    """A window's part without a document of the last time, which makes no copies by itself."""
    studio = open_studio(10**8)
    studio.keeper.begin(first_state())
    return studio
