"""The engine's process dies, hangs, babbles: one job fails in words, the next one works, and nothing stays behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from studio.domain.cancel import CancelToken, JobCancelled
from studio.domain.errors import (
    DeviceUnavailable,
    EngineDied,
    EngineFailed,
    StudioError,
)
from studio.domain.events import Cancelled, Event, Failed, Finished, Phase, Progress
from studio.domain.request import ModelRef
from studio.services.engine_environment import child_environment
from studio.services.engine_process import EngineProcess
from tests.contract.recording import Recording, paint, painting, words
from tests.contract.scripted_host import HELD_AT_STEP, Scenario

MODEL = ModelRef("scripted", Path("nowhere"))
REQUEST = words(MODEL)
PROMPTLY_S = 2.0
"""How long after its end a dead engine may go unnoticed."""

Start = Callable[..., EngineProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    """Make engine processes that end with the test."""
    made: list[EngineProcess] = []

    def start(scenario: Scenario, **options: float) -> EngineProcess:
        engine = EngineProcess(host_command=scenario.command, **options)  # pyright: ignore[reportArgumentType] - only floats are passed
        made.append(engine)
        return engine

    yield start
    for engine in made:
        engine.close()


def the_process(engine: EngineProcess) -> psutil.Process:
    assert engine.pid is not None
    return psutil.Process(engine.pid)


def fail(engine: EngineProcess, recording: Recording) -> StudioError:
    """Let a job fail and return its error, the same in the event and raised."""
    with pytest.raises(StudioError) as caught:
        engine.generate(REQUEST, recording, CancelToken())
    recording.assert_one_job(REQUEST, Failed)
    last = recording.events[-1]
    assert isinstance(last, Failed)
    assert last.error is caught.value
    return caught.value


KILLS = [
    pytest.param(signal.SIGKILL, id="SIGKILL"),
    *(pytest.param(one, id=one.name, marks=pytest.mark.slow) for one in (signal.SIGSEGV, signal.SIGTERM)),
]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("number", KILLS)
def test_a_killed_engine_fails_its_job_and_does_the_next(start: Start, number: signal.Signals) -> None:
    engine = start(Scenario.HELD)
    engine.wait_ready()
    first = the_process(engine)
    error = fail(engine, Recording(painting(HELD_AT_STEP), lambda: first.send_signal(number)))
    assert isinstance(error, EngineDied)
    assert number.name in error.why
    assert error.remedy
    assert not first.is_running()

    cancel = CancelToken()
    recording = Recording(painting(HELD_AT_STEP), cancel.cancel)
    with pytest.raises(JobCancelled):
        engine.generate(REQUEST, recording, cancel)
    recording.assert_one_job(REQUEST, Cancelled)
    assert the_process(engine) != first


def test_death_is_told_promptly(start: Start) -> None:
    engine = start(Scenario.HELD)
    killed = threading.Event()

    def kill() -> None:
        the_process(engine).kill()
        killed.set()

    told = threading.Event()
    recording = Recording(painting(HELD_AT_STEP), kill)

    def watch(event: Event) -> None:
        recording(event)
        if isinstance(event, Failed):
            told.set()

    def work() -> None:
        with pytest.raises(EngineDied):
            engine.generate(REQUEST, watch, CancelToken())

    worker = threading.Thread(target=work)
    worker.start()
    assert killed.wait(30)
    assert told.wait(PROMPTLY_S)
    worker.join()


@pytest.mark.slow
def test_a_crash_in_native_code_is_named_and_its_traceback_kept(start: Start) -> None:
    error = fail(start(Scenario.CRASHING), Recording())
    assert isinstance(error, EngineDied)
    assert "SIGSEGV" in error.why
    assert any("Fatal Python error: Segmentation fault" in note for note in error.__notes__)


@pytest.mark.slow
def test_an_engine_that_leaves_tells_its_exit_code_and_last_words(start: Start) -> None:
    error = fail(start(Scenario.LEAVING), Recording())
    assert isinstance(error, EngineDied)
    assert error.why == "it ended with exit code 3: out of luck"


@pytest.mark.slow
def test_out_of_memory_is_said_as_a_possibility_when_something_kills_it(start: Start) -> None:
    engine = start(Scenario.HELD)
    error = fail(engine, Recording(painting(1), lambda: the_process(engine).kill()))
    assert "memory ran out" in error.why


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_a_hanging_engine_is_killed_and_replaced(start: Start) -> None:
    engine = start(Scenario.HELD, silence_s=3.0)
    engine.wait_ready()
    first = the_process(engine)
    error = fail(engine, Recording(painting(HELD_AT_STEP), first.suspend))
    assert isinstance(error, EngineDied)
    assert "did not answer" in error.why
    assert not first.is_running()
    engine.wait_ready()
    assert the_process(engine) != first


def test_an_engine_that_died_between_jobs_is_replaced_without_a_word(start: Start) -> None:
    engine = start(Scenario.PLAIN)
    before, _ = paint(engine, REQUEST)
    first = the_process(engine)
    first.kill()
    after, recording = paint(engine, REQUEST)
    recording.assert_one_job(REQUEST, Finished)
    assert the_process(engine) != first
    assert [image.picture for image in after.images] == [image.picture for image in before.images]


@pytest.mark.slow
def test_an_engine_that_dies_right_after_its_last_event_has_finished_its_job(start: Start) -> None:
    engine = start(Scenario.DYING_LAST)
    for _ in range(2):
        _, recording = paint(engine, REQUEST)
        recording.assert_one_job(REQUEST, Finished)


@pytest.mark.slow
def test_an_error_that_no_engine_may_raise_fails_its_job_in_words(start: Start) -> None:
    engine = start(Scenario.BROKEN_ONCE)
    error = fail(engine, Recording())
    assert type(error) is EngineFailed
    assert error.why == "ZeroDivisionError: planted"
    first = the_process(engine)
    paint(engine, REQUEST)
    assert the_process(engine) == first
    assert any("Traceback" in line for line in engine.last_words)


def test_what_libraries_print_does_not_disturb_the_talk(start: Start) -> None:
    engine = start(Scenario.CHATTY)
    _, recording = paint(engine, REQUEST)
    recording.assert_one_job(REQUEST, Finished)
    said, deadline = {"printed", "written", "complained", "a child printed"}, time.monotonic() + 10
    # Another thread reads them.
    while not said <= set(engine.last_words) and time.monotonic() < deadline:
        engine.memory()
    assert said <= set(engine.last_words)


@pytest.mark.parametrize("scenario", [Scenario.GARBLING, Scenario.OUT_OF_PLACE])
def test_garbage_on_the_wire_is_an_engine_that_failed(start: Start, scenario: Scenario) -> None:
    engine = start(scenario)
    error = fail(engine, Recording())
    assert isinstance(error, EngineDied | EngineFailed)
    assert error.remedy
    assert engine.pid is None


def test_an_engine_that_cannot_be_made_says_its_own_reason(start: Start) -> None:
    error = fail(start(Scenario.WITHOUT_DEVICE), Recording())
    assert type(error) is DeviceUnavailable
    assert error.remedy == "Choose cpu"


@pytest.mark.slow
def test_a_library_that_is_not_there_is_told(start: Start) -> None:
    with pytest.raises(EngineFailed, match="ImportError: planted"):
        start(Scenario.WITHOUT_LIBRARY).describe()


def test_a_command_that_is_not_there_is_told() -> None:
    engine = EngineProcess(host_command=["/nowhere/python"])
    with pytest.raises(EngineDied, match="nowhere"):
        engine.wait_ready()
    engine.close()


def test_a_job_can_be_cancelled_while_the_engine_starts(start: Start) -> None:
    engine = start(Scenario.NEVER_READY)
    cancel = CancelToken()
    recording = Recording(lambda event: isinstance(event, Progress) and event.phase is Phase.STARTING, cancel.cancel)
    with pytest.raises(JobCancelled):
        engine.generate(REQUEST, recording, cancel)
    recording.assert_one_job(REQUEST, Cancelled)


def test_a_window_that_closes_need_not_wait_for_an_engine_that_starts(start: Start) -> None:
    engine = start(Scenario.NEVER_READY)
    engine.start()
    closing = threading.Thread(target=engine.interrupt)
    closing.start()
    with pytest.raises(EngineFailed, match="closed"):
        engine.describe()
    closing.join()
    engine.close()


def test_start_does_not_wait_for_the_engine(start: Start) -> None:
    engine = start(Scenario.NEVER_READY)
    engine.start()
    process = the_process(engine)
    engine.start()
    assert the_process(engine) == process


@pytest.mark.slow
def test_a_listener_that_breaks_costs_a_new_process_and_no_confusion(start: Start) -> None:
    engine = start(Scenario.HELD)

    def break_off() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.generate(REQUEST, Recording(painting(HELD_AT_STEP), break_off), CancelToken())
    assert engine.pid is None
    assert engine.memory().total > 0


@pytest.mark.parametrize("scenario", [Scenario.PLAIN, Scenario.NEVER_READY])
def test_close_leaves_no_process_thread_or_file(scenario: Scenario) -> None:
    me = psutil.Process()
    threads, files = set(threading.enumerate()), me.num_fds()
    engine = EngineProcess(host_command=scenario.command)
    engine.start()
    if scenario is Scenario.PLAIN:
        paint(engine, REQUEST)
    process = the_process(engine)
    engine.close()
    assert not process.is_running()
    assert set(threading.enumerate()) == threads
    assert me.num_fds() == files
    engine.close()
    with pytest.raises(EngineFailed, match="closed"):
        engine.start()


@pytest.mark.slow
def test_ctrl_c_in_a_terminal_does_not_reach_the_engine(start: Start) -> None:
    engine = start(Scenario.PLAIN)
    engine.wait_ready()
    the_process(engine).send_signal(signal.SIGINT)
    paint(engine, REQUEST)
    assert any("KeyboardInterrupt" in line for line in engine.last_words) is False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process say so")
def test_the_system_ends_the_engine_before_the_window_when_memory_is_full(start: Start) -> None:
    engine = start(Scenario.PLAIN)
    engine.wait_ready()
    mine, its = (int(Path("/proc", who, "oom_score_adj").read_text()) for who in ("self", str(engine.pid)))
    assert its > mine


def test_the_engine_gets_an_environment_that_makes_torch_fast(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("SEEN", "yes")
    engine = start(Scenario.PLAIN)
    engine.wait_ready()
    environment = the_process(engine).environ()
    assert environment["SEEN"] == "yes"
    assert environment["OMP_NUM_THREADS"] == "1", "what the user set stays"
    if "CS_GNU_LIBC_VERSION" in os.confstr_names:
        assert environment["MALLOC_MMAP_THRESHOLD_"] == environment["MALLOC_TRIM_THRESHOLD_"] == str(2**32)


def test_the_engine_gets_a_thread_for_each_core_it_may_use() -> None:
    threads = int(child_environment({})["OMP_NUM_THREADS"])
    assert 1 <= threads <= (os.cpu_count() or 1)


PARENT = """
import sys
from studio.domain.cancel import CancelToken
from studio.services.engine_process import EngineProcess
from tests.contract.recording import words
from tests.contract.scripted_host import Scenario
from tests.contract.test_engine_process import MODEL

engine = EngineProcess(host_command=Scenario(sys.argv[1]).command)
engine.start()
if sys.argv[1] == "held":
    def emit(event):
        if getattr(event, "step", 0) == 2:
            print(engine.pid, flush=True)
    engine.generate(words(MODEL), emit, CancelToken())
print(engine.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [Scenario.HELD, Scenario.NEVER_READY, Scenario.PLAIN])
def test_the_engine_ends_with_its_parent_even_when_that_is_killed(scenario: Scenario) -> None:
    command = [sys.executable, "-c", PARENT, scenario.value]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(Path(__file__).parents[2])])
    }
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        engine = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    psutil.wait_procs([engine], timeout=10)
    assert not engine.is_running()
