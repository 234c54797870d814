"""`sfumato inspect` prints what pictures say about themselves, whoever wrote it."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from studio import __version__
from tests.cli.conftest import CommandLine

A1111 = "a fox, 狐\nby night\nNegative prompt: mud\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 3, Size: 8x8"

PROMPT = "Prompt: a fox, 狐\n    by night\n"


def write(path: Path, **texts: str) -> Path:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
    Image.new("RGB", (8, 8)).save(path, pnginfo=info)
    return path


@pytest.fixture
def fox(sfumato: CommandLine, model: Path, folder: Path) -> Path:
    """Paint a picture."""
    assert sfumato("generate", "ein größerer Fuchs", "--model", model, "--seed", "3", "--out", "fox.png") == 0
    return folder / "fox.png"


def test_the_settings_of_a_picture_are_printed(sfumato: CommandLine, fox: Path) -> None:
    assert sfumato("inspect", fox) == 0
    path, settings, conditions, pixels, *_ = sfumato.output.split("\n\n")
    assert path == str(fox)
    assert settings.splitlines() == [
        "Written down by: Sfumato",
        "Prompt: ein größerer Fuchs",
        "Model: tiny",
        *(line for line in settings.splitlines() if line.startswith("Model hash: ")),
        "Size: 64 \u00d7 64",
        "Steps: 4",
        "Guidance scale: 3.5",
        "Seed: 3",
    ]
    assert conditions.splitlines()[0].endswith(f"by Sfumato {__version__}")
    assert pixels.strip() == "The pixels are those that were painted."
    assert "Digital source type: trainedAlgorithmicMedia (Made by a model)" in sfumato.output
    assert sfumato.errors == ""


def test_a_picture_of_another_program_is_read(sfumato: CommandLine, tmp_path: Path) -> None:
    assert sfumato("inspect", write(tmp_path / "x.png", parameters=A1111)) == 0
    assert sfumato.output.splitlines() == [
        f"{tmp_path / 'x.png'}",
        "",
        "Written down by: A1111",
        "Prompt: a fox, 狐",
        "    by night",
        "Negative prompt: mud",
        "Size: 8 \u00d7 8",
        "Steps: 20",
        "Guidance scale: 7",
        "Sampler: Euler a",
        "Seed: 3",
    ]


STEERING = "\x1b]0;title\x07\x1b[2J\x9b31m\u202e"


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_nothing_in_a_file_steers_the_terminal(
    sfumato: CommandLine, fox: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    with Image.open(fox) as image:
        own = json.loads(image.info["sfumato"])
    evil = f"a fox {STEERING}"
    changes = {"prompt": evil, "model": evil, "device": evil, "dtype": evil, "software": evil}
    said = write(tmp_path / "a.png", sfumato=json.dumps(own | changes | {"versions": {evil: evil}}))
    damaged = write(tmp_path / "b.png", sfumato=json.dumps(own | {"versions": {evil: 3}}))
    foreign = write(tmp_path / "c.png", parameters=f"{evil}\n{A1111}")
    files = (said, damaged, foreign)
    for words in (("inspect", *files), ("replay", *files), ("history", "import", *files), ("history", "list")):
        sfumato(*words, *options)
        shown = sfumato.output + sfumato.errors
        assert not {mark for mark in STEERING if not mark.isprintable()} & set(shown), words
        assert "a fox" in shown or "import" in words


def test_what_joins_letters_stays(sfumato: CommandLine, tmp_path: Path) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    path = write(tmp_path / "x.png", sfumato="", parameters=A1111)
    with Image.open(path) as image:
        info = PngImagePlugin.PngInfo()
        info.add_itxt("parameters", f"{family}\n{A1111}")
        image.save(path, pnginfo=info)
    assert sfumato("inspect", path) == 0
    assert family in sfumato.output


def test_json_has_an_object_for_each_file(sfumato: CommandLine, fox: Path, tmp_path: Path) -> None:
    other, none = write(tmp_path / "x.png", parameters=A1111), write(tmp_path / "none.png")
    assert sfumato("inspect", "--json", fox, other, none) == 0
    first, second, third = json.loads(sfumato.output)
    assert first["path"] == str(fox)
    assert first["parameters"].startswith("ein größerer Fuchs\n")
    assert (first["sfumato"]["seed"], first["unchanged"]) == (3, True)
    assert (first["dialect"], first["settings"]["Seed"]) == ("sfumato", "3")
    assert first["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    nothing = {"digital_source_type": None, "credentials": None, "sidecar": None, "between_pixels": False, "notes": []}
    assert second.pop("settings")["Prompt"] == "a fox, 狐\nby night"
    assert second == nothing | {
        "path": str(other),
        "parameters": A1111,
        "sfumato": None,
        "unchanged": None,
        "dialect": "a1111",
    }
    assert third == nothing | {
        "path": str(none),
        "parameters": None,
        "sfumato": None,
        "unchanged": None,
        "dialect": "none",
        "settings": {},
    }


def test_what_stands_beside_the_picture_is_read_and_said(sfumato: CommandLine, tmp_path: Path) -> None:
    path = write(tmp_path / "x.png")
    path.with_suffix(".txt").write_text(A1111, "utf-8")
    assert sfumato("inspect", path) == 0
    assert "Written down by: A1111, in x.txt beside it\nPrompt: a fox" in sfumato.output
    assert sfumato("inspect", "--json", path) == 0
    assert json.loads(sfumato.output)[0]["sidecar"] == str(path.with_suffix(".txt"))


def test_a_cut_file_is_read_as_far_as_it_goes(sfumato: CommandLine, tmp_path: Path) -> None:
    path = write(tmp_path / "x.png", parameters=A1111)
    path.write_bytes(path.read_bytes()[:-20])
    assert sfumato("inspect", path) == 0
    assert "Prompt: a fox" in sfumato.output
    assert "The file ends too soon" in sfumato.output


def test_pixels_that_were_changed_later_are_noticed(sfumato: CommandLine, fox: Path) -> None:
    with Image.open(fox) as image:
        info = PngImagePlugin.PngInfo()
        info.add_text("sfumato", str(image.info["sfumato"]))
        pixels = np.array(image)
    pixels[0, 0, 0] ^= 1
    Image.fromarray(pixels).save(fox, pnginfo=info)
    assert sfumato("inspect", fox) == 0
    assert "The pixels were changed later." in sfumato.output


def test_a_picture_that_says_nothing_is_told_so(sfumato: CommandLine, tmp_path: Path) -> None:
    assert sfumato("inspect", write(tmp_path / "x.png")) == 0
    assert sfumato.output == f"{tmp_path / 'x.png'}: nothing about how it was painted\n"


def test_a_file_that_cannot_be_read_does_not_hide_the_others(sfumato: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("no picture")
    good = write(tmp_path / "x.png", parameters=A1111)
    assert sfumato("inspect", tmp_path / "text.txt", good, tmp_path / "none.png") == 1
    assert PROMPT in sfumato.output
    first, second = sfumato.errors.splitlines()
    assert first.startswith(f"sfumato: The picture {tmp_path / 'text.txt'} cannot be read. It is no picture.")
    assert second.startswith(f"sfumato: The picture {tmp_path / 'none.png'} cannot be read. No such file")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"version": 9, "new": 1}', "Update Sfumato to read it"),
        ("{", "data is damaged"),
        ("[]", "data is damaged"),
        ("[" * 100_000, "data is damaged"),
    ],
    ids=["newer", "cut", "list", "deep"],
)
def test_data_that_cannot_be_understood_is_shown_as_far_as_it_goes(
    sfumato: CommandLine, tmp_path: Path, text: str, says: str
) -> None:
    path = write(tmp_path / "x.png", parameters=A1111, sfumato=text)
    assert sfumato("inspect", path) == 1
    assert PROMPT in sfumato.output
    assert ('"new": 1' in sfumato.output) is ("new" in text)
    assert sfumato.errors.startswith(f"sfumato: {path}: ")
    assert says in sfumato.errors
