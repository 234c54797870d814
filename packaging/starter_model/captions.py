"""The grammar of the training captions: styles, colours, backgrounds and how a phrase is put together."""

import random
from enum import Enum

from starter_model.things import Thing


class Style(Enum):
    """A way of drawing; the value is the pack's word for it."""

    RENDERED = "3d"
    FLAT = "flat"
    CARTOON = "cartoon"


STYLE_WORDS: dict[Style, tuple[str, ...]] = {
    Style.RENDERED: ("3d", "3d", "3d render", "3d style"),
    Style.FLAT: ("flat", "flat", "flat design", "flat style"),
    Style.CARTOON: ("cartoon", "cartoon", "cartoon style"),
}

# sRGB, 0 to 255.
COLOURS: dict[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "black": (18, 18, 22),
    "gray": (150, 152, 158),
    "red": (222, 56, 56),
    "orange": (246, 146, 42),
    "yellow": (250, 214, 64),
    "green": (74, 180, 84),
    "teal": (40, 170, 165),
    "blue": (52, 110, 226),
    "sky blue": (135, 200, 245),
    "purple": (140, 76, 206),
    "pink": (246, 148, 190),
    "brown": (130, 86, 56),
    "beige": (236, 220, 190),
}
GRADIENT = "gradient"

# Words that take no article.
UNCOUNTED = frozenset(
    "popcorn sushi corn maize cheese bread fire coffee wine sunshine beer chocolate".split()  # noqa: SIM905  # words, not quotes
)


def article(name: str) -> str:
    """Put "a" or "an" before a name that takes one."""
    last = name.rsplit(maxsplit=1)[-1]
    plural = last.endswith("s") and not last.endswith(("ss", "us"))
    if plural or last in UNCOUNTED:
        return name
    return ("an " if name[0] in "aeiou" else "a ") + name


def thing_name(thing: Thing, rng: random.Random) -> str:
    """Name a thing: mostly its own name, else one of its other names."""
    if thing.also and rng.random() < 0.22:
        return rng.choice(thing.also)
    return thing.name


def background_words(colour: str, rng: random.Random) -> str:
    """Say a plain background; white is what nobody needs to say."""
    if colour == "white" and rng.random() < 0.8:
        return ""
    wide = "an" if colour[0] in "aeiou" else "a"
    return rng.choice((f"on {wide} {colour} background", f"on {wide} {colour} background", f"{colour} background"))


def gradient_words(top: str, bottom: str) -> str:
    """Say a background that runs from one colour at the top to another at the bottom."""
    return f"on {'an' if top[0] in 'aeiou' else 'a'} {top} and {bottom} gradient background"


def finish(core: str, style: str, background: str, rng: random.Random) -> str:
    """Join what is drawn, its style and its background, each of the latter possibly "", into one caption."""
    parts = core
    if background:
        parts = f"{core} {background}" if background.startswith("on") else f"{core}, {background}"
    if not style:
        return parts
    if not background and rng.random() < 0.25:
        return f"{style} {core.removeprefix('a ').removeprefix('an ')}"
    return f"{parts}, {style}"


def normalised(prompt: str) -> str:
    """Return a prompt as the tokenizer sees it, to compare two of them."""
    return " ".join(prompt.lower().replace(",", " , ").split())
