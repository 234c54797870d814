"""What a picture was painted with is found again, or said to be missing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.domain.canvas.blend import premultiplied
from studio.domain.errors import NewerData, StudioError, UnreadablePicture
from studio.domain.events import Conditions, GeneratedImage
from studio.domain.families.stable_diffusion import STABLE_DIFFUSION
from studio.domain.found_settings import FoundSettings
from studio.domain.framing import Frame, FrameKind, FrameSettings, Margins, grown, request_of
from studio.domain.geometry import Size
from studio.domain.lora import LoraUse
from studio.domain.metadata import Metadata
from studio.domain.model import ModelInfo
from studio.domain.picture import Mask, Picture
from studio.domain.replay import Cannot, Identical, Original
from studio.domain.request import GenerationRequest, ImageToImage, Inpaint, ModelRef, Sampling, TextToImage
from studio.services.history import History
from studio.services.pictures import write_png
from studio.services.replay import Given, Plan, Replays, history_file, read_original
from studio.services.sources import Sources

MODEL = ModelInfo(
    ref=ModelRef("tiny", Path("tiny")),
    title="Tiny",
    family=STABLE_DIFFUSION,
    extent_multiple=8,
    native_side=64,
    token_limit=77,
    default_steps=4,
    default_guidance=2.0,
)
CONDITIONS = Conditions("cpu (Some)", "float32", "ab" * 32, {})
INIT = Picture(np.random.default_rng(1).integers(0, 256, (40, 64, 3), np.uint8))
MASK = Mask(np.tri(40, 64, dtype=np.uint8) * np.uint8(255))
PAINTED = Picture(np.random.default_rng(2).integers(0, 256, (40, 64, 3), np.uint8))
SAMPLING = Sampling(steps=4, guidance_scale=2.0, seed=7)
FROM_IMAGE = ImageToImage(model=MODEL.ref, prompt="a fox", sampling=SAMPLING, image=INIT, strength=0.5)
INTO_MASK = Inpaint(model=MODEL.ref, prompt="a hat", sampling=SAMPLING, image=INIT, mask=MASK)


def said_of(request: GenerationRequest) -> Metadata:
    return Metadata.of(request, GeneratedImage(PAINTED, 7, 0), CONDITIONS, datetime.now(UTC))


def original(metadata: Metadata) -> Original:
    return Original(FoundSettings.of_metadata(metadata), metadata, PAINTED)


def nowhere(_sha256: str) -> Path | None:
    return None


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return Sources(tmp_path / "sources")


@pytest.fixture
def replays(sources: Sources) -> Replays:
    return Replays([MODEL], sources, nowhere)


def picture_file(path: Path, picture: Picture) -> Path:
    Image.fromarray(picture.pixels).save(path)
    return path


def test_what_was_kept_is_found(replays: Replays, sources: Sources) -> None:
    sources.keep(INIT)
    sources.keep_mask(MASK)
    for request in (FROM_IMAGE, INTO_MASK):
        plan = replays.plan(original(said_of(request)))
        assert isinstance(plan, Plan)
        assert plan.request == request
        assert plan.judged(PAINTED, CONDITIONS) == Identical()


def test_a_picture_of_the_history_is_found(sources: Sources, tmp_path: Path) -> None:
    path = picture_file(tmp_path / "x.png", INIT)
    replays = Replays([MODEL], sources, {INIT.sha256: path}.get)
    assert isinstance(replays.plan(original(said_of(FROM_IMAGE))), Plan)
    picture_file(path, PAINTED)
    assert isinstance(replays.plan(original(said_of(FROM_IMAGE))), Cannot), "its pixels are others now"
    path.unlink()
    assert isinstance(replays.plan(original(said_of(FROM_IMAGE))), Cannot)


def test_what_is_missing_is_all_named(replays: Replays) -> None:
    update = {"model": "gone", "loras": (LoraUse("ink"),), "vae": "kl", "dialect": "weights"}
    answer = replays.plan(original(said_of(INTO_MASK).model_copy(update=update)))
    assert isinstance(answer, Cannot)
    assert answer.missing == (
        "the model \u201cgone\u201d with the hash ababababab",
        "the VAE \u201ckl\u201d",
        "the LoRA \u201cink\u201d",
        "the prompt's dialect \u201cweights\u201d, which Sfumato does not know",
        "the picture that it was painted from",
        "the mask that it was painted into",
    )


def test_the_user_may_name_what_is_missing(replays: Replays, tmp_path: Path) -> None:
    image, mask = picture_file(tmp_path / "init.png", INIT), tmp_path / "mask.png"
    Image.fromarray(MASK.alpha).save(mask)
    gone = said_of(INTO_MASK).model_copy(update={"model": "gone"})
    plan = replays.plan(original(gone), Given(MODEL, image, mask))
    assert isinstance(plan, Plan)
    assert plan.request == INTO_MASK


def test_a_picture_that_is_another_one_is_not_taken(replays: Replays, tmp_path: Path) -> None:
    other = picture_file(tmp_path / "other.png", PAINTED)
    answer = replays.plan(original(said_of(FROM_IMAGE)), Given(image=other))
    assert isinstance(answer, Cannot)
    assert answer.missing == ("the picture that it was painted from, which other.png is not",)


def test_a_picture_with_transparent_parts_is_known_again(replays: Replays, sources: Sources, tmp_path: Path) -> None:
    pixels = np.dstack([INIT.pixels, np.full((40, 64), 255, np.uint8)])
    pixels[:8, :8, 3] = 0
    Image.fromarray(pixels).save(tmp_path / "hole.png")
    settings = FrameSettings(model=MODEL.ref, prompt="a fox", sampling=SAMPLING)
    frame = Frame(Size(64, 40), premultiplied(pixels))
    for kind in (FrameKind.IMAGE, FrameKind.OUTPAINT):
        request = request_of(kind, frame, settings)
        if isinstance(request, Inpaint):
            sources.keep_mask(request.mask)
        plan = replays.plan(original(said_of(request)), Given(image=tmp_path / "hole.png"))
        assert isinstance(plan, Plan), kind
        assert plan.request == request
    wide = request_of(FrameKind.OUTPAINT, grown(frame, Margins(left=8)), settings)
    assert isinstance(replays.plan(original(said_of(wide)), Given(image=tmp_path / "hole.png")), Cannot)


def test_a_scaled_picture_is_known_again(replays: Replays, tmp_path: Path) -> None:
    large = Image.fromarray(PAINTED.pixels).resize((99, 77))
    large.save(tmp_path / "large.png")
    scaled = Picture(np.asarray(large.resize((64, 40), Image.Resampling.LANCZOS)))
    request = replace(FROM_IMAGE, image=scaled)
    plan = replays.plan(original(said_of(request)), Given(image=tmp_path / "large.png"))
    assert isinstance(plan, Plan)
    assert plan.request == request


# --- files


def test_a_file_is_read_with_what_it_says(tmp_path: Path) -> None:
    words = TextToImage(model=MODEL.ref, prompt="a fox", sampling=SAMPLING, width=64, height=40)
    write_png(tmp_path / "x.png", PAINTED, said_of(words), replace=False)
    read = read_original(tmp_path / "x.png")
    assert read.metadata == said_of(words).model_copy(update={"created": read.metadata and read.metadata.created})
    assert read.picture == PAINTED
    assert read.is_unchanged


def test_a_picture_that_was_made_transparent_is_not_what_was_painted(tmp_path: Path) -> None:
    words = TextToImage(model=MODEL.ref, prompt="a fox", sampling=SAMPLING, width=64, height=40)
    erased = Image.fromarray(PAINTED.pixels)
    erased.putalpha(0)
    info = PngInfo()
    info.add_text("sfumato", said_of(words).to_json())
    erased.save(tmp_path / "x.png", pnginfo=info)
    assert not read_original(tmp_path / "x.png").is_unchanged


@pytest.mark.parametrize(("change", "error"), [({"version": 99}, NewerData), ({"steps": 0}, UnreadablePicture)])
def test_a_file_that_cannot_be_understood_is_not_called_silent(
    tmp_path: Path, change: dict[str, int], error: type[StudioError]
) -> None:
    words = TextToImage(model=MODEL.ref, prompt="a fox", sampling=SAMPLING, width=64, height=40)
    info = PngInfo()
    info.add_text("sfumato", json.dumps(json.loads(said_of(words).to_json()) | change))
    Image.fromarray(PAINTED.pixels).save(tmp_path / "x.png", pnginfo=info)
    with pytest.raises(error):
        read_original(tmp_path / "x.png")


def test_a_file_that_says_nothing_cannot_be_painted_again(replays: Replays, tmp_path: Path) -> None:
    answer = replays.plan(read_original(picture_file(tmp_path / "x.png", PAINTED)))
    assert isinstance(answer, Cannot)
    assert "of which its file has none" in answer.described()


def foreign_file(path: Path, settings: str) -> Path:
    info = PngInfo()
    info.add_text("parameters", f"a red fox\nSteps: 4, CFG scale: 2, Seed: 7, Model: TINY, {settings}")
    Image.fromarray(PAINTED.pixels).save(path, pnginfo=info)
    return path


def test_what_another_program_painted_is_tried_where_its_model_is_here(replays: Replays, tmp_path: Path) -> None:
    plan = replays.plan(read_original(foreign_file(tmp_path / "x.png", "Size: 64x40")))
    assert isinstance(plan, Plan)
    assert plan.request == TextToImage(model=MODEL.ref, prompt="a red fox", sampling=SAMPLING, width=64, height=40)
    answer = replays.plan(read_original(foreign_file(tmp_path / "x.png", "Size: 63x40")))
    assert isinstance(answer, Cannot)
    assert answer.described().endswith("a size that Tiny can paint: width and height must be multiples of 8.")
    answer = Replays([], Sources(tmp_path), nowhere).plan(read_original(foreign_file(tmp_path / "x.png", "Size: 8x8")))
    assert isinstance(answer, Cannot)
    assert answer.missing == ("the model \u201cTINY\u201d",)


def test_what_it_was_painted_from_can_be_named(replays: Replays, tmp_path: Path) -> None:
    shown = read_original(foreign_file(tmp_path / "x.png", "Size: 64x40, Denoising strength: 0.5"))
    assert isinstance(replays.plan(shown), Cannot)
    plan = replays.plan(shown, Given(image=picture_file(tmp_path / "init.png", INIT)))
    assert isinstance(plan, Plan)
    assert isinstance(plan.request, ImageToImage)
    assert plan.request.image == INIT


def test_the_history_is_asked_for_a_file(tmp_path: Path) -> None:
    database, pictures = tmp_path / "history.sqlite3", tmp_path / "pictures"
    assert history_file(database, pictures, INIT.sha256) is None
    assert not database.exists()
    words = TextToImage(model=MODEL.ref, prompt="a fox", sampling=SAMPLING, width=64, height=40)
    history = History(database, pictures)
    entry = history.add(words, GeneratedImage(INIT, 7, 0), CONDITIONS, datetime.now(UTC))
    history.close()
    # Wherever the pictures lie, the index knows.
    assert history_file(database, tmp_path, INIT.sha256) == entry.path
    assert history_file(database, pictures, PAINTED.sha256) is None
    entry.path.unlink()
    assert history_file(database, pictures, INIT.sha256) is None
