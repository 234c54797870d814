"""Documents and settings for the tests of generating on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from studio.domain.canvas.commands import AddLayer, Ground, Paint
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.layer import Layer
from studio.domain.framing import FrameSettings
from studio.domain.geometry import Rect
from studio.domain.request import Sampling
from tests.bridge.requests import MODEL

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from studio.bridge.canvas_generation import CanvasGeneration
    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.session import Session
    from studio.domain.canvas.state import CanvasState

FRAME: Final = Rect(8, 16, 64, 32)


def settings(seed: int = 7, count: int = 1, prompt: str = "a red fox, 3d") -> FrameSettings:
    sampling = Sampling(steps=3, guidance_scale=5.0, seed=seed)
    return FrameSettings(model=MODEL, prompt=prompt, sampling=sampling, count=count)


def opaque(rect: Rect, colour: tuple[int, int, int] = (200, 30, 60)) -> NDArray[np.uint8]:
    return np.full((rect.height, rect.width, 4), (*colour, 255), np.uint8)


def add_picture(store: CanvasStore, rect: Rect = FRAME) -> None:
    store.apply(AddLayer(Layer(name="ground", id="ground").written(rect, opaque(rect))))


def add_mask(store: CanvasStore, rect: Rect) -> None:
    store.apply(Paint(Ground.MASK, rect, np.full((rect.height, rect.width), 255, np.uint8)))


def seen(state: CanvasState) -> NDArray[np.uint8]:
    return flatten(state.layers, FRAME.grown(40))


def paint(qtbot: QtBot, canvas: CanvasGeneration, session: Session, asked: FrameSettings) -> None:
    with qtbot.waitSignal(session.generation.finished):
        canvas.submit(asked)
