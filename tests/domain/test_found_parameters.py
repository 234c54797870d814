"""Whoever wrote a picture's settings, they can be told to other programs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.dialects.a1111 import of_text
from studio.domain.found_parameters import parameters_text
from studio.domain.found_settings import FoundSettings
from studio.domain.geometry import Size
from studio.domain.samplers import Sampler, Schedule

FOUND = FoundSettings(
    prompt="a red fox, (3d:1.2)",
    negative_prompt="blurry",
    steps=20,
    guidance_scale=7.5,
    seed=42,
    size=Size(512, 768),
    sampler=Sampler.DPMPP_2M,
    schedule=Schedule.KARRAS,
    strength=0.6,
    model="fox, the best",
    model_hash="0123456789abcdef",
    vae="soft",
)


def test_it_reads_as_a1111_writes_it() -> None:
    assert parameters_text(FOUND) == (
        "a red fox, (3d:1.2)\nNegative prompt: blurry\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Karras, "
        'CFG scale: 7.5, Seed: 42, Size: 512x768, Model hash: 0123456789, Model: "fox, the best", '
        "Denoising strength: 0.6, VAE: soft"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert parameters_text(FoundSettings(prompt="a fox")) == "a fox"
    assert parameters_text(FoundSettings(prompt="")) == ""
    words = parameters_text(replace(FOUND, sampler=None, sampler_name="k_lms", schedule=None))
    assert "Sampler: k_lms, CFG scale" in words


@settings(max_examples=50)
@given(st.integers(0, 2**63 - 1), st.integers(1, 150), st.sampled_from(Sampler), st.sampled_from((2.0, 7.5, 12.25)))
def test_our_own_reader_gives_it_back(seed: int, steps: int, sampler: Sampler, guidance: float) -> None:
    found = replace(FOUND, seed=seed, steps=steps, sampler=sampler, guidance_scale=guidance)
    back = of_text(parameters_text(found))
    said = (back.prompt, back.negative_prompt, back.seed, back.steps, back.sampler, back.guidance_scale, back.size)
    assert said == (found.prompt, "blurry", seed, steps, sampler, guidance, found.size)
