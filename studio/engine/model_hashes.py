"""Hashes over a model's weights: they tell two models of one name apart, and whether a picture can come out again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.engine.kept import keep_json, kept_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from studio.engine.loader import ModelFolder

_AT_ONCE: Final = 16 * 2**20
_WITHOUT_CACHE: Final = 256 * 2**20
"""Bytes of a model that is hashed even where nothing can be kept. Reading gigabytes takes seconds: once, not at every
start."""


@dataclass(frozen=True, slots=True)
class ModelHashes:
    """Hex SHA-256; empty where a model is too large to be read at every start and nothing can be kept.

    Attributes:
        model: over all weight files.
        vae: over those of the autoencoder.
    """

    model: str = ""
    vae: str = ""


def hashes_of(folder: ModelFolder, cache_folder: Path | None, check: Callable[[], None]) -> ModelHashes:
    """Return a model's hashes; read from the cache as long as size and time of every file are what they were.

    Args:
        folder: the model.
        cache_folder: keeps what was found; None keeps nothing.
        check: called between pieces of a file; may raise to stop.
    """
    files = [path for paths in folder.weights.values() for path in paths]
    size = sum(path.stat().st_size for path in files)
    if cache_folder is None:
        return _read(folder, check) if size <= _WITHOUT_CACHE else ModelHashes()
    stamp = [list(state) for state in folder.stamp]
    file = cache_folder / "hashes" / f"{hashlib.sha256(str(folder.ref.folder).encode()).hexdigest()[:32]}.json"
    kept = kept_json(file)
    match kept:
        case {"stamp": known, "model": str(model), "vae": str(vae)} if known == stamp:
            return ModelHashes(model, vae)
        case _:
            found = _read(folder, check)
            keep_json(file, {"stamp": stamp, "model": found.model, "vae": found.vae})
            return found


def _read(folder: ModelFolder, check: Callable[[], None]) -> ModelHashes:
    whole, vae = hashlib.sha256(), hashlib.sha256()
    for component, paths in folder.weights.items():
        for path in paths:
            with path.open("rb") as file:
                while piece := file.read(_AT_ONCE):
                    check()
                    whole.update(piece)
                    if component == "vae":
                        vae.update(piece)
    return ModelHashes(whole.hexdigest(), vae.hexdigest())
