"""The window: joins the rooms, shows the first frame, then starts everything else."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from studio.bridge.end_requests import EndRequests
from studio.bridge.session import Session
from studio.bridge.unforeseen import UnforeseenErrors
from studio.domain.errors import StudioError
from studio.services.display import require_display
from studio.services.log_file import start_log, stop_log
from studio.services.paths import Paths
from studio.ui.first_paint import FirstPaint
from studio.ui.main_window import MainWindow
from studio.ui.theme import apply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from studio.domain.ports import Engine

DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
DTYPES = ("auto", "float32", "bfloat16", "float16")


def main(arguments: Sequence[str]) -> int:
    """Open the window; return the exit code once it is closed: 0, or 1 where there is no screen."""
    options = _parser().parse_args(arguments)
    try:
        require_display(os.environ)
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    paths = Paths.of_user(os.environ)
    start_log(paths.log, verbose=options.verbose)
    try:
        return _run(paths, options)
    finally:
        stop_log()


def _run(paths: Paths, options: argparse.Namespace) -> int:
    # Every place the pointer was at counts for a stroke; merged moves would cut its corners.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    app = QApplication(["sfumato"])
    app.setApplicationName("Sfumato")
    app.setDesktopFileName("sfumato")
    unforeseen = UnforeseenErrors(paths.log)
    unforeseen.install()
    session = Session(paths, _engine_factory(paths, options))
    unforeseen.happened.connect(session.troubled)
    end_requests = EndRequests()
    try:
        apply(app, session.settings.theme)
        window = MainWindow(session)
        end_requests.asked.connect(window.close)
        first_paint = FirstPaint(window, session.start)
        window.show()
        code = app.exec()
        first_paint.forget()
    finally:
        end_requests.close()
        session.close()
        unforeseen.close()
    return code


def _engine_factory(paths: Paths, options: argparse.Namespace) -> Callable[[], Engine]:
    """Return what makes the engine, on its own thread."""

    def in_a_process() -> Engine:
        from studio.services.engine_process import EngineProcess

        return EngineProcess(options.device, options.dtype, paths.engine_cache)

    def in_this_process() -> Engine:
        from studio.engine.diffusers_engine import DiffusersEngine  # loads torch, which takes seconds

        return DiffusersEngine(options.device, options.dtype, paths.engine_cache)

    return in_this_process if options.engine == "thread" else in_a_process


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sfumato", description="Open the window.")
    parser.add_argument(
        "--engine",
        choices=("process", "thread"),
        default="process",
        help="where to paint: in a process of its own, which a crash cannot take the window with, or in this one",
    )
    parser.add_argument("--device", choices=DEVICES, default="auto", help="what computes")
    parser.add_argument("--dtype", choices=DTYPES, default="auto", help="how numbers are held while denoising")
    parser.add_argument("--verbose", action="store_true", help="show on the terminal what goes into the log")
    return parser
