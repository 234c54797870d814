"""The log: one file that never grows large, by area."""

from __future__ import annotations

import logging
import logging.handlers
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

ROOT: Final = "sfumato"
"""Loggers are named by area below this one: ``sfumato.engine``, ``sfumato.history``."""
MAX_BYTES: Final = 1_000_000
OLD_FILES: Final = 2
_FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def start_log(path: Path, *, verbose: bool) -> None:
    """Write everything of Sfumato's own loggers into a file, and to the terminal too where that is wanted.

    A place that cannot be written costs the log, not the program.

    Args:
        path: the file; two older ones are kept beside it.
        verbose: include what is only of interest to developers, and show it on standard error.
    """
    logger = logging.getLogger(ROOT)
    logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    logger.propagate = False
    handlers: list[logging.Handler] = [logging.StreamHandler()] if verbose else []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Opened with the first line, not on the way to the first painted window.
        handlers.append(
            logging.handlers.RotatingFileHandler(
                path, maxBytes=MAX_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True
            )
        )
    except OSError:
        handlers = handlers or [logging.NullHandler()]
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT))
        logger.addHandler(handler)


def stop_log() -> None:
    """Close the file."""
    logger = logging.getLogger(ROOT)
    for handler in tuple(logger.handlers):
        logger.removeHandler(handler)
        handler.close()


@contextmanager
def terminal_log(*, verbose: bool) -> Generator[None]:
    """Show the log on standard error while a command runs, or show it nowhere; no file is written.

    Without a handler Python would print tracebacks of what is logged as an error.
    """
    logger = logging.getLogger(ROOT)
    handler = logging.StreamHandler() if verbose else logging.NullHandler()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
