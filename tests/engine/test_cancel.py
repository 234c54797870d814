"""A cancel stops the job wherever it is, and leaves nothing behind."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from studio.domain.cancel import CancelToken, JobCancelled
from studio.domain.events import Cancelled, Event, Finished, Painted, Phase, Preview, Progress, Started
from studio.engine.denoise import blocks_of, stopping
from studio.engine.diffusers_engine import DiffusersEngine
from studio.engine.model_cache import LoadedModel
from tests.contract.recording import Recording, paint
from tests.engine.requests import ref, sampling, words
from tests.tiny_models import Tiny


def loaded(engine: DiffusersEngine) -> LoadedModel:
    kept = engine._models._kept
    assert kept is not None
    return kept


def hooks_of(model: LoadedModel) -> int:
    parts = [part for part in model.parts.values() if isinstance(part, nn.Module)]
    return sum(len(module._forward_pre_hooks) for part in parts for module in part.modules())


def in_phase(phase: Phase) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, Progress) and event.phase is phase


@pytest.mark.parametrize("phase", [Phase.LOADING, Phase.ENCODING, Phase.DENOISING, Phase.DECODING])
def test_a_cancel_in_any_phase_ends_the_job_and_the_next_one_works(phase: Phase) -> None:
    engine = DiffusersEngine("cpu", "float32")
    cancel = CancelToken()
    request, recording = words(), Recording(in_phase(phase), cancel.cancel)
    with pytest.raises(JobCancelled):
        engine.generate(request, recording, cancel)
    recording.assert_one_job(request, Cancelled)
    assert recording.painted == []
    phases = [event.phase for event in recording.events if isinstance(event, Progress)]
    assert phases[-1] is phase
    again = words()
    _, after = paint(engine, again)
    after.assert_one_job(again, Finished)
    assert hooks_of(loaded(engine)) == 0
    engine.close()


def test_nothing_is_decoded_after_a_cancel(engine: DiffusersEngine) -> None:
    paint(engine, words())
    decoded: list[int] = []
    hook = loaded(engine).parts["vae"].decoder.register_forward_pre_hook(lambda *_: decoded.append(1))
    cancel = CancelToken()
    recording = Recording(lambda event: isinstance(event, Preview), cancel.cancel)
    with pytest.raises(JobCancelled):
        engine.generate(words(how=sampling(steps=20)), recording, cancel)
    hook.remove()
    assert decoded == []
    assert "step" not in vars(loaded(engine).pipeline(words().task).scheduler)


def test_a_step_is_left_in_its_middle(engine: DiffusersEngine) -> None:
    paint(engine, words())
    cancel = CancelToken()
    down, up = (getattr(loaded(engine).denoiser, name)[0] for name in ("down_blocks", "up_blocks"))
    reached: list[str] = []

    def cancel_here(*_: object) -> None:
        reached.append("down")
        cancel.cancel()

    hooks = [
        down.register_forward_pre_hook(cancel_here),
        up.register_forward_pre_hook(lambda *_: reached.append("up")),
    ]
    with pytest.raises(JobCancelled):
        engine.generate(words(), Recording(), cancel)
    for hook in hooks:
        hook.remove()
    assert reached == ["down"]


def test_a_picture_that_is_done_is_told_before_the_next_begins(engine: DiffusersEngine) -> None:
    cancel = CancelToken()
    recording = Recording(lambda event: isinstance(event, Painted), cancel.cancel)
    with pytest.raises(JobCancelled):
        engine.generate(words(count=3), recording, cancel)
    assert len(recording.painted) == 1
    assert isinstance(recording.events[0], Started)


def test_hooks_go_even_when_the_work_fails() -> None:
    part = nn.Sequential(nn.Linear(2, 2), nn.ModuleList([nn.Linear(2, 2)]))
    assert len(blocks_of(part)) == 3
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(JobCancelled), stopping((part,), cancel):
        part[0](torch.ones(1, 2))
    assert part[0](torch.ones(1, 2)).shape == (1, 2)


def test_every_large_part_of_a_model_can_be_stopped(engine: DiffusersEngine) -> None:
    engine.load(ref(Tiny.KL_F8))
    for name in ("unet", "vae", "text_encoder"):
        assert len(blocks_of(loaded(engine).parts[name])) >= 2, name
