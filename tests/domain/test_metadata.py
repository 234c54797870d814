"""A picture's metadata repeats it, and other programs can read it."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import __version__
from studio.domain.errors import InvalidRequest, NewerData, UnreadablePicture
from studio.domain.events import Conditions, GeneratedImage
from studio.domain.inpainting import PLAIN, Fill, Inpainting
from studio.domain.lora import LoraUse
from studio.domain.metadata import Metadata
from studio.domain.picture import Mask, Picture
from studio.domain.request import (
    GenerationRequest,
    ImageToImage,
    Inpaint,
    ModelRef,
    Sampling,
    Task,
    TextToImage,
)
from studio.domain.samplers import Sampler, Schedule

MODEL = ModelRef("starter", Path("models/starter"))
CONDITIONS = Conditions("cpu: Some Processor", "bfloat16", "0123456789abcdef" * 4, {"torch": "2.13.0+cpu"})
CREATED = datetime(2026, 11, 23, 20, 15, 1, 500, tzinfo=UTC)
PICTURE = Picture(np.arange(48 * 32 * 3, dtype=np.uint8).reshape(32, 48, 3))
FOX = TextToImage(
    model=MODEL,
    prompt="a red fox, 3d",
    sampling=Sampling(steps=20, guidance_scale=7.0, seed=3),
    width=48,
    height=32,
)

samplings = st.builds(
    Sampling,
    steps=st.integers(1, 1000),
    guidance_scale=st.floats(0, 100),
    seed=st.integers(0, 2**63 - 102),
    sampler=st.none() | st.sampled_from(Sampler),
    schedule=st.none() | st.sampled_from(Schedule),
)
words = st.text(st.characters(exclude_characters="\0", exclude_categories=()))
requests = st.builds(
    TextToImage,
    model=st.just(MODEL),
    prompt=words,
    negative_prompt=words,
    sampling=samplings,
    width=st.integers(1, 16384),
    height=st.integers(1, 16384),
)


def described(request: GenerationRequest, index: int = 0, **rest: float) -> Metadata:
    image = GeneratedImage(PICTURE, request.sampling.seed + index, index)
    return Metadata.of(request, image, CONDITIONS, CREATED, **rest)


# --- our JSON


@given(requests, st.none() | st.floats(0, 1e6))
def test_metadata_comes_back_from_json(request: TextToImage, seconds: float | None) -> None:
    metadata = Metadata.of(request, GeneratedImage(PICTURE, 5, 0), CONDITIONS, CREATED, seconds=seconds)
    assert Metadata.from_json(metadata.to_json()) == metadata


@given(requests)
def test_the_replay_of_a_picture_is_its_request(request: TextToImage) -> None:
    assert Metadata.from_json(described(request).to_json()).to_request(MODEL) == request


def test_the_replay_of_a_later_picture_of_a_job_is_that_picture_alone() -> None:
    job = replace(FOX, count=4)
    alone = replace(FOX, sampling=replace(FOX.sampling, seed=5))
    assert described(job, index=2).to_request(MODEL) == alone


def test_the_replay_uses_the_model_of_this_machine() -> None:
    here = ModelRef("starter", Path("elsewhere"))
    assert described(FOX).to_request(here).model is here


PAINTED_OVER = [
    (ImageToImage(model=MODEL, prompt="a fox", sampling=FOX.sampling, image=PICTURE, strength=0.5), False),
    (
        Inpaint(
            model=MODEL,
            prompt="a fox",
            sampling=FOX.sampling,
            image=PICTURE,
            mask=Mask(np.full((32, 48), 255, np.uint8)),
            strength=0.5,
        ),
        True,
    ),
]


@pytest.mark.parametrize(("request_", "masked"), PAINTED_OVER)
def test_what_was_painted_from_a_picture_names_it_by_hash(request_: ImageToImage | Inpaint, masked: bool) -> None:
    metadata = described(request_)
    assert metadata.task is request_.task
    assert metadata.strength == 0.5
    assert metadata.image_sha256 == PICTURE.sha256
    assert (metadata.mask_sha256 is not None) is masked
    with pytest.raises(InvalidRequest, match="another picture"):
        metadata.to_request(MODEL)


CONTINUED = Inpaint(
    model=MODEL,
    prompt="a fox",
    sampling=FOX.sampling,
    image=PICTURE,
    mask=Mask(np.full((32, 48), 255, np.uint8)),
    method=Inpainting(padding=32, fill=Fill.NOISE, soft=False, edge=3),
    continues=True,
)


def test_metadata_says_how_a_mask_was_painted_into() -> None:
    metadata = Metadata.from_json(described(CONTINUED).to_json())
    assert metadata.task is Task.OUTPAINT
    told = Inpainting(
        padding=metadata.padding,
        fill=metadata.fill or Fill.ORIGINAL,
        soft=metadata.soft is True,
        edge=metadata.edge or 0,
        match_colour=metadata.match_colour is True,
    )
    assert told == CONTINUED.method
    assert (
        "Inpaint area: Only masked, Masked area padding: 32, Masked content: latent noise" in metadata.to_parameters()
    )


def test_what_had_no_mask_says_nothing_of_how_it_was_painted_into() -> None:
    assert described(FOX).fill is None
    assert "Inpaint area" not in described(FOX).to_parameters()
    assert "Inpaint area" not in described(replace(CONTINUED, method=PLAIN)).to_parameters()


def test_metadata_of_before_there_were_ways_to_inpaint_is_read() -> None:
    older = json.loads(described(CONTINUED).to_json())
    for name in ("fill", "padding", "soft", "edge", "match_colour"):
        del older[name]
    assert Metadata.from_json(json.dumps(older)).fill is None


def test_the_json_is_readable_by_any_program() -> None:
    values = json.loads(described(replace(FOX, prompt="füchse 🦊"), seconds=2.5).to_json())
    assert values["version"] == 1
    assert values["prompt"] == "füchse 🦊"
    assert values["task"] == Task.TEXT_TO_IMAGE.value
    assert values["created"] == "2026-11-23T20:15:01.000500Z"
    assert values["picture_sha256"] == PICTURE.sha256
    assert values["seconds"] == 2.5
    assert described(FOX).to_json().isascii()


def test_no_path_of_the_users_machine_is_told() -> None:
    assert "models/" not in json.dumps(described(FOX).text_chunks())


def test_data_of_a_newer_sfumato_is_refused_as_such() -> None:
    with pytest.raises(NewerData, match="Update Sfumato"):
        Metadata.from_json('{"version": 2, "all": "else is different"}')


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"version": 1}', '{"version": "x"}'])
def test_damaged_data_is_refused(text: str) -> None:
    with pytest.raises(UnreadablePicture, match="damaged"):
        Metadata.from_json(text)


@pytest.mark.parametrize(
    "change",
    [{"width": 0}, {"steps": 10**6}, {"seed": -1}, {"sampler": "magic"}, {"created": "2026-11-23T20:15:01"}],
)
def test_values_out_of_range_are_refused_by_name(change: dict[str, object]) -> None:
    values = json.loads(described(FOX).to_json()) | change
    with pytest.raises(UnreadablePicture, match=f"(?i){next(iter(change))}: "):
        Metadata.from_json(json.dumps(values))


# --- the text of A1111


def test_the_text_is_written_as_a1111_writes_it() -> None:
    sampling = replace(FOX.sampling, sampler=Sampler.DPMPP_2M, schedule=Schedule.KARRAS, guidance_scale=7.5)
    text = described(replace(FOX, negative_prompt="blurry, dark", sampling=sampling)).to_parameters()
    assert text == (
        "a red fox, 3d\n"
        "Negative prompt: blurry, dark\n"
        "Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 3, Size: 48x32, "
        f"Model hash: 0123456789, Model: starter, RNG: CPU, Version: Sfumato {__version__}"
    )


def test_without_a_sampler_none_is_named() -> None:
    assert described(FOX).to_parameters() == (
        "a red fox, 3d\n"
        "Steps: 20, CFG scale: 7, Seed: 3, Size: 48x32, Model hash: 0123456789, Model: starter, RNG: CPU, "
        f"Version: Sfumato {__version__}"
    )


def test_a_samplers_own_schedule_is_called_automatic() -> None:
    euler = replace(FOX, sampling=replace(FOX.sampling, sampler=Sampler.EULER))
    assert "Sampler: Euler, Schedule type: Automatic, CFG" in described(euler).to_parameters()


def test_denoising_strength_is_told() -> None:
    assert "Model: starter, Denoising strength: 0.5, RNG" in described(PAINTED_OVER[0][0]).to_parameters()


def test_a_value_that_would_break_the_line_is_quoted() -> None:
    named = replace(FOX, model=ModelRef("fox, v2: final", Path("x")))
    assert 'Model: "fox, v2: final", RNG' in described(named).to_parameters()


def test_what_is_beside_the_model_is_told_as_a1111_tells_it() -> None:
    loras = (LoraUse("ink", 0.75, "ab" * 32), LoraUse("soft", -1))
    metadata = described(FOX).model_copy(update={"loras": loras, "vae": "clear.safetensors", "vae_hash": "cd" * 32})
    first, last = metadata.to_parameters().split("\n")
    assert first == "a red fox, 3d <lora:ink:0.75> <lora:soft:-1>"
    assert "Model: starter, VAE hash: cdcdcdcdcd, VAE: clear.safetensors, RNG: CPU" in last
    assert 'Lora hashes: "ink: abababababab", Version' in last


LINE = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
"""``re_param`` of A1111's modules/infotext_utils.py."""


def a1111_reads(text: str) -> tuple[str, str, dict[str, str]]:
    """Return prompt, negative prompt and settings, as ``parse_generation_parameters`` of A1111 takes them apart."""
    *lines, last = text.strip().split("\n")
    if len(LINE.findall(last)) < 3:
        lines, last = [*lines, last], ""
    prompt: list[str] = []
    negative: list[str] = []
    into = prompt
    for line in map(str.strip, lines):
        if line.startswith("Negative prompt:"):
            into = negative
            into.append(line.removeprefix("Negative prompt:").strip())
        else:
            into.append(line)
    settings = {key: json.loads(value) if value[:1] == '"' else value for key, value in LINE.findall(last)}
    return "\n".join(prompt), "\n".join(negative), settings


# A line that begins like A1111's own second one cannot be told from it by anybody, in A1111 itself neither.
WORDS = (
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1)
    .map(str.strip)
    .filter(lambda line: not line.startswith("Negative prompt:"))
)
PROMPTS = st.lists(WORDS, min_size=1, max_size=4).map("\n".join).map(str.strip).filter(bool)


@given(PROMPTS, PROMPTS, samplings)
def test_a1111_reads_back_what_was_written(prompt: str, negative: str, sampling: Sampling) -> None:
    request = replace(FOX, prompt=prompt, negative_prompt=negative, sampling=sampling)
    read_prompt, read_negative, settings = a1111_reads(described(request).to_parameters())
    assert (read_prompt, read_negative) == (prompt, negative)
    assert settings["Size"] == "48x32"
    assert settings["Seed"] == str(sampling.seed)
    assert settings["Steps"] == str(sampling.steps)
    assert float(settings["CFG scale"]) == sampling.guidance_scale
    assert settings.get("Sampler") == (sampling.sampler.title if sampling.sampler else None)
