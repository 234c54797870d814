"""The parts of training: time, rates, checkpoints, Muon, the folded norm, noise."""

import json
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers.schedulers.scheduling_ddpm import DDPMScheduler
from torch import nn

from starter_model import checkpoints
from starter_model.captions import Style
from starter_model.denoiser import BETA_END, BETA_START, STEPS, draw_times, noised, signal_shares
from starter_model.latents import Chunk, LatentPool, chunk_path
from starter_model.muon import Muon, orthogonal
from starter_model.parallel import Crew
from starter_model.schedule import Budget, minutes_until, rate
from starter_model.train_further import PACKAGING, prepare, run
from starter_model.vae import TrainedAutoencoder

ALONE = Crew(0, 1, torch.device("cpu"))


def test_a_budget_goes_on_where_it_was_interrupted() -> None:
    fresh = Budget(0.0, 600.0, 0.0)
    resumed = Budget.start(minutes=5, spent_before=300)
    assert fresh.total == resumed.total
    assert 0.5 <= resumed.fraction < 0.51


def test_the_clock_gives_the_minutes_left() -> None:
    evening = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)
    assert minutes_until("23:00", evening) == 30
    assert minutes_until("22:00", evening) == 23.5 * 60


def test_the_rate_rises_holds_and_falls() -> None:
    assert rate(1.0, 0, 0.0, 0.5, warm_up=100) == pytest.approx(0.01)
    assert rate(1.0, 5000, 0.5, 0.5) == 1
    assert rate(1.0, 5000, 0.75, 0.5) == pytest.approx(0.505)
    assert rate(1.0, 5000, 1.0, 0.5) == pytest.approx(0.01)


def test_a_checkpoint_comes_back_as_it_went(tmp_path: Path) -> None:
    layer = nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(layer.parameters())
    layer(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    kept = checkpoints.Checkpoint(
        weights={"model": layer.state_dict()},
        averaged={"model": layer.state_dict()},
        optimizers=[optimizer.state_dict()],
        step=7,
        samples=224,
        seconds=3.5,
    )
    checkpoints.save(tmp_path / "new" / "checkpoint.pt", kept)
    back = checkpoints.load(tmp_path / "new" / "checkpoint.pt", torch.device("cpu"))
    assert torch.equal(back["weights"]["model"]["weight"], layer.weight)
    assert (back["step"], back["samples"], back["seconds"]) == (7, 224, 3.5)
    optimizer.load_state_dict(back["optimizers"][0])
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["checkpoint.pt"]


def test_an_average_moves_towards_the_weights() -> None:
    average = {"weight": torch.zeros(2), "count": torch.tensor(1)}
    checkpoints.average(average, {"weight": torch.ones(2), "count": torch.tensor(5)}, keep=0.75)
    assert average["weight"].tolist() == [0.25, 0.25]
    assert int(average["count"]) == 5


@pytest.mark.parametrize("shape", [(3, 24, 80), (2, 80, 24), (1, 32, 32)])
def test_muon_makes_matrices_nearly_orthogonal(shape: tuple[int, int, int]) -> None:
    torch.manual_seed(1)
    matrices = torch.randn(shape) @ torch.diag(torch.logspace(0, -1, shape[2]))
    made = orthogonal(matrices)
    values = torch.linalg.svdvals(made)
    assert made.shape == matrices.shape
    assert 0.1 < float(values.min()) <= float(values.max()) < 1.6
    assert bool(((made * matrices).sum((1, 2)) > 0).all())


def test_muon_learns_a_convolution() -> None:
    torch.manual_seed(2)
    wanted, learner = (nn.Conv2d(4, 8, 3, bias=False) for _ in range(2))
    optimizer = Muon(learner.parameters(), ALONE, lr=0.02)
    pictures = torch.randn(16, 4, 8, 8)
    losses: list[float] = []
    for _ in range(60):
        loss = nn.functional.mse_loss(learner(pictures), wanted(pictures).detach())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.1 * losses[0]


def test_the_folded_norm_gives_the_normalised_latents() -> None:
    torch.manual_seed(3)
    trained = TrainedAutoencoder()
    pictures = torch.rand(2, 3, 64, 64) * 2 - 1
    trained.settle([pictures])
    trained.eval()
    with torch.no_grad():
        stock = trained.folded().encode(pictures, return_dict=False)[0]
        assert isinstance(stock, torch.Tensor)
        assert torch.allclose(stock, trained.latents(pictures), atol=1e-4)
    assert stock.shape == (2, 4, 8, 8)
    assert float(stock.mean()) == pytest.approx(0, abs=0.01)


def test_noise_and_velocity_are_those_of_the_stock_schedule() -> None:
    torch.manual_seed(4)
    stock = DDPMScheduler(
        num_train_timesteps=STEPS, beta_start=BETA_START, beta_end=BETA_END, beta_schedule="scaled_linear"
    )
    clean, noise, times = torch.randn(6, 2, 4, 4), torch.randn(6, 2, 4, 4), draw_times(6, torch.device("cpu"))
    sample = noised(clean, times, noise, signal_shares())
    assert torch.allclose(sample.noised, stock.add_noise(clean, noise, times), atol=1e-6)  # pyright: ignore[reportArgumentType]  # int times
    assert torch.allclose(sample.wanted, stock.get_velocity(clean, noise, times), atol=1e-6)  # pyright: ignore[reportArgumentType]  # int times


def test_the_pool_takes_up_chunks_that_come_later(tmp_path: Path) -> None:
    def chunk(value: float) -> Chunk:
        return Chunk(latents=torch.full((3, 4, 4, 4), value).half(), ids=torch.zeros(3, 16, 32, dtype=torch.int16))

    torch.save(chunk(1.0), chunk_path(tmp_path, 0))
    pool = LatentPool(tmp_path, torch.device("cpu"), white=0.5)
    torch.save(chunk(2.0), chunk_path(tmp_path, 1))
    pool.refresh()
    random.seed(0)
    latents, ids = pool.draw(200)
    on_white = float((latents[:, 0, 0, 0] == 1).float().mean())
    assert len(pool) == 6
    assert ids.shape == (200, 32)
    assert 0.35 < on_white < 0.65


@pytest.mark.slow
def test_training_goes_on_from_the_shipped_half_precision_weights(tmp_path: Path) -> None:
    shipped = PACKAGING.parent / "resources" / "models" / "starter"
    prepare(tmp_path, shipped)
    (tmp_path / "latents").mkdir()
    ids = torch.zeros(3, 16, 32, dtype=torch.int16)
    torch.save(Chunk(latents=torch.zeros(3, 4, 32, 32).half(), ids=ids), chunk_path(tmp_path / "latents", 0))
    arguments = ("--work", str(tmp_path), "--start-from", str(shipped), "--batch", "1", "--minutes", "0.001")
    run([sys.executable, "-m", "starter_model.painting", *arguments])
    assert checkpoints.load(tmp_path / "painting" / "checkpoint.pt", torch.device("cpu"))["step"] >= 1


def test_no_latents_is_an_error_that_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"starter_model\.latents"):
        LatentPool(tmp_path, torch.device("cpu"))


def test_styles_are_what_the_pack_calls_them() -> None:
    assert json.dumps([style.value for style in Style]) == '["3d", "flat", "cartoon"]'
    assert np.isclose(float(signal_shares()[-1]) ** 0.5, 0.0152, atol=1e-3)
