"""The hand and the eyes of whoever tells a story of the gallery: places and keys by what is seen there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from tests.screen.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Seen = dict[str, Any]
_LOOKS: Final = 20


@dataclass
class Hand(Story):
    """What an artist sees of the window, and does to it.

    Attributes:
        home: where all is kept.
        scale: of the screen's pixels to the program's.
    """

    home: Path = Path()
    scale: int = 1

    @override
    def place(self, name: str, dx: int = 0, dy: int = 0) -> tuple[int, int]:
        x, y = super().place(name, dx, dy)
        return x * self.scale, y * self.scale

    def seen(self, holds: Callable[[Seen], bool] = lambda _: True) -> Seen:
        """Wait until something is seen, and forget what was seen before."""
        line = self.window.wait("seen", holds)
        self.window.forget_but_last("seen")
        return line

    @override
    def shoot(self, name: str) -> None:
        # What appears little by little is there when nothing moves any more.
        if self.folder is not None and (not self.only or name in self.only):
            before = b""
            for _ in range(_LOOKS):
                now = self.screen.shot().tobytes()
                if now == before:
                    break
                before = now
            area = [self.scale * side for side in self.window.wait("ready")["window"]]
            left, top, width, height = area
            self.screen.shot().crop((left, top, left + width, top + height)).save(self.folder / f"{name}.png")

    def press(self, name: str) -> None:
        """Click a button or a field that is seen."""
        x, y = self.seen(lambda seen: name in seen["parts"])["parts"][name]
        self.screen.click(x * self.scale, y * self.scale)

    def cell(self, title: str, which: int = 0) -> tuple[int, int]:
        """Return where a picture is in the grid."""

        def places(seen: Seen) -> list[tuple[int, int]]:
            return [cell["at"] for cell in seen.get("cells", ()) if cell["title"] == title]

        x, y = places(self.seen(lambda seen: len(places(seen)) > which))[which]
        return x * self.scale, y * self.scale

    def side(self, title: str) -> tuple[int, int]:
        """Return where a place is at the side of the gallery."""
        x, y, _ = self.seen(lambda seen: title in seen.get("sides", ()))["sides"][title]
        return x * self.scale, y * self.scale

    def keys(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.screen.key(key)

    def type(self, text: str) -> None:
        """Write where the keyboard is."""
        self.screen.xdotool("type", "--delay", 10, "--", text)

    def entered(self, room: str) -> Seen:
        """Wait until a room is seen."""
        return self.seen(lambda seen: seen["room"] == room)

    def ask_for(self, prompt: str) -> None:
        """Have a picture painted, and watch it come into being."""
        self.window.forget_all("finished", "progress")
        self.write(prompt)
        self.screen.key("ctrl+Return")
        # Patience is for one step: a busy machine takes its time for all.
        for step in range(0, 21, 4):
            self.window.wait("progress", lambda line, step=step: line["phase"] == "DENOISING" and line["step"] >= step)
        self.window.wait("finished")

    def come_back(self) -> None:
        """Take the keyboard back from a window that is gone."""
        self.screen.xdotool("search", "--onlyvisible", "--name", "Sfumato$", "windowactivate", "--sync")

    def paint_others(self, prompts: Sequence[str]) -> Seen:
        """Fill the history with more pictures than the story needs: a gallery that is shown to people."""
        for number, prompt in enumerate(prompts, 1):
            self.ask_for(prompt)
            self.screen.key("F6")
            self.screen.key("Escape")
            self.seen(lambda seen, number=number: len(seen["strip"]) == number)
        return self.seen()
