"""The gallery on a real screen: find, mark, look, compare, replay, throw away and bring back, as an artist does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.screen.gallery_story import BOARD, FOX, HAT, begin
from tests.screen.strangers import FOREIGN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.screen.xvfb import Screen

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def test_an_artist_finds_explains_and_replays_what_was_painted(screen: Screen, home: Path) -> None:
    story = begin(screen, home)
    painted = story.paint()
    assert [cell["title"] for cell in painted["strip"]] == [HAT] * 5 + [FOX]
    # Another program's picture comes by itself, with what that program wrote.
    assert story.drop_into_folder()["strip"][0]["title"] == FOREIGN
    assert story.mark()["focus"] == "Pictures"
    assert story.fill_board()["sides"][BOARD][2] == 2
    found = story.search()
    assert (found["query"], found["count"]) == ("fox star:yes -blue", "1 picture")
    # What is pressed with the mouse leaves the keyboard with the picture.
    assert story.look()["focus"] == "Picture"
    compared = story.compare()
    assert "of the pixels differ" in compared["verdict"]
    climbed = story.climb()
    assert climbed["figures"].startswith("made of no other picture")
    used = story.use()
    assert (used["seed"], used["is_seed_locked"]) == (5, True)
    assert used["clipboard"].splitlines()[0] == FOX
    assert "Steps: 20" in used["clipboard"]
    (verdict,) = story.replay()["messages"]
    assert verdict.startswith("Identical to the last bit.")
    back = story.throw()
    assert back["sides"]["Trash"][2] == 0
    received = story.carry_out()
    assert received["image"] == [256, 256]
    assert story.carry_along()["layers"][2] == "00041-4102"
    left = story.leave()
    assert (left["focus"], left["messages"]) == ("Canvas", [])
    assert FOX in story.recognise()["messages"][0]
