"""The evaluation's arithmetic, the classifier's scenes, the sheet, and going on from the shipped model."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from starter_model.captions import Style
from starter_model.classifier import BACKGROUNDS, STYLES, Classifier, Naming, labelled, pictures_seen, seen
from starter_model.evaluate import misses, shares
from starter_model.pack import Pack
from starter_model.prompts import Prompt
from starter_model.sheet import lay_out
from starter_model.train_further import prepare, together
from tests.starter.conftest import THINGS


class ByBrightness(Classifier):
    """Names black pictures "disc, 3d, white" and all others "square, flat, black"."""

    def forward(self, pixels: Tensor) -> Naming:
        """Score by the mean brightness."""
        bright = (pixels.mean((1, 2, 3)) > 0).long()
        second = BACKGROUNDS.index("black")
        return Naming(
            *(torch.eye(size)[bright * other] for size, other in ((6, 1), (3, 1), (len(BACKGROUNDS), second)))
        )


@pytest.fixture
def prompts() -> tuple[Prompt, ...]:
    return (
        Prompt("a disc, 3d", "disc", Style.RENDERED, "white"),
        Prompt("a square on a black background, flat", "square", Style.FLAT, "black"),
    )


def test_shares_count_what_the_prompts_said(prompts: tuple[Prompt, ...]) -> None:
    black, white = (Image.new("RGB", (64, 64), colour) for colour in ("black", "white"))
    model = ByBrightness(6).eval()
    things = (*THINGS, *(replace(thing, name=f"other {thing.name}") for thing in THINGS))
    right = shares(model, things, prompts, [black, white])
    half = shares(model, things, prompts, [black, black])
    assert right == {"thing_top1": 1, "thing_top5": 1, "style": 1, "background": 1}
    assert (half["thing_top1"], half["style"], half["background"]) == (0.5, 0.5, 0.5)
    assert misses(model, things, prompts, [black, white]) == []
    assert misses(model, things, prompts, [black, black]) == [
        "a square on a black background, flat: taken for disc, 3d, white"
    ]


def test_the_classifiers_scenes_carry_their_names(pack: Pack) -> None:
    data = labelled(pack, THINGS, 18, seed=5)
    again = labelled(pack, THINGS, 18, seed=5)
    assert torch.equal(data.pixels, again.pixels)
    assert data.names.thing.tolist() == [index // 3 % 3 for index in range(18)]
    assert [STYLES[number] for number in data.names.style.tolist()] == list(Style) * 6
    assert len(set(data.names.background.tolist())) > 3


def test_the_classifier_sees_pictures_and_scenes_alike(pack: Pack) -> None:
    pixels = labelled(pack, THINGS, 1, seed=6).pixels
    picture = Image.fromarray(pixels[0].permute(1, 2, 0).numpy())
    assert torch.allclose(pictures_seen([picture]), seen(pixels))
    scores = Classifier(3).eval()(seen(pixels))
    assert [score.shape[1] for score in scores] == [3, len(STYLES), len(BACKGROUNDS)]


def test_a_sheet_shows_every_picture_under_its_label() -> None:
    pictures = [Image.new("RGB", (256, 256), colour) for colour in ("red", "lime", "blue")]
    sheet = np.asarray(lay_out(pictures, ["one", "two", "three"], columns=2, edge=32))
    assert sheet.shape == (2 * (32 + 14 + 4), 2 * (32 + 4), 3)
    assert sheet[30, 16].tolist() == [255, 0, 0]
    assert sheet[30, 52].tolist() == [0, 255, 0]
    assert sheet[80, 16].tolist() == [0, 0, 255]


def test_training_further_takes_from_the_shipped_model_what_is_missing(tmp_path: Path) -> None:
    shipped, work = tmp_path / "shipped", tmp_path / "work"
    for part in ("vae", "tokenizer", "text_encoder"):
        (shipped / part).mkdir(parents=True)
        (shipped / part / "config.json").write_text(part, encoding="utf-8")
    mine = work / "text" / "tokenizer"
    mine.mkdir(parents=True)
    (mine / "config.json").write_text("mine", encoding="utf-8")
    prepare(work, shipped)
    assert (work / "autoencoder" / "vae" / "config.json").read_text(encoding="utf-8") == "vae"
    assert (work / "text" / "text_encoder" / "config.json").read_text(encoding="utf-8") == "text_encoder"
    assert (mine / "config.json").read_text(encoding="utf-8") == "mine"


def test_a_stage_runs_in_as_many_processes_as_asked() -> None:
    command = together(3, "latents", "--work", "w")
    assert command[command.index("--nproc-per-node") + 1] == "3"
    assert command[-3:] == ["starter_model.latents", "--work", "w"]
