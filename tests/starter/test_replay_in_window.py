"""What is painted on the canvas comes out again to the last bit, in another process of the window's engine."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from studio.bridge.background import Background
from studio.bridge.canvas_generation import CanvasGeneration
from studio.bridge.canvas_store import CanvasStore
from studio.bridge.generation import GenerationController
from studio.bridge.picture_routes import PictureRoutes
from studio.bridge.replay_controller import ReplayController
from studio.domain.canvas.commands import Ground, Paint, SetFrame
from studio.domain.canvas.state import CanvasState
from studio.domain.framing import FrameSettings
from studio.domain.geometry import Rect
from studio.domain.inpainting import Fill, Inpainting
from studio.domain.lineage import EdgeKind
from studio.domain.replay import Identical
from studio.domain.request import Sampling, Task
from studio.services.engine_process import EngineProcess
from studio.services.history import History
from studio.services.model_library import ModelLibrary
from studio.services.paths import Paths
from studio.services.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Generator

    from pytestqt.qtbot import QtBot

    from studio.domain.events import Painted
    from studio.domain.request import GenerationRequest
    from studio.services.history_entry import Entry

FRAME = Rect(0, 0, 256, 256)
PATIENCE_MS = 180_000


class Window:
    """The parts of a window that paint, with an engine in a process of its own."""

    def __init__(self, paths: Paths) -> None:
        self.history = History(paths.database, paths.pictures, sources=Sources(paths.sources))
        self.entries: list[Entry] = []
        self.routes = PictureRoutes(self._keep)
        self.generation = GenerationController(
            partial(EngineProcess, cache_folder=paths.engine_cache), self.routes.keep
        )
        self.store = CanvasStore(CanvasState(frame=FRAME))
        self.painting = CanvasGeneration(self.store, self.generation)
        self.reader = Background("reader")
        self.models = ModelLibrary.of(paths).models()
        self.replays = ReplayController(paths, self.models, self.generation, self.routes, self.reader)
        self.generation.start()

    def _keep(self, request: GenerationRequest, painted: Painted, seconds: float) -> None:
        now = datetime.now(UTC)
        self.entries.append(self.history.add(request, painted.image, painted.conditions, now, seconds=seconds))

    def close(self) -> None:
        self.generation.close()
        self.painting.close()
        self.store.close()
        self.reader.close()
        self.history.close()


@contextmanager
def window() -> Generator[Window]:
    opened = Window(Paths.of_user(os.environ))
    try:
        yield opened
    finally:
        opened.close()


def paint(qtbot: QtBot, window: Window, prompt: str, seed: int) -> None:
    """Paint what the frame asks for, and accept it."""
    settings = FrameSettings(
        model=window.models[0].ref,
        prompt=prompt,
        sampling=Sampling(steps=4, guidance_scale=2.5, seed=seed),
        method=Inpainting(padding=24, fill=Fill.BLURRED),
    )
    with qtbot.waitSignal(window.generation.finished, timeout=PATIENCE_MS):
        window.painting.submit(settings)
    window.painting.proposals.accept()


def mask(rect: Rect) -> Paint:
    down = np.linspace(40, 255, rect.height)
    return Paint(Ground.MASK, rect, np.repeat(down[:, None], rect.width, axis=1).astype(np.uint8))


@pytest.mark.slow
def test_what_is_painted_on_the_canvas_comes_out_again(qtbot: QtBot) -> None:
    with window() as first:
        paint(qtbot, first, "a red fox, 3d", 1)
        paint(qtbot, first, "a cat, 3d", 2)
        first.store.apply(mask(Rect(64, 48, 96, 80)))
        paint(qtbot, first, "a hat", 3)
        first.store.apply(Paint(Ground.MASK, FRAME, np.zeros((256, 256), np.uint8)))
        first.store.apply(SetFrame(FRAME.moved(64, 0)))
        paint(qtbot, first, "grass", 4)
        entries = first.entries
    tasks = [entry.metadata.task for entry in entries if entry.metadata]
    assert tasks == [Task.TEXT_TO_IMAGE, Task.IMAGE_TO_IMAGE, Task.INPAINT, Task.OUTPAINT]
    parents = [entry.metadata.parents for entry in entries if entry.metadata]
    assert [[one.sha256 for one in some] for some in parents[:3]] == [
        [],
        [entries[0].picture_sha256],
        [entries[1].picture_sha256],
    ]
    assert entries[2].picture_sha256 in {one.sha256 for one in parents[3]}
    assert {one.kind for one in parents[3]} == {EdgeKind.OUTPAINT}
    with window() as second:
        for entry in entries:
            with qtbot.waitSignal(second.replays.judged, timeout=PATIENCE_MS) as said:
                second.replays.replay(entry)
            assert said.args is not None
            assert said.args[0].verdict == Identical(), entry.path
        assert second.entries == []
