"""How far the picture is: one line on a terminal, nothing elsewhere.

Thirty lines and not a library: those at hand bring a thread of their own and say "it/s" where a painter waits for
"2 s left".
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from studio.domain.events import Phase

if TYPE_CHECKING:
    from typing import TextIO

    from studio.domain.events import Progress

_WIDTH: Final = 24
_WORDS: Final = {
    Phase.STARTING: "Starting the engine",
    Phase.LOADING: "Loading the model",
    Phase.ENCODING: "Reading the prompt",
    Phase.DENOISING: "Painting",
    Phase.DECODING: "Finishing",
}


class ProgressLine:
    """Rewrites one line of a terminal.

    Attributes:
        visible: whether the stream is a terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self.visible = stream.isatty()
        self._stream = stream
        self._length = 0

    def say(self, text: str) -> None:
        """Show a text in place of the last one."""
        if not self.visible:
            return
        text = text[: shutil.get_terminal_size().columns - 1]
        self._stream.write("\r" + text.ljust(self._length))
        self._stream.flush()
        self._length = len(text)

    def show(self, progress: Progress) -> None:
        """Show how far a job is."""
        words = _WORDS[progress.phase]
        if progress.count > 1:
            words += f" {progress.index + 1} of {progress.count}"
        if progress.phase is not Phase.DENOISING:
            self.say(words)
            return
        done = round(_WIDTH * progress.step / progress.steps)
        text = f"{words} [{'#' * done}{'.' * (_WIDTH - done)}] {progress.step}/{progress.steps}"
        if progress.seconds_per_step:
            left = (progress.steps - progress.step) * progress.seconds_per_step
            text += f", {progress.seconds_per_step:.2f} s a step, {_duration(left)} left"
        self.say(text)

    def clear(self) -> None:
        """Leave an empty line for what comes next."""
        self.say("")
        if self.visible:
            self._stream.write("\r")
            self._stream.flush()


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
