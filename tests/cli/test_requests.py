"""A preview in a file shows the picture that is being painted, in place."""

import numpy as np

from studio.cli.requests import previewed
from studio.domain.events import Preview
from studio.domain.geometry import Rect
from studio.domain.picture import Mask, Picture
from studio.domain.request import Inpaint
from tests.engine.requests import noise, ref, sampling, words

PREVIEW = Picture(np.full((4, 4, 3), 200, np.uint8))


def into_mask() -> Inpaint:
    alpha = np.zeros((64, 64), np.uint8)
    alpha[20:30, 20:30] = 255
    alpha[30:34, 20:30] = 128
    return Inpaint(model=ref(), prompt="", sampling=sampling(), image=noise(), mask=Mask(alpha))


def test_a_preview_is_as_large_as_its_picture() -> None:
    shown = previewed(words(), Preview("job", PREVIEW, 1, 0)).pixels
    assert shown.shape == (64, 64, 3)
    assert (shown == 200).all()


def test_a_preview_of_a_part_lies_under_the_mask_in_its_place() -> None:
    request = into_mask()
    for area in (None, Rect(12, 10, 28, 32)):
        shown = previewed(request, Preview("job", PREVIEW, 1, 0, area)).pixels
        mask = request.mask.alpha
        assert (shown[mask == 255] == 200).all()
        assert np.array_equal(shown[mask == 0], request.image.pixels[mask == 0])
        between = np.rint(request.image.pixels[32, 25] / 2 + 100)
        assert np.abs(shown[32, 25] - between).max() <= 2
