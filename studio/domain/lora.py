"""A LoRA that took part in a picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoraUse:
    """A low-rank adaptation of the model (https://arxiv.org/abs/2106.09685) and how much of it was used.

    Attributes:
        name: as the file that was painted with it calls it.
        weight: 1 for all of it; may be negative.
        hash: as it was found: hex SHA-256, or the first digits of it, or empty where nothing says.
    """

    name: str
    weight: float = 1.0
    hash: str = ""
