"""A small classifier that names thing, style and background; it has seen pictures of the data and no drawn ones.

Its scenes come from another seed than the training's and are shifted, scaled, blurred and recoloured, so that it has to
go by what a thing looks like.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from starter_model.captions import COLOURS, GRADIENT, Style
from starter_model.composites import Mix, Painter
from starter_model.pack import Pack
from starter_model.schedule import Budget, rate
from starter_model.things import Thing

BACKGROUNDS = (*COLOURS, GRADIENT)
STYLES = tuple(Style)
_EDGE = 64
_PAINTED_EDGE = 80
_MIX = Mix(white=0.2, gradient=0.2, tinted=0.15)
_TRAINING_SEED = 700_001
_HELD_OUT_SEED = 800_001


class Naming(NamedTuple):
    """Scores or numbers of things, styles and backgrounds, in the order of the things, `STYLES` and `BACKGROUNDS`."""

    thing: Tensor
    style: Tensor
    background: Tensor


@dataclass(frozen=True)
class Labelled:
    """Scenes with their names.

    Attributes:
        pixels: (N, 3, 80, 80) uint8.
        names: (N,) int64 each.
    """

    pixels: Tensor
    names: Naming


class Classifier(nn.Module):
    """Five convolution stages over (B, 3, 64, 64) in -1 to 1; the background also sees the scene at 8 x 8."""

    def __init__(self, things: int) -> None:
        super().__init__()
        widths = (3, 32, 64, 96, 160, 224)
        stages: list[nn.Module] = []
        for place, (before, after) in enumerate(pairwise(widths)):
            stages += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            if place < 4:
                stages.append(nn.MaxPool2d(2))
        self.stages = nn.Sequential(*stages)
        self.thing = nn.Sequential(nn.Dropout(0.2), nn.Linear(widths[-1] * 4, things))
        self.style = nn.Linear(widths[-1], len(STYLES))
        self.background = nn.Sequential(nn.Linear(192, 128), nn.ReLU(), nn.Linear(128, len(BACKGROUNDS)))

    def forward(self, pixels: Tensor) -> Naming:
        """Return the scores of each kind of name."""
        features = self.stages(pixels)
        corners = F.adaptive_avg_pool2d(features, 2).flatten(1)
        return Naming(
            self.thing(corners),
            self.style(features.mean((2, 3))),
            self.background(F.adaptive_avg_pool2d(pixels, 8).flatten(1)),
        )


def labelled(pack: Pack, things: tuple[Thing, ...], count: int, seed: int) -> Labelled:
    """Paint `count` scenes, the things and styles in turn."""
    painter, rng = Painter(pack, things, _PAINTED_EDGE, _MIX), random.Random(seed)
    scenes: list[np.ndarray] = []
    names: list[tuple[int, int, int]] = []
    for index in range(count):
        plan = painter.plan(rng, index // len(STYLES) % len(things), STYLES[index % len(STYLES)])
        scenes.append(painter.draw(plan, rng))
        names.append((plan.things[0], STYLES.index(plan.style), BACKGROUNDS.index(plan.background)))
    return Labelled(torch.from_numpy(np.stack(scenes)).permute(0, 3, 1, 2), Naming(*torch.tensor(names).unbind(1)))


def seen(pixels: Tensor) -> Tensor:
    """Return (B, 3, H, W) uint8 as the classifier sees it: (B, 3, 64, 64) in -1 to 1."""
    return F.interpolate(pixels.float() / 127.5 - 1, (_EDGE, _EDGE), mode="bilinear", antialias=True)


def _disturbed(pixels: Tensor) -> Tensor:
    """Shift, scale, blur, recolour and add noise: (B, 3, 80, 80) uint8 to (B, 3, 64, 64)."""
    count = len(pixels)
    scale = 1 + (torch.rand(count, 1, 1) - 0.5) * 0.2
    frame = torch.eye(2)[None] * scale
    frame = frame + torch.randn(count, 2, 2) * 0.03
    shift = (torch.rand(count, 2, 1) - 0.5) * 0.16
    grid = F.affine_grid(torch.cat([frame, shift], 2), [count, 3, _EDGE, _EDGE], align_corners=False)
    image = F.grid_sample(pixels.float() / 127.5 - 1, grid, padding_mode="border", align_corners=False)
    soft = F.interpolate(F.avg_pool2d(image, 2), (_EDGE, _EDGE), mode="bilinear")
    image = torch.lerp(image, soft, torch.rand(count, 1, 1, 1))
    image = image * (1 + torch.randn(count, 1, 1, 1) * 0.05) + torch.randn(count, 3, 1, 1) * 0.03
    return image + torch.randn_like(image) * 0.08 * torch.rand(count, 1, 1, 1)


def train(pack: Pack, things: tuple[Thing, ...], minutes: float, scenes: int, batch: int = 64) -> Classifier:
    """Paint scenes and train a classifier on them for some minutes."""
    torch.manual_seed(_TRAINING_SEED)
    data = labelled(pack, things, scenes, _TRAINING_SEED)
    model = Classifier(len(things))
    model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  # the stub misses this overload
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02)
    budget, step = Budget.start(minutes), 0
    while budget.fraction < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate(2e-3, step, budget.fraction, 0.7)
        chosen = torch.randint(len(data.pixels), (batch,))
        with torch.autocast("cpu", torch.bfloat16):
            scores = model(_disturbed(data.pixels[chosen]).contiguous(memory_format=torch.channels_last))
        named_right = zip(scores, data.names, strict=True)
        losses = [F.cross_entropy(score.float(), name[chosen]) for score, name in named_right]
        loss = torch.stack(losses).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if step % 100 == 0:
            print(f"step {step} loss {loss.item():.3f} {budget.spent:.0f} s", flush=True)
    return model.eval()


def held_out_accuracy(model: Classifier, pack: Pack, things: tuple[Thing, ...], count: int) -> dict[str, float]:
    """Return the classifier's accuracy over scenes it has not seen, by kind of name, 0 to 1."""
    data = labelled(pack, things, count, _HELD_OUT_SEED)
    scores = named(model, seen(data.pixels))
    return {
        kind: float((score.argmax(1) == name).float().mean())
        for kind, score, name in zip(Naming._fields, scores, data.names, strict=True)
    }


@torch.no_grad()
def named(model: Classifier, pixels: Tensor) -> Naming:
    """Return scores for (N, 3, 64, 64) in batches."""
    parts = [model(batch) for batch in pixels.split(128)]
    return Naming(*(torch.cat(kind) for kind in zip(*parts, strict=True)))


def pictures_seen(pictures: Sequence[Image.Image]) -> Tensor:
    """Return pictures as the classifier sees them, (N, 3, 64, 64)."""
    arrays = [np.array(picture.convert("RGB"), dtype=np.uint8) for picture in pictures]
    return torch.cat([seen(torch.from_numpy(array).permute(2, 0, 1)[None]) for array in arrays])


def load_or_train(path: Path, pack: Pack, things: tuple[Thing, ...], minutes: float, scenes: int) -> Classifier:
    """Return the classifier kept at `path`, trained first where there is none."""
    if path.is_file():
        model = Classifier(len(things))
        model.load_state_dict(cast("dict[str, Tensor]", torch.load(path, weights_only=True)))
        return model.eval()
    model = train(pack, things, minutes, scenes)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), path)
    return model
