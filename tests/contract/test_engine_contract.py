"""What every engine promises, whether it lives in the calling thread, in a child process, or follows a script."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from studio.domain.cancel import CancelToken, JobCancelled
from studio.domain.errors import StudioError
from studio.domain.events import Cancelled, Failed, Finished, Painted, Phase, Preview, Progress
from studio.domain.inpainting import Fill, Inpainting
from studio.domain.picture import Mask, Picture
from studio.domain.ports import Engine
from studio.domain.request import GenerationRequest, ImageToImage, Inpaint, Sampling
from tests.contract.recording import Recording, paint, painting, words
from tests.contract.ways import WAYS, Way, WayName

PHASES = [Phase.STARTING, Phase.LOADING, Phase.ENCODING, Phase.DENOISING, Phase.DECODING]
SLOW_WAYS = {WayName.DIFFUSERS_PROCESS}


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW_WAYS), id=name.value) for name in WayName],
)
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


@pytest.fixture(scope="module")
def engine(way: Way) -> Iterator[Engine]:
    """Return one engine for all tests that let it do its jobs: each job leaves it ready for the next."""
    engine = way.plain()
    # A process that a test started would be that test's leak.
    engine.describe()
    yield engine
    engine.close()


@pytest.fixture
def made() -> Iterator[Callable[[Callable[[], Engine]], Engine]]:
    """Make engines that end with the test."""
    engines: list[Engine] = []

    def make(factory: Callable[[], Engine]) -> Engine:
        engines.append(factory())
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture
def held(way: Way, engine: Engine, made: Callable[[Callable[[], Engine]], Engine]) -> Engine:
    """Return an engine that is still denoising when a cancel comes."""
    return engine if way.held is way.plain else made(way.held)


@pytest.fixture
def failing_once(way: Way, engine: Engine, made: Callable[[Callable[[], Engine]], Engine]) -> Engine:
    """Return an engine that fails with the bad model."""
    return engine if way.failing_once is way.plain else made(way.failing_once)


def gradient(side: int) -> Picture:
    ramp = np.linspace(0, 255, side).astype(np.uint8)
    return Picture(np.stack(np.broadcast_arrays(ramp[:, None], ramp[None, :], np.uint8(90)), axis=-1))


def left_half(side: int) -> Mask:
    alpha = np.zeros((side, side), np.uint8)
    alpha[:, : side // 2] = 255
    return Mask(alpha)


def from_picture(way: Way) -> ImageToImage:
    sampling = Sampling(steps=4, guidance_scale=3.0, seed=11)
    return ImageToImage(model=way.model(), prompt="a cat", sampling=sampling, image=gradient(64), strength=0.5)


def into_mask(way: Way) -> Inpaint:
    sampling = Sampling(steps=4, guidance_scale=3.0, seed=11)
    image, mask = gradient(64), left_half(64)
    return Inpaint(model=way.model(), prompt="a cat", sampling=sampling, image=image, mask=mask)


def beyond_the_border(way: Way) -> Inpaint:
    sampling = Sampling(steps=4, guidance_scale=3.0, seed=11)
    method = Inpainting(padding=8, fill=Fill.NOISE)
    image, mask = gradient(64), left_half(64)
    return Inpaint(
        model=way.model(), prompt="a cat", sampling=sampling, image=image, mask=mask, method=method, continues=True
    )


REQUESTS: list[Callable[[Way], GenerationRequest]] = [
    lambda way: words(way.model()),
    from_picture,
    into_mask,
    beyond_the_border,
]
TASKS = pytest.mark.parametrize("make", REQUESTS, ids=["text-to-image", "image-to-image", "inpaint", "outpaint"])


@TASKS
def test_a_job_starts_paints_and_finishes(way: Way, engine: Engine, make: Callable[[Way], GenerationRequest]) -> None:
    request = make(way)
    result, recording = paint(engine, request)
    recording.assert_one_job(request, Finished)
    assert recording.terminal == [Finished(request.job_id, result)]
    assert recording.painted == list(result.images)
    (image,) = result.images
    assert (image.picture.width, image.picture.height) == (64, 64)
    assert (image.seed, image.index) == (request.sampling.seed, 0)
    assert result.seconds > 0


def test_progress_goes_forward_and_reaches_every_step(way: Way, engine: Engine) -> None:
    request = words(way.model(), steps=4, count=2)
    _, recording = paint(engine, request)
    told = [event for event in recording.events if isinstance(event, Progress)]
    assert {(event.steps, event.count) for event in told} == {(4, 2)}
    places = [(event.index, PHASES.index(event.phase), event.step) for event in told if event.phase in PHASES[3:]]
    assert places == sorted(places)
    for index in range(2):
        steps = [e.step for e in told if e.phase is Phase.DENOISING and e.index == index]
        assert list(dict.fromkeys(steps)) == [0, 1, 2, 3, 4]


def test_previews_are_pictures_of_the_step_just_done(way: Way, engine: Engine) -> None:
    _, recording = paint(engine, words(way.model(), steps=8))
    done = 0
    previews: list[Preview] = []
    for event in recording.events:
        match event:
            case Progress(phase=Phase.DENOISING, step=step):
                done = step
            case Preview():
                previews.append(event)
                assert event.step in {done, done + 1}
            case _:
                pass
    assert previews
    assert all(preview.picture.width <= 64 for preview in previews)


def test_each_picture_of_a_job_has_its_own_seed_and_comes_again_from_it(way: Way, engine: Engine) -> None:
    many, _ = paint(engine, words(way.model(), seed=20, count=3))
    assert [(image.seed, image.index) for image in many.images] == [(20, 0), (21, 1), (22, 2)]
    assert len({image.picture for image in many.images}) == 3
    for image in many.images:
        alone, _ = paint(engine, words(way.model(), seed=image.seed))
        assert alone.images[0].picture == image.picture


def test_pictures_name_what_their_pixels_depend_on(way: Way, engine: Engine) -> None:
    result, recording = paint(engine, words(way.model()))
    assert result.conditions.device
    assert result.conditions.dtype == engine.describe().dtype
    assert [event.conditions for event in recording.events if isinstance(event, Painted)] == [result.conditions]


def test_a_job_cancelled_before_it_begins_paints_nothing(way: Way, engine: Engine) -> None:
    cancel = CancelToken()
    cancel.cancel()
    request, recording = words(way.model()), Recording()
    with pytest.raises(JobCancelled):
        engine.generate(request, recording, cancel)
    recording.assert_one_job(request, Cancelled)
    assert recording.painted == []
    paint(engine, words(way.model()))


def test_a_job_cancelled_while_denoising_paints_nothing_and_the_next_one_is_taken(way: Way, held: Engine) -> None:
    for _ in range(2):
        cancel = CancelToken()
        request, recording = words(way.model(), steps=way.steps), Recording(painting(2), cancel.cancel)
        with pytest.raises(JobCancelled):
            held.generate(request, recording, cancel)
        recording.assert_one_job(request, Cancelled)
        assert recording.painted == []
        assert not any(isinstance(event, Progress) and event.phase is Phase.DECODING for event in recording.events)


def test_a_picture_painted_before_the_cancel_stays(way: Way, engine: Engine) -> None:
    cancel = CancelToken()
    request = words(way.model(), count=100)
    recording = Recording(lambda event: isinstance(event, Painted), cancel.cancel)
    with pytest.raises(JobCancelled):
        engine.generate(request, recording, cancel)
    recording.assert_one_job(request, Cancelled)
    assert 1 <= len(recording.painted) < 100


def test_a_failed_job_says_why_and_the_next_one_works(way: Way, failing_once: Engine) -> None:
    request, recording = words(way.bad_model), Recording()
    with pytest.raises(StudioError) as caught:
        failing_once.generate(request, recording, CancelToken())
    recording.assert_one_job(request, Failed)
    (last,) = recording.terminal
    assert isinstance(last, Failed)
    assert last.error is caught.value
    assert all((caught.value.what, caught.value.why, caught.value.remedy))
    good = words(way.model())
    _, recording = paint(failing_once, good)
    recording.assert_one_job(good, Finished)


def test_a_model_can_be_loaded_and_given_back(way: Way, engine: Engine) -> None:
    engine.load(way.model())
    assert engine.memory().used > 0
    engine.unload()
    engine.unload()
    memory = engine.memory()
    assert 0 < memory.used <= memory.total
    paint(engine, words(way.model()))


def test_an_engine_describes_itself(engine: Engine) -> None:
    description = engine.describe()
    assert description.device
    assert description.reason
    assert description.threads >= 1
    assert description == engine.describe()


def test_closing_twice_is_closing_once(way: Way, made: Callable[[Callable[[], Engine]], Engine]) -> None:
    engine = made(way.plain)
    engine.close()
    engine.close()


PAIRS = [
    pytest.param(WayName.SCRIPTED_THREAD, WayName.SCRIPTED_PROCESS, id="scripted"),
    pytest.param(WayName.DIFFUSERS_THREAD, WayName.DIFFUSERS_PROCESS, id="diffusers", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("near", "far"), PAIRS)
def test_a_process_paints_the_very_pixels_that_a_thread_paints(
    near: WayName, far: WayName, made: Callable[[Callable[[], Engine]], Engine]
) -> None:
    engines = [made(WAYS[near].plain), made(WAYS[far].plain)]
    for make in REQUESTS:
        here, there = (paint(engine, make(WAYS[near]))[0] for engine in engines)
        assert here.images == there.images
