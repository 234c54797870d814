"""The seal that gives a picture's file its Content Credentials, where the settings want them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.domain.disclosure import ExportPrivacy
from studio.domain.errors import StudioError
from studio.domain.lineage import EdgeKind
from studio.domain.request import Task
from studio.services.content_credentials import sign
from studio.services.credentials_manifest import Ingredient, ManifestRequest, Relation
from studio.services.sealing import Seal, Sealed, unsealed
from studio.services.signed_sources import SignedSources
from studio.services.signing_identity import identity_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from studio.domain.disclosure import Disclosure
    from studio.domain.metadata import Metadata
    from studio.domain.picture_kind import PictureKind
    from studio.domain.settings import Settings
    from studio.services.paths import Paths
    from studio.services.provenance import Provenance
    from studio.services.signing_identity import SigningIdentity

_log = logging.getLogger("sfumato.signing")
_BEGINNINGS = {EdgeKind.VARIATION, EdgeKind.FORK}
"""Kinds of a parent of which no pixel is left: the model began with its settings or its noise."""


@dataclass(frozen=True, slots=True)
class CredentialsSeal:
    """Signs what is written. Safe on any thread but the main one: it reads files and may ask the history.

    Attributes:
        identity: who signs; asked for each picture, for it may be made or changed meanwhile.
        file_of: the file of a picture by the hash of its pixels, or None.
    """

    identity: Callable[[], SigningIdentity]
    file_of: Callable[[str], Path | None]

    def __call__(self, content: bytes, kind: PictureKind, disclosure: Disclosure, /) -> Sealed:
        """Return the file with Content Credentials; without them, and with a note, where it cannot be signed."""
        if not disclosure.privacy.names_programs:
            return Sealed(content)
        try:
            return Sealed(sign(content, kind, manifest_request(disclosure, self.file_of), self.identity()))
        except StudioError as error:
            return Sealed(content, (f"The picture was saved, but it is unsigned. {error}",))
        except Exception as error:  # noqa: BLE001 - the boundary to libraries and files: nothing may cost the picture
            _log.exception("a picture could not be signed")
            why = f"{type(error).__name__}: {error}"
            return Sealed(content, (f"The picture was saved, but it is unsigned. The signing failed: {why}.",))


def export_seal(settings: Settings, paths: Paths, provenance: Provenance) -> Seal:
    """Return what seals exported pictures: Content Credentials, unless the settings say otherwise.

    Args:
        settings: the user's.
        paths: where everything is.
        provenance: finds the files of the history.
    """
    return _seal(settings, paths, provenance) if settings.sign_exports else unsealed


def history_seal(settings: Settings, paths: Paths, provenance: Provenance) -> Seal:
    """Return what seals the history's own pictures: nothing, unless the settings say otherwise."""
    return _seal(settings, paths, provenance) if settings.sign_history else unsealed


def manifest_request(disclosure: Disclosure, file_of: Callable[[str], Path | None]) -> ManifestRequest:
    """Return what the Content Credentials of a picture say.

    Args:
        disclosure: what is known of it, and how much may be told. Prompt and seed never are.
        file_of: the file of a picture by the hash of its pixels, or None.
    """
    metadata = disclosure.metadata
    made_of = _in_canvas(disclosure) if metadata is None else _in_painting(metadata)
    files = {sha256: file_of(sha256) for sha256, _ in made_of if sha256}
    return ManifestRequest(
        source_type=disclosure.source_type,
        model=", ".join(disclosure.models),
        model_hash=metadata.model_hash if metadata else "",
        created=metadata.created if metadata and disclosure.privacy is ExportPrivacy.FULL else None,
        ingredients=tuple(Ingredient(relation, sha256, files.get(sha256)) for sha256, relation in made_of),
    )


def _in_canvas(disclosure: Disclosure) -> list[tuple[str, Relation]]:
    """Return the pictures that lie in a part of the canvas, and what they are to it."""
    if len(disclosure.pictures) == 1:
        return [(disclosure.pictures[0], Relation.PARENT)]
    if not disclosure.pictures and disclosure.source_type is None:
        return [("", Relation.PARENT)]  # something from outside of which nothing is known
    return [(sha256, Relation.COMPONENT) for sha256 in disclosure.pictures]


def _in_painting(metadata: Metadata) -> list[tuple[str, Relation]]:
    """Return what a model painted a picture from."""
    if metadata.task is Task.TEXT_TO_IMAGE:
        return [(parent.sha256, Relation.INPUT) for parent in metadata.parents]
    begun = [parent.sha256 for parent in metadata.parents if parent.kind in _BEGINNINGS]
    seen = [parent.sha256 for parent in metadata.parents if parent.kind not in _BEGINNINGS]
    seen = seen or [metadata.image_sha256 or ""]
    relation = Relation.PARENT if len(seen) == 1 else Relation.COMPONENT
    return [*((sha256, relation) for sha256 in seen), *((sha256, Relation.INPUT) for sha256 in begun)]


def _seal(settings: Settings, paths: Paths, provenance: Provenance) -> Seal:
    signed = SignedSources(paths.signed_sources)

    def file_of(sha256: str) -> Path | None:
        return signed.path(sha256) or provenance.file_of(sha256)

    return CredentialsSeal(lambda: identity_of(settings, paths.signing), file_of)
