"""What an artist does with the pictures that were painted: find, mark, look, compare, replay, throw away, bring back.

    PYTHONPATH=packaging python -m tests.screen.gallery_story FOLDER [--theme light] [--size 1920x1080]

writes a screenshot of each stage into FOLDER. `test_gallery_story.py` tells the same story. The README shows three:
`... tests.screen.gallery_story resources/screenshots --many --only gallery compare lineage`.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.screen.hand import Hand, Seen
from tests.screen.strangers import FOREIGN, foreign_picture, stripped
from tests.screen.xvfb import missing_programs, x_server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.screen.xvfb import Screen

FOX: Final = "a red fox, 3d"
HAT: Final = "a red fox, sketch"
OTHERS: Final = (
    "a cat on a blue background, flat",
    "a pizza, cartoon",
    "a castle on a sky blue background, cartoon",
    "a rocket on a black background, 3d",
    "a sunflower, cartoon",
    "a cup of coffee, 3d",
    "a penguin on a sky blue background, cartoon",
    "a strawberry on a pink and white gradient background, 3d",
)
BOARD: Final = "To print"
NOTE: Final = "Ears are good"


@dataclass
class GalleryStory(Hand):
    """One artist among the pictures."""

    def paint(self) -> Seen:
        """Paint a fox twice, keep it, paint a part of it anew, and ask for more like that."""
        self.window.forget_states()
        self.ask_for(FOX)
        self.state(lambda line: line["proposals"] == 1)
        self.screen.key("F6")
        self.screen.key("Return")
        self.state(lambda line: len(line["layers"]) == 1 and line["proposals"] == 0)
        self.screen.key("q")
        for dy in (-200, -160, -120, -80):
            self.stroke((-120, dy), (120, dy))
        self.state(lambda line: line["has_mask"] and line["kind"] == "INPAINT")
        self.ask_for(HAT)
        self.state(lambda line: line["proposals"] == 1)
        self.screen.key("F6")
        self.window.forget_states()
        self.screen.key("ctrl+m")
        for count in range(2, 6):
            self.state(lambda line, count=count: line["proposals"] == count)
        self.screen.key("Return")
        self.state(lambda line: len(line["layers"]) == 2 and line["proposals"] == 0)
        return self.seen(lambda seen: len(seen["strip"]) >= 6 and seen["strip"][5]["title"] == FOX)

    def drop_into_folder(self) -> Seen:
        """Another program writes a picture into the folder."""
        folder = self.home / "pictures"
        source = self.home / "nightwatch.png"
        source.write_bytes(foreign_picture())
        subprocess.run(["cp", str(source), str(folder / "00041-4102.png")], check=True)
        return self.seen(lambda seen: any(cell["title"] == FOREIGN for cell in seen["strip"]))

    # --- the gallery

    def mark(self) -> Seen:
        """Give two pictures a star, and one of them a tag and a note."""
        self.keys("ctrl+g")
        self.entered("GALLERY")
        self.screen.click(*self.cell(FOREIGN))
        self.keys("period")
        self.seen(lambda seen: _has(seen, FOREIGN, star=True))
        self.screen.click(*self.cell(FOX))
        self.keys("period")
        self.seen(lambda seen: _has(seen, FOX, star=True))
        self.keys("t")
        self.seen(lambda seen: "Tags" in seen["parts"])
        self.type("portrait")
        self.keys("Return")
        self.seen(lambda seen: _has(seen, FOX, tags=["portrait"]))
        self.keys("F2")
        self.seen(lambda seen: "Note" in seen["parts"] and "Back to the canvas" not in seen["parts"])
        self.type(NOTE)
        self.shoot("note")
        self.keys("ctrl+Return")
        seen = self.seen(lambda seen: _has(seen, FOX, note=NOTE) and seen["selected"] == 1)
        self.shoot("marked")
        return seen

    def fill_board(self) -> Seen:
        """Make a board and drag two pictures on it."""
        self.screen.click(*self.side("New board\u2026"))
        self.type(BOARD)
        self.keys("Return")
        self.side(BOARD)
        self.screen.click(*self.cell(HAT))
        self.screen.xdotool("keydown", "ctrl")
        self.screen.click(*self.cell(HAT, 1))
        self.screen.xdotool("keyup", "ctrl")
        self.seen(lambda seen: seen["selected"] == 2)
        self.screen.carry(self.cell(HAT), self.side(BOARD))
        self.shoot("to_board")
        self.screen.release()
        return self.seen(lambda seen: seen["sides"][BOARD][2] == 2)

    def search(self) -> Seen:
        """Look for one, with completion, and keep the search."""
        self.keys("ctrl+f")
        self.type("fox st")
        self.seen(lambda seen: "star:" in seen["offers"])
        self.keys("Tab")
        self.seen(lambda seen: any(offer.endswith("yes") for offer in seen["offers"]))
        self.shoot("completion")
        self.keys("Tab")
        self.seen(lambda seen: not seen["offers"])
        self.type("-blue")
        self.seen(lambda seen: [cell["title"] for cell in seen["cells"]] == [FOX])
        self.press("Save this search")
        self.seen(lambda seen: "Name of the search" in seen["parts"])
        self.keys("ctrl+a")
        self.type("Good foxes")
        self.keys("Return")
        seen = self.seen(lambda seen: "Good foxes" in seen["sides"])
        self.shoot("searched")
        return seen

    def look(self) -> Seen:
        """Look at pictures large: step, zoom, fill the screen, and come back."""
        self.screen.click(*self.side("All pictures"))
        self.screen.click(*self.cell(HAT, 1))
        self.seen(lambda seen: seen["selected"] == 1 and seen["focus"] == "Pictures")
        self.shoot("gallery")
        self.keys("space")
        first = self.entered("VIEWER")["figures"]
        self.keys("Right")
        self.seen(lambda seen: seen["is_there"] and _place_of(seen) != _place_of({"figures": first}))
        self.keys("plus", "plus")
        self.seen(lambda seen: seen["is_there"])
        self.shoot("viewer")
        self.press("Star")
        self.keys("0", "Left")
        self.seen(lambda seen: seen["is_there"] and _place_of(seen) == _place_of({"figures": first}))
        self.keys("f")
        self.seen(lambda seen: len(seen["windows"]) == 2)
        if self.folder is not None and not self.only:
            self.screen.shot().save(self.folder / "full_screen.png")
        self.keys("Escape")
        return self.seen(lambda seen: len(seen["windows"]) == 1 and seen["room"] == "VIEWER")

    def compare(self) -> Seen:
        """Compare with the picture that was seen before, in all three ways."""
        self.keys("Home")
        seen = self.seen(lambda seen: seen["title"] == FOREIGN)
        while seen["title"] != FOX:
            self.keys("Right")
            before = seen["figures"]
            seen = self.seen(lambda seen, before=before: _place_of(seen) != _place_of({"figures": before}))
        self.keys("c")
        self.seen(lambda seen: seen["room"] == "COMPARE" and bool(seen["verdict"]))
        self.shoot("compare")
        self.keys("2")
        self.seen(lambda seen: seen["mode"] == "SIDE_BY_SIDE")
        self.shoot("side_by_side")
        self.press("Compare: Difference")
        seen = self.seen(lambda seen: seen["mode"] == "DIFFERENCE")
        self.shoot("difference")
        self.keys("Escape")
        self.entered("VIEWER")
        return seen

    def climb(self) -> Seen:
        """Look where a picture comes from, and go to its parent."""
        self.keys("Home", "Right")
        self.seen(lambda seen: seen["title"] == HAT)
        self.keys("l")
        seen = self.seen(lambda seen: seen["room"] == "LINEAGE" and len(seen["tree"]) > 1)
        self.shoot("lineage_child")
        x, y = next(node["at"] for node in seen["tree"] if node["title"] == FOX)
        self.screen.click(x * self.scale, y * self.scale)
        seen = self.seen(lambda seen: seen["title"] == FOX)
        self.shoot("lineage")
        self.keys("Return")
        self.seen(lambda seen: seen["room"] == "VIEWER" and seen["title"] == FOX)
        return seen

    def use(self) -> Seen:
        """Write a tag, take over the seed alone, and copy the settings."""
        self.keys("i")
        self.seen(lambda seen: "Guidance scale" in seen["details"])
        self.press("New tag")
        self.type("warm")
        self.keys("Return")
        self.seen(lambda seen: "Take the tag warm away" in seen["parts"])
        self.keys("Escape")
        self.seen(lambda seen: seen["room"] == "VIEWER" and seen["focus"] == "Picture")
        self.press("Seed only")
        self.seen(lambda seen: any("seed" in message for message in seen["messages"]))
        self.press("Copy as A1111 text")
        seen = self.seen(lambda seen: any("clipboard" in message for message in seen["messages"]))
        self.shoot("details")
        return {**seen, "clipboard": self.screen.clipboard("UTF8_STRING").decode()}

    def replay(self) -> Seen:
        """Paint it again."""
        self.press("Replay")
        seen = self.seen(lambda seen: any("Identical" in message for message in seen["messages"]))
        self.shoot("replayed")
        return seen

    def throw(self) -> Seen:
        """Throw it away, undo that, throw it away again, and look into the trash."""
        self.keys("Escape")
        self.entered("GALLERY")
        self.screen.click(*self.cell(FOX))
        for _ in range(2):
            self.keys("Delete")
            self.seen(lambda seen: any("in the trash" in message for message in seen["messages"]))
            self.seen(lambda seen: not any(cell["title"] == FOX for cell in seen["cells"]))
            if _ == 0:
                self.shoot("thrown")
                self.press("Undo")
                self.screen.click(*self.cell(FOX))
        self.screen.click(*self.side("Trash"))
        self.seen(lambda seen: [cell["title"] for cell in seen["cells"]] == [FOX])
        self.shoot("trash")
        self.screen.click(*self.cell(FOX))
        self.press("Put back")
        self.seen(lambda seen: not seen["cells"])
        self.screen.click(*self.side("All pictures"))
        self.cell(FOX)
        return self.seen()

    def carry_out(self) -> Seen:
        """Drag a picture from the grid to another program."""
        other = self.screen.python("tests.screen.other_side", "{}")
        x, y = other.wait("ready")["target"]
        self.screen.carry(self.cell(FOX), (x * self.scale, y * self.scale))
        other.wait("entered")
        self.screen.release()
        received = other.wait("received")
        other.end()
        self.come_back()
        return received

    def carry_along(self) -> Seen:
        """Drag a picture from the grid to the canvas: over the way back, which opens, and on."""
        back = self.seen()["parts"]["Back to the canvas"]
        over = (back[0] * self.scale, back[1] * self.scale)
        self.screen.carry(self.cell(FOREIGN), over)
        self.entered("STUDIO")
        self.window.forget_states()
        self.screen.move(over, self.place("canvas", -80, -40))
        self.shoot("carried_along")
        self.screen.release()
        return self.state(lambda line: len(line["layers"]) == 3)

    def leave(self) -> Seen:
        """Go to the gallery again and back to the canvas with keys alone."""
        self.keys("F9")
        self.entered("GALLERY")
        self.keys("Escape")
        return self.entered("STUDIO")

    def recognise(self) -> Seen:
        """Drop a picture on the canvas that lost its settings on the way."""
        fox = next((self.home / "pictures").rglob("*3d*.png"))
        forms = {"image/jpeg": stripped(fox.read_bytes())}
        packed = {kind: base64.b64encode(data).decode() for kind, data in forms.items()}
        other = self.screen.python("tests.screen.other_side", json.dumps(packed))
        x, y = other.wait("ready")["source"]
        self.screen.carry((x * self.scale, y * self.scale), self.place("canvas", -80, -40))
        self.screen.release()
        seen = self.seen(lambda seen: any("looks like one of yours" in message for message in seen["messages"]))
        other.end()
        self.come_back()
        self.shoot("recognised")
        return seen


def _has(seen: Seen, title: str, **facts: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Tell whether a picture in the grid has these marks."""
    cells = (cell for cell in seen["cells"] if cell["title"] == title)
    return any(all(cell[name] == value for name, value in facts.items()) for cell in cells)


def _place_of(seen: Seen) -> str:
    """Return which of how many the viewer shows."""
    return seen["figures"].split("  ")[0]


STAGES: Final[tuple[Callable[[GalleryStory], Seen], ...]] = (
    GalleryStory.paint,
    GalleryStory.drop_into_folder,
    GalleryStory.mark,
    GalleryStory.fill_board,
    GalleryStory.search,
    GalleryStory.look,
    GalleryStory.compare,
    GalleryStory.climb,
    GalleryStory.use,
    GalleryStory.replay,
    GalleryStory.throw,
    GalleryStory.carry_out,
    GalleryStory.carry_along,
    GalleryStory.leave,
    GalleryStory.recognise,
)


def begin(screen: Screen, home: Path, look: Sequence[str] = ("dark",), scale: int = 1) -> GalleryStory:
    """Open the window and wait until it can paint.

    Args:
        screen: where.
        home: where all is kept.
        look: arguments of `gallery_side`.
        scale: of the screen's pixels to the program's.
    """
    os.environ["SFUMATO_HOME"] = str(home)
    window = screen.python("tests.screen.gallery_side", *look)
    story = GalleryStory(screen, window, home=home, scale=scale)
    window.wait("engine", lambda line: line["state"] == "READY")
    window.wait("ready")
    return story


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="for the screenshots")
    parser.add_argument("--only", nargs="*", default=(), help="names of the screenshots to keep")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--size", default="1280x800", help="of the window, in the program's pixels")
    parser.add_argument("--scale", type=int, default=1, help="of the screen's pixels to the program's")
    parser.add_argument("--many", action="store_true", help="paint more pictures than the story needs")
    arguments = parser.parse_args()
    if missing := missing_programs():
        sys.stderr.write(f"not installed: {', '.join(missing)}\n")
        return 1
    arguments.folder.mkdir(parents=True, exist_ok=True)
    # Room for the title bar, and beside the window for another program's.
    width, height = (arguments.scale * (int(side) + 200) for side in arguments.size.split("x"))
    with tempfile.TemporaryDirectory() as home, x_server(width, height, arguments.scale) as screen:
        story = begin(screen, Path(home), (arguments.theme, arguments.size), arguments.scale)
        story.folder, story.only = arguments.folder, tuple(arguments.only)
        story.paint_others(OTHERS if arguments.many else ())
        for stage in STAGES:
            sys.stdout.write(f"{stage.__name__}\n")
            sys.stdout.flush()
            stage(story)
    return 0


if __name__ == "__main__":
    sys.exit(main())
