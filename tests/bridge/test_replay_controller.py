"""A picture of the history is painted again as a job like others, which leaves nothing behind but its verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from typing_extensions import override

from studio.bridge.background import Background
from studio.bridge.generation import GenerationController
from studio.bridge.picture_routes import PictureRoutes
from studio.bridge.replay_controller import ReplayController
from studio.domain.errors import EngineDied, OutOfMemory
from studio.domain.events import Failed, Finished, GeneratedImage, Painted
from studio.domain.picture import Picture
from studio.domain.replay import Cannot, Changed, Identical
from studio.domain.request import ImageToImage
from studio.services.history import History
from studio.services.model_library import ModelLibrary
from studio.services.sources import Sources
from tests.bridge.requests import image_of, noisy_picture, text_request
from tests.fakes import CONDITIONS, Gate, Script, ScriptedEngine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from studio.domain.cancel import CancelToken
    from studio.domain.events import Emit, Event, Result
    from studio.domain.request import GenerationRequest
    from studio.services.history_entry import Entry
    from studio.services.paths import Paths

DIED = EngineDied("The engine died")
NO_ROOM = OutOfMemory("The picture did not fit into memory")


class Studio:
    """Jobs, and what is painted again; `kept` is what went into the history."""

    def __init__(self, paths: Paths, *scripts: Script) -> None:
        self.engine = ScriptedEngine(*scripts)
        self.kept: list[Painted] = []
        self.reader = Background("reader")
        routes = PictureRoutes(lambda _request, painted, _seconds: self.kept.append(painted))
        self.generation = GenerationController(lambda: self.engine, routes.keep)
        models = ModelLibrary.of(paths).models()
        self.replays = ReplayController(paths, models, self.generation, routes, self.reader)
        self.paths = paths

    def entry_of(self, request: GenerationRequest, image: GeneratedImage) -> Entry:
        """Put a picture into the history."""
        history = History(self.paths.database, self.paths.pictures, sources=Sources(self.paths.sources))
        try:
            return history.add(request, image, CONDITIONS, datetime.now(UTC))
        finally:
            history.close()

    def close(self) -> None:
        """End everything."""
        self.generation.close()
        self.reader.close()


@pytest.fixture
def studio(paths: Paths, qtbot: QtBot) -> Iterator[Studio]:
    assert qtbot
    studio = Studio(paths)
    studio.generation.start()
    yield studio
    studio.close()


def test_a_picture_that_comes_out_again_is_identical_and_kept_nowhere(studio: Studio, qtbot: QtBot) -> None:
    request = text_request()
    entry = studio.entry_of(request, image_of(request))
    with qtbot.waitSignals([studio.replays.started, studio.replays.judged, studio.replays.ended], order="strict"):
        studio.replays.replay(entry)
    (again,) = studio.engine.requests
    assert replace(again, model=request.model) == request
    assert studio.kept == []
    assert not studio.replays.is_replaying(entry.id)
    # The next job goes the usual way.
    with qtbot.waitSignal(studio.generation.finished):
        studio.generation.submit(text_request(seed=5))
    assert len(studio.kept) == 1


def test_the_verdict_comes_with_its_picture(studio: Studio, qtbot: QtBot) -> None:
    request = text_request()
    other = studio.entry_of(request, replace(image_of(request), picture=noisy_picture(64, 32)))
    with qtbot.waitSignal(studio.replays.judged) as said:
        studio.replays.replay(other)
    assert said.args is not None
    (replayed,) = said.args
    assert isinstance(replayed.verdict, Changed)
    assert replayed.picture == image_of(request).picture
    assert replayed.entry == other


def test_what_it_was_painted_from_comes_out_of_the_store_and_the_history(studio: Studio, qtbot: QtBot) -> None:
    words = text_request()
    first = image_of(words).picture
    studio.entry_of(words, image_of(words))
    for image in (first, Picture(np.full((32, 64, 3), 9, np.uint8))):
        request = ImageToImage(model=words.model, prompt="a cat", sampling=words.sampling, image=image, strength=0.5)
        painted = GeneratedImage(image_of(replace(words, prompt="a cat")).picture, words.sampling.seed, 0)
        entry = studio.entry_of(request, painted)
        with qtbot.waitSignal(studio.replays.judged) as said:
            studio.replays.replay(entry)
        assert said.args is not None
        assert said.args[0].verdict == Identical()
        assert replace(studio.engine.requests[-1], model=request.model) == request


def test_what_cannot_be_painted_is_no_job(studio: Studio, qtbot: QtBot) -> None:
    request = replace(text_request(), model=replace(text_request().model, id="gone"))
    entry = studio.entry_of(request, image_of(request))
    with qtbot.waitSignal(studio.replays.judged) as said:
        studio.replays.replay(entry)
    assert said.args is not None
    assert isinstance(said.args[0].verdict, Cannot)
    assert said.args[0].picture is None
    assert studio.engine.requests == []
    assert not studio.replays.is_replaying(entry.id)


def test_a_file_that_is_gone_can_still_be_compared(studio: Studio, qtbot: QtBot) -> None:
    request = text_request()
    entry = studio.entry_of(request, image_of(request))
    entry.path.unlink()
    with qtbot.waitSignal(studio.replays.judged) as said:
        studio.replays.replay(entry)
    assert said.args is not None
    assert said.args[0].verdict == Identical()


def test_a_job_that_fails_says_why(paths: Paths, qtbot: QtBot) -> None:
    studio = Studio(paths, Script(error=NO_ROOM))
    studio.generation.start()
    request = text_request()
    entry = studio.entry_of(request, image_of(request))
    with qtbot.waitSignals([studio.replays.failed, studio.replays.ended], order="strict"):
        studio.replays.replay(entry)
    assert not studio.replays.is_replaying(entry.id)
    studio.close()


def test_a_job_that_failed_is_tried_again_as_what_it_was(paths: Paths, qtbot: QtBot) -> None:
    studio = Studio(paths, Script(error=NO_ROOM), Script())
    studio.generation.start()
    request = text_request()
    entry = studio.entry_of(request, image_of(request))
    with qtbot.waitSignal(studio.replays.failed):
        studio.replays.replay(entry)
    (failed,) = studio.engine.requests
    assert not studio.replays.again("another job")
    with qtbot.waitSignal(studio.replays.judged) as said:
        assert studio.replays.again(failed.job_id)
    assert said.args is not None
    assert said.args[0].verdict == Identical()
    assert studio.kept == []
    assert not studio.replays.again(failed.job_id)
    studio.close()


class _DyingLate(ScriptedEngine):
    """Ends after it has handed over its picture, and before it says that it is done."""

    @override
    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        def tell(event: Event) -> None:
            emit(Failed(request.job_id, DIED) if isinstance(event, Finished) else event)

        super().generate(request, tell, cancel)
        raise DIED


def test_what_fails_after_it_was_painted_is_judged_and_ends_once(paths: Paths, qtbot: QtBot) -> None:
    studio = Studio(paths)
    studio.engine = _DyingLate()
    studio.generation.start()
    request = text_request()
    entry = studio.entry_of(request, image_of(request))
    ends: list[str] = []
    studio.replays.judged.connect(lambda _: ends.append("judged"))
    studio.replays.failed.connect(lambda *_: ends.append("failed"))
    studio.replays.ended.connect(lambda _: ends.append("ended"))
    with qtbot.waitSignals([studio.replays.ended, studio.generation.failed]):
        studio.replays.replay(entry)
    studio.close()
    assert ends == ["judged", "ended"]


def test_it_can_be_stopped_before_it_is_a_job(studio: Studio, qtbot: QtBot) -> None:
    request = text_request()
    entry = studio.entry_of(request, image_of(request))
    with qtbot.assertNotEmitted(studio.replays.judged), qtbot.waitSignal(studio.replays.ended):
        studio.replays.replay(entry)
        studio.replays.cancel(entry.id)
    assert studio.engine.requests == []
    with qtbot.waitSignal(studio.replays.judged):
        studio.replays.replay(entry)


def test_it_can_be_cancelled_and_asked_for_once_at_a_time(paths: Paths, qtbot: QtBot) -> None:
    gate = Gate()
    studio = Studio(paths, Script(gates=(gate,)))
    studio.generation.start()
    request = text_request()
    entry = studio.entry_of(request, image_of(request))
    studio.replays.replay(entry)
    studio.replays.replay(entry)
    qtbot.waitUntil(gate.reached.is_set)
    assert studio.replays.is_replaying(entry.id)
    with qtbot.waitSignal(studio.replays.ended):
        studio.replays.cancel(entry.id)
    assert len(studio.engine.requests) == 1
    assert studio.kept == []
    with qtbot.assertNotEmitted(studio.replays.judged), qtbot.waitSignal(studio.generation.finished):
        gate.open()
        studio.generation.submit(text_request(seed=5))
    assert len(studio.kept) == 1
    studio.close()
