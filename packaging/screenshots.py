"""Make the pictures of the window: the real window, driven by keys and clicks.

    python packaging/screenshots.py FOLDER                     with the real engine and the starter model
    python packaging/screenshots.py FOLDER --scripted          with the tests' scripted engine: seconds, no model needed
    python packaging/screenshots.py FOLDER --only denoising    one of them

Without a display it paints off-screen. Each scene is a process of its own, because Qt reads the scale once.
The README's pictures come from `tests/screen/story.py`, which paints on the canvas.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.bridge.session import Session
from studio.domain.errors import OutOfMemory
from studio.domain.events import Phase
from studio.domain.geometry import Size
from studio.services.model_library import STARTER
from studio.services.paths import Paths, resources
from studio.ui import theme
from studio.ui.main_window import MainWindow
from tests.fakes import Gate, Script, ScriptedEngine
from tests.paper_model import write_paper_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.domain.ports import Engine

PATIENCE_MS = 180_000
SETTLE_MS = 200
PROMPTS = (
    "a red apple, 3d",
    "a cat, flat",
    "a fox on a blue background, flat",
    "an airplane, cartoon",
    "a rocket on a yellow background, 3d",
)
SHOWN = "a red fox, 3d"
HALF_WAY = 12
NO_ROOM = OutOfMemory(
    "The picture did not fit into memory",
    "512x512 with 20 steps needs about 3.1 GB, and 1.2 GB were free",
    "Paint a smaller picture, or close other programs",
)


class Stage:
    """The window of one scene, with what a person at it can do."""

    def __init__(self, engine: Engine | None, home: Path, name: str, size: QSize) -> None:
        self.app = QApplication([])
        theme.apply(self.app, name)
        paths = Paths.of_user({"SFUMATO_HOME": str(home)})
        if engine is not None and not (resources() / "models" / STARTER).is_dir():
            write_paper_model(paths.models, STARTER)
        self.session = Session(paths, (lambda: engine) if engine is not None else _engine_process(paths))
        self.window = MainWindow(self.session)
        self.window.resize(size)
        self.window.show()
        # Shortcuts reach the active window only.
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        self.session.start()

    def paint(self, prompt: str) -> None:
        """Write a prompt and press Ctrl+Enter."""
        edit = self.window.prompt_panel.prompt.edit
        edit.selectAll()
        QTest.keyClicks(edit, prompt)
        QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something, as long as `PATIENCE_MS`.

        Raises:
            TimeoutError: it did not come.
        """
        deadline = QDeadlineTimer(PATIENCE_MS)
        while not condition():
            if deadline.hasExpired():
                message = f"waited {PATIENCE_MS} ms in vain"
                raise TimeoutError(message)
            QTest.qWait(5)

    def pictures(self, count: int) -> Callable[[], bool]:
        """Return whether the history shows this many pictures and nothing is being painted."""
        return lambda: (
            self.session.history_model.rowCount() >= count
            and self.session.queue_model.rowCount() == 0
            and self.session.generation.engine_state.value == "ready"
        )

    def paint_history(self) -> None:
        """Fill the history, as after the first minutes."""
        for number, prompt in enumerate(PROMPTS, 1):
            self.paint(prompt)
            self.until(self.pictures(number))

    def save(self, path: Path) -> None:
        """Write what the window shows as a PNG file."""
        QTest.qWait(SETTLE_MS)
        # The smallest file that PNG can make.
        self.window.grab().save(str(path), "PNG", 0)

    def close(self) -> None:
        """End everything."""
        self.window.close()
        self.session.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@dataclass(frozen=True)
class Scene:
    """One picture of the window.

    Attributes:
        play: what is done before the picture is taken.
        script: what the scripted engine does in each job; the last one repeats.
        theme: the colours.
        size: of the window, in device-independent pixels.
        scale: of the screen.
        needs_script: whether the real engine cannot be made to do it.
    """

    play: Callable[[Stage], None]
    script: tuple[Script, ...] = (Script(),)
    theme: str = "dark"
    size: QSize = field(default_factory=lambda: QSize(1280, 800))
    scale: float = 1.0
    needs_script: bool = False


def first_start(stage: Stage) -> None:
    """Wait until the engine is there."""
    stage.until(stage.pictures(0))


def denoising(stage: Stage) -> None:
    """Stand half-way through a picture, with another one waiting."""
    stage.paint_history()
    stage.paint(SHOWN)
    stage.until(lambda: any(row.progress and row.progress.step >= HALF_WAY for row in stage.session.queue_model.rows))
    stage.until(lambda: stage.window.canvas.image is not None)


def finished(stage: Stage) -> None:
    """Look at a finished picture."""
    stage.paint_history()
    stage.paint(SHOWN)
    stage.until(stage.pictures(len(PROMPTS) + 1))


def queue(stage: Stage) -> None:
    """Look at the queue while a picture is painted."""
    stage.paint_history()
    for prompt in (SHOWN, *PROMPTS[:3]):
        stage.paint(prompt)
    stage.until(lambda: any(row.progress and row.progress.step >= HALF_WAY for row in stage.session.queue_model.rows))
    stage.window.side.setCurrentIndex(1)


def failed(stage: Stage) -> None:
    """Read what went wrong."""
    stage.paint(PROMPTS[0])
    stage.until(stage.pictures(1))
    stage.window.prompt_panel.size_fields.set_size(Size(512, 512))
    stage.paint(SHOWN)
    stage.until(lambda: bool(stage.window.messages.text))


HELD = Script(gates=(Gate(Phase.DENOISING, HALF_WAY),))
BEFORE = (Script(),) * len(PROMPTS)
SCENES = {
    "first-start": Scene(first_start),
    "first-start-light": Scene(first_start, theme="light"),
    "denoising": Scene(denoising, (*BEFORE, HELD)),
    "denoising-light": Scene(denoising, (*BEFORE, HELD), theme="light"),
    "finished": Scene(finished),
    "finished-light": Scene(finished, theme="light"),
    "queue": Scene(queue, (*BEFORE, HELD)),
    "error": Scene(failed, (Script(), Script(error=NO_ROOM, error_step=3)), needs_script=True),
    "error-light": Scene(failed, (Script(), Script(error=NO_ROOM, error_step=3)), theme="light", needs_script=True),
    "small": Scene(denoising, (*BEFORE, HELD), size=QSize(1024, 700)),
    "double": Scene(denoising, (*BEFORE, HELD), size=QSize(1024, 700), scale=2.0),
    "half-again": Scene(finished, size=QSize(1024, 700), scale=1.5),
    "large": Scene(finished, size=QSize(3840, 2160)),
}


def _engine_process(paths: Paths) -> Callable[[], Engine]:
    from studio.services.engine_process import EngineProcess  # noqa: PLC0415 - not needed where the engine is scripted

    return lambda: EngineProcess(cache_folder=paths.engine_cache)


def _play(name: str, folder: Path, *, scripted: bool) -> None:
    scene = SCENES[name]
    engine = ScriptedEngine(*scene.script) if scripted or scene.needs_script else None
    accidents: list[BaseException] = []
    # Qt swallows what a slot raises; a picture of a broken window must not be kept.
    sys.excepthook = lambda _kind, error, _trace: accidents.append(error)
    with tempfile.TemporaryDirectory() as home:
        stage = Stage(engine, Path(home), scene.theme, scene.size)
        try:
            scene.play(stage)
            stage.save(folder / f"{name}.png")
        finally:
            stage.close()
    if accidents:
        raise accidents[0]


def main() -> int:
    """Make the pictures; return 1 if a scene failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scripted", action="store_true", help="use the tests' scripted engine")
    parser.add_argument("--only", choices=list(SCENES), action="append", help="only this scene")
    parser.add_argument("--play", choices=list(SCENES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.play:
        _play(options.play, options.folder, scripted=options.scripted)
        return 0
    failures = 0
    for name in options.only or SCENES:
        environment = dict(os.environ, QT_SCALE_FACTOR=str(SCENES[name].scale))
        if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        command = [sys.executable, __file__, str(options.folder), "--play", name]
        done = subprocess.run(command + ["--scripted"] * options.scripted, env=environment, check=False)
        failures += done.returncode != 0
        print(f"{name}: {'made' if done.returncode == 0 else 'failed'}")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
