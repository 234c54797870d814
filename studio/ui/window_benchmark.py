"""What ``sfumato bench`` wants to know of the window, measured inside the real one.

``python -m studio.ui.window_benchmark PICTURES`` opens the window, starts the engine's process, lets it load its model,
paints that many pictures and prints one JSON object. `studio.cli.bench_window` starts it with a home of its own.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import psutil
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from studio.bridge.session import Session
from studio.bridge.stall_meter import StallMeter, Stalls
from studio.services.engine_process import EngineProcess
from studio.services.paths import Paths
from studio.ui.first_paint import FirstPaint
from studio.ui.main_window import MainWindow
from studio.ui.theme import apply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.domain.errors import StudioError
    from studio.domain.events import Failed, Finished

PROMPT: Final = "a red fox, 3d"


@dataclass(frozen=True, slots=True)
class WindowRun:
    """What was seen.

    Attributes:
        stalls: gaps of the event loop from the first paint to the last picture.
        memory_bytes: resident memory of the window's process afterwards.
        pictures: how many were painted.
    """

    stalls: Stalls
    memory_bytes: int
    pictures: int


class _Run(QObject):
    """Asks for one picture after the other."""

    def __init__(self, window: MainWindow, session: Session, pictures: int) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._left = pictures
        self._pictures = pictures
        self._meter = StallMeter(self)
        self.seen: WindowRun | None = None
        self.trouble = ""
        session.generation.finished.connect(self._on_finished)
        session.generation.failed.connect(self._on_failed)
        session.generation.engine_failed.connect(self._on_trouble)

    def begin(self) -> None:
        """Start what the window starts after its first paint, and ask for the first picture at once."""
        self._meter.start()
        self._session.start()
        self._window.prompt_panel.write(PROMPT)
        self._window.commands.window.generate()

    def _on_finished(self, _: Finished) -> None:
        self._left -= 1
        if self._left:
            self._window.commands.window.generate()
        else:
            self.seen = WindowRun(self._meter.stop(), psutil.Process().memory_info().rss, self._pictures)
            self._window.close()

    def _on_failed(self, failed: Failed) -> None:
        self._on_trouble(failed.error)

    def _on_trouble(self, error: StudioError) -> None:
        self.trouble = str(error)
        self._meter.stop()
        self._window.close()


def main(arguments: Sequence[str]) -> int:
    """Measure, print, return the exit code."""
    paths = Paths.of_user(os.environ)
    app = QApplication(["sfumato"])
    session = Session(paths, lambda: EngineProcess(cache_folder=paths.engine_cache))
    apply(app, session.settings.theme)
    window = MainWindow(session)
    run = _Run(window, session, int(arguments[0]))
    first_paint = FirstPaint(window, run.begin)
    window.show()
    app.exec()
    first_paint.forget()
    session.close()
    if run.seen is None:
        sys.stderr.write(f"{run.trouble or 'the window was closed'}\n")
        return 1
    sys.stdout.write(json.dumps(asdict(run.seen)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
