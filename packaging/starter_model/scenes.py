"""Pictures for the autoencoder: crops of painted scenes and patches of one colour."""

import random

import numpy as np
import torch
from torch import Tensor

from starter_model.composites import Mix, Painter
from starter_model.pack import Pack
from starter_model.things import Thing

AUTOENCODER_MIX = Mix(white=0.35, gradient=0.15, tinted=0.3, two=0.1, small=0.06)
_HELD_OUT_SEED = 900_001


def all_things(pack: Pack) -> tuple[Thing, ...]:
    """Return every concept of the pack as a thing, for pictures that need no good caption."""
    return tuple(Thing(name, name, "", ()) for name in pack.concepts())


def to_model(pixels: np.ndarray) -> Tensor:
    """Turn (B, H, W, 3) uint8 into (B, 3, H, W) float32 in -1 to 1, channels last."""
    tensor = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1
    return tensor.contiguous(memory_format=torch.channels_last)


def held_out_scenes(pack: Pack, things: tuple[Thing, ...], size: int, count: int) -> np.ndarray:
    """Paint scenes that no training uses: (count, size, size, 3) uint8."""
    painter = Painter(pack, things, size, AUTOENCODER_MIX)
    rng = random.Random(_HELD_OUT_SEED)
    return np.stack([painter.paint(rng).pixels for _ in range(count)])


class CropPool:
    """A pool of painted scenes to crop from."""

    def __init__(self, pack: Pack, things: tuple[Thing, ...], size: int, count: int, seed: int) -> None:
        """Paint `count` scenes, a quarter of them of anything in the pack."""
        self._rng = random.Random(seed)
        known = Painter(pack, things, size, AUTOENCODER_MIX)
        anything = Painter(pack, all_things(pack), size, AUTOENCODER_MIX)
        painters = [anything if index % 4 == 0 else known for index in range(count)]
        self.scenes = np.stack([painter.paint(self._rng).pixels for painter in painters])

    def crops(self, count: int, edge: int) -> Tensor:
        """Return (count, 3, edge, edge) in -1 to 1: the busier of two crops, now and then one plain colour."""
        return to_model(np.stack([self._crop(edge) for _ in range(count)]))

    def _crop(self, edge: int) -> np.ndarray:
        if self._rng.random() < 0.03:
            colour = [self._rng.randrange(256) for _ in range(3)]
            return np.full((edge, edge, 3), colour, np.uint8)
        first, second = self._cut(edge), self._cut(edge)
        return first if float(first.std()) >= float(second.std()) else second

    def _cut(self, edge: int) -> np.ndarray:
        scene = self.scenes[self._rng.randrange(len(self.scenes))]
        room = scene.shape[0] - edge
        top, left = (self._rng.randrange(0, room + 1, 4) for _ in range(2))
        crop = scene[top : top + edge, left : left + edge]
        return crop[:, ::-1] if self._rng.random() < 0.5 else crop
