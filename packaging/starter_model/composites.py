"""Training scenes: pack pictures on backgrounds, with the captions that say what is to be seen."""

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from starter_model.captions import (
    COLOURS,
    GRADIENT,
    STYLE_WORDS,
    Style,
    article,
    background_words,
    finish,
    gradient_words,
    normalised,
    thing_name,
)
from starter_model.pack import Pack, to_array
from starter_model.things import Thing
from starter_model.tints import TINTS, tint

_FULL_SCALE = 0.9
_TRIES = 50


@dataclass(frozen=True)
class Mix:
    """How often each kind of scene is painted, as shares of 1.

    Attributes:
        white: Scenes on white.
        gradient: Scenes on a gradient; the rest is on one plain colour.
        tinted: Things in another colour than their own.
        two: Scenes of two things.
        small: Scenes of one small thing, anywhere.
        unstyled: Captions that do not name the style.
    """

    white: float = 0.46
    gradient: float = 0.08
    tinted: float = 0.1
    two: float = 0.0
    small: float = 0.0
    unstyled: float = 0.12


PLAIN = Mix()
VARIED = Mix(tinted=0.12, two=0.06, small=0.04)


@dataclass(frozen=True)
class Scene:
    """One training sample.

    Attributes:
        pixels: (size, size, 3) uint8 sRGB.
        caption: What is to be seen.
        things: Numbers of the things drawn.
        style: How they are drawn.
        background: A key of `COLOURS`, or `GRADIENT`.
    """

    pixels: NDArray[np.uint8]
    caption: str
    things: tuple[int, ...]
    style: Style
    background: str


@dataclass(frozen=True)
class _Ground:
    image: Image.Image
    words: str
    name: str


class Painter:
    """Paints scenes; the same random state gives the same scene."""

    def __init__(
        self,
        pack: Pack,
        things: tuple[Thing, ...],
        size: int,
        mix: Mix = PLAIN,
        held_out: frozenset[str] = frozenset(),
    ) -> None:
        """Take what scenes are made of.

        Args:
            pack: The pictures.
            things: What may be drawn.
            size: Edge of a scene in pixels.
            mix: How often each kind of scene comes.
            held_out: Normalised captions that no scene may have: the evaluation's prompts.
        """
        self._pack = pack
        self._things = things
        self._size = size
        self._mix = mix
        self._held_out = held_out

    def paint(self, rng: random.Random, number: int | None = None, style: Style | None = None) -> Scene:
        """Paint one scene of a thing, drawn at random unless its number and style are given.

        Raises:
            ValueError: Every try ended in a held-out caption.
        """
        for _ in range(_TRIES):
            scene = self._paint(rng, number, style)
            if normalised(scene.caption) not in self._held_out:
                return scene
        raise ValueError(f"{_TRIES} captions in a row were held out; hold out fewer.")

    def _paint(self, rng: random.Random, number: int | None, style: Style | None) -> Scene:
        number = rng.randrange(len(self._things)) if number is None else number
        style = rng.choice(list(Style)) if style is None else style
        ground = self._ground(rng)
        word = "" if rng.random() < self._mix.unstyled else rng.choice(STYLE_WORDS[style])
        kind = rng.random()
        numbers = (number,)
        if kind < self._mix.two:
            other = (number + rng.randrange(1, len(self._things))) % len(self._things)
            numbers = (number, other)
            core = self._two(ground.image, numbers, style, rng)
        else:
            core = self._one(ground.image, number, style, rng, small=kind < self._mix.two + self._mix.small)
        caption = finish(core, word, ground.words, rng)
        return Scene(to_array(ground.image), caption, numbers, style, ground.name)

    def _ground(self, rng: random.Random) -> _Ground:
        kind = rng.random()
        if kind < self._mix.gradient:
            top, bottom = rng.sample(list(COLOURS), 2)
            return _Ground(self._gradient(_near(top, rng), _near(bottom, rng)), gradient_words(top, bottom), GRADIENT)
        if kind < self._mix.gradient + self._mix.white:
            name = "white"
        else:
            name = rng.choice([colour for colour in COLOURS if colour != "white"])
        image = Image.new("RGB", (self._size, self._size), _near(name, rng))
        return _Ground(image, background_words(name, rng), name)

    def _gradient(self, top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
        down = np.linspace(0, 1, self._size, dtype=np.float32)[:, None, None]
        rows = np.array(top, np.float32) * (1 - down) + np.array(bottom, np.float32) * down
        pixels = np.broadcast_to(rows, (self._size, self._size, 3)).astype(np.uint8)
        return Image.fromarray(np.ascontiguousarray(pixels), "RGB")

    def _sprite(self, number: int, style: Style, rng: random.Random, *, tinted: bool) -> tuple[Image.Image, str]:
        """Return a thing's picture and name, in another colour or with its own colour's word every so often."""
        thing = self._things[number]
        image = self._pack.picture(thing.concept, style)
        name = thing_name(thing, rng)
        if tinted and rng.random() < self._mix.tinted:
            colour = rng.choice(list(TINTS))
            turned = image if colour == thing.colour else tint(image, TINTS[colour])
            if turned is not None:
                return turned, f"{colour} {name}"
        if thing.colour and rng.random() < self._mix.tinted:
            name = f"{thing.colour} {name}"
        return image, name

    def _one(self, ground: Image.Image, number: int, style: Style, rng: random.Random, *, small: bool) -> str:
        image, name = self._sprite(number, style, rng, tinted=True)
        if small:
            scale, x, y = rng.uniform(0.4, 0.5), 0.5 + rng.uniform(-0.1, 0.1), 0.5 + rng.uniform(-0.1, 0.1)
            self._paste(ground, image, scale, x, y)
            return f"a small {name}"
        self._paste(ground, image, _FULL_SCALE, 0.5, 0.5)
        return article(name) if rng.random() < 0.75 else name

    def _two(self, ground: Image.Image, numbers: tuple[int, int], style: Style, rng: random.Random) -> str:
        names: list[str] = []
        for number, x in zip(numbers, (0.26, 0.74), strict=True):
            image, name = self._sprite(number, style, rng, tinted=False)
            self._paste(ground, image, 0.47, x, 0.5)
            names.append(article(name))
        left, right = names
        return rng.choice(
            (f"{left} and {right}", f"{left} next to {right}", f"{left} on the left, {right} on the right")
        )

    def _paste(self, ground: Image.Image, image: Image.Image, scale: float, x: float, y: float) -> None:
        """Paste a picture `scale` of the scene wide with its centre at (x, y), fractions of the scene."""
        edge = max(8, round(self._size * scale))
        small = image.resize((edge, edge), Image.Resampling.LANCZOS)
        corner = (round(x * self._size - edge / 2), round(y * self._size - edge / 2))
        ground.paste(small, corner, small)


def _near(name: str, rng: random.Random) -> tuple[int, int, int]:
    """Return a colour near the named one; white stays white."""
    red, green, blue = COLOURS[name]
    if name == "white":
        return red, green, blue
    return tuple(min(255, max(0, value + rng.randint(-8, 8))) for value in (red, green, blue))  # pyright: ignore[reportReturnType]  # three in, three out
