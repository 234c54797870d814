"""Previews look like the picture to come and cost next to nothing."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch.nn import functional

from studio.domain.cancel import CancelToken
from studio.domain.events import Event, Phase, Preview, Progress
from studio.domain.request import Sampling
from studio.domain.samplers import Sampler
from studio.engine.diffusers_engine import DiffusersEngine, pipeline_arguments
from studio.engine.library import library_class, quiet
from studio.engine.previews import SHARE, PreviewBudget, PreviewMap, preview_map
from studio.services.paths import resources
from tests.engine.requests import ref, sampling, words
from tests.tiny_models import Tiny


class LinearDecoder(torch.nn.Module):
    """An autoencoder whose decoder is known: latents are averaged colours in other words."""

    def __init__(self) -> None:
        super().__init__()
        self.config = library_class("types", "SimpleNamespace")(latent_channels=4, scaling_factor=0.5)
        self.mix = torch.nn.Parameter(torch.randn(4, 3, generator=torch.Generator().manual_seed(1)))
        self.device, self.dtype = torch.device("cpu"), torch.float32

    def encode(self, pictures: torch.Tensor) -> object:
        small = functional.avg_pool2d(pictures, 8)
        return library_class("types", "SimpleNamespace")(latents=torch.einsum("bchw,kc->bkhw", small, self.mix))

    def decode(self, latents: torch.Tensor, return_dict: bool) -> tuple[torch.Tensor]:
        assert not return_dict
        colours = torch.einsum("bkhw,kc->bchw", latents, torch.linalg.pinv(self.mix).T)
        return (functional.interpolate(colours, scale_factor=8),)


def test_a_linear_decoder_is_found_exactly() -> None:
    vae = LinearDecoder()
    found = preview_map(vae, 8, None)
    colours = torch.tensor([[0.5, -0.25, 0.1]])
    latents = (colours @ vae.mix.T * 0.5).reshape(1, 4, 1, 1)
    assert np.allclose(found.picture(latents).pixels[0, 0], (colours[0] * 127.5 + 127.5).numpy(), atol=2)


def test_the_map_is_kept_and_a_damaged_one_made_again(tmp_path: Path) -> None:
    file, vae = tmp_path / "previews" / "vae.json", LinearDecoder()
    first = preview_map(vae, 8, file)
    assert set(json.loads(file.read_text("utf-8"))) == {"weights", "bias"}
    vae.mix = torch.nn.Parameter(torch.zeros(4, 3))
    assert torch.equal(preview_map(vae, 8, file).weights, first.weights)
    file.write_text('{"weights": [[1, 2]], "bias": "x"}', "utf-8")
    assert not torch.equal(preview_map(vae, 8, file).weights, first.weights)


def test_an_engine_keeps_its_map_beside_its_probe(tmp_path: Path) -> None:
    engine = DiffusersEngine("cpu", "bfloat16", tmp_path)
    engine.load(ref())
    engine.close()
    assert (tmp_path / "probe.json").exists()
    assert len(list((tmp_path / "previews").glob("*.json"))) == 1
    assert list(tmp_path.rglob("*.part")) == []


SHOWN = [Sampler.EULER, Sampler.DPMPP_2M, Sampler.UNIPC, Sampler.DEIS, Sampler.PNDM, Sampler.DDIM]


@pytest.mark.parametrize("sampler", SHOWN, ids=[one.value for one in SHOWN])
def test_the_last_estimate_is_the_clean_picture(engine: DiffusersEngine, sampler: Sampler) -> None:
    """After the last step the latents are x0 but for a trace, so x0 found inside that step must be the same."""
    with quiet():
        engine.load(ref(Tiny.KL_F8))
        model = engine._models._kept
        assert model is not None
        estimates = library_class("studio.engine.estimates", "Estimate")
        make = library_class("studio.engine.schedulers", "make_scheduler")
        how = Sampling(steps=30, guidance_scale=1.0, seed=0, sampler=sampler)
        scheduler = make(model.own_scheduler(words().task), how)
        scheduler.set_timesteps(30)
        clean = torch.full((1, 4, 4, 4), 0.5)
        noise = torch.randn(1, 4, 4, 4, generator=torch.Generator().manual_seed(2))
        place = 20
        time = scheduler.timesteps[place : place + 1]
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(place)
        noisy = scheduler.add_noise(clean, noise, time)
        with estimates(scheduler).captured() as estimate:
            scheduler.scale_model_input(noisy, time[0])
            scheduler.step(noise, time[0], noisy, return_dict=False)
            found = estimate.clean()
    assert found is not None
    assert torch.allclose(found, clean, atol=0.02)


def test_frames_are_skipped_when_they_would_cost_too_much() -> None:
    budget = PreviewBudget()
    assert budget.allows_another()
    budget.spend(3600.0)
    assert not budget.allows_another()


def test_previews_take_their_share_and_no_more(engine: DiffusersEngine) -> None:
    told: list[Event] = []
    engine.generate(words(how=sampling(steps=40)), told.append, CancelToken())
    frames = [event for event in told if isinstance(event, Preview)]
    steps = [event for event in told if isinstance(event, Progress) and event.phase is Phase.DENOISING]
    assert 1 <= len(frames) < 40
    assert {frame.picture.pixels.shape for frame in frames} == {(8, 8, 3)}
    assert {frame.step for frame in frames} <= {event.step for event in steps}
    assert SHARE == 0.02


def test_colours_outside_the_range_are_held_at_its_ends() -> None:
    weights = torch.zeros(3, 4, 3, 3)
    weights[:, :, 1, 1] = torch.eye(4)[:3] * 100
    colours = PreviewMap(weights, torch.zeros(3))
    latents = torch.tensor([1.0, -1.0, 0.0, 0.0]).reshape(1, 4, 1, 1)
    assert colours.picture(latents).pixels[0, 0].tolist() == [255, 0, 128]


def test_a_preview_of_the_last_latents_has_the_colours_of_the_picture(engine: DiffusersEngine) -> None:
    engine.load(ref(Tiny.TINY_F8))
    model = engine._models._kept
    assert model is not None
    wanted = words(ref(Tiny.TINY_F8))
    painted = engine.generate(wanted, [].append, CancelToken()).images[0].picture.pixels
    with quiet():
        latents = model.pipeline(wanted.task)(**pipeline_arguments(wanted, 5), output_type="latent").images
    preview = model.previews.picture(latents).pixels
    side = len(preview)
    small = painted.reshape(side, 8, side, 8, 3).mean((1, 3))
    assert np.abs(preview - small).mean() < 8


@pytest.mark.slow
def test_a_preview_of_the_starter_model_shows_the_picture() -> None:
    """The map was fitted to random shapes; here is a drawing that it has not seen, on white as most pictures are."""
    vae = library_class("diffusers", "AutoencoderTiny").from_pretrained(str(resources() / "models" / "starter" / "vae"))
    drawing = Image.new("RGB", (256, 256), "white")
    pen = ImageDraw.Draw(drawing)
    pen.ellipse((40, 60, 216, 240), fill=(205, 60, 40), outline=(90, 20, 20), width=6)
    pen.rectangle((120, 20, 136, 70), fill=(110, 70, 40))
    pen.ellipse((80, 90, 120, 130), fill=(240, 200, 180))
    with quiet(), torch.no_grad():
        pixels = torch.from_numpy(np.asarray(drawing)).permute(2, 0, 1)[None] / 127.5 - 1
        latents = vae.encode(pixels).latents
        decoded = functional.avg_pool2d(vae.decode(latents).sample.clamp(-1, 1), 8)[0].permute(1, 2, 0)
        preview = preview_map(vae, 8, None).picture(latents * vae.config.scaling_factor).pixels
    assert np.corrcoef(preview.ravel(), decoded.numpy().ravel())[0, 1] > 0.9
