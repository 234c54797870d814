"""The figures of the engine's process are measured on running engines."""

from studio.services.engine_bench import measure_cancel, measure_overhead, measure_ready
from studio.services.engine_process import EngineProcess
from tests.contract.recording import words
from tests.contract.scripted_host import Scenario
from tests.contract.ways import scripted_model
from tests.fakes import ScriptedEngine


def test_figures_of_a_scripted_engine_are_those_of_a_small_process() -> None:
    near, far = ScriptedEngine(), EngineProcess(host_command=Scenario.PLAIN.command)
    request = words(scripted_model())
    assert 0 < measure_ready(far) < 30
    overhead = measure_overhead(near, far, request, rounds=3)
    assert 0 < overhead.in_thread_s < overhead.in_process_s
    assert overhead.extra_s > 0
    far.close()


def test_a_cancel_is_timed_from_the_asking_to_the_event() -> None:
    engine = EngineProcess(host_command=Scenario.HELD.command)
    assert 0 < measure_cancel(engine, words(scripted_model()), rounds=2) < 5
    engine.close()
