"""`sfumato inspect` prints what pictures say about themselves, whoever wrote it."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.cli.conftest import CommandLine

A1111 = "a fox, 狐\nNegative prompt: mud\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 3, Size: 8x8"


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


def test_both_texts_of_a_picture_are_printed(sfumato: CommandLine, fox: Path) -> None:
    assert sfumato("inspect", fox) == 0
    path, title, *rest = sfumato.output.split("\n\n", 1)[0], *sfumato.output.splitlines()[2:5]
    assert (path, title) == (str(fox), "parameters:")
    assert rest[0] == "ein größerer Fuchs"
    assert rest[1].startswith("Steps: 4, CFG scale: 3.5, Seed: 3, Size: 64x64, Model: tiny")
    assert '"prompt": "ein größerer Fuchs"' in sfumato.output
    assert sfumato.output.endswith("The pixels are those that were painted.\n")
    assert sfumato.errors == ""


def test_a_picture_of_another_program_is_read(sfumato: CommandLine, tmp_path: Path) -> None:
    assert sfumato("inspect", write(tmp_path / "x.png", parameters=A1111)) == 0
    assert sfumato.output == f"{tmp_path / 'x.png'}\n\nparameters:\n{A1111}\n"


def test_json_has_an_object_for_each_file(sfumato: CommandLine, fox: Path, tmp_path: Path) -> None:
    other, none = write(tmp_path / "x.png", parameters=A1111), write(tmp_path / "none.png")
    assert sfumato("inspect", "--json", fox, other, none) == 0
    first, second, third = json.loads(sfumato.output)
    assert first["path"] == str(fox)
    assert first["parameters"].startswith("ein größerer Fuchs\n")
    assert (first["sfumato"]["seed"], first["unchanged"]) == (3, True)
    assert second == {"path": str(other), "parameters": A1111, "sfumato": None, "unchanged": None}
    assert third == {"path": str(none), "parameters": None, "sfumato": None, "unchanged": None}


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
    assert A1111 in sfumato.output
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
    assert A1111 in sfumato.output
    assert ('"new": 1' in sfumato.output) is ("new" in text)
    assert sfumato.errors.startswith(f"sfumato: {path}: ")
    assert says in sfumato.errors
