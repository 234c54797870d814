"""`sfumato bench`: its figures are real, its table is whole; how fast this machine is, no test decides."""

import json
import math

import pytest

from studio.cli.bench import MEASUREMENTS, choose
from studio.cli.bench_figures import Figure, Unit
from studio.cli.bench_ground import Ground
from studio.cli.bench_window import measure_event_loop, measure_start
from studio.cli.commands import main
from studio.domain.errors import InvalidSetting
from studio.domain.request import ModelRef
from studio.engine.benchmarks import measure_preview
from tests.tiny_models import tiny_model


def test_every_measurement_has_a_name_of_its_own() -> None:
    assert len({one.id for one in MEASUREMENTS}) == len(MEASUREMENTS)


def test_quick_leaves_out_what_needs_the_full_size() -> None:
    chosen = choose((), quick=True)
    assert chosen
    assert [one for one in chosen if one.full_size] == []
    assert choose((), quick=False) == list(MEASUREMENTS)


def test_only_chooses_by_name() -> None:
    assert [one.id for one in choose(("stock",), quick=False)] == ["stock"]


def test_an_unknown_measurement_is_told_the_known_ones() -> None:
    with pytest.raises(InvalidSetting, match="start, event-loop"):
        choose(("nonsense",), quick=False)


@pytest.mark.parametrize(
    ("value", "bar", "at_least", "holds"),
    [(0.5, 0.6, False, True), (0.7, 0.6, False, False), (3.5, 3.0, True, True), (2.5, 3.0, True, False)],
)
def test_a_figure_knows_whether_it_holds(value: float, bar: float, at_least: bool, holds: bool) -> None:
    figure = Figure("of something", value, Unit.RATIO, bar, at_least)
    assert figure.holds is holds
    assert ("missed" in str(figure)) is not holds


def test_a_figure_without_a_bar_is_only_told() -> None:
    assert Figure("of something", 1.0, Unit.SECONDS).holds is None


def test_the_ground_leaves_nothing_behind() -> None:
    with Ground(str(tiny_model())) as ground:
        (ground.folder / "something").write_text("x", "utf-8")
    assert not ground.folder.exists()


def test_an_unknown_model_ends_with_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--model", "nowhere", "--only", "stock"]) == 1
    assert "nowhere" in capfd.readouterr().err


@pytest.mark.slow
def test_bench_prints_figures_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--model", str(tiny_model()), "--only", "process", "--only", "stock", "--json"]) == 0
    report = json.loads(capfd.readouterr().out)
    assert report["engine"]["device"]
    figures = report["figures"]
    assert len(figures) == 7
    assert all(math.isfinite(one["value"]) and one["value"] > 0 for one in figures)


@pytest.mark.slow
def test_the_window_can_be_measured() -> None:
    with Ground(str(tiny_model())) as ground:
        figures = [*measure_start(ground, starts=1), *measure_event_loop(ground, pictures=2)]
    assert [one.unit for one in figures] == [Unit.SECONDS, Unit.MILLISECONDS, Unit.MILLISECONDS, Unit.MEGABYTES]
    assert all(one.value > 0 for one in figures)


@pytest.mark.slow
def test_what_previews_cost_is_measured_in_a_picture() -> None:
    found = measure_preview(ModelRef("tiny", tiny_model()), steps=6, side=128)
    assert 1 <= found.frames < 6
    assert 0 < found.frame_s * found.frames < 6 * found.step_s
    assert found.share == pytest.approx(found.frame_s * found.frames / (6 * found.step_s))
