"""An own picture that comes back without its metadata is known again, and no other one is taken for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from studio.domain.events import GeneratedImage
from studio.domain.looks import FEATURELESS, look_of
from studio.domain.picture import Picture
from studio.services.history import History
from tests.bridge.requests import minutes_past_noon, text_request
from tests.domain.test_looks import landscape, sent_as_jpeg
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from studio.services.history_entry import Entry


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "data" / "history.sqlite3", tmp_path / "pictures")
    yield opened
    opened.close()


def keep(history: History, pixels: NDArray[np.uint8], seed: int = 1) -> Entry:
    image = GeneratedImage(Picture(pixels), seed, 0)
    return history.add(text_request(seed=seed), image, CONDITIONS, minutes_past_noon(seed))


def test_a_picture_that_was_sent_through_a_messenger_is_known_again(history: History) -> None:
    entries = [keep(history, landscape(seed), seed) for seed in range(6)]
    for seed, entry in enumerate(entries):
        found = history.look_alikes.nearest(sent_as_jpeg(landscape(seed), 75))
        assert found is not None
        assert found[0] == entry


def test_a_stranger_is_not_taken_for_one_of_ours(history: History) -> None:
    keep(history, landscape(1))
    assert history.look_alikes.nearest(landscape(2)) is None
    grey = np.asarray(Image.fromarray(landscape(1)).convert("L").convert("RGB"))
    assert history.look_alikes.candidates(look_of(grey)), "the hash alone takes it for the coloured one"
    assert history.look_alikes.nearest(grey) is None


def test_of_two_pictures_with_one_hash_the_one_of_the_same_colours_is_meant(history: History) -> None:
    pixels = landscape(3)
    coloured = keep(history, pixels, 1)
    grey = keep(history, np.asarray(Image.fromarray(pixels).convert("L").convert("RGB")), 2)
    for entry, sent in ((coloured, pixels), (grey, np.asarray(Image.fromarray(pixels).convert("L").convert("RGB")))):
        found = history.look_alikes.nearest(sent_as_jpeg(sent))
        assert found is not None
        assert found[0] == entry


def test_flat_pictures_are_never_recognised(history: History) -> None:
    keep(history, np.full((64, 64, 3), 90, np.uint8))
    assert history.look_alikes.nearest(np.full((64, 64, 3), 90, np.uint8)) is None


def test_what_is_gone_or_thrown_away_is_no_answer(history: History) -> None:
    gone, thrown = keep(history, landscape(1), 1), keep(history, landscape(2), 2)
    gone.path.unlink()
    history.trash.throw([thrown.id])
    assert history.look_alikes.nearest(landscape(1)) is None
    assert history.look_alikes.nearest(landscape(2)) is None


def test_a_new_picture_is_known_at_once(history: History) -> None:
    assert history.look_alikes.nearest(landscape(1)) is None
    entry = keep(history, landscape(1))
    found = history.look_alikes.nearest(landscape(1))
    assert found is not None
    assert found == (entry, 0)


def test_pictures_of_an_older_history_are_looked_at_bit_by_bit(history: History) -> None:
    entries = [keep(history, landscape(seed), seed) for seed in range(3)]
    broken = keep(history, landscape(9), 9)
    broken.path.write_bytes(b"no picture")
    history.index.connection.execute("UPDATE picture SET look = NULL")
    assert history.look_alikes.candidates(look_of(landscape(0))) == []
    assert [history.look_alikes.fill(2) for _ in range(3)] == [2, 2, 0]
    assert [history.look_alikes.candidates(look_of(landscape(seed))) for seed in range(3)] == [
        [(entry.id, 0)] for entry in entries
    ]
    looks = history.index.rows("SELECT look FROM picture WHERE id = ?", (broken.id,))
    assert looks == [(FEATURELESS,)]
