"""Pictures survive the way to Qt and back."""

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from studio.bridge.images import from_qimage, to_qimage
from studio.domain.errors import InvalidRequest
from studio.domain.picture import Picture


def picture(width: int, height: int, seed: int = 0) -> Picture:
    return Picture(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


@given(st.integers(1, 67), st.integers(1, 67), st.integers(0, 1000))
def test_a_picture_of_any_size_comes_back_as_it_was(width: int, height: int, seed: int) -> None:
    original = picture(width, height, seed)
    image = to_qimage(original)
    assert (image.width(), image.height()) == (width, height)
    assert from_qimage(image) == original


def test_an_image_outlives_its_picture() -> None:
    original = picture(301, 200)
    kept = original.pixels.copy()
    image = to_qimage(original)
    del original
    gc.collect()
    assert np.array_equal(from_qimage(image).pixels, kept)


def test_a_pixel_is_where_it_was_and_has_its_colour() -> None:
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[1, 2] = (10, 20, 30)
    assert to_qimage(Picture(pixels)).pixelColor(2, 1) == QColor(10, 20, 30)


def test_other_formats_are_converted() -> None:
    image = QImage(5, 4, QImage.Format.Format_ARGB32)
    image.fill(QColor(1, 2, 3))
    assert (from_qimage(image).pixels == (1, 2, 3)).all()


def test_an_empty_image_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        from_qimage(QImage())
