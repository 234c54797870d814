"""Model families: one file each, pure data; this list names them all."""

from __future__ import annotations

from studio.domain.families.family import Family
from studio.domain.families.stable_diffusion import STABLE_DIFFUSION

FAMILIES: tuple[Family, ...] = (STABLE_DIFFUSION,)

__all__ = ["FAMILIES", "Family", "family_of"]


def family_of(pipeline_class: str) -> Family | None:
    """Return the family that knows a diffusers pipeline class by name, or None."""
    return next((family for family in FAMILIES if pipeline_class in family.pipelines.values()), None)
