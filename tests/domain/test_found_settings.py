"""The settings that a picture carries are kept as they were found, and told in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.domain.dialect import Dialect
from studio.domain.errors import UnreadablePicture
from studio.domain.found_settings import FoundSettings
from studio.domain.geometry import Size
from studio.domain.lora import LoraUse
from studio.domain.samplers import Sampler, Schedule
from tests.domain.test_metadata import FOX, described

FOUND = FoundSettings(
    prompt="a castle, (moat:1.2)\nby night",
    negative_prompt="blurry",
    steps=28,
    guidance_scale=6.5,
    seed=2**63 - 1,
    size=Size(512, 768),
    sampler=Sampler.DPMPP_2M,
    schedule=Schedule.KARRAS,
    strength=0.6,
    model="deli",
    model_hash="ab" * 32,
    sampler_name="DPM++ 2M Karras",
    schedule_name="",
    vae="kl",
    loras=(LoraUse("moat", 0.5, "12345678"), LoraUse("night", -1)),
    dialect=Dialect.A1111,
    others=(("Clip skip", "2"), ("Version", "v1.10.1")),
)


def test_what_was_found_goes_into_the_index_and_comes_back() -> None:
    assert FoundSettings.from_json(FOUND.to_json()) == FOUND
    assert "\n" not in FOUND.to_json()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"prompt": "a", "steps": "x"}'])
def test_a_damaged_row_is_said_to_be_one(text: str) -> None:
    with pytest.raises(UnreadablePicture, match="The picture's data is damaged"):
        FoundSettings.from_json(text)


def test_it_is_told_in_words_and_what_is_not_known_is_left_out() -> None:
    assert list(FOUND.described().items())[2:] == [
        ("Model", "deli"),
        ("Model hash", "ababababab"),
        ("Size", "512 \u00d7 768"),
        ("Steps", "28"),
        ("Guidance scale", "6.5"),
        ("Sampler", "DPM++ 2M Karras"),
        ("Seed", str(2**63 - 1)),
        ("Denoising strength", "0.6"),
        ("VAE", "kl"),
        ("LoRAs", "moat 0.5, night -1"),
        ("Clip skip", "2"),
        ("Version", "v1.10.1"),
    ]
    assert FoundSettings(prompt="a cat").described() == {"Prompt": "a cat"}


def test_our_own_metadata_says_all_of_it() -> None:
    metadata = described(replace(FOX, negative_prompt="grass, people"))
    found = FoundSettings.of_metadata(metadata)
    assert (found.prompt, found.negative_prompt) == (metadata.prompt, metadata.negative_prompt)
    assert (found.seed, found.model_hash, found.dialect) == (metadata.seed, metadata.model_hash, Dialect.SFUMATO)
