"""Any picture from outside, as pixels for a layer, with what had to be converted in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from studio.domain.canvas.blend import premultiplied
from studio.domain.canvas.layer import Layer, Origin
from studio.domain.canvas.plane import plane_of
from studio.domain.picture import Picture
from studio.domain.source_type import SourceType
from studio.domain.xmp import Xmp
from studio.services.picture_decoding import decoded, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from studio.domain.found_settings import FoundSettings
    from studio.domain.metadata import Metadata

_UNNAMED: Final = "Picture"


@dataclass(frozen=True, slots=True, eq=False)
class ImportedPicture:
    """A picture from outside.

    Attributes:
        pixels: (H, W, 4) uint8, sRGB, straight alpha.
        name: for people: the file's, without its suffix.
        notes: what was converted or left out, in sentences.
        texts: what the file says about itself, by key, ``parameters`` among them; also between its pixels or beside it.
        made: what its XMP calls it; None where that says nothing.
        is_exact: whether files of its format hold every bit of a picture.
        found: how it was painted, as far as anything says; None where nothing does.
    """

    pixels: NDArray[np.uint8]
    name: str
    notes: tuple[str, ...]
    texts: Mapping[str, str]
    made: SourceType | None = None
    is_exact: bool = False
    found: FoundSettings | None = None

    @property
    def metadata(self) -> Metadata | None:
        """How Sfumato painted it; None where it did not, or where that cannot be read."""
        from studio.domain.dialects.own import metadata_of  # noqa: PLC0415 - loads all dialects; loaded by now

        return metadata_of(self.texts)

    @property
    def origin(self) -> Origin:
        """What a layer is told of it. Hashes the pixels: 2 ms for 1024 x 1024; not for the main thread.

        A copy of a picture that Sfumato painted counts as that picture, whatever became of it since.
        """
        sha256 = Picture(self.pixels[..., :3]).sha256
        own = self.metadata
        if own is not None:
            is_edited = self.is_exact and sha256 != own.picture_sha256
            is_generated = own.digital_source_type is SourceType.GENERATED and not is_edited
            return Origin(own.picture_sha256, is_generated)
        is_said = self.found is not None if self.made is None else self.made is SourceType.GENERATED
        return Origin(sha256, is_said)

    def to_layer(self, x: int = 0, y: int = 0) -> Layer:
        """Return a layer that shows the picture with its upper left corner at a place of the document."""
        layer = Layer(name=self.name, pixels=plane_of(premultiplied(self.pixels)), offset=(x, y))
        return layer.of(self.origin)


def import_picture(source: Path | bytes, name: str = "") -> ImportedPicture:
    """Read any picture: upright, in sRGB, eight bits a channel; the first frame of a film.

    Args:
        source: the file, or what would be in one, as the clipboard or a link brings it.
        name: for people; the file's own where empty.

    Raises:
        UnreadablePicture: no picture, a damaged or a huge one, or a file that cannot be reached.
    """
    from studio.services.metadata_reading import read_file  # noqa: PLC0415 - knows all dialects; the start reads none

    is_file = isinstance(source, Path)
    name = name or (source.stem if is_file else "") or _UNNAMED
    called = str(source) if is_file else f"\u201c{name}\u201d"
    with opened(source, called) as image:
        whole = decoded(image)
        pixels, is_exact = np.array(whole.image.convert("RGBA")), image.format == "PNG"
    said = read_file(source, called)
    made = None if said.xmp is None else Xmp.read(said.xmp).source_type
    return ImportedPicture(pixels, name, whole.notes, said.texts, made, is_exact, said.found)
