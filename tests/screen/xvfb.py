"""An X server with nobody in front of it, programs on it, and the hand that moves its pointer."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from PIL import ImageGrab

from system_packages import SCREEN_PROGRAMS, WINDOW_LIBRARIES, loads
from tests.architecture.tree import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

    from PIL import Image

PATIENCE_S: Final = 30.0
"""How long anything may take on a busy machine before a test gives up."""
_STEPS: Final = 20
_STEP_S: Final = "0.02"
"""Pace of a hand; a pointer that jumps starts no drag."""


def missing_programs() -> list[str]:
    """Return what is not installed: programs, and libraries without which Qt opens no window."""
    programs = [name for name in SCREEN_PROGRAMS if shutil.which(name) is None]
    return [*programs, *(name for name in WINDOW_LIBRARIES if not loads(name))]


class Program:
    """A process on the screen that says what happens to it in lines of JSON.

    Attributes:
        said: every line so far, in order.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.said: list[dict[str, Any]] = []
        self._process = process
        self._news = threading.Condition()
        self._is_over = False
        self._reader = threading.Thread(target=self._read, name=f"lines of {process.pid}")
        self._reader.start()

    def wait(self, event: str, holds: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """Return the first line of an event that ``holds`` accepts, whether it came already or comes later."""

        def found() -> dict[str, Any] | None:
            return next((line for line in self.said if line.get("event") == event and holds(line)), None)

        with self._news:
            self._news.wait_for(lambda: found() or self._is_over, PATIENCE_S)
            line = found()
        assert line is not None, f"no {event} among {self.said}"
        return line

    def forget(self) -> None:
        """Begin to listen anew."""
        with self._news:
            self.said.clear()

    def forget_all(self, *events: str) -> None:
        """Forget every line of these events."""
        with self._news:
            self.said[:] = [line for line in self.said if line.get("event") not in events]

    def forget_states(self) -> None:
        """Forget every state of the document but the latest."""
        self.forget_but_last("state")

    def forget_but_last(self, event: str) -> None:
        """Forget every line of an event but the latest."""
        with self._news:
            lines = [line for line in self.said if line.get("event") == event]
            self.said[:] = [line for line in self.said if line.get("event") != event] + lines[-1:]

    def end(self) -> None:
        """End the process."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                with suppress(ValueError):
                    told = json.loads(line)
                    self.said += [told] if isinstance(told, dict) else []
                self._news.notify_all()
        with self._news:
            self._is_over = True
            self._news.notify_all()


class Screen:
    """One X server with a window manager.

    Attributes:
        display: its name, as ``DISPLAY`` has it.
    """

    def __init__(self, display: str, scale: int = 1) -> None:
        """Begin with no program.

        Args:
            display: its name.
            scale: of its pixels to those of the programs.
        """
        self.display = display
        self._scale = scale
        self._programs: list[Program] = []
        self._clipboards: list[subprocess.Popen[bytes]] = []

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment of a program on this screen."""
        ours = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "GDK_BACKEND": "x11"}
        theirs = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"}
        return {**theirs, **ours, "QT_SCALE_FACTOR": str(self._scale)}

    def python(self, module: str, *arguments: str | Path) -> Program:
        """Start a module of the tests in a Python of its own; it is ended with the test."""
        command = [sys.executable, "-m", module, *map(str, arguments)]
        process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=subprocess.PIPE, text=True)
        self._programs.append(Program(process))
        return self._programs[-1]

    def xdotool(self, *words: str | int) -> str:
        """Run xdotool and return what it prints."""
        command = ["xdotool", *map(str, words)]
        run = subprocess.run(command, env=self.environ, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
        return run.stdout.strip()

    def window(self, title: str) -> tuple[int, int, int, int]:
        """Wait for a window of exactly this title and return its left, top, width and height."""
        found = self.xdotool("search", "--sync", "--onlyvisible", "--name", f"^{re.escape(title)}$").splitlines()[-1]
        lines = self.xdotool("getwindowgeometry", "--shell", found).splitlines()
        numbers = {name: int(value) for name, _, value in (line.partition("=") for line in lines)}
        return numbers["X"], numbers["Y"], numbers["WIDTH"], numbers["HEIGHT"]

    def click(self, x: int, y: int) -> None:
        """Click at a place of the screen."""
        self.xdotool("mousemove", x, y, "click", 1)

    def key(self, keys: str) -> None:
        """Press keys where the keyboard is, such as ``ctrl+v``."""
        self.xdotool("key", "--clearmodifiers", keys)

    def carry(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the button at one place of the screen and move to another one; the button stays pressed."""
        self.xdotool("mousemove", *start, "mousedown", 1)
        self.move(start, end)

    def move(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Move the pointer, as a hand does."""
        words: list[str | int] = []
        for step in range(1, _STEPS + 1):
            x = start[0] + (end[0] - start[0]) * step // _STEPS
            y = start[1] + (end[1] - start[1]) * step // _STEPS
            words += ["mousemove", x, y, "sleep", _STEP_S]
        self.xdotool(*words)

    def release(self) -> None:
        """Let the button go."""
        self.xdotool("mouseup", 1)

    def copy(self, kind: str, data: bytes) -> None:
        """Offer data of a kind on the clipboard, from a process of its own, until something else is copied."""
        self._drop_clipboards()
        # -quiet keeps xclip in the foreground, where it can be ended.
        command = ["xclip", "-quiet", "-selection", "clipboard", "-t", kind, "-i"]
        owner = subprocess.Popen(command, env=self.environ, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._clipboards.append(owner)
        assert owner.stdin is not None
        owner.stdin.write(data)
        owner.stdin.close()
        until(lambda: kind in self.clipboard("TARGETS").decode().split(), f"a clipboard with {kind}")

    def clipboard(self, kind: str) -> bytes:
        """Return what is on the clipboard as this kind; empty where it is not."""
        command = ["xclip", "-selection", "clipboard", "-t", kind, "-o"]
        return subprocess.run(command, env=self.environ, capture_output=True, check=False, timeout=PATIENCE_S).stdout

    def shot(self) -> Image.Image:
        """Return what is on the screen."""
        return ImageGrab.grab(xdisplay=self.display)

    def clear(self) -> None:
        """Let the button go and end every program that was started."""
        self.release()
        while self._programs:
            self._programs.pop().end()
        self._drop_clipboards()

    def _drop_clipboards(self) -> None:
        while self._clipboards:
            owner = self._clipboards.pop()
            owner.terminate()
            owner.wait(PATIENCE_S)


def until(holds: Callable[[], bool], what: str) -> None:
    """Look again and again until something holds; each look starts a process, which is pause enough."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"there was never {what}"


@contextmanager
def x_server(width: int = 1280, height: int = 900, scale: int = 1) -> Generator[Screen]:
    """Start an X server on a free display, with a window manager, and end both."""
    readable, writable = os.pipe()
    size = f"{width}x{height}x24"
    command = ["Xvfb", "-displayfd", str(writable), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, pass_fds=[writable], stdout=quiet, stderr=quiet) as server:
        try:
            os.close(writable)
            screen = Screen(_display(readable), scale)
            command = ["openbox", "--sm-disable"]
            with subprocess.Popen(command, env=screen.environ, stdout=quiet, stderr=quiet) as wm:
                try:
                    until(lambda: _has_window_manager(screen), "a window manager")
                    yield screen
                    screen.clear()
                finally:
                    wm.terminate()
        finally:
            server.terminate()


def _display(readable: int) -> str:
    with os.fdopen(readable) as pipe:
        ready, _, _ = select.select([pipe], [], [], PATIENCE_S)
        assert ready, "Xvfb does not start"
        return f":{pipe.readline().strip()}"


def _has_window_manager(screen: Screen) -> bool:
    # Answered only where a window manager has told of its desktops.
    command = ["xdotool", "get_desktop"]
    return subprocess.run(command, env=screen.environ, capture_output=True, check=False).returncode == 0
