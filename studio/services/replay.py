"""What it takes to paint a picture again: its model, what it was painted from, and the request that repeats it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from studio.domain.canvas.blend import premultiplied
from studio.domain.dialects.own import parsed
from studio.domain.errors import InvalidSize, StudioError, UnreadablePicture
from studio.domain.found_settings import FoundSettings
from studio.domain.framing import continued, on_white
from studio.domain.geometry import Size
from studio.domain.metadata import OWN_KEY, PLAIN_DIALECT
from studio.domain.replay import Cannot, Original, foreign_request, judged
from studio.services.history_index import HistoryIndex
from studio.services.metadata_reading import read_file
from studio.services.picture_import import import_picture
from studio.services.pictures import read_mask, read_picture, scaled_mask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from studio.domain.events import Conditions
    from studio.domain.metadata import Metadata
    from studio.domain.model import ModelInfo
    from studio.domain.picture import Mask, Picture
    from studio.domain.replay import Verdict
    from studio.domain.request import GenerationRequest
    from studio.services.sources import Sources


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What the user says where nothing is known, or instead of it.

    Attributes:
        model: that is to paint.
        image: file of the picture that it was painted from.
        mask: file of the mask.
    """

    model: ModelInfo | None = None
    image: Path | None = None
    mask: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A picture that can be painted again.

    Attributes:
        original: what is to come out.
        request: paints it, alone.
    """

    original: Original
    request: GenerationRequest

    def judged(self, painted: Picture, conditions: Conditions) -> Verdict:
        """Return the verdict on what was painted. Compares pixels: not for the main thread."""
        return judged(self.original, painted, self.request.model, conditions)


class Replays:
    """Finds what pictures were painted with. Reads files: not for the main thread."""

    def __init__(self, models: Sequence[ModelInfo], sources: Sources, in_history: Callable[[str], Path | None]) -> None:
        """Say where to look.

        Args:
            models: that are on this machine.
            sources: what pictures were painted from.
            in_history: returns the file of a picture of the history by the hash of its pixels.
        """
        self._models = tuple(models)
        self._sources = sources
        self._in_history = in_history

    def plan(self, original: Original, given: Given | None = None) -> Plan | Cannot:
        """Return how to paint a picture again, or what is missing.

        Raises:
            UnreadablePicture: a file that the user named cannot be read.
            InvalidRequest: the file says something that no request can hold.
        """
        given = given or Given()
        own = original.metadata
        request = self._foreign(original.found, given) if own is None else self._own(own, given)
        return request if isinstance(request, Cannot) else Plan(original, request)

    def _own(self, said: Metadata, given: Given) -> GenerationRequest | Cannot:
        size = Size(said.width, said.height)
        model = given.model or self._model(said.model)
        missing = [] if model else [_model_words(said.model, said.model_hash)]
        missing += [f"the VAE \u201c{said.vae}\u201d"] if said.vae else []
        missing += [f"the LoRA \u201c{lora.name}\u201d" for lora in said.loras]
        if said.dialect != PLAIN_DIALECT:
            missing.append(f"the prompt's dialect \u201c{said.dialect}\u201d, which Sfumato does not know")
        image = mask = None
        if said.image_sha256 is not None:
            image = self._image(said.image_sha256, size, given.image)
            missing += [] if image else [_source_words("picture that it was painted from", given.image)]
        if said.mask_sha256 is not None:
            mask = self._mask(said.mask_sha256, size, given.mask)
            missing += [] if mask else [_source_words("mask that it was painted into", given.mask)]
        if missing or model is None:
            return Cannot(tuple(missing))
        return said.to_request(model.ref, image, mask)

    def _foreign(self, found: FoundSettings, given: Given) -> GenerationRequest | Cannot:
        if not found.described():
            return Cannot(("a word about how it was painted, of which its file has none",))
        model = given.model or self._model(found.model)
        if model is None:
            return Cannot((_model_words(found.model, found.model_hash),))
        candidates = () if given.image is None else pictures_in(given.image, found.size)
        # The last one is of the size that the file tells.
        request = foreign_request(found, model.ref, candidates[-1] if candidates else None)
        try:
            if not isinstance(request, Cannot):
                model.check_size(request.width, request.height)
        except InvalidSize as error:
            return Cannot((f"a size that {model.title} can paint: {error.why}",))
        return request

    def _model(self, name: str) -> ModelInfo | None:
        same = (model for model in self._models if model.ref.id == name)
        alike = (model for model in self._models if model.ref.id.casefold() == name.casefold())
        return next(same, None) or next(alike, None)

    def _image(self, sha256: str, size: Size, file: Path | None) -> Picture | None:
        if file is not None:
            return next((one for one in pictures_in(file, size) if one.sha256 == sha256), None)
        return self._sources.picture(sha256, size) or self._of_history(sha256)

    def _of_history(self, sha256: str) -> Picture | None:
        path = self._in_history(sha256)
        if path is None:
            return None
        try:
            picture = read_picture(path)
        except StudioError:
            return None  # it is gone, or was damaged
        return picture if picture.sha256 == sha256 else None

    def _mask(self, sha256: str, size: Size, file: Path | None) -> Mask | None:
        if file is None:
            return self._sources.mask(sha256, size)
        mask = read_mask(file)
        return next((one for one in (mask, scaled_mask(mask, size)) if one.sha256 == sha256), None)


def read_original(path: Path) -> Original:
    """Return a picture's file as something to be painted again.

    Raises:
        UnreadablePicture: no picture, or a damaged one; or all that it says of itself is damaged.
        NewerData: a newer Sfumato painted it: what this one could read of that is not all that counts.
    """
    said = read_file(path)
    if said.own is None and OWN_KEY in said.texts:
        try:
            parsed(said.texts[OWN_KEY])
        except UnreadablePicture:
            if said.found is None:
                raise
    return Original(said.found or FoundSettings(prompt=""), said.own, read_picture(path))


def history_file(database: Path, pictures: Path, sha256: str) -> Path | None:
    """Return the file of a picture of the history by the hash of its pixels; None where there is none.

    Args:
        database: the history's index; opened for this question alone, on any thread.
        pictures: the folder of its pictures where the index does not say which.
        sha256: as `studio.domain.picture.Picture.sha256`.

    Raises:
        StorageError: the index cannot be read.
    """
    if not database.is_file():
        return None
    index = HistoryIndex(database, pictures)
    try:
        said = index.rows("SELECT value FROM about WHERE name = 'pictures'")
        index.pictures = Path(said[0][0]) if said else pictures
        paths = [entry.path for entry in index.entries("WHERE pixels = ? ORDER BY id DESC", (sha256,))]
    finally:
        index.close()
    return next((path for path in paths if path.is_file()), None)


def pictures_in(path: Path, size: Size | None) -> tuple[Picture, ...]:
    """Return what a file's picture becomes when it is painted from: as it is, and in the size that was asked for.

    Raises:
        UnreadablePicture: no picture, or a damaged one.
    """
    pixels = import_picture(path).pixels
    found = [pixels]
    if size is not None and pixels.shape[:2] != (size.height, size.width):
        # As the command line scales it.
        scaled = Image.fromarray(pixels).resize((size.width, size.height), Image.Resampling.LANCZOS)
        found.append(np.asarray(scaled))
    ways: list[Picture] = []
    for one in found:
        content = premultiplied(one)
        ways += [continued(content)[0], on_white(content)] if one[..., 3].any() else [on_white(content)]
    return tuple(ways)


def _model_words(name: str, model_hash: str) -> str:
    if not name:
        return f"its model with the hash {model_hash[:10]}" if model_hash else "the name of its model"
    return f"the model \u201c{name}\u201d" + (f" with the hash {model_hash[:10]}" if model_hash else "")


def _source_words(what: str, file: Path | None) -> str:
    return f"the {what}" if file is None else f"the {what}, which {file.name} is not"
