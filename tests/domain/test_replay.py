"""A picture's metadata and its sources are its request again, and the verdict says what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.dialect import Dialect
from studio.domain.errors import InvalidRequest
from studio.domain.events import Conditions, GeneratedImage
from studio.domain.found_settings import FoundSettings
from studio.domain.geometry import Size
from studio.domain.inpainting import MAX_EDGE, MAX_PADDING, PLAIN, Fill, Inpainting
from studio.domain.lineage import EdgeKind, Parent
from studio.domain.lora import LoraUse
from studio.domain.metadata import Metadata
from studio.domain.picture import Mask, Picture
from studio.domain.replay import Cannot, Changed, Close, Identical, Original, foreign_request, judged
from studio.domain.request import GenerationRequest, ImageToImage, Inpaint, ModelRef, TextToImage
from studio.domain.samplers import Sampler
from tests.domain.test_metadata import FOX, MODEL, samplings

HASH = "0123456789abcdef" * 4
CONDITIONS = Conditions("cpu (Some)", "bfloat16", HASH, {"torch": "2.13.0", "threads": "2"}, vae_hash="cd" * 32)
PICTURE = Picture(np.arange(48 * 32 * 3, dtype=np.uint8).reshape(32, 48, 3))
NEAR = Picture(PICTURE.pixels ^ np.uint8(1))
LIKE_IT = Picture(PICTURE.pixels ^ np.uint8(2))
FAR = Picture(PICTURE.pixels[::-1])
MASK = Mask(np.tri(32, 48, dtype=np.uint8) * np.uint8(200))
CREATED = datetime(2026, 11, 24, tzinfo=UTC)
WORDS = FoundSettings(
    prompt="a fox", steps=4, guidance_scale=2.0, seed=1, size=Size(48, 32), model="other", dialect=Dialect.A1111
)

methods = st.builds(
    Inpainting,
    padding=st.none() | st.integers(0, MAX_PADDING),
    fill=st.sampled_from(Fill),
    soft=st.booleans(),
    edge=st.integers(0, MAX_EDGE),
    match_colour=st.booleans(),
)
parents = st.lists(st.builds(Parent, st.just(HASH), st.sampled_from(EdgeKind), st.none() | st.just(HASH))).map(tuple)
strengths = st.floats(0, 1, exclude_min=True)
from_pictures = st.builds(
    ImageToImage,
    model=st.just(MODEL),
    prompt=st.just("a fox"),
    sampling=samplings,
    image=st.just(PICTURE),
    strength=strengths,
    parents=parents,
    has_own_pixels=st.booleans(),
) | st.builds(
    Inpaint,
    model=st.just(MODEL),
    prompt=st.just("a fox"),
    sampling=samplings,
    image=st.just(PICTURE),
    mask=st.just(MASK),
    strength=strengths,
    method=methods,
    continues=st.booleans(),
    parents=parents,
    has_own_pixels=st.booleans(),
)


def said_of(request: GenerationRequest, conditions: Conditions = CONDITIONS) -> Metadata:
    return Metadata.of(request, GeneratedImage(PICTURE, request.sampling.seed, 0), conditions, CREATED)


def original(metadata: Metadata | None = None, picture: Picture | None = PICTURE) -> Original:
    metadata = metadata or said_of(FOX)
    return Original(FoundSettings.of_metadata(metadata), metadata, picture)


# --- the request again


@settings(max_examples=30)
@given(from_pictures)
def test_with_its_sources_a_picture_is_its_request_again(request: ImageToImage | Inpaint) -> None:
    read = Metadata.from_json(said_of(request).to_json())
    again = read.to_request(MODEL, PICTURE, MASK)
    assert again == request
    assert (again.parents, again.has_own_pixels) == (request.parents, request.has_own_pixels)


def test_without_them_it_is_none() -> None:
    request = Inpaint(model=MODEL, prompt="", sampling=FOX.sampling, image=PICTURE, mask=MASK)
    for image in (None, PICTURE):
        with pytest.raises(InvalidRequest):
            said_of(request).to_request(MODEL, image)


def test_a_mask_of_an_older_sfumato_was_painted_into_as_the_stock_pipeline_does() -> None:
    request = Inpaint(model=MODEL, prompt="", sampling=FOX.sampling, image=PICTURE, mask=MASK)
    older = {"fill": None, "padding": None, "soft": None, "edge": None, "match_colour": None}
    again = said_of(request).model_copy(update=older).to_request(MODEL, PICTURE, MASK)
    assert isinstance(again, Inpaint)
    assert again.method == PLAIN


# --- the verdict


def test_the_same_pixels_are_identical_whatever_painted_them() -> None:
    other = replace(CONDITIONS, dtype="float32", model_hash="ff" * 32)
    verdict = judged(original(), PICTURE, MODEL, other)
    assert verdict == Identical()
    assert verdict.described() == "Identical to the last bit."


def test_a_file_that_was_edited_is_compared_by_what_it_was() -> None:
    verdict = judged(original(picture=FAR), PICTURE, MODEL, CONDITIONS)
    assert verdict == Identical(was_changed=True)
    assert "edited" in verdict.described()


def test_what_was_saved_with_losses_is_measured_by_what_is_left() -> None:
    verdict = judged(original(picture=NEAR), LIKE_IT, MODEL, CONDITIONS)
    assert isinstance(verdict, Close)
    assert verdict.reasons[-1].startswith("the file's own pixels are others")
    assert judged(original(picture=FAR), NEAR, MODEL, CONDITIONS).word == "changed"


def test_pixels_that_equal_the_files_are_identical_whatever_its_words_say() -> None:
    metadata = said_of(FOX).model_copy(update={"picture_sha256": "0" * 64})
    assert judged(original(metadata), PICTURE, MODEL, CONDITIONS) == Identical()


def test_what_cannot_be_measured_is_not_called_close() -> None:
    verdict = judged(original(picture=None), NEAR, MODEL, replace(CONDITIONS, dtype="float32"))
    assert isinstance(verdict, Changed)
    assert verdict.described() == (
        "Changed: in float32 instead of bfloat16; how close it is cannot be told, for there is no file to compare with."
    )
    assert judged(original(picture=None), PICTURE, MODEL, CONDITIONS) == Identical()


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (replace(CONDITIONS, dtype="float32"), "in float32 instead of bfloat16"),
        (replace(CONDITIONS, device="cuda (H100)"), "on cuda (H100) instead of cpu (Some)"),
        (replace(CONDITIONS, versions={"torch": "2.14.0"}), "torch 2.14.0 instead of 2.13.0"),
        (replace(CONDITIONS, versions={"threads": "4"}), "threads: 4 instead of 2"),
        (CONDITIONS, "nothing that the file tells of is other: this device does not repeat itself to the bit"),
    ],
)
def test_other_conditions_make_it_close(other: Conditions, reason: str) -> None:
    verdict = judged(original(), NEAR, MODEL, other)
    assert isinstance(verdict, Close)
    assert verdict.reasons == (reason,)
    assert verdict.psnr_db == pytest.approx(48.13, abs=0.01)
    assert verdict.described() == f"Close, 48.1 dB PSNR: {reason}."


def test_another_sfumato_is_a_reason_too() -> None:
    older = said_of(FOX).model_copy(update={"software": "0.0.1"})
    verdict = judged(original(older), NEAR, MODEL, CONDITIONS)
    assert "instead of 0.0.1" in verdict.described()


def test_what_anybody_can_tell_apart_is_not_called_close() -> None:
    verdict = judged(original(), FAR, MODEL, replace(CONDITIONS, dtype="float32"))
    assert isinstance(verdict, Changed)
    assert verdict.differences == ("in float32 instead of bfloat16",)


@pytest.mark.parametrize(
    ("model", "other", "words"),
    [
        (MODEL, {"model_hash": "ff" * 32}, "the weights of the model \u201cstarter\u201d are others: hash ffffffffff"),
        (ModelRef("dog", MODEL.folder), {"model_hash": ""}, "the model \u201cdog\u201d instead of \u201cstarter\u201d"),
        (MODEL, {"vae_hash": "ee" * 32}, "its VAE is another: hash eeeeeeeeee instead of cdcdcdcdcd"),
    ],
)
def test_an_input_that_differs_is_named(model: ModelRef, other: dict[str, str], words: str) -> None:
    metadata = said_of(FOX).model_copy(update={"vae_hash": "cd" * 32})
    verdict = judged(original(metadata), NEAR, model, replace(CONDITIONS, **other))
    assert isinstance(verdict, Changed)
    assert words in verdict.described()
    assert verdict.psnr_db is not None


# --- pictures of other programs


def test_what_another_program_painted_is_tried() -> None:
    request = foreign_request(WORDS, MODEL, None)
    assert isinstance(request, TextToImage)
    assert (request.prompt, request.width, request.sampling.seed) == ("a fox", 48, 1)
    request = foreign_request(replace(WORDS, strength=0.5, sampler=Sampler.EULER), MODEL, PICTURE)
    assert isinstance(request, ImageToImage)
    assert (request.strength, request.sampling.sampler) == (0.5, Sampler.EULER)


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"seed": None}, "the seed, which its file does not tell"),
        ({"strength": 0.5}, "the picture that it was painted from"),
        ({"sampler_name": "Fancy"}, "the sampler \u201cFancy\u201d, which Sfumato does not know"),
        ({"loras": (LoraUse("ink"),)}, "the LoRA \u201cink\u201d"),
    ],
)
def test_what_is_missing_is_named(said: dict[str, object], missing: str) -> None:
    answer = foreign_request(replace(WORDS, **said), MODEL, None)
    assert isinstance(answer, Cannot)
    assert answer.missing == (missing,)
    assert answer.described() == f"Cannot be painted again without {missing}."


def test_another_programs_picture_is_changed_or_identical() -> None:
    shown = Original(replace(WORDS, model_hash="1234567890ab", vae="kl"), None, PICTURE)
    verdict = judged(shown, NEAR, MODEL, CONDITIONS)
    assert isinstance(verdict, Changed)
    assert len(verdict.differences) == 3
    assert "A1111 painted it" in verdict.described()
    ours = Original(replace(WORDS, others=(("Version", "Sfumato 0.1.0"),)), None, PICTURE)
    assert "only the text for other programs is left" in judged(ours, NEAR, MODEL, CONDITIONS).described()
    assert judged(shown, PICTURE, MODEL, CONDITIONS) == Identical()
    smaller = Picture(PICTURE.pixels[:8])
    assert isinstance(other := judged(shown, smaller, MODEL, CONDITIONS), Changed)
    assert other.psnr_db is None
