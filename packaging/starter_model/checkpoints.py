"""Checkpoints: tensors and plain numbers only, written so that a kill never leaves half of one."""

from pathlib import Path
from typing import TypedDict

import torch
from torch import Tensor


class Checkpoint(TypedDict):
    """What training goes on from.

    Attributes:
        weights: The weights being trained, by part.
        averaged: Their running average, by part.
        optimizers: The optimizers' states, in their order.
        step: Steps made.
        samples: Samples seen by all processes together.
        seconds: Training time spent.
    """

    weights: dict[str, dict[str, Tensor]]
    averaged: dict[str, dict[str, Tensor]]
    optimizers: list[dict[str, object]]
    step: int
    samples: int
    seconds: float


def save(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint beside its place, then move it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save(checkpoint, part)
    part.replace(path)


def load(path: Path, device: torch.device) -> Checkpoint:
    """Read a checkpoint; only tensors and plain values are accepted."""
    return torch.load(path, map_location=device, weights_only=True)


def average(averaged: dict[str, Tensor], current: dict[str, Tensor], keep: float) -> None:
    """Move an average towards the current weights: average = keep * average + (1 - keep) * current."""
    floating = [name for name, value in averaged.items() if value.is_floating_point()]
    torch._foreach_lerp_([averaged[name] for name in floating], [current[name] for name in floating], 1 - keep)  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]  # one call for hundreds of tensors
    for name, value in averaged.items():
        if not value.is_floating_point():
            value.copy_(current[name])
