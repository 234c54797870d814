"""The whole window on a real screen: drop, paint over, paint a part anew, keep one proposal, undo it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.screen.story import begin

if TYPE_CHECKING:
    from pathlib import Path

    from tests.screen.xvfb import Screen

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def test_an_artist_paints_from_the_first_picture_to_the_last_undo(screen: Screen, home: Path) -> None:
    story = begin(screen, home)
    first = story.paint_first_picture()
    assert first["layers"] == ["a castle on a sky blue background, cartoon"]
    dropped = story.drop_picture()
    assert dropped["layers"][1] == "landscape"
    assert dropped["seen"] != first["seen"]
    painted = story.paint_over()
    masked = story.mask()
    assert masked["seen"] == painted["seen"]
    proposed = story.inpaint()
    assert proposed["seen"] == masked["seen"]
    kept = story.keep_one()
    assert kept["layers"][2] == "a balloon on a sky blue background, cartoon"
    assert kept["seen"] != masked["seen"]
    # Not one bit outside the mask.
    assert kept["outside"] == proposed["outside"]
    received = story.drag_out()
    assert received["image"] == [256, 256]
    assert received["files"][0][0] == "picture.png"
    # The accepted picture and five strokes of the mask.
    undone = story.undo(6, lambda line: not line["has_mask"] and len(line["layers"]) == 2)
    assert undone["seen"] == painted["seen"]
