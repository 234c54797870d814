"""A job's way: asked for, painted, told; cancelled at any place; the engine may die."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import psutil
import pytest
from PySide6.QtCore import QThread

from studio.bridge.generation import EngineState
from studio.domain.errors import BrokenModel, DeviceUnavailable, EngineDied, EngineFailed, OutOfMemory
from studio.domain.events import Cancelled, Emit, Failed, Finished, Painted, Phase, Preview, Progress, Result, Started
from studio.domain.job import JobState
from studio.services.engine_process import EngineProcess
from tests.bridge.hearing import Hearing
from tests.bridge.requests import MODEL, text_request
from tests.contract.scripted_host import Scenario
from tests.fakes import DESCRIPTION, Gate, Script, ScriptedEngine

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session
    from studio.domain.cancel import CancelToken
    from studio.domain.ports import Engine
    from studio.domain.request import GenerationRequest, ModelRef
    from tests.bridge.conftest import Open

OUT_OF_MEMORY = OutOfMemory("The machine ran out of memory", "it was asked for too much", "Paint a smaller picture")


def test_a_job_tells_its_way_in_order(qtbot: QtBot, session: Session) -> None:
    generation = session.generation
    request = text_request()
    signals = [generation.started, generation.painted, generation.finished]
    with qtbot.waitSignals(signals, order="strict"):
        generation.submit(request)
    assert session.queue_model.rows == ()


def test_progress_keeps_its_order_and_previews_belong_to_their_picture(qtbot: QtBot, session: Session) -> None:
    hearing = Hearing(session.generation)
    request = text_request(steps=20, count=3)
    session.generation.submit(request)
    qtbot.waitUntil(lambda: hearing.ended(request.job_id))
    hearing.check(request.job_id)
    progress = [event for event in hearing.events if isinstance(event, Progress) and event.phase is Phase.DENOISING]
    assert [(event.index, event.step) for event in progress] == [(i, s) for i in range(3) for s in range(21)]
    painted = 0
    for event in hearing.events:
        if isinstance(event, Painted):
            painted += 1
        elif isinstance(event, Preview):
            assert event.index == painted
    assert painted == 3


def test_the_engine_is_described_and_says_what_it_does(qtbot: QtBot, opened: Open) -> None:
    session = opened(ScriptedEngine)
    assert session.generation.engine_state is EngineState.STARTING
    with qtbot.waitSignals([session.generation.engine_described, session.generation.memory_changed]):
        session.start()
    assert session.engine_description == DESCRIPTION
    assert session.generation.engine_state is EngineState.READY
    hearing = Hearing(session.generation)
    with qtbot.waitSignal(session.generation.finished):
        session.generation.submit(text_request())
    assert hearing.states == [EngineState.LOADING, EngineState.PAINTING, EngineState.READY]


def test_the_model_of_the_settings_is_loaded_before_it_is_asked_for(qtbot: QtBot, opened: Open) -> None:
    engine = ScriptedEngine()
    session = opened(lambda: engine)
    hearing = Hearing(session.generation)
    session.generation.start(MODEL)
    qtbot.waitUntil(lambda: session.memory is not None)
    assert engine.loaded == MODEL
    assert hearing.states == [EngineState.READY, EngineState.LOADING, EngineState.READY]


def test_a_model_that_cannot_be_loaded_ahead_is_told(qtbot: QtBot, opened: Open) -> None:
    broken = BrokenModel("The model cannot be used", "a file is missing", "Copy it again")
    session = opened(lambda: ScriptedEngine(load_error=broken))
    with qtbot.waitSignal(session.troubled) as troubled:
        session.generation.start(MODEL)
    assert troubled.args == [broken]
    assert session.generation.engine_state is EngineState.READY


def test_memory_is_told_after_a_job(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignal(session.generation.finished):
        session.generation.submit(text_request())
    qtbot.waitUntil(lambda: session.memory is not None and session.memory.used == 2 * 10**9)


def test_jobs_run_one_after_the_other(qtbot: QtBot, session: Session, engine: ScriptedEngine) -> None:
    hearing = Hearing(session.generation)
    requests = [text_request(seed=seed) for seed in range(4)]
    for request in requests:
        session.generation.submit(request)
    assert [row.job.state for row in session.queue_model.rows] == [JobState.RUNNING, *3 * [JobState.PENDING]]
    qtbot.waitUntil(lambda: hearing.ended(*(request.job_id for request in requests)))
    assert [request.job_id for request in engine.requests] == [request.job_id for request in requests]
    ways = [(type(e), e.job_id) for e in hearing.events if isinstance(e, Started | Finished)]
    assert ways == [(kind, request.job_id) for request in requests for kind in (Started, Finished)]


def test_a_running_job_is_cancelled_and_keeps_what_is_painted(qtbot: QtBot, opened: Open) -> None:
    gate = Gate(step=2, index=1)
    session = opened(lambda: ScriptedEngine(Script(gates=(gate,)), Script()))
    session.start()
    hearing = Hearing(session.generation)
    request, following = text_request(count=3), text_request(seed=9)
    session.generation.submit(request)
    session.generation.submit(following)
    qtbot.waitUntil(gate.reached.is_set)
    session.generation.cancel(request.job_id)
    assert session.queue_model.rows[0].job.state is JobState.CANCELLING
    qtbot.waitUntil(lambda: hearing.ended(request.job_id, following.job_id))
    assert hearing.of(request.job_id) == [Started, Painted, Cancelled]
    assert hearing.of(following.job_id) == [Started, Painted, Finished]
    qtbot.waitUntil(lambda: session.history_model.rowCount() == 2)


def test_a_waiting_job_is_cancelled_at_once_and_never_painted(qtbot: QtBot, opened: Open) -> None:
    gate = Gate()
    engine = ScriptedEngine(Script(gates=(gate,)))
    session = opened(lambda: engine)
    session.start()
    hearing = Hearing(session.generation)
    running, waiting = text_request(seed=1), text_request(seed=2)
    session.generation.submit(running)
    session.generation.submit(waiting)
    qtbot.waitUntil(gate.reached.is_set)
    session.generation.cancel(waiting.job_id)
    assert hearing.of(waiting.job_id) == [Cancelled]
    assert len(session.queue_model.rows) == 1
    gate.open()
    qtbot.waitUntil(lambda: hearing.ended(running.job_id))
    assert engine.requests == [running]


def test_cancelling_all_leaves_nothing(qtbot: QtBot, opened: Open) -> None:
    gate = Gate()
    engine = ScriptedEngine(Script(gates=(gate,)))
    session = opened(lambda: engine)
    session.start()
    hearing = Hearing(session.generation)
    requests = [text_request(seed=seed) for seed in range(3)]
    for request in requests:
        session.generation.submit(request)
    qtbot.waitUntil(gate.reached.is_set)
    session.generation.cancel_all()
    qtbot.waitUntil(lambda: hearing.ended(*(request.job_id for request in requests)))
    for request in requests:
        hearing.check(request.job_id)
    assert engine.requests == requests[:1]
    assert session.queue_model.rows == ()


def test_cancelling_what_is_not_there_does_nothing(qtbot: QtBot, session: Session) -> None:
    hearing = Hearing(session.generation)
    session.generation.cancel("nobody")
    session.generation.cancel_current()
    session.generation.cancel_all()
    with qtbot.waitSignal(session.generation.finished):
        session.generation.submit(text_request())
    session.generation.cancel_current()
    assert not any(isinstance(event, Cancelled) for event in hearing.events)


def test_a_failed_job_tells_why_and_the_next_one_works(qtbot: QtBot, opened: Open) -> None:
    session = opened(lambda: ScriptedEngine(Script(error=OUT_OF_MEMORY, error_step=2), Script()))
    session.start()
    hearing = Hearing(session.generation)
    failing, following = text_request(), text_request()
    session.generation.submit(failing)
    session.generation.submit(following)
    qtbot.waitUntil(lambda: hearing.ended(failing.job_id, following.job_id))
    assert hearing.of(failing.job_id) == [Started, Failed]
    assert hearing.of(following.job_id) == [Started, Painted, Finished]
    assert [event.error for event in hearing.events if isinstance(event, Failed)] == [OUT_OF_MEMORY]


class Rude(ScriptedEngine):
    """Breaks the contract: an error that is no `StudioError`, and no terminal event."""

    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        assert not cancel.is_cancelled
        emit(Started(request.job_id))
        raise ZeroDivisionError


def test_an_engine_that_breaks_its_contract_costs_its_job(qtbot: QtBot, opened: Open) -> None:
    session = opened(Rude)
    session.start()
    hearing = Hearing(session.generation)
    request = text_request()
    with qtbot.waitSignal(session.generation.failed) as failed:
        session.generation.submit(request)
    assert failed.args is not None
    assert isinstance(failed.args[0].error, EngineFailed)
    hearing.check(request.job_id)


def test_an_engine_that_cannot_be_made_is_told_and_the_job_fails(qtbot: QtBot, opened: Open) -> None:
    missing = DeviceUnavailable("There is no CUDA device", "no driver was found", "Use --device cpu")

    def factory() -> Engine:
        raise missing

    session = opened(factory)
    with qtbot.waitSignals([session.troubled, session.generation.failed], timeout=5000):
        session.start()
        session.generation.submit(text_request())
    assert session.generation.engine_state is EngineState.DEAD


# --- while the engine starts


def test_a_job_asked_for_while_the_engine_starts_says_so_at_once(opened: Open) -> None:
    session = opened(ScriptedEngine)
    hearing = Hearing(session.generation)
    request = text_request()
    session.generation.submit(request)
    assert [type(event) for event in hearing.events] == [Started, Progress]
    assert isinstance(hearing.events[1], Progress)
    assert hearing.events[1].phase is Phase.STARTING


def test_a_job_cancelled_while_the_engine_starts_ends_at_once(qtbot: QtBot, opened: Open) -> None:
    engine = ScriptedEngine()
    session = opened(lambda: engine)
    hearing = Hearing(session.generation)
    request, following = text_request(), text_request()
    session.generation.submit(request)
    session.generation.cancel(request.job_id)
    assert hearing.of(request.job_id) == [Started, Cancelled]
    session.generation.submit(following)
    session.start()
    qtbot.waitUntil(lambda: hearing.ended(following.job_id))
    hearing.check(request.job_id)
    assert hearing.of(following.job_id) == [Started, Painted, Finished]


class SlowToLoad(ScriptedEngine):
    """Loads a model as soon as it is let."""

    def __init__(self, *, let: threading.Event) -> None:
        super().__init__()
        self._let = let

    def load(self, model: ModelRef) -> None:
        assert self._let.wait(20)
        super().load(model)


def test_a_job_that_waits_for_the_model_says_so_and_is_cancelled_at_once(qtbot: QtBot, opened: Open) -> None:
    let = threading.Event()
    session = opened(lambda: SlowToLoad(let=let))
    hearing = Hearing(session.generation)
    session.generation.start(MODEL)
    qtbot.waitUntil(lambda: session.generation.engine_state is EngineState.LOADING)
    request, following = text_request(), text_request()
    session.generation.submit(request)
    assert [type(event) for event in hearing.events] == [Started, Progress]
    assert isinstance(hearing.events[1], Progress)
    assert hearing.events[1].phase is Phase.LOADING
    session.generation.cancel_current()
    assert hearing.of(request.job_id) == [Started, Cancelled]
    assert session.generation.engine_state is EngineState.LOADING, "it still loads"
    session.generation.submit(following)
    let.set()
    qtbot.waitUntil(lambda: hearing.ended(following.job_id))
    assert hearing.of(following.job_id) == [Started, Painted, Finished]
    hearing.check(request.job_id)


# --- the engine as a process


def process(scenario: Scenario, engines: list[EngineProcess]) -> EngineProcess:
    engines.append(EngineProcess(host_command=scenario.command))
    return engines[-1]


@pytest.mark.slow
def test_a_killed_engine_costs_one_job_and_the_next_one_works(qtbot: QtBot, opened: Open) -> None:
    engines: list[EngineProcess] = []
    session = opened(lambda: process(Scenario.HELD, engines))
    session.start()
    hearing = Hearing(session.generation)
    request = text_request(steps=4)
    session.generation.submit(request)
    qtbot.waitUntil(lambda: any(isinstance(e, Progress) and e.step == 2 for e in hearing.events), timeout=20000)
    pid = engines[0].pid
    assert pid is not None
    with qtbot.waitSignal(session.generation.failed, timeout=2000) as failed:
        os.kill(pid, signal.SIGKILL)
    assert failed.args is not None
    assert isinstance(failed.args[0].error, EngineDied)
    assert EngineState.DEAD in hearing.states
    qtbot.waitUntil(lambda: session.generation.engine_state is EngineState.READY, timeout=20000)
    assert engines[0].pid not in {None, pid}
    following = text_request(steps=1)
    session.generation.submit(following)
    qtbot.waitUntil(lambda: hearing.ended(following.job_id), timeout=20000)
    assert hearing.of(following.job_id) == [Started, Painted, Finished]


@pytest.mark.slow
def test_memory_is_seen_from_outside_while_the_engine_paints(qtbot: QtBot, opened: Open) -> None:
    engines: list[EngineProcess] = []
    session = opened(lambda: process(Scenario.HELD, engines))
    session.start()
    hearing = Hearing(session.generation)
    qtbot.waitUntil(lambda: session.memory is not None, timeout=20000)
    session.generation.submit(text_request(steps=4))
    qtbot.waitUntil(lambda: any(isinstance(e, Progress) and e.step == 2 for e in hearing.events), timeout=20000)
    with qtbot.waitSignal(session.generation.memory_changed) as changed:
        pass
    assert changed.args is not None
    assert changed.args[0].total == psutil.virtual_memory().total


@pytest.mark.slow
def test_closing_in_the_middle_of_a_job_leaves_no_process(qtbot: QtBot, opened: Open) -> None:
    engines: list[EngineProcess] = []
    session = opened(lambda: process(Scenario.HELD, engines))
    session.start()
    hearing = Hearing(session.generation)
    request = text_request(steps=4)
    session.generation.submit(request)
    qtbot.waitUntil(lambda: any(isinstance(e, Progress) and e.step == 2 for e in hearing.events), timeout=20000)
    pid = engines[0].pid
    session.close()
    assert hearing.of(request.job_id) == [Started, Cancelled]
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_closing_while_the_engine_starts_does_not_wait_for_it(qtbot: QtBot, opened: Open) -> None:
    engines: list[EngineProcess] = []
    session = opened(lambda: process(Scenario.NEVER_READY, engines))
    session.start()
    qtbot.waitUntil(lambda: bool(engines and engines[0].pid))
    session.close()
    assert engines[0].pid is None


# --- the end


def test_closing_cancels_everything_and_ends_the_thread(qtbot: QtBot, opened: Open) -> None:
    gate = Gate(step=1, index=1)
    engine = ScriptedEngine(Script(gates=(gate,)))
    session = opened(lambda: engine)
    session.start()
    hearing = Hearing(session.generation)
    running, waiting = text_request(count=2), text_request()
    session.generation.submit(running)
    session.generation.submit(waiting)
    qtbot.waitUntil(gate.reached.is_set)
    session.close()
    assert engine.closed
    assert hearing.of(running.job_id) == [Started, Painted, Cancelled]
    assert hearing.of(waiting.job_id) == [Cancelled]
    assert not any(thread.isRunning() for thread in session.findChildren(QThread))
    session.generation.submit(text_request())
    assert session.queue_model.rows == (), "a closed session takes no job"


def test_a_session_that_was_never_started_closes(opened: Open) -> None:
    session = opened(ScriptedEngine)
    hearing = Hearing(session.generation)
    request = text_request()
    session.generation.submit(request)
    session.close()
    session.close()
    assert hearing.of(request.job_id) == [Started, Cancelled]
