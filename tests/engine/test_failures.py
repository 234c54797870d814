"""Whatever goes wrong is said in words: what, why, what to do."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from studio.domain.cancel import CancelToken
from studio.domain.errors import (
    BrokenModel,
    EngineFailed,
    InvalidSetting,
    InvalidSize,
    NotANumber,
    OutOfMemory,
    StudioError,
    UnknownModel,
    UnsupportedTask,
)
from studio.domain.events import Failed, Finished
from studio.domain.request import GenerationRequest, ImageToImage, ModelRef, Sampling, Task
from studio.domain.samplers import Sampler, Schedule
from studio.engine.diffusers_engine import DiffusersEngine
from studio.engine.failures import as_studio_error
from tests.contract.recording import Recording, paint
from tests.engine.requests import noise, ref, request, sampling, words
from tests.tiny_models import Tiny, tiny_model

SMALL_FILES = [
    "model_index.json",
    "unet/config.json",
    "vae/config.json",
    "text_encoder/config.json",
    "tokenizer/tokenizer_config.json",
    "tokenizer/vocab.json",
    "tokenizer/merges.txt",
    "scheduler/scheduler_config.json",
]
WEIGHTS = [
    "unet/diffusion_pytorch_model.safetensors",
    "vae/diffusion_pytorch_model.safetensors",
    "text_encoder/model.safetensors",
]


@pytest.fixture
def copied(tmp_path: Path) -> ModelRef:
    """Return a tiny model that may be damaged."""
    return ModelRef("copied", Path(shutil.copytree(tiny_model(Tiny.TINY_F8), tmp_path / "copied")))


def fail(engine: DiffusersEngine, wanted: GenerationRequest) -> StudioError:
    recording = Recording()
    with pytest.raises(StudioError) as caught:
        engine.generate(wanted, recording, CancelToken())
    recording.assert_one_job(wanted, Failed)
    assert all((caught.value.what, caught.value.why, caught.value.remedy))
    assert recording.terminal == [Failed(wanted.job_id, caught.value)]
    return caught.value


def test_a_model_that_is_nowhere_is_unknown(engine: DiffusersEngine) -> None:
    assert isinstance(fail(engine, words(ModelRef("gone", Path("no", "such", "folder")))), UnknownModel)


@pytest.mark.parametrize("name", [*SMALL_FILES, *WEIGHTS])
def test_a_missing_file_is_named(engine: DiffusersEngine, copied: ModelRef, name: str) -> None:
    (copied.folder / name).unlink()
    error = fail(engine, words(copied))
    assert isinstance(error, BrokenModel)
    assert name in error.why


@pytest.mark.parametrize("name", [name for name in SMALL_FILES if name.endswith("json")])
def test_a_file_that_is_no_json_is_named(engine: DiffusersEngine, copied: ModelRef, name: str) -> None:
    (copied.folder / name).write_bytes(b'{"half": ')
    error = fail(engine, words(copied))
    assert isinstance(error, BrokenModel)
    assert name in error.why


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_cut_short_are_named(engine: DiffusersEngine, copied: ModelRef, name: str) -> None:
    whole = (copied.folder / name).read_bytes()
    (copied.folder / name).write_bytes(whole[: len(whole) // 2])
    error = fail(engine, words(copied))
    assert isinstance(error, BrokenModel)
    assert name in error.why


@pytest.mark.parametrize("name", WEIGHTS)
def test_a_weight_that_is_not_there_is_not_made_up(engine: DiffusersEngine, copied: ModelRef, name: str) -> None:
    weights = load_file(copied.folder / name)
    lost = min(weights)
    del weights[lost]
    save_file(weights, copied.folder / name, metadata={"format": "pt"})
    error = fail(engine, words(copied))
    assert isinstance(error, BrokenModel)
    assert name in error.why
    assert lost.split(".")[-1] in error.why


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_of_another_shape_are_named(engine: DiffusersEngine, copied: ModelRef, name: str) -> None:
    weights = load_file(copied.folder / name)
    first = min(weights)
    weights[first] = torch.zeros(3, 5, dtype=torch.float16)
    save_file(weights, copied.folder / name, metadata={"format": "pt"})
    error = fail(engine, words(copied))
    assert isinstance(error, BrokenModel)
    assert name in error.why


def test_pickles_are_not_opened(engine: DiffusersEngine, copied: ModelRef) -> None:
    weights = copied.folder / WEIGHTS[0]
    torch.save(load_file(weights), weights.with_suffix(".bin"))
    weights.unlink()
    error = fail(engine, words(copied))
    assert isinstance(error, BrokenModel)
    assert "pickles" in error.why


@pytest.mark.parametrize("part", ["unet", "scheduler", "tokenizer"])
def test_a_class_from_elsewhere_is_refused(engine: DiffusersEngine, copied: ModelRef, part: str) -> None:
    index = json.loads((copied.folder / "model_index.json").read_text("utf-8"))
    index[part] = ["os", "system"]
    (copied.folder / "model_index.json").write_text(json.dumps(index), "utf-8")
    error = fail(engine, words(copied))
    assert isinstance(error, BrokenModel)
    assert "system" in error.why


def test_a_model_of_no_family_is_refused(engine: DiffusersEngine, copied: ModelRef) -> None:
    (copied.folder / "model_index.json").write_text('{"_class_name": "AudioLDMPipeline"}', "utf-8")
    assert "AudioLDMPipeline" in fail(engine, words(copied)).why


def test_a_size_between_two_that_fit_names_the_nearest(engine: DiffusersEngine) -> None:
    error = fail(engine, words(side=60))
    assert isinstance(error, InvalidSize)
    assert "64x64" in error.remedy
    assert isinstance(fail(engine, words(ref(Tiny.TINY_F16), side=72)), InvalidSize)


def test_a_model_for_masks_paints_into_masks_only(engine: DiffusersEngine) -> None:
    error = fail(engine, request(Task.TEXT_TO_IMAGE, ref(Tiny.INPAINT_F8), sampling()))
    assert isinstance(error, UnsupportedTask)


def test_a_strength_that_leaves_no_step_says_how_many_it_needs(engine: DiffusersEngine) -> None:
    def at(steps: int) -> ImageToImage:
        return ImageToImage(model=ref(), prompt="", sampling=sampling(steps), image=noise(), strength=0.2)

    error = fail(engine, at(4))
    assert isinstance(error, InvalidSetting)
    assert "6 steps" in error.remedy
    paint(engine, at(6))


IMPOSSIBLE = [
    Sampling(steps=51, guidance_scale=1.0, seed=0, sampler=Sampler.LCM),
    Sampling(steps=4, guidance_scale=1.0, seed=0, sampler=Sampler.DDIM, schedule=Schedule.KARRAS),
]


@pytest.mark.parametrize("how", IMPOSSIBLE, ids=["too-many-steps", "no-such-schedule"])
def test_what_a_sampler_cannot_do_is_said(engine: DiffusersEngine, how: Sampling) -> None:
    assert isinstance(fail(engine, words(how=how)), InvalidSetting)


@pytest.mark.parametrize("part", ["unet", "vae"])
def test_nan_is_told_and_not_painted(engine: DiffusersEngine, copied: ModelRef, part: str) -> None:
    file = copied.folder / part / "diffusion_pytorch_model.safetensors"
    weights = load_file(file)
    last = "conv_out.weight" if part == "unet" else max(name for name in weights if name.startswith("decoder"))
    weights[last] = torch.full_like(weights[last], float("nan"))
    save_file(weights, file, metadata={"format": "pt"})
    error = fail(engine, words(copied))
    assert isinstance(error, NotANumber)
    assert "float32" in error.remedy
    good = words()
    _, recording = paint(engine, good)
    recording.assert_one_job(good, Finished)


@pytest.mark.parametrize("ask", [lambda: torch.empty(2**60, dtype=torch.uint8), lambda: bytearray(2**60)])
def test_an_allocation_that_fails_is_out_of_memory(ask: type[object]) -> None:
    with pytest.raises((RuntimeError, MemoryError)) as caught:
        ask()
    error = as_studio_error(caught.value)
    assert isinstance(error, OutOfMemory)
    assert "smaller" in error.remedy


def test_what_nobody_foresaw_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    error = as_studio_error(ZeroDivisionError("division by zero"))
    assert isinstance(error, EngineFailed)
    assert error.why == "ZeroDivisionError: division by zero"
    assert caplog.records[-1].exc_info is not None
