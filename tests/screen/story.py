"""What an artist does on the canvas, from the first picture to the last undo, on a real screen with the starter model.

    PYTHONPATH=packaging python -m tests.screen.story FOLDER [--theme light]

writes a screenshot of each stage into FOLDER. `test_story.py` tells the same story. The README shows two of them:
`... tests.screen.story resources/screenshots --only inpainting proposals`.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw

from tests.screen.xvfb import missing_programs, x_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screen.xvfb import Program, Screen

Line = dict[str, Any]
PAGE: Final = "https://pictures.example/landscape"


def landscape() -> bytes:
    """Return a picture to drop: a plain drawing of hills, as a PNG."""
    image = Image.new("RGB", (256, 256), (150, 205, 240))
    pen = ImageDraw.Draw(image)
    pen.ellipse((170, 26, 222, 78), fill=(255, 225, 120))
    pen.polygon([(0, 190), (70, 110), (150, 190)], fill=(96, 128, 160))
    pen.polygon([(80, 200), (180, 90), (256, 190), (256, 200)], fill=(76, 108, 140))
    pen.rectangle((0, 186, 256, 256), fill=(104, 168, 92))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@dataclass
class Story:
    """One artist at one window.

    Attributes:
        screen: where it stands.
        window: the program.
        folder: for screenshots; None takes none.
        only: names of the screenshots that are kept; none: all.
    """

    screen: Screen
    window: Program
    folder: Path | None = None
    only: tuple[str, ...] = ()

    def place(self, name: str, dx: int = 0, dy: int = 0) -> tuple[int, int]:
        """Return the middle of a part of the window, or a place beside it."""
        x, y = self.window.wait("ready")[name]
        return x + dx, y + dy

    def state(self, holds: Callable[[Line], bool]) -> Line:
        """Wait for a state of the document."""
        return self.window.wait("state", holds)

    def shoot(self, name: str) -> None:
        """Keep what the window shows."""
        if self.folder is not None and (not self.only or name in self.only):
            left, top, width, height = self.window.wait("ready")["window"]
            self.screen.shot().crop((left, top, left + width, top + height)).save(self.folder / f"{name}.png")

    def write(self, prompt: str) -> None:
        """Write another prompt."""
        self.screen.click(*self.place("prompt"))
        self.screen.key("ctrl+a")
        self.screen.xdotool("type", "--delay", 8, prompt)

    def stroke(self, *points: tuple[int, int]) -> None:
        """Draw through places given from the middle of the canvas."""
        places = [self.place("canvas", *point) for point in points]
        self.screen.carry(places[0], places[1])
        for start, end in pairwise(places[1:]):
            self.screen.move(start, end)
        self.screen.release()

    def paint_first_picture(self) -> Line:
        """Write, press Ctrl+Enter, watch it come into being, accept it with Enter."""
        self.write("a castle on a sky blue background, cartoon")
        self.screen.key("ctrl+Return")
        self.window.wait("progress", lambda line: line["step"] >= 10)
        self.shoot("denoising")
        self.state(lambda line: line["proposals"] == 1)
        self.window.wait("finished")
        self.shoot("proposed")
        self.screen.key("F6")
        self.screen.key("Return")
        return self.state(lambda line: len(line["layers"]) == 1 and line["proposals"] == 0)

    def drop_picture(self) -> Line:
        """Drag a picture from another program onto the canvas; it becomes a layer."""
        self.window.forget_states()
        forms = {"image/png": landscape(), "text/uri-list": f"{PAGE}.png\r\n".encode()}
        packed = {kind: base64.b64encode(data).decode() for kind, data in forms.items()}
        other = self.screen.python("tests.screen.other_side", json.dumps(packed))
        x, y = other.wait("ready")["source"]
        self.screen.carry((x, y), self.place("canvas", -80, -40))
        self.shoot("dropping")
        self.screen.release()
        state = self.state(lambda line: len(line["layers"]) == 2)
        other.end()
        # The keyboard comes back from a window that is gone when the window manager likes.
        self.screen.xdotool("search", "--onlyvisible", "--name", "Sfumato$", "windowactivate", "--sync")
        return state

    def paint_over(self) -> Line:
        """Pick the sun's colour, and draw a path with it on the dropped picture."""
        before = self.state(lambda line: len(line["layers"]) == 2)["seen"]
        self.screen.key("i")
        # Not with Alt: window managers take a click with it for themselves.
        self.screen.click(*self.place("canvas", 165, -190))
        self.screen.key("b")
        self.stroke((-60, 240), (-20, 220), (30, 200), (0, 180), (40, 160))
        state = self.state(lambda line: len(line["layers"]) == 2 and line["seen"] != before)
        self.shoot("painted")
        return state

    def mask(self) -> Line:
        """Brush a mask over what is to be painted anew."""
        self.screen.key("q")
        for dy in (-240, -205, -168, -130, -95):
            self.stroke((-165, dy), (-20, dy))
        state = self.state(lambda line: line["has_mask"] and line["kind"] == "INPAINT")
        self.shoot("masked")
        return state

    def inpaint(self) -> Line:
        """Ask for something else there, watch it come in place, step through what was proposed."""
        self.window.forget_all("progress", "finished")
        self.write("a balloon on a sky blue background, cartoon")
        self.screen.key("ctrl+Return")
        self.window.wait("progress", lambda line: line["step"] >= 12)
        self.shoot("inpainting")
        self.state(lambda line: line["proposals"] == 1)
        self.window.wait("finished")
        self.screen.key("F6")
        self.window.forget_states()
        self.screen.key("ctrl+m")
        self.state(lambda line: line["proposals"] == 4)
        state = self.state(lambda line: line["proposals"] == 5)
        self.shoot("proposals")
        return state

    def keep_one(self) -> Line:
        """Step to another proposal and keep it as a layer."""
        self.window.forget_states()
        self.screen.key("Right")
        self.screen.key("Return")
        state = self.state(lambda line: len(line["layers"]) == 3 and line["proposals"] == 0)
        self.shoot("accepted")
        return state

    def drag_out(self) -> Line:
        """Drag what is seen to another program."""
        other = self.screen.python("tests.screen.other_side", "{}")
        x, y = other.wait("ready")["target"]
        self.screen.carry(self.place("handle"), (x, y))
        other.wait("entered")
        self.screen.release()
        received = other.wait("received")
        other.end()
        self.screen.xdotool("search", "--onlyvisible", "--name", "Sfumato$", "windowactivate", "--sync")
        return received

    def undo(self, times: int, holds: Callable[[Line], bool]) -> Line:
        """Take back what was done last, so many times."""
        self.window.forget_states()
        for _ in range(times):
            self.screen.key("ctrl+z")
        return self.state(holds)


def begin(screen: Screen, home: Path, theme: str = "dark", folder: Path | None = None) -> Story:
    """Open the window and wait until it can paint."""
    os.environ["SFUMATO_HOME"] = str(home)
    window = screen.python("tests.screen.window_side", theme)
    story = Story(screen, window, folder)
    window.wait("engine", lambda line: line["state"] == "READY")
    window.wait("ready")
    return story


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="for the screenshots")
    parser.add_argument("--only", nargs="*", default=(), help="names of the screenshots to keep")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    arguments = parser.parse_args()
    if missing := missing_programs():
        sys.stderr.write(f"not installed: {', '.join(missing)}\n")
        return 1
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, x_server(1440, 960) as screen:
        story = begin(screen, Path(home), arguments.theme, arguments.folder)
        story.only = tuple(arguments.only)
        for stage in (
            story.paint_first_picture,
            story.drop_picture,
            story.paint_over,
            story.mask,
            story.inpaint,
            story.keep_one,
            story.drag_out,
        ):
            sys.stdout.write(f"{stage.__name__}: {json.dumps(stage())}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
