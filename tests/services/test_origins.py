"""What comes from a file is known as the picture that it is, and as a model's only where that is said."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.domain.canvas.layer import Origin
from studio.domain.disclosure import Disclosure, ExportPrivacy
from studio.domain.picture import Picture
from studio.domain.picture_kind import PictureKind
from studio.domain.request import ImageToImage
from studio.domain.source_type import SourceType
from studio.services.picture_import import import_picture
from studio.services.picture_texts import told
from studio.services.pictures import png_bytes
from tests.domain.test_metadata import FOX, PICTURE, described

if TYPE_CHECKING:
    from studio.domain.request import GenerationRequest

OTHER = Image.fromarray(255 - PICTURE.pixels)
FROM_OWN = ImageToImage(
    model=FOX.model, prompt="a cat", sampling=FOX.sampling, image=PICTURE, strength=0.5, has_own_pixels=True
)


def png(image: Image.Image, **texts: str) -> bytes:
    info = PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def said(request: GenerationRequest) -> dict[str, str]:
    return described(request).text_chunks()


@pytest.mark.parametrize(
    ("request_", "is_generated"),
    [(FOX, True), (FROM_OWN, False), (replace(FROM_OWN, has_own_pixels=False), True)],
)
def test_a_picture_of_sfumato_is_known_by_what_it_says(request_: GenerationRequest, is_generated: bool) -> None:
    picture = import_picture(png_bytes(PICTURE, said(request_)), "x")
    assert picture.origin == Origin(PICTURE.sha256, is_generated)
    assert picture.to_layer().has_own_pixels is not is_generated


def test_one_that_was_edited_is_partly_own() -> None:
    assert import_picture(png(OTHER, **said(FOX)), "x").origin == Origin(PICTURE.sha256, is_generated=False)


def test_a_photo_is_own_and_another_programs_picture_is_not() -> None:
    sha256 = import_picture(png(OTHER), "x").origin.sha256
    assert sha256 == Picture(np.asarray(OTHER)).sha256
    assert import_picture(png(OTHER), "x").origin == Origin(sha256, is_generated=False)
    words = "a fox\nSteps: 4, CFG scale: 2, Seed: 7, Size: 48x32"
    assert import_picture(png(OTHER, parameters=words), "x").origin == Origin(sha256, is_generated=True)


@pytest.mark.parametrize(("made", "is_generated"), [(SourceType.GENERATED, True), (SourceType.COMPOSITE, False)])
@pytest.mark.parametrize("kind", [PictureKind.PNG, PictureKind.JPEG])
def test_what_leaves_without_its_settings_is_known_by_its_xmp(
    kind: PictureKind, made: SourceType, is_generated: bool
) -> None:
    buffer = io.BytesIO()
    OTHER.save(buffer, kind.name)
    content = told(buffer.getvalue(), kind, Disclosure(privacy=ExportPrivacy.PROVENANCE, source_type=made))
    assert import_picture(content, "x").origin.is_generated is is_generated
