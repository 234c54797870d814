"""What a file tells those who get it: how its picture was made, or only that a model made it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from studio import __version__
from studio.domain.source_type import SourceType
from studio.domain.xmp import LONGEST_PROMPT, Xmp

if TYPE_CHECKING:
    from studio.domain.metadata import Metadata

PROGRAM: Final = "Sfumato"


class ExportPrivacy(Enum):
    """How much a file tells; the value is kept in the settings.

    That a model had a part in the picture is told in any case: it is nothing private, those who see the picture may
    want to know it, and in many places it has to be told.
    """

    FULL = "full"
    PROVENANCE = "provenance"
    NOTHING = "nothing"

    @property
    def title(self) -> str:
        """What people choose it by."""
        return _TITLES[self]

    @property
    def help(self) -> str:
        """What goes out with it, and what stays here."""
        return _HELPS[self]

    @property
    def names_programs(self) -> bool:
        """Whether program and model are named, and Content Credentials may be added."""
        return self is not ExportPrivacy.NOTHING


_TITLES = {
    ExportPrivacy.FULL: "Everything",
    ExportPrivacy.PROVENANCE: "Where it comes from",
    ExportPrivacy.NOTHING: "Nothing private",
}
_HELPS = {
    ExportPrivacy.FULL: "Prompt, seed and all settings: anyone can see how it was made, and paint it again.",
    ExportPrivacy.PROVENANCE: "That a model made it, which one, and with what program. No prompt, no settings.",
    ExportPrivacy.NOTHING: "Only whether a model made it: one word, and no Content Credentials.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """All that is known of a picture, and how much of it its file may tell.

    Attributes:
        privacy: how much.
        source_type: what to call the picture; None where nobody can say.
        metadata: what painted these very pixels; None where they are not exactly one painted picture.
        models: names of the models that painted any of it, as far as they are known.
        program: with which they were run.
        pictures: hex SHA-256 of the pictures it was made of, as `studio.domain.lineage.Parent.sha256`.
        foreign: what another program wrote into the file of these very pixels: keys and texts.
    """

    privacy: ExportPrivacy = ExportPrivacy.FULL
    source_type: SourceType | None = None
    metadata: Metadata | None = None
    models: tuple[str, ...] = ()
    program: str = PROGRAM
    pictures: tuple[str, ...] = ()
    foreign: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, metadata: Metadata, privacy: ExportPrivacy = ExportPrivacy.FULL) -> Disclosure:
        """Return what is to be told of a painted picture that nobody has changed."""
        return cls(
            privacy=privacy,
            source_type=metadata.digital_source_type,
            metadata=metadata,
            models=(metadata.model,),
            pictures=tuple(parent.sha256 for parent in metadata.parents),
        )

    def changed(self) -> Disclosure:
        """Return what is left of it for other pixels than those of its metadata: somebody has changed them since."""
        if self.metadata is None:
            return self
        made = SourceType.COMPOSITE if self.source_type is SourceType.GENERATED else self.source_type
        return replace(self, metadata=None, source_type=made, pictures=(self.metadata.picture_sha256,))

    @property
    def texts(self) -> dict[str, str]:
        """What a file's texts say, by key."""
        if self.privacy is not ExportPrivacy.FULL:
            return {}
        return dict(self.foreign) if self.metadata is None else self.metadata.text_chunks()

    @property
    def xmp(self) -> Xmp:
        """What its XMP says: program and model only where they may be named."""
        term = "" if self.source_type is None else self.source_type.uri
        if not self.privacy.names_programs:
            return Xmp(digital_source_type=term)
        tool = f"{PROGRAM} {__version__}"
        if self.source_type is None or not self.source_type.is_ai:
            return Xmp(digital_source_type=term, tool=tool)
        return Xmp(
            digital_source_type=term,
            tool=tool,
            ai_system=", ".join((self.program, *self.models)),
            ai_system_version=__version__ if self.program == PROGRAM else "",
            prompt=self._short_prompt,
        )

    @property
    def _short_prompt(self) -> str:
        if self.metadata is None or self.privacy is not ExportPrivacy.FULL:
            return ""
        return self.metadata.prompt if len(self.metadata.prompt) <= LONGEST_PROMPT else ""


UNKNOWN = Disclosure()
"""Of a picture of which nothing is known."""
