"""`sfumato replay` paints pictures again and says what came of it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from studio.cli.commands import main
from studio.domain.disclosure import Disclosure
from studio.domain.errors import OutOfMemory
from studio.domain.lineage import EdgeKind
from studio.domain.metadata import Metadata
from studio.domain.picture_kind import PictureKind
from studio.domain.request import ImageToImage, Inpaint
from studio.services.export import picture_bytes
from studio.services.pictures import png_texts, read_picture, write_png
from tests.fakes import Script

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

pytestmark = pytest.mark.usefixtures("model", "folder")

ROOT = Path(__file__).parents[2]
FOX = ("generate", "a red fox", "--model", "tiny", "--seed", "7", "--out", "fox.png")
HAT = ("generate", "a hat", "--model", "tiny", "--init", "fox.png", "--mask", "mask.png", "--out", "hat.png")


@pytest.fixture
def mask(folder: Path) -> Path:
    image = Image.new("L", (64, 64))
    image.paste(255, (8, 8, 40, 40))
    image.save(folder / "mask.png")
    return folder / "mask.png"


def metadata_of(path: Path) -> Metadata:
    return Metadata.from_json(png_texts(path)["sfumato"])


def rewrite(path: Path, **changes: object) -> None:
    """Let a file say something else."""
    write_png(path, read_picture(path), metadata_of(path).model_copy(update=changes), replace=True)


def test_the_same_picture_is_identical(sfumato: CommandLine) -> None:
    assert sfumato(*FOX) == 0
    assert sfumato("replay", "fox.png") == 0
    assert sfumato.output == "fox.png: Identical to the last bit.\n"
    assert sfumato.errors == ""


def test_the_engine_computes_as_it_did(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX) == 0
    rewrite(folder / "fox.png", device="cuda (H100)", dtype="float16", versions={"layout": "channels-last"})
    assert sfumato("replay", "fox.png") == 0
    assert sfumato.made_with[-1][:2] == ("cuda", "float16")
    assert sfumato.layouts == ["channels-last"]
    assert sfumato("replay", "fox.png", "--device", "cpu", "--dtype", "bfloat16") == 0
    assert sfumato.made_with[-1][:2] == ("cpu", "bfloat16")
    assert sfumato.layouts[-1] == "auto"


def test_a_picture_that_differs_is_told_of_and_fails(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX) == 0
    rewrite(folder / "fox.png", seed=8, model_hash="ab" * 32)
    assert sfumato("replay", "fox.png", "--json") == 1
    (told,) = json.loads(sfumato.output)
    assert told["verdict"] == "changed"
    assert told["psnr_db"] < 30
    assert told["reasons"]
    assert sfumato.errors == ""


def test_what_it_was_painted_from_is_kept_for_it(sfumato: CommandLine, folder: Path, home: Path, mask: Path) -> None:
    assert mask.exists()
    assert sfumato(*FOX) == sfumato(*HAT) == 0
    (folder / "fox.png").unlink()
    assert sfumato("replay", "hat.png") == 0
    assert "Identical" in sfumato.output
    again = sfumato.engine.requests[-1]
    assert isinstance(again, Inpaint)
    # Some day that is gone.
    shutil.rmtree(home / "data" / "sources")
    assert sfumato("replay", "hat.png") == 1
    assert sfumato.output == (
        "hat.png: Cannot be painted again without the picture that it was painted from; "
        "the mask that it was painted into.\n"
    )
    assert len(sfumato.made_with) == 3


def test_it_can_be_named(sfumato: CommandLine, home: Path, mask: Path) -> None:
    assert sfumato(*FOX) == sfumato(*HAT) == 0
    shutil.rmtree(home / "data" / "sources")
    assert sfumato("replay", "hat.png", "--init", "fox.png", "--mask", mask) == 0
    assert sfumato("replay", "hat.png", "--init", "hat.png", "--mask", mask) == 1
    assert "the picture that it was painted from, which hat.png is not" in sfumato.output


def test_a_picture_that_nothing_can_be_kept_of_is_painted_all_the_same(sfumato: CommandLine, home: Path) -> None:
    assert sfumato(*FOX) == 0
    (home / "data" / "sources").write_text("in the way", "utf-8")
    assert sfumato("generate", "a cat", "--model", "tiny", "--init", "fox.png", "--out", "cat.png") == 0
    assert "cannot be painted again by itself" in sfumato.errors
    assert len(sfumato.errors.splitlines()) == 1


def test_the_picture_it_was_painted_from_is_its_parent(sfumato: CommandLine, folder: Path, mask: Path) -> None:
    assert mask.exists()
    assert sfumato(*FOX) == sfumato(*HAT) == 0
    (parent,) = metadata_of(folder / "hat.png").parents
    assert parent.sha256 == read_picture(folder / "fox.png").sha256
    assert (parent.kind, parent.mask_sha256) == (EdgeKind.INPAINT, metadata_of(folder / "hat.png").mask_sha256)
    assert not metadata_of(folder / "hat.png").has_own_pixels
    Image.new("RGB", (64, 64), "red").save(folder / "photo.png")
    assert sfumato("generate", "a cat", "--model", "tiny", "--init", "photo.png", "--out", "cat.png") == 0
    assert metadata_of(folder / "cat.png").has_own_pixels


def test_several_files_and_one_that_is_none(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX) == 0
    Image.new("RGB", (8, 8)).save(folder / "plain.png")
    assert sfumato("replay", "gone.png", "fox.png", "plain.png") == 1
    assert "fox.png: Identical" in sfumato.output
    assert "plain.png: Cannot be painted again without a word" in sfumato.output
    assert "gone.png" in sfumato.errors
    assert sfumato("replay", "gone.png", "fox.png", "--json") == 1
    told = json.loads(sfumato.output)
    assert [one.get("verdict") for one in told] == [None, "identical"]
    assert "error" in told[0]


def test_the_picture_is_written_where_it_is_asked_for(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX) == 0
    assert sfumato("replay", "fox.png", "--out", "again.png") == 0
    assert sfumato.output.splitlines()[1] == "again.png"
    assert read_picture(folder / "again.png") == read_picture(folder / "fox.png")
    assert metadata_of(folder / "again.png").seed == 7


def test_a_job_that_fails_says_why(sfumato: CommandLine) -> None:
    assert sfumato(*FOX) == 0
    assert sfumato("replay", "fox.png", script=Script(error=OutOfMemory("No room", "8 GB", "Close programs"))) == 1
    assert sfumato.errors == "sfumato: fox.png: No room. 8 GB. Close programs.\n"
    assert sfumato.engine.closed


def test_an_own_model_may_be_tried(sfumato: CommandLine, folder: Path, home: Path) -> None:
    assert sfumato(*FOX) == 0
    rewrite(folder / "fox.png", model="elsewhere")
    assert sfumato("replay", "fox.png") == 1
    assert "without the model \u201celsewhere\u201d" in sfumato.output
    assert sfumato("replay", "fox.png", "--model", home / "data" / "models" / "tiny") == 0


def test_wrong_usage_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay"]) == 2
    assert main(["replay", "a.png", "b.png", "--init", "c.png"]) == 2
    assert "--init and --mask go with one FILE" in capsys.readouterr().err


def test_image_to_image_is_repeated(sfumato: CommandLine) -> None:
    assert sfumato(*FOX) == 0
    assert sfumato("generate", "a cat", "--model", "tiny", "--init", "fox.png", "--out", "cat.png") == 0
    assert sfumato("replay", "cat.png") == 0
    assert isinstance(sfumato.engine.requests[-1], ImageToImage)
    assert "Identical" in sfumato.output


@pytest.mark.slow
@pytest.mark.parametrize("way", ["listening", "deaf"])
def test_ctrl_c_ends_it(sfumato: CommandLine, folder: Path, way: str) -> None:
    assert sfumato(*FOX) == 0
    command = [sys.executable, "-m", "tests.cli.held_command", way, "replay", str(folder / "fox.png")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout
            assert child.stdout.readline() == "importing\n"
            child.send_signal(signal.SIGINT)
            output, errors = child.communicate(timeout=20)
        finally:
            child.kill()
    assert child.returncode == 130
    assert errors == "sfumato: stopped\n"
    assert "fox.png" not in output


def test_a_copy_with_losses_is_compared_by_what_was_painted(sfumato: CommandLine, folder: Path) -> None:
    assert sfumato(*FOX) == 0
    content = picture_bytes(
        np.dstack([read_picture(folder / "fox.png").pixels, np.full((64, 64), 255, np.uint8)]),
        PictureKind.JPEG,
        Disclosure.of(metadata_of(folder / "fox.png")),
    )
    (folder / "fox.jpg").write_bytes(content)
    assert sfumato("replay", "fox.jpg") == 0
    assert sfumato.output == (
        "fox.jpg: Identical to the last bit to what was painted; the file's own pixels are others, for it was edited "
        "since or saved with losses.\n"
    )


def test_one_engine_paints_what_was_painted_alike(sfumato: CommandLine, folder: Path) -> None:
    names = ["a.png", "b.png", "c.png"]
    for name in names:
        assert sfumato(*FOX[:-1], name) == 0
    rewrite(folder / "b.png", dtype="bfloat16")
    made = len(sfumato.made_with)
    assert sfumato("replay", *names, "--json") == 0
    assert [one["path"] for one in json.loads(sfumato.output)] == names
    assert [way[1] for way in sfumato.made_with[made:]] == ["float32", "bfloat16"]


def test_a_job_that_fails_does_not_keep_the_others(sfumato: CommandLine, folder: Path) -> None:
    for name in ("a.png", "b.png"):
        assert sfumato(*FOX[:-1], name) == 0
    failing = Script(error=OutOfMemory("No room"))
    rewrite(folder / "b.png", picture_sha256="0" * 64)
    assert sfumato("replay", "a.png", "b.png", script=failing) == 1
    assert sfumato.errors.count("No room") == 2
    assert len(sfumato.engine.requests) == 2
