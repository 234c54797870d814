"""Pictures from outside are copied as they are, and enter with what their program said of them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from studio.domain.dialect import Dialect
from studio.domain.errors import UnreadablePicture
from studio.domain.lineage import EdgeKind
from studio.services.pictures import read_picture
from tests.services.histories import A1111, add, write_foreign

if TYPE_CHECKING:
    from pathlib import Path

    from studio.services.history import History


def test_a_foreign_picture_is_copied_byte_for_byte_with_its_time(
    history: History, pictures: Path, tmp_path: Path
) -> None:
    path = write_foreign(tmp_path / "desk" / "Füchse im Schnee.png")
    made = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
    os.utime(path, (made.timestamp(), made.timestamp()))
    entry = history.add_import(path)
    assert entry.path == pictures / "2024-03" / "Füchse im Schnee.png"
    assert entry.path.read_bytes() == path.read_bytes()
    assert (entry.created, entry.is_imported, entry.metadata) == (made, True, None)
    assert (entry.prompt, entry.seed, entry.found.dialect, entry.found.model) == ("a fox, 狐", 3, Dialect.A1111, "old")
    assert entry.picture_sha256 == read_picture(path).sha256
    assert (entry.width, entry.height) == (8, 8)
    assert history.of_pixels(entry.picture_sha256) == entry
    assert not history.recover().has_changed


def test_the_same_file_is_entered_once(history: History, tmp_path: Path) -> None:
    path = write_foreign(tmp_path / "fox.png")
    entry = history.add_import(path)
    assert history.add_import(path) == entry
    assert history.add_import(path.read_bytes(), "other.png") == entry
    assert history.count() == 1


def test_another_file_of_that_name_gets_a_number(history: History, tmp_path: Path) -> None:
    first = history.add_import(write_foreign(tmp_path / "a" / "fox.png"))
    second = history.add_import(write_foreign(tmp_path / "b" / "fox.png", side=9))
    assert second.path.name == "fox-2.png"
    assert first.path.exists()


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", ".jpg"), ("WEBP", ".webp"), ("AVIF", ".avif"), ("PNG", ".png")])
def test_every_kind_is_taken_and_gets_its_own_suffix(history: History, tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / "picture.dat"
    Image.new("RGB", (8, 6), "red").save(path, kind)
    entry = history.add_import(path)
    assert entry.path.suffix == suffix
    assert (entry.width, entry.height, entry.found.dialect) == (8, 6, Dialect.NONE)


def test_what_is_no_such_picture_is_refused_and_nothing_is_left(
    history: History, pictures: Path, tmp_path: Path
) -> None:
    text, film, cut = tmp_path / "text.png", tmp_path / "film.gif", tmp_path / "cut.png"
    text.write_text("no picture")
    Image.new("P", (8, 8)).save(film)
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "whole.png")
    cut.write_bytes((tmp_path / "whole.png").read_bytes()[:3000])
    for path in (text, film, cut, tmp_path / "nowhere.png", tmp_path):
        with pytest.raises(UnreadablePicture):
            history.add_import(path)
    assert history.count() == 0
    assert [path for path in pictures.rglob("*") if path.is_file()] == []


def test_a_file_that_lies_in_the_folder_stays_there(history: History, pictures: Path) -> None:
    path = write_foreign(pictures / "mine" / "fox.png")
    entry = history.add_import(path)
    assert entry.path == path
    assert history.add_import(path) == entry
    assert history.count() == 1


def test_settings_in_a_file_beside_it_come_along(history: History, tmp_path: Path) -> None:
    path = write_foreign(tmp_path / "fox.png", text="")
    path.with_suffix(".txt").write_text(A1111, "utf-8")
    entry = history.add_import(path)
    assert entry.prompt == "a fox, 狐"
    assert entry.path.with_suffix(".txt").read_text("utf-8") == A1111


def test_a_copy_of_an_own_picture_with_other_pixels_points_to_it(history: History, tmp_path: Path) -> None:
    own = add(history, 1)
    with Image.open(own.path) as image:
        info = image.info
        pixels = np.array(image)
    pixels[0, 0, 0] ^= 1
    texts = PngImagePlugin.PngInfo()
    texts.add_text("sfumato", str(info["sfumato"]))
    Image.fromarray(pixels).save(tmp_path / "edited.png", pnginfo=texts)
    copy = history.add_import(tmp_path / "edited.png")
    assert copy.picture_sha256 == read_picture(tmp_path / "edited.png").sha256
    (edge,) = history.lineage.of(copy.id).edges
    assert (edge.parent_id, edge.parent.kind) == (own.id, EdgeKind.IMPORT)


def test_an_own_picture_from_elsewhere_is_one_from_outside(history: History) -> None:
    own = add(history, 1)
    content = own.path.read_bytes()
    own.path.unlink()
    history.index.connection.execute("DELETE FROM picture")
    entry = history.add_import(content, "from-a-friend.png")
    assert entry.is_imported
    assert entry.metadata == own.metadata
    assert entry.path.name == "from-a-friend.png"
