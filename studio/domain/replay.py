"""Painting a picture again from what is said of it, and the verdict on what came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from studio import __version__
from studio.domain.dialect import Dialect
from studio.domain.difference import difference_of
from studio.domain.request import ImageToImage, Sampling, TextToImage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from studio.domain.events import Conditions
    from studio.domain.found_settings import FoundSettings
    from studio.domain.metadata import Metadata
    from studio.domain.picture import Picture
    from studio.domain.request import GenerationRequest, ModelRef

LEAST_CLOSE_DB: Final = 30.0
"""Below it two pictures are told apart at a glance. Of the starter model's, 8 steps, other number types and layouts of
the memory made such of 45 to 47 dB, and another number of threads one of 93."""
_NAMES: Final = {"layout": "memory layout", "threads": "threads", "kernels": "kernels", "runtime": "GPU runtime"}
"""What the conditions call it -> what people do; libraries are called by their own names."""
_SHORT: Final = 10
_WAS_CHANGED: Final = "the file's own pixels are others, for it was edited since or saved with losses"


@dataclass(frozen=True, slots=True)
class Identical:
    """Every bit of every pixel is the same.

    Attributes:
        was_changed: whether the file's own pixels are others: it was edited since, or saved with losses as a JPEG is.
    """

    was_changed: bool = False

    @property
    def word(self) -> str:
        """Names the verdict."""
        return "identical"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What there is to say about it."""
        return (_WAS_CHANGED,) if self.was_changed else ()

    def described(self) -> str:
        """Return it as one sentence."""
        if not self.was_changed:
            return "Identical to the last bit."
        return f"Identical to the last bit to what was painted; {_WAS_CHANGED}."


@dataclass(frozen=True, slots=True)
class Close:
    """All that was asked for is the same, and the picture nearly is.

    Attributes:
        psnr_db: peak signal-to-noise ratio to the pixels that the file has, in decibels.
        reasons: what was other, in words.
    """

    psnr_db: float
    reasons: tuple[str, ...]

    @property
    def word(self) -> str:
        """Names the verdict."""
        return "close"

    def described(self) -> str:
        """Return it as one sentence."""
        return _sentence(f"Close, {self.psnr_db:.1f} dB PSNR", self.reasons)


@dataclass(frozen=True, slots=True)
class Changed:
    """Another picture came out.

    Attributes:
        differences: what is not as it was, in words.
        psnr_db: as for `Close`; None where that cannot be measured.
    """

    differences: tuple[str, ...]
    psnr_db: float | None = None

    @property
    def word(self) -> str:
        """Names the verdict."""
        return "changed"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is not as it was."""
        return self.differences

    def described(self) -> str:
        """Return it as one sentence."""
        measured = "" if self.psnr_db is None else f", {self.psnr_db:.1f} dB PSNR"
        return _sentence(f"Changed{measured}", self.differences)


@dataclass(frozen=True, slots=True)
class Cannot:
    """It cannot be painted again.

    Attributes:
        missing: what is, in words that go on after "without".
    """

    missing: tuple[str, ...]

    @property
    def word(self) -> str:
        """Names the verdict."""
        return "cannot"

    @property
    def psnr_db(self) -> None:
        """Nothing was painted."""
        return

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is missing."""
        return self.missing

    def described(self) -> str:
        """Return it as one sentence."""
        return f"Cannot be painted again without {'; '.join(self.missing)}."


Verdict: TypeAlias = Identical | Close | Changed | Cannot


@dataclass(frozen=True, slots=True, eq=False)
class Original:
    """A picture that is to be painted again.

    Attributes:
        found: what its file says of it, whoever wrote it.
        metadata: all of it, where Sfumato painted the picture; else None.
        picture: its pixels as the file has them; None where only what it says is known.
    """

    found: FoundSettings
    metadata: Metadata | None = None
    picture: Picture | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the file's pixels are those that were painted; of other programs' pictures nobody can tell."""
        own = self.metadata
        return self.picture is not None and (own is None or own.picture_sha256 == self.picture.sha256)

    def psnr_of(self, painted: Picture) -> float | None:
        """Return how close a picture is to the file's, in decibels; None where that is gone, or has another size."""
        shown = self.picture
        if shown is None or shown.pixels.shape != painted.pixels.shape:
            return None
        return difference_of(shown, painted).psnr_db


def judged(original: Original, painted: Picture, model: ModelRef, conditions: Conditions) -> Verdict:
    """Return the verdict on a picture that was painted again. Compares pixels: not for the main thread.

    Args:
        original: what was to come out.
        painted: what did.
        model: that painted it.
        conditions: under which.
    """
    own = original.metadata
    if own is None:
        return _judged_foreign(original, painted)
    if painted.sha256 == own.picture_sha256 and (painted.width, painted.height) == (own.width, own.height):
        return Identical(was_changed=original.picture is not None and not original.is_unchanged)
    if original.picture == painted:
        return Identical()  # to the file at least, whose own words say otherwise
    psnr, limits = original.psnr_of(painted), tuple(_limits(original))
    if differences := tuple(_other_inputs(own, model, conditions)):
        return Changed((*differences, *limits), psnr)
    reasons = tuple(_other_conditions(own, conditions))
    reasons = reasons or ("nothing that the file tells of is other: this device does not repeat itself to the bit",)
    reasons = (*reasons, *limits)
    # What nobody can measure is not called close.
    return Changed(reasons, psnr) if psnr is None or psnr < LEAST_CLOSE_DB else Close(psnr, reasons)


def foreign_request(found: FoundSettings, model: ModelRef, image: Picture | None) -> GenerationRequest | Cannot:
    """Return the request that comes nearest to what another program did.

    Args:
        found: what its file says.
        model: that is to paint it.
        image: what it was painted from, where it was painted from a picture.
    """
    told = {
        "the number of steps": found.steps,
        "the guidance scale": found.guidance_scale,
        "the seed": found.seed,
        "the size": found.size,
    }
    missing = [f"{name}, which its file does not tell" for name, value in told.items() if value is None]
    if found.sampler_name and found.sampler is None:
        missing.append(f"the sampler \u201c{found.sampler_name}\u201d, which Sfumato does not know")
    if found.strength is not None and image is None:
        missing.append("the picture that it was painted from")
    missing += [f"the LoRA \u201c{lora.name}\u201d" for lora in found.loras]
    if missing or found.steps is None or found.guidance_scale is None or found.seed is None or found.size is None:
        return Cannot(tuple(missing))
    sampling = Sampling(
        steps=found.steps,
        guidance_scale=found.guidance_scale,
        seed=found.seed,
        sampler=found.sampler,
        schedule=found.schedule,
    )
    words = TextToImage(
        model=model,
        prompt=found.prompt,
        negative_prompt=found.negative_prompt,
        sampling=sampling,
        width=found.size.width,
        height=found.size.height,
    )
    if image is None or found.strength is None:
        return words
    return ImageToImage(
        model=model,
        prompt=words.prompt,
        negative_prompt=words.negative_prompt,
        sampling=sampling,
        image=image,
        strength=found.strength,
    )


def _judged_foreign(original: Original, painted: Picture) -> Verdict:
    found = original.found
    if original.picture == painted:
        return Identical()
    program = "another program" if found.dialect is Dialect.NONE else found.dialect.title
    differences = [f"{program} painted it, which draws its noise and reads the prompt in its own way"]
    if dict(found.others).get("Version", "").startswith("Sfumato "):
        differences = ["of what Sfumato wrote down, only the text for other programs is left, which says less"]
    if found.model_hash:
        differences.append(f"whether its model {_short(found.model_hash)} is the same cannot be told")
    if found.vae:
        differences.append(f"the model's own VAE instead of {found.vae}")
    return Changed(tuple(differences), original.psnr_of(painted))


def _other_inputs(own: Metadata, model: ModelRef, conditions: Conditions) -> Iterable[str]:
    """Yield what was not as the picture's file says."""
    if own.model_hash and conditions.model_hash:
        if own.model_hash != conditions.model_hash:
            hashes = f"{_short(conditions.model_hash)} instead of {_short(own.model_hash)}"
            name = (
                f"\u201c{model.id}\u201d"
                if model.id == own.model
                else f"\u201c{model.id}\u201d, not \u201c{own.model}\u201d,"
            )
            yield f"the weights of the model {name} are others: hash {hashes}"
    elif model.id != own.model:
        yield f"the model \u201c{model.id}\u201d instead of \u201c{own.model}\u201d"
    if own.vae_hash and conditions.vae_hash and own.vae_hash != conditions.vae_hash:
        yield f"its VAE is another: hash {_short(conditions.vae_hash)} instead of {_short(own.vae_hash)}"


def _limits(original: Original) -> Iterable[str]:
    """Yield why a comparison with the file says less than one with what was painted."""
    if original.picture is None:
        yield "how close it is cannot be told, for there is no file to compare with"
    elif not original.is_unchanged:
        yield _WAS_CHANGED


def _other_conditions(own: Metadata, conditions: Conditions) -> Iterable[str]:
    """Yield what else was other."""
    if conditions.device != own.device:
        yield f"on {conditions.device} instead of {own.device}"
    if conditions.dtype != own.dtype:
        yield f"in {conditions.dtype} instead of {own.dtype}"
    yield from _other_versions(own.versions, conditions.versions)
    if own.software != __version__:
        yield f"Sfumato {__version__} instead of {own.software}"


def _other_versions(before: Mapping[str, str], now: Mapping[str, str]) -> Iterable[str]:
    for name, value in before.items():
        if now.get(name, value) != value:
            said = f"{_NAMES[name]}:" if name in _NAMES else name
            yield f"{said} {now[name]} instead of {value}"


def _short(text: str) -> str:
    return text[:_SHORT]


def _sentence(what: str, reasons: tuple[str, ...]) -> str:
    return f"{what}: {'; '.join(reasons)}." if reasons else f"{what}."
