"""Pictures that come from elsewhere: of another program, and of a messenger."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageDraw, PngImagePlugin

FOREIGN: Final = "a blue fox under the stars, oil painting"


def foreign_picture() -> bytes:
    """Return a picture as A1111 writes it: a drawing with its settings as text."""
    image = Image.new("RGB", (512, 384), (24, 30, 64))
    pen = ImageDraw.Draw(image)
    for at in range(0, 512, 37):
        pen.ellipse((at, at * 7 % 190, at + 3, at * 7 % 190 + 3), fill=(250, 240, 200))
    pen.polygon([(0, 384), (120, 250), (300, 320), (512, 240), (512, 384)], fill=(40, 52, 92))
    pen.polygon([(180, 330), (210, 200), (250, 240), (290, 200), (320, 330)], fill=(96, 140, 230))
    pen.polygon([(225, 290), (275, 290), (250, 325)], fill=(232, 238, 250))
    texts = PngImagePlugin.PngInfo()
    settings = "Steps: 28, Sampler: DPM++ 2M, CFG scale: 6.5, Seed: 4102, Size: 512x384, Model hash: 1a2b3c4d5e"
    said = f"{FOREIGN}\nNegative prompt: blurry\n{settings}, Model: nightwatch_v3, Version: v1.10.1"
    texts.add_text("parameters", said)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=texts)
    return file.getvalue()


def stripped(picture: bytes) -> bytes:
    """Return a picture as a messenger passes it on: smaller, as a JPEG, and without a word about itself."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    file = io.BytesIO()
    image.resize((image.width * 7 // 8, image.height * 7 // 8)).save(file, "JPEG", quality=80)
    return file.getvalue()
