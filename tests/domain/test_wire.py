"""Whatever the window and the engine's process tell each other arrives as it was sent, and nothing else is believed."""

import json
import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain import errors
from studio.domain.errors import StudioError
from studio.domain.events import (
    Cancelled,
    Conditions,
    Failed,
    Finished,
    GeneratedImage,
    Painted,
    Phase,
    Preview,
    Progress,
    Result,
    Started,
)
from studio.domain.geometry import Rect
from studio.domain.inpainting import MAX_EDGE, MAX_PADDING, Fill, Inpainting
from studio.domain.lineage import EdgeKind, Parent
from studio.domain.picture import Mask, Picture
from studio.domain.ports import EngineDescription, Memory
from studio.domain.request import (
    MAX_COUNT,
    GenerationRequest,
    ImageToImage,
    Inpaint,
    ModelRef,
    Sampling,
    TextToImage,
)
from studio.domain.samplers import Sampler, Schedule
from studio.domain.wire import (
    MAX_TEXT,
    VERSION,
    Answer,
    AskDescription,
    AskMemory,
    CancelJob,
    Command,
    DescriptionTold,
    Done,
    Heartbeat,
    Hello,
    LoadModel,
    MemoryTold,
    Paint,
    Ping,
    Ready,
    Refused,
    Said,
    ShutDown,
    UnloadModel,
    encode,
    receive_answer,
    receive_command,
)
from studio.domain.wire_values import WireError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, StudioError)]

# Lone surrogates too: a path of undecodable bytes holds them.
text = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
words = text.filter(lambda words: "\0" not in words)
seconds = st.floats(0, 1e9)
sides = st.integers(1, 5)


@st.composite
def arrays(draw: st.DrawFn, *tail: int, first: int = 0) -> np.ndarray:
    shape = (draw(sides), draw(sides), *tail)
    size = int(np.prod(shape))
    array = np.frombuffer(draw(st.binary(min_size=size, max_size=size)), np.uint8).reshape(shape).copy()
    array.flat[0] |= first
    return array


@st.composite
def inpaints(draw: st.DrawFn) -> Inpaint:
    mask = draw(arrays(first=1))
    return Inpaint(
        model=draw(models),
        prompt=draw(words),
        sampling=draw(samplings),
        image=Picture(np.repeat(mask[..., None], 3, 2)),
        mask=Mask(mask),
        strength=draw(strengths),
        method=draw(methods),
        continues=draw(st.booleans()),
        negative_prompt=draw(words),
        count=draw(counts),
        job_id=draw(text),
    )


paths = text.filter(lambda name: "\0" not in name).map(Path)
models = st.builds(ModelRef, id=text, folder=paths)
samplings = st.builds(
    Sampling,
    steps=st.integers(1, 1000),
    guidance_scale=st.floats(0, 100),
    seed=st.integers(0, 2**63 - MAX_COUNT - 1),
    sampler=st.none() | st.sampled_from(Sampler),
    schedule=st.none() | st.sampled_from(Schedule),
)
methods = st.builds(
    Inpainting,
    padding=st.none() | st.integers(0, MAX_PADDING),
    fill=st.sampled_from(Fill),
    soft=st.booleans(),
    edge=st.integers(0, MAX_EDGE),
    match_colour=st.booleans(),
)
pictures = arrays(3).map(Picture)
strengths = st.floats(0, 1, exclude_min=True)
counts = st.integers(1, MAX_COUNT)
parents = st.builds(Parent, text, st.sampled_from(EdgeKind), st.none() | text)
shared = {
    "model": models,
    "prompt": words,
    "sampling": samplings,
    "negative_prompt": words,
    "count": counts,
    "parents": st.lists(parents, max_size=2).map(tuple),
    "has_own_pixels": st.booleans(),
}
texts_to_image = st.builds(TextToImage, width=st.integers(1, 9), height=st.integers(1, 9), job_id=text, **shared)
images_to_image = st.builds(ImageToImage, image=pictures, strength=strengths, job_id=text, **shared)
versions = st.dictionaries(text, text, max_size=3)
conditions = st.builds(Conditions, device=text, dtype=text, model_hash=text, versions=versions)
images = st.builds(GeneratedImage, picture=pictures, seed=st.integers(0, 2**63), index=st.integers(0, 99))
results = st.builds(
    Result,
    images=st.lists(images, max_size=3).map(tuple),
    seconds=seconds,
    seconds_per_step=seconds,
    conditions=conditions,
)
failures = st.builds(lambda kind, *parts: kind(*parts), st.sampled_from(KINDS), text, text, text)
numbers = st.integers(0, 1000)
areas = st.builds(Rect, st.integers(), st.integers(), numbers, numbers)
EVENTS = {
    Started: st.builds(Started, text),
    Progress: st.builds(Progress, text, st.sampled_from(Phase), numbers, numbers, numbers, numbers, seconds),
    Preview: st.builds(Preview, text, pictures, numbers, numbers, st.none() | areas),
    Painted: st.builds(Painted, text, images, conditions),
    Finished: st.builds(Finished, text, results),
    Failed: st.builds(Failed, text, failures),
    Cancelled: st.builds(Cancelled, text),
}
REQUESTS = {TextToImage: texts_to_image, ImageToImage: images_to_image, Inpaint: inpaints()}
descriptions = st.builds(EngineDescription, text, text, text, st.booleans(), numbers, text, versions)
COMMANDS = {
    Paint: st.one_of(*REQUESTS.values()).map(Paint),
    CancelJob: st.builds(CancelJob, text),
    LoadModel: st.builds(LoadModel, models),
    UnloadModel: st.just(UnloadModel()),
    Ping: st.just(Ping()),
    AskMemory: st.just(AskMemory()),
    AskDescription: st.just(AskDescription()),
    ShutDown: st.just(ShutDown()),
}
ANSWERS = {
    Hello: st.builds(Hello, numbers),
    Ready: st.just(Ready()),
    Heartbeat: st.just(Heartbeat()),
    Said: st.one_of(*EVENTS.values()).map(Said),
    Done: st.just(Done()),
    Refused: st.builds(Refused, failures),
    MemoryTold: st.builds(MemoryTold, st.builds(Memory, st.integers(0, 2**50), st.integers(0, 2**50))),
    DescriptionTold: st.builds(DescriptionTold, descriptions),
}
PREFIX = struct.Struct(">4sHIQ")


def raw(message: Command | Answer) -> bytes:
    return b"".join(encode(message))


def frame(content: bytes, pixels: bytes = b"", *, version: int = VERSION, size: int | None = None) -> bytes:
    return PREFIX.pack(b"SFMT", version, len(content) if size is None else size, len(pixels)) + content + pixels


def answer(data: bytes) -> Answer | None:
    return receive_answer(BytesIO(data).readinto)


def same(one: object, other: object) -> bool:
    """Compare values of which errors, equal in all their parts, are not equal objects."""
    if isinstance(one, StudioError) and isinstance(other, StudioError):
        return type(one) is type(other) and one.args == other.args
    match one, other:
        case (Said(Failed(left, first)), Said(Failed(right, second))):
            return left == right and same(first, second)
        case (Refused(first), Refused(second)):
            return same(first, second)
        case _:
            return one == other


def test_every_message_is_tried_below() -> None:
    assert set(COMMANDS) == set(Command.__args__)
    assert set(ANSWERS) == set(Answer.__args__)
    assert set(EVENTS) == {Started, Progress, Preview, Painted, Finished, Failed, Cancelled}
    assert set(REQUESTS) == set(GenerationRequest.__args__)


@given(st.one_of(*COMMANDS.values()))
def test_a_command_comes_back_as_it_was(command: Command) -> None:
    back = receive_command(BytesIO(raw(command)).readinto)
    assert type(back) is type(command)
    assert back == command
    if isinstance(command, Paint) and isinstance(back, Paint):
        assert back.request.job_id == command.request.job_id
        assert back.request.parents == command.request.parents
        assert back.request.has_own_pixels is command.request.has_own_pixels


@given(st.one_of(*ANSWERS.values()))
def test_an_answer_comes_back_as_it_was(sent: Answer) -> None:
    assert same(answer(raw(sent)), sent)


@given(st.lists(st.one_of(*ANSWERS.values()), max_size=4), st.integers(1, 7))
def test_messages_one_after_another_arrive_through_a_trickle(sent: list[Answer], drop: int) -> None:
    stream = BytesIO(b"".join(map(raw, sent)))

    def trickle(buffer: memoryview) -> int:
        return stream.readinto(buffer[:drop])

    for one in sent:
        assert same(receive_answer(trickle), one)
    assert receive_answer(trickle) is None


@given(st.one_of(*ANSWERS.values()), st.data())
def test_a_message_that_breaks_off_is_refused(sent: Answer, data: st.DataObject) -> None:
    whole = raw(sent)
    cut = data.draw(st.integers(1, len(whole) - 1))
    with pytest.raises(WireError):
        answer(whole[:cut])


@given(st.binary(min_size=1, max_size=64) | st.binary(max_size=64).map(frame))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(WireError):
        answer(noise)


def test_pixels_are_not_copied_and_cannot_be_changed() -> None:
    array = np.zeros((4, 4, 3), np.uint8)
    picture = Picture(array)
    parts = list(encode(Said(Preview("job", picture, 1, 0))))
    assert np.shares_memory(np.asarray(parts[1]), picture.pixels)
    back = answer(b"".join(parts))
    assert isinstance(back, Said)
    assert isinstance(back.event, Preview)
    with pytest.raises(ValueError, match="read-only"):
        back.event.picture.pixels[0] = 1


HELLO = {"is": "Hello", "pid": 1}
PREVIEW = {
    "is": "Preview",
    "job_id": "a",
    "picture": {"shape": [1, 1, 3], "offset": 0},
    "step": 1,
    "index": 0,
    "area": None,
}


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        "Hello",
        {},
        {"is": "Paint"},
        {"is": "Popen", "args": "x"},
        {"is": "Hello"},
        HELLO | {"more": 1},
        HELLO | {"pid": "1"},
        HELLO | {"pid": True},
        HELLO | {"pid": 1.5},
        HELLO | {"pid": None},
        {"is": "Said", "event": HELLO},
        {"is": "Said", "event": PREVIEW | {"picture": {"shape": [1, 1, 4], "offset": 0}}},
        {"is": "Said", "event": PREVIEW | {"picture": {"shape": [-1, -1, 3], "offset": 0}}},
        {"is": "Said", "event": PREVIEW | {"picture": {"shape": [1, 1, 3], "offset": 2}}},
        {"is": "Said", "event": PREVIEW | {"picture": {"shape": [1, 1, 3], "offset": -1}}},
        {"is": "Said", "event": PREVIEW | {"picture": {"shape": [], "offset": 0}}},
        {"is": "Said", "event": PREVIEW | {"picture": None}},
        {"is": "Refused", "error": {"kind": "EngineDied", "what": "x"}},
        {"is": "Refused", "error": {"kind": ["EngineDied"], "what": "x", "why": "", "remedy": ""}},
    ],
    ids=json.dumps,
)
def test_a_message_that_is_not_exactly_right_is_refused(plain: object) -> None:
    with pytest.raises(WireError):
        answer(frame(json.dumps(plain).encode(), b"rgb!"))


def test_the_messages_above_are_wrong_in_one_place_only() -> None:
    assert answer(frame(json.dumps(HELLO).encode())) == Hello(1)
    said = answer(frame(json.dumps({"is": "Said", "event": PREVIEW}).encode(), b"rgb!"))
    assert said == Said(Preview("a", Picture(np.frombuffer(b"rgb", np.uint8).reshape(1, 1, 3)), 1, 0))


def test_another_version_is_refused_by_its_number() -> None:
    with pytest.raises(WireError, match=f"version {VERSION}"):
        answer(frame(json.dumps(HELLO).encode(), version=VERSION + 1))


def test_a_length_beyond_belief_is_refused_before_memory_is_taken() -> None:
    with pytest.raises(WireError, match="too long"):
        answer(frame(b"", size=MAX_TEXT + 1))


def test_a_request_out_of_range_is_refused() -> None:
    request = TextToImage(
        model=ModelRef("a", Path("b")),
        prompt="",
        width=8,
        height=8,
        sampling=Sampling(steps=5, guidance_scale=1, seed=0),
    )
    data = raw(Paint(request)).replace(b'"steps":5', b'"steps":0')
    with pytest.raises(WireError, match="Steps"):
        receive_command(BytesIO(data).readinto)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_not_sent(value: float) -> None:
    with pytest.raises(TypeError, match="cannot be sent"):
        raw(Said(Progress("a", Phase.DENOISING, 1, 2, 0, 1, value)))
