"""The whole window with the engine's own process and the starter model; says what happens in it.

    python -m tests.screen.window_side THEME

User data goes where ``SFUMATO_HOME`` says.
"""

from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio.bridge.session import Session
from studio.domain.canvas.composite import flatten
from studio.services.engine_process import EngineProcess
from studio.services.paths import Paths
from studio.ui import theme
from studio.ui.main_window import MainWindow
from tests.screen.speaking import middle, run, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from studio.domain.canvas.state import CanvasState
    from studio.domain.errors import StudioError
    from studio.domain.events import Progress

LOOK_MS = 50
SEED = 5


class Reporter:
    """Says what changes in a window: of the document what is there between two strokes."""

    def __init__(self, session: Session, window: MainWindow) -> None:
        self._session, self._window = session, window
        self._told: tuple[object, ...] = ()
        looking = QTimer(window, interval=LOOK_MS)
        looking.timeout.connect(self._look)
        looking.start()
        session.generation.engine_state_changed.connect(lambda state: say("engine", state=state.name))
        session.generation.progressed.connect(self._on_progress)
        session.generation.finished.connect(lambda _: say("finished"))
        session.generation.cancelled.connect(lambda _: say("cancelled"))
        session.generation.failed.connect(lambda failed: say("failed", words=str(failed.error)))
        session.troubled.connect(self._on_trouble)

    def _look(self) -> None:
        session = self._session
        now = (session.canvas.state, session.painting.proposals.shown, session.painting.frame.ask)
        if now != self._told and not session.canvas.is_in_gesture:
            self._told = now
            self._tell(session.canvas.state)

    def _tell(self, state: CanvasState) -> None:
        outside = flatten(state.layers, state.frame)
        outside[state.mask.read(state.frame) > 0] = 0
        shown = self._session.painting.proposals.shown
        say(
            "state",
            layers=[layer.name for layer in state.layers],
            proposals=len(state.proposals),
            shown=None if shown is None else shown.seed,
            kind=self._session.painting.frame.ask.kind.name,
            has_mask=not state.mask.is_empty,
            frame=[state.frame.x, state.frame.y, state.frame.width, state.frame.height],
            seen=hashlib.sha256(flatten(state.layers, state.frame).tobytes()).hexdigest(),
            outside=hashlib.sha256(outside.tobytes()).hexdigest(),
        )

    def _on_progress(self, progress: Progress) -> None:
        say("progress", phase=progress.phase.name, step=progress.step, index=progress.index)

    def _on_trouble(self, error: StudioError) -> None:
        say("trouble", words=str(error))

    def places(self) -> dict[str, tuple[int, ...]]:
        """Return where the middles of things are on the screen, and where the window is: left, top, width, height."""
        window = self._window
        named: dict[str, QWidget] = {
            "canvas": window.canvas,
            "prompt": window.prompt_panel.prompt.edit,
            "generate": window.prompt_panel.button,
            "history": window.history.viewport(),
            "handle": window.workspace.handle,
        }
        corner = window.mapToGlobal(window.rect().topLeft())
        area = (corner.x(), corner.y(), window.width(), window.height())
        return {"window": area, **{name: middle(widget) for name, widget in named.items()}}


def main(theme_name: str, also: Callable[[Session, MainWindow], object] | None = None) -> int:
    """Open the window.

    Args:
        theme_name: what it wears.
        also: says more about it.
    """
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    app = QApplication(["sfumato"])
    theme.apply(app, theme_name)
    paths = Paths.of_user(os.environ)
    session = Session(paths, lambda: EngineProcess("auto", "auto", paths.engine_cache))
    session.models = tuple(model for model in session.models if model.ref.id == "starter")
    # The starter model paints a thing as large as three quarters of what it sees: little context leaves it whole.
    session.update_settings(seed=SEED, seed_locked=True, padding=12)
    window = MainWindow(session)
    reporter = Reporter(session, window)
    # Kept here: a connection holds no object alive.
    more = None if also is None else also(session, window)
    window.show()
    session.start()
    try:
        return run(app, reporter.places)
    finally:
        del more
        window.close()
        session.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
