"""A1111's text is understood, its variants by other programs too, and ours by another reader."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sd_parsers.parsers import AUTOMATIC1111Parser

from studio.domain.dialect import Dialect
from studio.domain.dialects import a1111, read
from studio.domain.dialects.a1111_line import settings_of
from studio.domain.found_settings import FoundSettings
from studio.domain.geometry import Size
from studio.domain.lora import LoraUse
from studio.domain.metadata import PARAMETERS_KEY
from studio.domain.samplers import Sampler, Schedule
from tests.domain.test_metadata import FOX, LINE, PROMPTS, described, samplings

if TYPE_CHECKING:
    from studio.domain.request import Sampling

TEXT = (
    "a castle, (moat:1.2) <lora:stone_v2:0.8>, <lora:moss>\nby night\nNegative prompt: blurry,\nugly\n"
    "Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 42, Size: 512x768, "
    "Model hash: 0123456789, Model: deli, VAE hash: aa11, VAE: kl.safetensors, Denoising strength: 0.4, Clip skip: 2, "
    'Lora hashes: "stone_v2: 1234abcd5678, ivy: 99aa99aa99aa", Version: v1.10.1'
)


def test_every_setting_of_it_is_found() -> None:
    assert a1111.of_text(TEXT) == FoundSettings(
        prompt="a castle, (moat:1.2) <lora:stone_v2:0.8>, <lora:moss>\nby night",
        negative_prompt="blurry,\nugly",
        steps=28,
        guidance_scale=6.5,
        seed=42,
        size=Size(512, 768),
        sampler=Sampler.DPMPP_2M,
        schedule=Schedule.KARRAS,
        strength=0.4,
        model="deli",
        model_hash="0123456789",
        sampler_name="DPM++ 2M",
        schedule_name="Karras",
        vae="kl",
        loras=(LoraUse("stone_v2", 0.8, "1234abcd5678"), LoraUse("moss"), LoraUse("ivy", 1, "99aa99aa99aa")),
        dialect=Dialect.A1111,
        others=(("VAE hash", "aa11"), ("Clip skip", "2"), ("Version", "v1.10.1")),
    )


def test_the_strength_of_a_second_pass_is_not_the_pictures_own() -> None:
    found = a1111.of_text("a fox\nSteps: 9, Seed: 1, CFG scale: 2, Denoising strength: 0.5, Hires upscale: 2")
    assert found.strength is None
    assert found.others == (("Hires denoising strength", "0.5"), ("Hires upscale", "2"))


CIVITAI = (
    'Steps: 25, Sampler: Euler a, CFG scale: 7, Seed: 9, Size: 8x8, Hashes: {"model": "abcdef0123", "lora:x": "12ab"}, '
    'Civitai resources: [{"type":"checkpoint","modelVersionId":1,"modelName":"Pony, V6"},'
    '{"type":"lora","weight":0.7,"modelVersionId":2,"modelName":"Moss: green"}], Civitai metadata: {}'
)


def test_the_lists_of_civitai_are_read() -> None:
    found = a1111.of_text(f"a fox\n{CIVITAI}")
    assert (found.model, found.model_hash) == ("Pony, V6", "abcdef0123")
    assert found.loras == (LoraUse("Moss: green", 0.7), LoraUse("x", 1, "12ab"))


def test_what_civitai_adds_to_flux_means_nothing() -> None:
    line = "Steps: 28, Sampler: Undefined, CFG scale: 3.5, Seed: 1, Clip skip: 7, Model: FLUX, Version: Civitai"
    found = a1111.of_text(f"a fox\n{line}")
    assert (found.sampler_name, found.guidance_scale) == ("", 1)
    assert dict(found.others) == {"Distilled CFG Scale": "3.5", "Version": "Civitai"}


def test_lines_that_extensions_append_do_not_hide_the_settings() -> None:
    found = a1111.of_text(f"{TEXT}\nTemplate: a {{castle|hut}}\nNegative Template: blurry")
    assert (found.seed, found.negative_prompt) == (42, "blurry,\nugly")
    assert ("Below the settings", "Template: a {castle|hut}\nNegative Template: blurry") in found.others


@pytest.mark.parametrize(
    "line", ["Steps: 0, Seed: -1, CFG scale: nan, Size: 9x", "Steps: 99999999999999, Sampler: Magic, Seed: x", "a, b"]
)
def test_what_makes_no_sense_is_left_out(line: str) -> None:
    found = a1111.of_text(f"a cat\n{line}")
    assert found.prompt.startswith("a cat")
    assert (found.steps, found.seed, found.guidance_scale, found.size, found.sampler) == (None,) * 5


def test_a_seed_that_is_too_large_is_told_in_words() -> None:
    found = a1111.of_text(f"a cat\nSteps: 1, CFG scale: 1, Seed: {2**64}")
    assert (found.seed, found.others) == (None, (("Seed", str(2**64)),))


def test_words_without_settings_are_a_prompt_under_its_key_alone() -> None:
    assert read({PARAMETERS_KEY: "a cat"}) == FoundSettings(prompt="a cat", dialect=Dialect.A1111)
    assert read({PARAMETERS_KEY: " \n"}) is None
    assert read({PARAMETERS_KEY: '{"some": "json"}'}) is None
    assert not a1111.has_settings("a cat: black, 2 years old")


# --- the line


@settings(max_examples=50)
@given(PROMPTS, PROMPTS, samplings)
def test_our_own_text_comes_back(prompt: str, negative: str, sampling: Sampling) -> None:
    metadata = described(replace(FOX, prompt=prompt, negative_prompt=negative, sampling=sampling))
    found = a1111.of_text(metadata.to_parameters())
    own = FoundSettings.of_metadata(metadata)
    same = ("prompt", "negative_prompt", "steps", "guidance_scale", "seed", "size", "sampler", "schedule", "model")
    assert [getattr(found, name) for name in same] == [getattr(own, name) for name in same]


KEYS = st.from_regex(r"[A-Z][a-z]{1,8}( [a-z]{1,8})?", fullmatch=True)
VALUES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12)


@settings(max_examples=40)
@given(st.dictionaries(KEYS, VALUES.filter(lambda value: value[0] not in '"{[')))
def test_a_line_is_taken_apart_as_a1111_does(said: dict[str, str]) -> None:
    quoted = {key: json.dumps(value) if set(value) & set(',:"') else value for key, value in said.items()}
    line = ", ".join(f"{key}: {value}" for key, value in quoted.items())
    theirs = {key: json.loads(value) if value[0] == '"' else value for key, value in LINE.findall(line)}
    assert dict(settings_of(line)) == theirs == said


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    a1111.of_text(text)
    settings_of(text.replace("\n", " "))


@pytest.mark.parametrize("piece", ['x: "', "a", "ab: [", "ab: {,", 'ab: "\\"', "ab:", ": ", "<lora:", "ab: 1, "])
def test_a_long_line_takes_no_long_time(piece: str) -> None:
    line = piece * (90_000 // len(piece))
    start = time.process_time()
    a1111.of_text(f"{line}\n{line}")
    assert time.process_time() - start < 1
    assert a1111.of_text(line * 2).steps is None


# --- another reader


@settings(max_examples=50)
@given(PROMPTS, PROMPTS, samplings, st.sampled_from(Sampler))
def test_another_reader_finds_in_our_text_what_we_wrote(
    prompt: str, negative: str, sampling: Sampling, sampler: Sampler
) -> None:
    # It takes every "Negative prompt:" for the beginning of one, and a line with three colons for settings.
    prompt, negative = (text.replace(":", "") for text in (prompt, negative))
    request = replace(FOX, prompt=prompt, negative_prompt=negative, sampling=replace(sampling, sampler=sampler))
    info = AUTOMATIC1111Parser().parse({"parameters": described(request).to_parameters()})
    (found,) = info.samplers
    said: dict[str, Any] = found.parameters
    assert [one.value for one in found.prompts] == [prompt.strip()] * bool(prompt.strip())
    assert [one.value for one in found.negative_prompts] == [negative.strip()] * bool(negative.strip())
    assert found.name == sampler.title
    assert (said["seed"], said["steps"]) == (str(sampling.seed), str(sampling.steps))
    assert float(said["cfg_scale"]) == sampling.guidance_scale
