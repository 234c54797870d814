"""What a picture was painted from can be found again by its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from studio.domain.errors import UnwritablePlace
from studio.domain.geometry import Size
from studio.domain.picture import Mask, Picture
from studio.services.sources import Sources
from tests.bridge.requests import noisy_picture

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sources"


@given(width=st.integers(1, 40), height=st.integers(1, 40), seed=st.integers(0, 2**32 - 1))
@examples(max_examples=25)
def test_any_picture_and_mask_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, width: int, height: int, seed: int
) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    picture, mask = Picture(noise), Mask(noise[..., 0].copy())
    sources = Sources(tmp_path_factory.mktemp("sources"))
    assert sources.picture(sources.keep(picture)) == picture
    assert sources.mask(sources.keep_mask(mask)) == mask


def test_what_is_kept_twice_lies_there_once(folder: Path) -> None:
    sources, picture = Sources(folder), noisy_picture(8, 4)
    sources.keep(picture)
    (path,) = folder.rglob("*.png")
    before = path.stat().st_mtime_ns
    assert sources.keep(picture) == picture.sha256
    assert [one.stat().st_mtime_ns for one in folder.rglob("*.png")] == [before]


def test_equal_bytes_of_another_shape_are_told_apart(folder: Path) -> None:
    sources = Sources(folder)
    wide, tall = (Picture(np.full((*shape, 3), 255, np.uint8)) for shape in ((2, 6), (6, 2)))
    assert sources.keep(wide) == sources.keep(tall)
    assert sources.picture(wide.sha256, Size(6, 2)) == wide
    assert sources.picture(wide.sha256, Size(2, 6)) == tall
    assert sources.picture(wide.sha256, Size(3, 4)) is None


def test_a_mask_is_no_picture_though_its_bytes_are_the_same(folder: Path) -> None:
    sources = Sources(folder)
    sha256 = sources.keep_mask(Mask(np.full((2, 6), 255, np.uint8)))
    assert sources.picture(sha256) is None
    assert sources.mask(sha256) is not None


def test_a_file_that_was_changed_is_not_taken_for_the_source(folder: Path) -> None:
    sources, picture = Sources(folder), noisy_picture(8, 4)
    sources.keep(picture)
    (path,) = folder.rglob("*.png")
    path.write_bytes(path.read_bytes()[:40])
    assert sources.picture(picture.sha256) is None


def test_only_a_hash_names_a_source(folder: Path) -> None:
    sources = Sources(folder)
    sources.keep(noisy_picture(8, 4))
    for name in ("*", "../../etc/passwd", "", "0" * 64):
        assert sources.picture(name) is None
        assert sources.mask(name) is None


def test_a_place_that_cannot_be_written_is_told(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    with pytest.raises(UnwritablePlace):
        Sources(folder).keep(noisy_picture(8, 4))
