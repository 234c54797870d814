"""What the window says of a job and of a failure, without a window."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from studio.domain.errors import (
    EngineDied,
    InvalidSize,
    NotANumber,
    OutOfMemory,
    StudioError,
    UnknownModel,
    UnwritablePlace,
)
from studio.domain.events import Phase, Progress
from studio.domain.families import STABLE_DIFFUSION
from studio.domain.geometry import Size
from studio.domain.model import ModelInfo
from studio.domain.request import ModelRef, Sampling, TextToImage
from studio.ui.actions import ACTIONS, ActionRow
from studio.ui.pace import Pace, duration
from studio.ui.ways_out import SaveAgain, TryAgain, UseSize, WayOut, ways_out

MODEL = ModelInfo(ModelRef("starter", Path("starter")), "Starter", STABLE_DIFFUSION, 8, 256, 30, 20, 7.0)
REQUEST = TextToImage(
    model=MODEL.ref, prompt="a fox", width=512, height=512, sampling=Sampling(steps=20, guidance_scale=7, seed=1)
)


def progress(phase: Phase, step: int = 0, index: int = 0, count: int = 1, seconds: float = 0.0) -> Progress:
    return Progress("job", phase, step, 20, index, count, seconds)


@pytest.mark.parametrize(
    ("now", "headline", "details", "share"),
    [
        (progress(Phase.STARTING), "Starting the engine", "", 0.0),
        (progress(Phase.LOADING), "Loading the model", "", 0.0),
        (progress(Phase.ENCODING), "Reading the prompt", "", 0.0),
        (progress(Phase.DENOISING), "Painting", "", 0.0),
        (progress(Phase.DENOISING, 12, seconds=0.21), "Step 12/20", "0.21 s/step · 2 s left", 0.6),
        (progress(Phase.DENOISING, 20, seconds=0.05), "Step 20/20", "50 ms/step · 0.0 s left", 1.0),
        (progress(Phase.DENOISING, 10, 1, 4, 12), "Picture 2/4 · Step 10/20", "12 s/step · 10 min 0 s left", 0.375),
        (progress(Phase.DECODING, 20, seconds=0.2), "Finishing", "0.20 s/step", 1.0),
    ],
)
def test_pace_says_how_far_a_job_is(now: Progress, headline: str, details: str, share: float) -> None:
    pace = Pace.of(now)
    assert (pace.headline, pace.details, pace.share) == (headline, details, pytest.approx(share))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (0.94, "0.9 s"), (1.2, "1 s"), (59.4, "59 s"), (200, "3 min 20 s"), (3900, "1 h 5 min")],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("error", "asked", "unsaved", "expected"),
    [
        (InvalidSize("x"), Size(300, 256), 0, (UseSize(Size(304, 256)), None)),
        (OutOfMemory("x"), Size(512, 512), 0, (UseSize(Size(256, 256), REQUEST), TryAgain(REQUEST))),
        (OutOfMemory("x"), Size(256, 256), 0, (UseSize(Size(128, 128), REQUEST), TryAgain(REQUEST))),
        (OutOfMemory("x"), Size(256, 256), 0, (None,)),
        (EngineDied("x"), Size(512, 512), 0, (TryAgain(REQUEST),)),
        (NotANumber("x"), Size(512, 512), 0, (TryAgain(REQUEST),)),
        (UnknownModel("x"), Size(512, 512), 0, ()),
        (UnwritablePlace("x"), Size(512, 512), 0, ()),
        (UnwritablePlace("x"), Size(512, 512), 2, (SaveAgain(),)),
    ],
)
def test_every_failure_has_its_ways_out(
    error: StudioError, asked: Size, unsaved: int, expected: tuple[WayOut | None, ...]
) -> None:
    request = None if None in expected else REQUEST
    found = ways_out(error, asked, MODEL, request, unsaved=unsaved)
    assert found == tuple(way for way in expected if way is not None)


def test_actions_have_ids_texts_and_shortcuts_of_their_own() -> None:
    for kind in ("id", "text"):
        counted = Counter((row.menu if kind == "text" else None, getattr(row, kind)) for row in ACTIONS)
        assert [each for each, count in counted.items() if count > 1] == []
    shortcuts = Counter(QKeySequence(keys).toString() for row in ACTIONS for keys in row.shortcuts)
    assert [keys for keys, count in shortcuts.items() if count > 1] == []


@pytest.mark.parametrize("row", ACTIONS, ids=[row.id for row in ACTIONS])
def test_every_shortcut_is_a_key_that_exists(row: ActionRow) -> None:
    for keys in row.shortcuts:
        sequence = QKeySequence(keys)
        assert sequence.count() == 1
        assert sequence.toString() != ""
    assert callable(row.handler)
    assert not isinstance(row.handler, QObject)
