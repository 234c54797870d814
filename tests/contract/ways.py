"""The ways to run an engine, each with engines that behave as a test needs them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from studio.domain.request import ModelRef
from studio.engine.diffusers_engine import DiffusersEngine
from studio.services.engine_process import EngineProcess
from tests.contract.scripted_host import Scenario, failing_once_engine, held_engine
from tests.fakes import ScriptedEngine
from tests.tiny_models import Tiny, tiny_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.domain.ports import Engine

NOWHERE = Path("no", "such", "model")
MANY_STEPS = 1000


@dataclass(frozen=True)
class Way:
    """One way to run an engine.

    Attributes:
        plain: makes one that does its jobs.
        held: makes one that is still denoising when a cancel comes, given `steps` steps.
        failing_once: makes one whose first job fails when it is asked to use `bad_model`.
        model: what it paints with.
        bad_model: what it cannot paint with.
        steps: of a job that is going to be cancelled.
    """

    plain: Callable[[], Engine]
    held: Callable[[], Engine]
    failing_once: Callable[[], Engine]
    model: Callable[[], ModelRef]
    bad_model: ModelRef
    steps: int


class WayName(Enum):
    """The ways by name; the tests of the contract run over all of them."""

    SCRIPTED_THREAD = "scripted-thread"
    SCRIPTED_PROCESS = "scripted-process"
    DIFFUSERS_THREAD = "diffusers-thread"
    DIFFUSERS_PROCESS = "diffusers-process"


def scripted_model() -> ModelRef:
    """Return a model that needs no files."""
    return ModelRef("scripted", NOWHERE)


def real_model() -> ModelRef:
    """Return a tiny model with every part that a large one has."""
    return ModelRef("tiny", tiny_model(Tiny.TINY_F8))


def _process(scenario: Scenario) -> Callable[[], EngineProcess]:
    return lambda: EngineProcess(host_command=scenario.command)


def _scripted(plain: Callable[[], Engine], held: Callable[[], Engine], failing_once: Callable[[], Engine]) -> Way:
    return Way(plain, held, failing_once, scripted_model, scripted_model(), steps=3)


def _diffusers(make: Callable[[], Engine]) -> Way:
    return Way(make, make, make, real_model, ModelRef("nowhere", NOWHERE), steps=MANY_STEPS)


WAYS = {
    WayName.SCRIPTED_THREAD: _scripted(ScriptedEngine, held_engine, failing_once_engine),
    WayName.SCRIPTED_PROCESS: _scripted(
        _process(Scenario.PLAIN), _process(Scenario.HELD), _process(Scenario.FAILING_ONCE)
    ),
    WayName.DIFFUSERS_THREAD: _diffusers(lambda: DiffusersEngine("cpu", "float32")),
    WayName.DIFFUSERS_PROCESS: _diffusers(lambda: EngineProcess("cpu", "float32")),
}
