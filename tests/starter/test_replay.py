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

from studio.services.pictures import read_picture

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "resources" / "models" / "starter"
FEW = ("--steps", "4", "--seed", "5")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a mask of soft edges."""
    place = tmp_path / "desk"
    place.mkdir()
    across = np.clip(np.abs(np.linspace(-1, 1, 256)) * -400 + 300, 0, 255).astype(np.uint8)
    Image.fromarray(np.minimum(across[None, :], across[:, None])).save(place / "mask.png")
    return place


def sfumato(desk: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with threads as on this machine."""
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    paths = [str(ROOT), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    command = [sys.executable, "-P", "-m", "studio", *map(str, arguments)]
    return subprocess.run(command, cwd=desk, env=environment, capture_output=True, text=True, check=False)


def paint(desk: Path, *arguments: str | Path) -> None:
    run = sfumato(desk, "generate", *arguments, *FEW)
    assert run.returncode == 0, run.stderr


def replay(desk: Path, *arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    run = sfumato(desk, "replay", "--json", *arguments)
    return run.returncode, json.loads(run.stdout)


@pytest.mark.parametrize("dtype", ["auto", "bfloat16"])
def test_every_task_is_identical_in_a_fresh_process(desk: Path, dtype: str) -> None:
    how = ("--dtype", dtype)
    paint(desk, "a red fox, 3d", *how, "--out", "words.png")
    paint(desk, "a cat", *how, "--init", "words.png", "--strength", "0.6", "--out", "image.png")
    into = ("--init", "words.png", "--mask", "mask.png", "--fill", "blurred", "--padding", "32")
    paint(desk, "a hat", *how, *into, "--out", "mask-painted.png")
    paint(desk, "grass", *how, "--init", "words.png", "--outpaint", "right=64", "--out", "wide.png")
    names = ("words.png", "image.png", "mask-painted.png", "wide.png")
    assert read_picture(desk / "wide.png").width == 320
    code, told = replay(desk, *names)
    assert [one["said"] for one in told] == ["Identical to the last bit."] * len(names)
    assert code == 0


def test_other_numbers_make_it_close_and_other_weights_another_picture(desk: Path) -> None:
    paint(desk, "a red fox, 3d", "--dtype", "float32", "--out", "fox.png")
    code, (told,) = replay(desk, "fox.png", "--dtype", "bfloat16")
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
    code, (told,) = replay(desk, "fox.png", "--model", other)
    assert (code, told["verdict"]) == (1, "changed")
    assert "the weights of the model \u201cstarter\u201d are others: hash" in told["said"]


def test_without_its_source_it_cannot_be(desk: Path, home: Path) -> None:
    Image.new("RGB", (256, 256), "teal").save(desk / "init.png")
    paint(desk, "a cat", "--init", "init.png", "--out", "cat.png")
    shutil.rmtree(home / "data" / "sources")
    code, (told,) = replay(desk, "cat.png")
    assert (code, told["verdict"]) == (1, "cannot")
    assert "the picture that it was painted from" in told["said"]
    code, (told,) = replay(desk, "cat.png", "--init", "init.png")
    assert (code, told["verdict"]) == (0, "identical")
