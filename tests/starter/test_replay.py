"""The shipped model paints its pictures again to the last bit in a fresh process, and tells why where it does not."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file, save_file

from studio.cli.commands import main
from studio.services.pictures import read_picture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "resources" / "models" / "starter"
FEW = ("--steps", "4", "--seed", "5")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a mask of soft edges, to stand in."""
    place = tmp_path / "desk"
    place.mkdir()
    monkeypatch.chdir(place)
    across = np.clip(np.abs(np.linspace(-1, 1, 256)) * -400 + 300, 0, 255).astype(np.uint8)
    Image.fromarray(np.minimum(across[None, :], across[:, None])).save(place / "mask.png")
    return place


def paint(*arguments: str | Path) -> None:
    """Paint in this process."""
    assert main(["generate", *map(str, arguments), *FEW]) == 0


def replay(*arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    """Paint again in a fresh one."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    command = [sys.executable, "-P", "-m", "studio", "replay", "--json", *map(str, arguments)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return run.returncode, json.loads(run.stdout)


def test_every_task_is_identical_in_a_fresh_process(desk: Path) -> None:
    how = ("--dtype", "bfloat16")
    paint("a red fox, 3d", *how, "--out", "words.png")
    paint("a cat", *how, "--init", "words.png", "--strength", "0.6", "--out", "image.png")
    into = ("--init", "words.png", "--mask", "mask.png", "--fill", "blurred", "--padding", "32")
    paint("a hat", *how, *into, "--out", "mask-painted.png")
    paint("grass", *how, "--init", "words.png", "--outpaint", "right=64", "--out", "wide.png")
    # The second picture of a job comes out alone, and by a sampler that draws noise at every step.
    paint("a blue whale", *how, "--count", "2", "--sampler", "euler_a", "--out", "pair/")
    names = ("words.png", "image.png", "mask-painted.png", "wide.png", "pair/sfumato-6.png")
    assert read_picture(desk / "wide.png").width == 320
    code, told = replay(*names)
    assert [one["said"] for one in told] == ["Identical to the last bit."] * len(names)
    assert code == 0


def test_other_numbers_make_it_close_and_other_weights_another_picture(desk: Path) -> None:
    paint("a red fox, 3d", "--dtype", "float32", "--out", "fox.png")
    code, (told,) = replay("fox.png", "--dtype", "bfloat16")
    assert (code, told["verdict"]) == (0, "close")
    assert told["psnr_db"] > 35
    assert "in bfloat16 instead of float32" in told["reasons"]
    other = desk / "models" / "starter"
    shutil.copytree(MODEL, other)
    (weights,) = (other / "unet").glob("*.safetensors")
    tensors = load_file(weights)
    first = next(name for name, tensor in sorted(tensors.items()) if tensor.ndim == 4)
    tensors[first] = tensors[first] * np.asarray(1.5, tensors[first].dtype)
    save_file(tensors, weights)
    code, (told,) = replay("fox.png", "--model", other)
    assert (code, told["verdict"]) == (1, "changed")
    assert "the weights of the model \u201cstarter\u201d are others: hash" in told["said"]


def test_without_its_source_it_cannot_be(desk: Path, home: Path) -> None:
    Image.new("RGB", (256, 256), "teal").save(desk / "init.png")
    paint("a cat", "--init", "init.png", "--out", "cat.png")
    shutil.rmtree(home / "data" / "sources")
    code, (told,) = replay("cat.png")
    assert (code, told["verdict"]) == (1, "cannot")
    assert "the picture that it was painted from" in told["said"]
    code, (told,) = replay("cat.png", "--init", "init.png")
    assert (code, told["verdict"]) == (0, "identical")
