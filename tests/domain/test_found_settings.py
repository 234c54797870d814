"""The settings that a picture carries are understood, whoever wrote them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.found_settings import FoundSettings
from studio.domain.geometry import Size
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY
from studio.domain.samplers import Sampler, Schedule
from tests.domain.test_metadata import FOX, described

METADATA = described(replace(FOX, negative_prompt="grass, people"))

A1111 = (
    "a castle, (moat:1.2)\nby night\nNegative prompt: blurry,\nugly\n"
    "Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 42, Size: 512x768, "
    'Model: deli, Lora hashes: "a: 1, b: 2", Version: v1.10.1'
)


def test_the_text_of_other_programs() -> None:
    assert FoundSettings.of_parameters(A1111) == FoundSettings(
        prompt="a castle, (moat:1.2)\nby night",
        negative_prompt="blurry,\nugly",
        steps=28,
        guidance_scale=6.5,
        seed=42,
        size=Size(512, 768),
        sampler=Sampler.DPMPP_2M,
        schedule=Schedule.KARRAS,
    )


def test_our_own_text_is_read_as_it_was_written() -> None:
    assert FoundSettings.of_parameters(METADATA.to_parameters()) == FoundSettings.of_metadata(METADATA)


def test_our_own_json_goes_first_and_a_damaged_one_does_not_hide_the_text() -> None:
    texts = METADATA.text_chunks()
    assert FoundSettings.of_texts({**texts, PARAMETERS_KEY: "other"}) == FoundSettings.of_metadata(METADATA)
    assert FoundSettings.of_texts({**texts, OWN_KEY: "{"}) == FoundSettings.of_metadata(METADATA)
    assert FoundSettings.of_texts({"Comment": "hello"}) is None


@pytest.mark.parametrize(
    "line", ["Steps: 0, Seed: -1, CFG scale: nan, Size: 9x", "Steps: 99999999999999, Sampler: Magic, Seed: x", "a, b"]
)
def test_what_makes_no_sense_is_left_out(line: str) -> None:
    found = FoundSettings.of_parameters(f"a cat\n{line}")
    assert found.prompt.startswith("a cat")
    assert (found.steps, found.seed, found.guidance_scale, found.size, found.sampler) == (None,) * 5


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    FoundSettings.of_parameters(text)


def test_a_very_long_line_is_not_searched() -> None:
    assert FoundSettings.of_parameters('x: "' * 100_000).steps is None
