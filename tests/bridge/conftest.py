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
from tests.fakes import Script, ScriptedEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication

    from studio.bridge.worker import EngineFactory

    Open = Callable[[EngineFactory], Session]


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
