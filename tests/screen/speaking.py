"""What the programs of the screen tests have in common: they say in lines of JSON what happens to them."""

from __future__ import annotations

import json
import signal
import sys
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QApplication, QWidget

_LOOKS: Final = 5
"""So many looks in a row must find everything in its place: a window manager moves a window after it is shown."""


def say(event: str, **facts: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Write one line for the test."""
    sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
    sys.stdout.flush()


def middle(widget: QWidget, place: QPoint | None = None) -> tuple[int, int]:
    """Return a place of a widget, its middle if none, on the screen."""
    where = widget.mapToGlobal(widget.rect().center() if place is None else place)
    return where.x(), where.y()


def run(app: QApplication, places: Callable[[], Mapping[str, tuple[int, ...]]]) -> int:
    """Say where things are once they stay there, and run until the test ends the program."""
    seen: list[Mapping[str, tuple[int, ...]]] = []

    def look() -> None:
        seen[:] = [*seen[-_LOOKS + 1 :], places()]
        if len(seen) == _LOOKS and all(each == seen[0] for each in seen):
            # From here on the timer only lets Python hear signals.
            seen.clear()
            timer.timeout.disconnect(look)
            say("ready", **places())

    signal.signal(signal.SIGTERM, lambda *_: app.quit())
    timer = QTimer(app, interval=50)
    timer.timeout.connect(look)
    timer.timeout.connect(lambda: None)
    timer.start()
    return app.exec()
