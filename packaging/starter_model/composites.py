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
_OWN_COLOUR_NAMED = 0.1


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


@dataclass(frozen=True)
class Plan:
    """What a scene shows, before it is painted or put into words.

    Attributes:
        things: Numbers of the things drawn, left to right.
        style: How they are drawn.
        top: Name of the background's colour at the top.
        bottom: The same at the bottom; a plain background has one colour.
        tint: Colour word of a recoloured thing, or "".
        small: Whether the thing is small and off the centre.
    """

    things: tuple[int, ...]
    style: Style
    top: str = "white"
    bottom: str = "white"
    tint: str = ""
    small: bool = False

    @property
    def background(self) -> str:
        """A key of `COLOURS`, or `GRADIENT`."""
        return self.top if self.top == self.bottom else GRADIENT


@dataclass(frozen=True)
class Scene:
    """One training sample.

    Attributes:
        pixels: (size, size, 3) uint8 sRGB.
        caption: What is to be seen.
        plan: What is to be seen, as values.
    """

    pixels: NDArray[np.uint8]
    caption: str
    plan: Plan


class Painter:
    """Plans scenes, paints them and puts them into words; the same random state gives the same scene."""

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
            ValueError: Every caption tried was held out.
        """
        plan = self.plan(rng, number, style)
        return Scene(self.draw(plan, rng), self.caption(plan, rng), plan)

    def plan(self, rng: random.Random, number: int | None = None, style: Style | None = None) -> Plan:
        """Think of a scene; the number and style of its thing are drawn at random unless they are given."""
        number = rng.randrange(len(self._things)) if number is None else number
        style = rng.choice(list(Style)) if style is None else style
        top, bottom = self._ground(rng)
        kind = rng.random()
        if kind < self._mix.two:
            other = (number + rng.randrange(1, len(self._things))) % len(self._things)
            return Plan((number, other), style, top, bottom)
        colour = rng.choice(list(TINTS)) if rng.random() < self._mix.tinted else ""
        if colour and self._tinted(number, style, colour) is None:
            colour = ""
        return Plan((number,), style, top, bottom, colour, kind < self._mix.two + self._mix.small)

    def caption(self, plan: Plan, rng: random.Random) -> str:
        """Put a plan into words, other ones each time.

        Raises:
            ValueError: Every caption tried was held out.
        """
        for _ in range(_TRIES):
            caption = self._caption(plan, rng)
            if normalised(caption) not in self._held_out:
                return caption
        raise ValueError(f"{_TRIES} captions in a row were held out; hold out fewer.")

    def draw(self, plan: Plan, rng: random.Random) -> NDArray[np.uint8]:
        """Paint a plan: (size, size, 3) uint8 sRGB."""
        ground = self._gradient(_near(plan.top, rng), _near(plan.bottom, rng), plain=plan.top == plan.bottom)
        if len(plan.things) == 2:
            for number, x in zip(plan.things, (0.26, 0.74), strict=True):
                self._paste(ground, self._pack.picture(self._things[number].concept, plan.style), 0.47, x, 0.5)
            return to_array(ground)
        image = self._tinted(plan.things[0], plan.style, plan.tint) if plan.tint else None
        if image is None:
            image = self._pack.picture(self._things[plan.things[0]].concept, plan.style)
        if plan.small:
            scale, x, y = rng.uniform(0.4, 0.5), 0.5 + rng.uniform(-0.1, 0.1), 0.5 + rng.uniform(-0.1, 0.1)
            self._paste(ground, image, scale, x, y)
        else:
            self._paste(ground, image, _FULL_SCALE, 0.5, 0.5)
        return to_array(ground)

    def _ground(self, rng: random.Random) -> tuple[str, str]:
        kind = rng.random()
        if kind < self._mix.gradient:
            top, bottom = rng.sample(list(COLOURS), 2)
            return top, bottom
        if kind < self._mix.gradient + self._mix.white:
            return "white", "white"
        name = rng.choice([colour for colour in COLOURS if colour != "white"])
        return name, name

    def _gradient(self, top: tuple[int, int, int], bottom: tuple[int, int, int], *, plain: bool) -> Image.Image:
        if plain:
            return Image.new("RGB", (self._size, self._size), top)
        down = np.linspace(0, 1, self._size, dtype=np.float32)[:, None, None]
        rows = np.array(top, np.float32) * (1 - down) + np.array(bottom, np.float32) * down
        pixels = np.broadcast_to(rows, (self._size, self._size, 3)).astype(np.uint8)
        return Image.fromarray(np.ascontiguousarray(pixels), "RGB")

    def _tinted(self, number: int, style: Style, colour: str) -> Image.Image | None:
        """Return a thing's picture in another colour, or None where there is next to no colour to turn."""
        thing = self._things[number]
        image = self._pack.picture(thing.concept, style)
        return image if colour == thing.colour else tint(image, TINTS[colour])

    def _caption(self, plan: Plan, rng: random.Random) -> str:
        style = "" if rng.random() < self._mix.unstyled else rng.choice(STYLE_WORDS[plan.style])
        plain = plan.top == plan.bottom
        ground = background_words(plan.top, rng) if plain else gradient_words(plan.top, plan.bottom)
        names = [thing_name(self._things[number], rng) for number in plan.things]
        if len(names) == 2:
            left, right = (article(name) for name in names)
            forms = (f"{left} and {right}", f"{left} next to {right}", f"{left} on the left, {right} on the right")
            return finish(rng.choice(forms), style, ground, rng)
        colour = plan.tint
        if not colour and rng.random() < _OWN_COLOUR_NAMED:
            colour = self._things[plan.things[0]].colour
        name = f"{colour} {names[0]}" if colour else names[0]
        if plan.small:
            return finish(f"a small {name}", style, ground, rng)
        return finish(article(name) if rng.random() < 0.75 else name, style, ground, rng)

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
