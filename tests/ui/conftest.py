"""What the window's tests stand on: the real window over a session whose engine follows a script."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from studio.bridge.background import Background
from studio.bridge.session import Session
from studio.services.paths import Paths
from studio.ui import theme
from studio.ui.main_window import MainWindow
from tests.fakes import Script, ScriptedEngine
from tests.paper_model import write_paper_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    Open = Callable[..., MainWindow]


@pytest.fixture
def paths() -> Paths:
    """The folders of a user who has one model."""
    paths = Paths.of_user(os.environ)
    write_paper_model(paths.models, "paper")
    return paths


@pytest.fixture
def disk(qtbot: QtBot) -> Iterator[Background]:
    """A thread for what touches the disk."""
    assert qtbot
    disk = Background("test disk")
    yield disk
    disk.close()


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    """The application in the dark theme."""
    theme.apply(qapp, "dark")
    return qapp


@pytest.fixture
def session_of(app: QApplication, paths: Paths) -> Iterator[Callable[..., Session]]:
    """Open a session that is not started; the model that ships with Sfumato is left aside."""
    assert app
    sessions: list[Session] = []

    def open_session(*scripts: Script) -> Session:
        session = Session(paths, lambda: ScriptedEngine(*scripts))
        session.models = tuple(model for model in session.models if model.ref.id == "paper")
        session.update_settings(model="paper")
        sessions.append(session)
        return session

    yield open_session
    for session in sessions:
        session.close()


@pytest.fixture
def window_of(session_of: Callable[..., Session], qtbot: QtBot) -> Iterator[Open]:
    """Open a window whose engine follows these scripts, as large as the smallest screen it is made for."""
    windows: list[MainWindow] = []

    def open_window(*scripts: Script) -> MainWindow:
        session = session_of(*scripts)
        window = MainWindow(session)
        windows.append(window)
        window.resize(1024, 700)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        session.start()
        return window

    yield open_window
    for window in windows:
        window.close()
        window.deleteLater()


@pytest.fixture
def window(window_of: Open) -> MainWindow:
    """A window in which every job goes its ordinary way."""
    return window_of()
