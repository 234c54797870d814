"""Small copies are made once, kept, and made again when they are lost."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from studio.domain.errors import UnreadablePicture
from studio.domain.metadata import Metadata
from studio.domain.picture import Picture
from studio.services.history_entry import Entry
from studio.services.pictures import png_bytes, write_png
from studio.services.thumbnails import SIDE, SIDES, Thumbnails, side_for
from tests.bridge.requests import entry_of, image_of, noisy_picture, text_request
from tests.fakes import CONDITIONS

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    request = text_request()
    metadata = Metadata.of(request, image_of(request), CONDITIONS, NOON)
    path = tmp_path / "picture.png"
    write_png(path, image_of(request).picture, metadata)
    return entry_of(1, path, metadata)


@pytest.mark.parametrize(("width", "height"), [(512, 512), (1024, 256), (256, 1024), (8, 8), (16000, 2)])
def test_a_small_copy_keeps_the_shape_and_never_grows(tmp_path: Path, width: int, height: int) -> None:
    small = Thumbnails(tmp_path).make(noisy_picture(width, height), "ab12")
    assert max(small.width, small.height) == min(SIDE, max(width, height))
    assert small.width / small.height == pytest.approx(width / height, rel=0.01) or min(small.width, small.height) == 1


def test_a_small_copy_looks_like_its_picture(tmp_path: Path, entry: Entry) -> None:
    thumbnails = Thumbnails(tmp_path / "cache")
    made = thumbnails.of(entry)
    read = thumbnails.of(entry)
    picture = image_of(text_request()).picture
    assert made == picture, "it is small enough already"
    assert np.abs(read.pixels.astype(int) - picture.pixels).mean() < 5


def test_a_small_copy_is_kept_when_the_picture_is_gone(tmp_path: Path, entry: Entry) -> None:
    thumbnails = Thumbnails(tmp_path / "cache")
    thumbnails.of(entry)
    entry.path.unlink()
    assert isinstance(thumbnails.of(entry), Picture)


def test_a_damaged_copy_is_made_again(tmp_path: Path, entry: Entry) -> None:
    thumbnails = Thumbnails(tmp_path / "cache")
    thumbnails.of(entry)
    (copy,) = (tmp_path / "cache").glob("*/*.webp")
    whole = copy.read_bytes()
    copy.write_bytes(whole[:20])
    assert thumbnails.of(entry) == image_of(text_request()).picture
    assert copy.read_bytes() == whole


def test_a_picture_that_was_never_copied_and_is_gone_is_told(tmp_path: Path, entry: Entry) -> None:
    entry.path.unlink()
    with pytest.raises(UnreadablePicture):
        Thumbnails(tmp_path / "cache").of(entry)


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path, entry: Entry) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert Thumbnails(tmp_path / "cache").of(entry) == image_of(text_request()).picture


def test_a_smaller_copy_is_made_of_a_larger_one(tmp_path: Path, entry: Entry) -> None:
    thumbnails = Thumbnails(tmp_path / "cache")
    thumbnails.make(noisy_picture(1000, 500), entry.picture_sha256, 512)
    entry.path.unlink()
    small = thumbnails.of(entry, 128)
    assert (small.width, small.height) == (128, 64)
    assert {path.name for path in (tmp_path / "cache").glob("*/*")} == {
        f"{entry.picture_sha256}-512.webp",
        f"{entry.picture_sha256}-128.webp",
    }


def test_a_picture_whose_pixels_nobody_has_hashed_has_a_copy_until_its_file_changes(
    tmp_path: Path, entry: Entry
) -> None:
    thumbnails = Thumbnails(tmp_path / "cache")
    unknown = replace(entry, picture_sha256="")
    thumbnails.of(unknown)
    entry.path.write_bytes(png_bytes(noisy_picture(300, 300), {}))
    assert thumbnails.of(unknown).width == SIDE


@pytest.mark.parametrize(
    ("pixels", "width", "height", "side"),
    [(64, 512, 512, 128), (128, 512, 512, 128), (163, 1024, 1024, 256), (163, 2048, 1024, 512), (600, 8, 8, 512)],
)
def test_a_copy_fills_its_cell(pixels: int, width: int, height: int, side: int) -> None:
    assert side_for(pixels, width, height) == side
    assert side_for(pixels, 0, 0) in SIDES
