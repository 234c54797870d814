"""`sfumato generate` paints what was asked for into files, and says where."""

import argparse
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.cli.commands import main, own_commands
from studio.domain.canvas.blend import premultiplied
from studio.domain.errors import OutOfMemory
from studio.domain.events import Phase
from studio.domain.framing import Frame, FrameSettings, kind_of, request_of
from studio.domain.geometry import Size
from studio.domain.inpainting import BEST, PLAIN, Fill, Inpainting
from studio.domain.metadata import Metadata
from studio.domain.request import ImageToImage, Inpaint, ModelRef, Sampling, Task, TextToImage
from studio.domain.samplers import Sampler, Schedule
from studio.services.files import partial_files
from studio.services.pictures import png_texts, read_picture
from tests.cli.conftest import CommandLine
from tests.fakes import Script, scripted_pixels

pytestmark = pytest.mark.usefixtures("model", "folder")

FOX = ("generate", "a red fox", "--model", "tiny")


def asked(sfumato: CommandLine) -> TextToImage | ImageToImage | Inpaint:
    return sfumato.engine.requests[-1]


def picture(path: Path, side: int = 64, colour: str = "white") -> Path:
    Image.new("RGB", (side, side), colour).save(path)
    return path


# --- what is asked of the engine


def test_what_is_left_open_is_the_models_own(sfumato: CommandLine, model: Path) -> None:
    assert sfumato(*FOX) == 0
    request = asked(sfumato)
    assert isinstance(request, TextToImage)
    assert request.model == ModelRef("tiny", model)
    assert (request.width, request.height, request.count) == (64, 64, 1)
    assert (request.prompt, request.negative_prompt) == ("a red fox", "")
    sampling = request.sampling
    assert (sampling.steps, sampling.guidance_scale, sampling.sampler, sampling.schedule) == (4, 3.5, None, None)


def test_every_option_reaches_the_engine(sfumato: CommandLine, home: Path) -> None:
    given = "--negative mud --size 72x80 --steps 3 --guidance 0 --sampler Euler_A --schedule karras --seed 9 --count 2"
    assert sfumato(*FOX, *given.split(), "--device", "cpu", "--dtype", "bfloat16") == 0
    request = asked(sfumato)
    assert (request.negative_prompt, request.width, request.height, request.count) == ("mud", 72, 80, 2)
    sampling = request.sampling
    assert (sampling.steps, sampling.guidance_scale, sampling.seed) == (3, 0, 9)
    assert (sampling.sampler, sampling.schedule) == (Sampler.EULER_A, Schedule.KARRAS)
    assert sfumato.made_with == [("cpu", "bfloat16", home / "cache" / "engine")]


def test_the_seed_is_drawn_by_chance(sfumato: CommandLine) -> None:
    seeds: set[int] = set()
    for _ in range(3):
        assert sfumato(*FOX) == 0
        seeds.add(asked(sfumato).sampling.seed)
    assert len(seeds) == 3


def test_a_picture_to_start_from_makes_it_image_to_image(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX, "--init", picture(folder / "x.png", 72), "--strength", "0.5") == 0
    request = asked(sfumato)
    assert isinstance(request, ImageToImage)
    assert (request.strength, request.width, request.height) == (0.5, 72, 72)


def test_a_mask_makes_it_inpainting(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX, "--init", picture(folder / "x.png"), "--mask", picture(folder / "m.png")) == 0
    request = asked(sfumato)
    assert isinstance(request, Inpaint)
    assert request.strength == 1
    assert (request.mask.alpha == 255).all()


def test_a_size_scales_the_picture_and_its_mask(sfumato: CommandLine, folder: Path) -> None:
    init, mask = picture(folder / "x.png", 100, "red"), picture(folder / "m.png", 100)
    assert sfumato(*FOX, "--init", init, "--mask", mask, "--size", "64x48") == 0
    request = asked(sfumato)
    assert isinstance(request, Inpaint)
    assert (request.width, request.height, request.mask.alpha.shape) == (64, 48, (48, 64))
    assert (request.image.pixels == [255, 0, 0]).all()


def test_a_mask_is_painted_into_as_people_like_it_best(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX, "--init", picture(folder / "x.png"), "--mask", picture(folder / "m.png")) == 0
    request = asked(sfumato)
    assert isinstance(request, Inpaint)
    assert (request.method, request.task) == (BEST, Task.INPAINT)


def test_every_way_to_paint_into_a_mask_reaches_the_engine(sfumato: CommandLine, folder: Path) -> None:
    pictures = ("--init", picture(folder / "x.png"), "--mask", picture(folder / "m.png"))
    given = "--fill noise --padding 20 --edge 3 --hard --own-colours --strength 0.5"
    assert sfumato(*FOX, *pictures, *given.split()) == 0
    request = asked(sfumato)
    assert isinstance(request, Inpaint)
    assert request.method == Inpainting(padding=20, fill=Fill.NOISE, soft=False, edge=3, match_colour=False)
    assert sfumato(*FOX, *pictures, *["--padding", "all", "--edge", "0", "--hard", "--own-colours"]) == 0
    plain = asked(sfumato)
    assert isinstance(plain, Inpaint)
    assert plain.method == PLAIN


def test_a_picture_is_continued_beyond_its_border(sfumato: CommandLine, folder: Path) -> None:
    init = picture(folder / "x.png", 64, "red")
    assert sfumato(*FOX, "--init", init, "--outpaint", "left=32,bottom=16", "--seed", "4", "--out", "wide.png") == 0
    request = asked(sfumato)
    assert isinstance(request, Inpaint)
    assert (request.width, request.height, request.task) == (96, 80, Task.OUTPAINT)
    assert (request.mask.alpha == 0).sum() == 64 * 64
    assert (read_picture(folder / "wide.png").pixels[:64, 32:] == [255, 0, 0]).all()


def test_what_is_transparent_is_continued(sfumato: CommandLine, folder: Path) -> None:
    layer = Image.new("RGBA", (64, 48), (0, 255, 0, 255))
    layer.paste((0, 0, 0, 0), (40, 0, 64, 48))
    layer.save(folder / "layer.png")
    assert sfumato(*FOX, "--init", folder / "layer.png") == 0
    request = asked(sfumato)
    assert isinstance(request, Inpaint)
    assert request.task is Task.OUTPAINT
    assert (request.image.pixels == [0, 255, 0]).all()
    assert sfumato(*FOX, "--init", folder / "layer.png", "--kind", "image") == 0
    assert isinstance(asked(sfumato), ImageToImage)


def test_the_command_line_asks_for_what_the_window_asks_for(sfumato: CommandLine, folder: Path, model: Path) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (48, 64, 4), np.uint8)
    pixels[:, :30, 3] = 255
    Image.fromarray(pixels).save(folder / "layer.png")
    assert sfumato(*FOX, "--init", folder / "layer.png", "--seed", "4", "--fill", "blurred") == 0
    frame = Frame(Size(64, 48), premultiplied(pixels))
    from_the_window = FrameSettings(
        model=ModelRef("tiny", model),
        prompt="a red fox",
        sampling=Sampling(steps=4, guidance_scale=3.5, seed=4),
        method=Inpainting(fill=Fill.BLURRED),
    )
    kind = kind_of(frame.coverage, frame.has_mask)
    assert asked(sfumato) == request_of(kind, frame, from_the_window)


def test_a_picture_of_any_size_can_be_painted_into_and_only_some_as_a_whole(sfumato: CommandLine, folder: Path) -> None:
    pictures = ("--init", picture(folder / "x.png", 61), "--mask", picture(folder / "m.png", 61))
    assert sfumato(*FOX, *pictures) == 0
    assert sfumato(*FOX, *pictures, "--padding", "all") == 2
    assert "multiples of 8" in sfumato.errors


# --- files


def test_a_picture_gets_a_new_name_in_the_current_folder(sfumato: CommandLine, folder: Path) -> None:
    for name in ("sfumato-7.png", "sfumato-7-2.png", "sfumato-7-3.png"):
        assert sfumato(*FOX, "--seed", "7") == 0
        assert sfumato.output == f"{name}\n"
    assert sorted(path.name for path in folder.iterdir()) == ["sfumato-7-2.png", "sfumato-7-3.png", "sfumato-7.png"]


def test_a_named_file_is_replaced(sfumato: CommandLine, folder: Path) -> None:
    (folder / "fox.png").write_bytes(b"old")
    assert sfumato(*FOX, "--out", "fox.png", "--seed", "1") == 0
    assert sfumato.output == "fox.png\n"
    assert np.array_equal(read_picture(folder / "fox.png").pixels, scripted_pixels(asked(sfumato), 1))


def test_several_pictures_number_the_named_file_and_replace_none(sfumato: CommandLine, folder: Path) -> None:
    (folder / "fox-2.png").write_bytes(b"mine")
    assert sfumato(*FOX, "--out", "fox.png", "--count", "2") == 0
    assert sfumato.output.split() == ["fox-1.png", "fox-3.png"]
    assert (folder / "fox-2.png").read_bytes() == b"mine"


@pytest.mark.parametrize(("out", "made"), [("new/", False), ("there", True), ("deep/er/", False)])
def test_a_folder_takes_new_names(sfumato: CommandLine, folder: Path, out: str, made: bool) -> None:
    if made:
        (folder / out).mkdir()
    assert sfumato(*FOX, "--out", out, "--seed", "7", "--count", "2") == 0
    assert sorted(path.name for path in (folder / out).iterdir()) == ["sfumato-7.png", "sfumato-8.png"]


def test_a_file_without_an_ending_gets_one(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX, "--out", "fox") == 0
    assert (folder / "fox.png").is_file()


def test_a_picture_can_be_painted_again_from_its_file(sfumato: CommandLine, model: Path) -> None:
    assert sfumato(*FOX, "--out", "fox.png", "--negative", "mud", "--sampler", "ddim", "--seed", "5") == 0
    metadata = Metadata.from_json(png_texts(Path("fox.png"))["sfumato"])
    assert metadata.to_request(ModelRef("tiny", model)) == asked(sfumato)
    assert metadata.picture_sha256 == read_picture(Path("fox.png")).sha256
    assert metadata.seconds is not None
    assert png_texts(Path("fox.png"))["parameters"].startswith("a red fox\nNegative prompt: mud\nSteps: 4, Sampler: D")


def test_the_preview_of_every_step_is_written(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX, "--seed", "7", "--count", "2", "--steps", "2", "--previews", "steps") == 0
    names = sorted(path.name for path in (folder / "steps").iterdir())
    assert names == [f"sfumato-{seed}-step-00{step}.png" for seed in (7, 8) for step in (1, 2)]
    assert {read_picture(folder / "steps" / name).pixels.shape for name in names} == {(64, 64, 3)}


def test_a_preview_replaces_no_file(sfumato: CommandLine, folder: Path) -> None:
    (folder / "sfumato-1-step-001.png").write_bytes(b"mine")
    assert sfumato(*FOX, "--previews", ".", "--seed", "1") == 0
    assert (folder / "sfumato-1-step-001.png").read_bytes() == b"mine"
    assert (folder / "sfumato-1-step-001-2.png").is_file()


# --- what is said


def test_one_json_object_says_everything(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX, "--seed", "7", "--count", "2", "--json") == 0
    told = json.loads(sfumato.output)
    images = told.pop("images")
    assert told == {"seconds": 0.25, "seconds_per_step": 0.01, "device": "cpu", "dtype": "float32", "model": "tiny"}
    assert [image["seed"] for image in images] == [7, 8]
    for image in images:
        assert set(image) == {"path", "seed", "width", "height", "sha256_pixels"}
        assert Path(image["path"]).parent == folder
        assert read_picture(Path(image["path"])).sha256 == image["sha256_pixels"]


def test_without_a_terminal_only_the_paths_are_printed(sfumato: CommandLine) -> None:
    assert sfumato(*FOX, "--count", "2", "--seed", "1") == 0
    assert (sfumato.output, sfumato.errors) == ("sfumato-1.png\nsfumato-2.png\n", "")


# --- what goes wrong


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--size", "65x64"], "multiples of 8.*nearest size is 64x64"),
        (["--size", "64"], '"64" is no size'),
        (["--size", "0x0"], "0x0 cannot be painted"),
        (["--steps", "0"], "Steps cannot be 0"),
        (["--guidance", "nan"], "Guidance cannot be nan"),
        (["--seed", "-1"], "Seed cannot be -1"),
        (["--count", "0"], "Number of pictures cannot be 0"),
        (["--count", "many"], "invalid int value"),
        (["--sampler", "magic"], '"magic" is none of dpmpp_2m, .*, lcm;'),
        (["--schedule", "magic"], '"magic" is none of karras'),
        (["--device", "toaster"], "invalid choice: 'toaster'"),
        (["--strength", "0.5"], "--strength needs --init"),
        (["--mask", "m.png"], "--mask needs --init"),
        (["--init", "x.png", "--strength", "0"], "Denoising strength cannot be 0"),
        (["--init", "x.png", "--mask", "m.png"], "The mask is 32x32 and the picture 64x64"),
        (["--init", "m.png", "--mask", "x.png", "--size", "65x64"], "The mask is 64x64 and the picture 32x32"),
        (["--init", "x.png", "--mask", "black.png"], "The mask is empty"),
        (["--outpaint", "left=8"], "--outpaint needs --init"),
        (["--init", "x.png", "--outpaint", "left"], '"left" names no sides'),
        (["--init", "x.png", "--outpaint", "front=8"], '"front=8" names no sides'),
        (["--init", "x.png", "--outpaint", "left=0"], "cannot be continued by"),
        (["--init", "x.png", "--outpaint", "left=8", "--kind", "image"], "--outpaint is of the kind outpaint"),
        (["--init", "x.png", "--kind", "inpaint"], "Inpaint is not possible here"),
        (["--init", "x.png", "--kind", "outpaint"], "Outpaint is not possible here"),
        (["--kind", "image"], "Image to image is not possible here"),
        (["--init", "x.png", "--padding", "some"], '"some" is no padding'),
        (["--init", "x.png", "--edge", "-1"], "soft edge cannot be -1"),
        (["--out", "fox.jpg"], "Sfumato writes PNG files"),
        (["--stepz", "3"], "unrecognized arguments: --stepz"),
        (["--step", "3"], "unrecognized arguments: --step"),
        (["and more"], "unrecognized arguments: and more"),
    ],
)
def test_wrong_usage_is_one_sentence_and_2(sfumato: CommandLine, folder: Path, arguments: list[str], says: str) -> None:
    for name, side, colour in (("x.png", 64, "white"), ("m.png", 32, "white"), ("black.png", 64, "black")):
        picture(folder / name, side, colour)
    assert sfumato(*FOX, *arguments) == 2
    assert sfumato.output == ""
    assert len(sfumato.errors.splitlines()) == 1
    assert re.search(says, sfumato.errors)
    assert sfumato.made_with == []
    assert len(list(folder.iterdir())) == 3


def test_a_prompt_that_is_no_text_is_refused(sfumato: CommandLine) -> None:
    assert sfumato("generate", b"f\xfcchse".decode(errors="surrogateescape")) == 2
    assert "is not valid" in sfumato.errors


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--model", "tinny"], 'There is no model "tinny".*Did you mean "tiny"'),
        (["--init", "nowhere.png"], r"The picture nowhere\.png cannot be read"),
        (["--out", "file/fox.png"], "Nothing can be written to file"),
        (["--previews", "file"], "Nothing can be written to file"),
    ],
)
def test_a_failure_before_painting_is_one_sentence_and_1(
    sfumato: CommandLine, folder: Path, arguments: list[str], says: str
) -> None:
    (folder / "file").write_bytes(b"")
    assert sfumato(*FOX, *arguments) == 1
    assert re.fullmatch(f"sfumato: .*{says}.*\n", sfumato.errors)
    assert sfumato.made_with == []


OUT_OF_MEMORY = Script(error=OutOfMemory("The picture does not fit", "2 GB are free"), error_at=Phase.DECODING)


def test_a_failure_while_painting_is_one_sentence_and_1(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX, "--json", script=OUT_OF_MEMORY) == 1
    assert (sfumato.output, sfumato.errors) == ("", "sfumato: The picture does not fit. 2 GB are free.\n")
    assert list(folder.iterdir()) == []
    assert sfumato.engine.closed


def test_verbose_adds_the_traceback(sfumato: CommandLine) -> None:
    assert sfumato(*FOX, "--verbose", script=OUT_OF_MEMORY) == 1
    assert "Traceback" in sfumato.errors
    assert sfumato.errors.endswith("sfumato: The picture does not fit. 2 GB are free.\n")


def test_a_place_that_is_lost_while_painting_stops_the_job(sfumato: CommandLine, folder: Path) -> None:
    def lose() -> None:
        (folder / "out").rmdir()
        (folder / "out").write_bytes(b"")

    assert sfumato(*FOX, "--out", "out/", "--count", "100", meanwhile=lose) == 1
    assert "Nothing can be written to out/sfumato-" in sfumato.errors
    assert sfumato.engine.closed


def test_a_library_that_cannot_be_imported_is_a_failure_that_names_the_doctor(sfumato: CommandLine) -> None:
    def fail() -> None:
        raise ImportError("libtorch is missing")

    assert sfumato(*FOX, meanwhile=fail) == 1
    assert sfumato.errors.startswith("sfumato: The engine failed. ImportError: libtorch is missing. Run sfumato doctor")


def test_a_mistake_of_the_programs_own_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def mistaken(_options: argparse.Namespace) -> int:
        raise TypeError("a number was expected")

    commands = {"generate": replace(own_commands()["generate"], run=mistaken)}
    assert main(["generate", "a fox"], commands) == 1
    said = capsys.readouterr().err
    assert said.startswith("sfumato: Something unforeseen happened. TypeError: a number was expected. Add --verbose")
    assert main(["generate", "a fox", "--verbose"], commands) == 1
    assert "Traceback" in capsys.readouterr().err


def test_nothing_half_done_is_left(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX, "--count", "3") == 0
    assert partial_files(folder) == []
