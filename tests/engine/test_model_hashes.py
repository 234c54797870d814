"""A model is known again by a hash over its weights, which is reckoned once."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from studio.domain.cancel import CancelToken
from studio.domain.request import ModelRef
from studio.engine.diffusers_engine import DiffusersEngine
from studio.engine.loader import open_folder
from studio.engine.model_hashes import ModelHashes, hashes_of
from tests.engine.requests import words
from tests.tiny_models import tiny_model

if TYPE_CHECKING:
    from pathlib import Path

    from studio.engine.loader import ModelFolder


@pytest.fixture
def folder(tmp_path: Path) -> ModelFolder:
    return open_folder(ModelRef("tiny", shutil.copytree(tiny_model(), tmp_path / "tiny")))


def go_on() -> None:
    """Nobody stops it."""


def weights_of(folder: ModelFolder, *names: str) -> str:
    paths = [path for name in names or folder.weights for path in folder.weights[name]]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def test_all_weights_count_and_the_vae_is_told_alone(folder: ModelFolder) -> None:
    found = hashes_of(folder, None, go_on)
    assert found == ModelHashes(weights_of(folder), weights_of(folder, "vae"))
    assert found.model != found.vae


def test_a_hash_is_kept_as_long_as_the_files_are_what_they_were(folder: ModelFolder, tmp_path: Path) -> None:
    read: list[None] = []
    first = hashes_of(folder, tmp_path, lambda: read.append(None))
    assert read
    read.clear()
    assert hashes_of(folder, tmp_path, lambda: read.append(None)) == first
    assert not read
    (path,) = folder.weights["vae"]
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(0, 0))
    second = hashes_of(folder, tmp_path, go_on)
    assert second.model != first.model
    assert second.vae != first.vae


def test_what_was_kept_and_is_damaged_is_reckoned_anew(folder: ModelFolder, tmp_path: Path) -> None:
    first = hashes_of(folder, tmp_path, go_on)
    (file,) = (tmp_path / "hashes").iterdir()
    for content in ("{", '{"stamp": [], "model": "x", "vae": "y"}', '{"model": 1}'):
        file.write_text(content, "utf-8")
        assert hashes_of(folder, tmp_path, go_on) == first


def test_a_large_model_is_not_read_at_every_start(folder: ModelFolder, tmp_path: Path) -> None:
    (path,) = folder.weights["unet"]
    os.truncate(path, 300 * 2**20)
    assert hashes_of(folder, None, go_on) == ModelHashes()
    assert hashes_of(folder, tmp_path, go_on).model


def test_a_picture_says_what_its_last_bits_depend_on(folder: ModelFolder) -> None:
    engine = DiffusersEngine("cpu", "bfloat16", layout="channels-last")
    try:
        conditions = engine.generate(words(model=folder.ref), lambda _: None, CancelToken()).conditions
        assert engine.describe().channels_last
    finally:
        engine.close()
    assert (conditions.model_hash, conditions.vae_hash) == (weights_of(folder), weights_of(folder, "vae"))
    told = conditions.versions
    assert (told["layout"], told["threads"]) == ("channels-last", "1")
    assert {"torch", "diffusers", "numpy", "Pillow", "kernels"} <= told.keys()
