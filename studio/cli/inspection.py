"""`sfumato inspect`: what pictures say about themselves, and what that is worth."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from studio.cli.terminal import json_text, plain
from studio.domain.dialects.own import parsed
from studio.domain.dialects.values import json_object
from studio.domain.errors import StudioError
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY
from studio.domain.xmp import Xmp
from studio.services import content_credentials
from studio.services.metadata_reading import Reading, read_file
from studio.services.paths import Paths
from studio.services.pictures import read_picture
from studio.services.signing_identity import own_certificates

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from studio.domain.metadata import Metadata
    from studio.services.credentials_report import CredentialsReport

_INDENT: Final = "\n    "
"""Before further lines of one setting."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one file.

    Attributes:
        path: as the user gave it.
        reading: what it says; None where it cannot be read at all.
        unchanged: whether the pixels are those that were painted; None where that is not known.
        credentials: what its Content Credentials say; None where it has none.
        error: what could not be read; None if all could.
    """

    path: str
    reading: Reading | None = None
    unchanged: bool | None = None
    credentials: CredentialsReport | None = None
    error: StudioError | None = None

    @property
    def texts(self) -> dict[str, str]:
        """What the file says by key."""
        return dict(self.reading.texts) if self.reading else {}

    @property
    def own(self) -> dict[str, Any] | None:
        """Our JSON, whose layout a newer Sfumato may have changed, hence `Any`; None without one."""
        return json_object(self.texts.get(OWN_KEY, "")) or None

    @property
    def xmp(self) -> Xmp:
        """What its XMP says."""
        return Xmp.read(self.reading.xmp) if self.reading and self.reading.xmp else Xmp()


def run(options: argparse.Namespace) -> int:
    """Print what every file says; 1 if one of them could not be read."""
    own = own_certificates(Paths.of_user(os.environ).signing)
    findings = [_look(path, own) for path in options.files]
    if options.json:
        print(json_text([_as_json(one) for one in findings]))
    elif text := "\n\n".join(filter(None, map(_as_text, findings))):
        print(plain(text))
    for one in findings:
        if one.error is not None:
            place = "" if one.path in one.error.what else f"{one.path}: "
            print(plain(f"sfumato: {place}{one.error}"), file=sys.stderr)
    return 1 if any(one.error for one in findings) else 0


def _look(path: str, certificates: str) -> Finding:
    reading = credentials = None
    try:
        reading = read_file(Path(path))
        if reading.has_credentials:
            credentials = content_credentials.read(Path(path), certificates)
        own = parsed(reading.texts[OWN_KEY]) if OWN_KEY in reading.texts else None
        unchanged = None if own is None else read_picture(Path(path)).sha256 == own.picture_sha256
    except StudioError as error:
        return Finding(path, reading, credentials=credentials, error=error)
    return Finding(path, reading, unchanged, credentials)


def _as_json(one: Finding) -> dict[str, object]:
    found = one.reading.found if one.reading else None
    said: dict[str, object] = {
        "path": one.path,
        "parameters": one.texts.get(PARAMETERS_KEY),
        "sfumato": one.own,
        "unchanged": one.unchanged,
        "dialect": one.reading.dialect.value if one.reading else None,
        "settings": found.described() if found else {},
        "digital_source_type": one.xmp.digital_source_type or None,
        "credentials": one.credentials.as_json() if one.credentials else None,
        "sidecar": str(one.reading.sidecar) if one.reading and one.reading.sidecar else None,
        "between_pixels": one.reading.is_hidden if one.reading else False,
        "notes": list(one.reading.notes) if one.reading else [],
    }
    return said if one.error is None else said | {"error": str(one.error)}


def _as_text(one: Finding) -> str:
    parts = [part for part in ("\n".join(lines) for lines in _sections(one)) if part]
    if parts:
        return "\n\n".join([one.path, *parts])
    return f"{one.path}: nothing about how it was painted" if one.error is None else ""


def _sections(one: Finding) -> Iterator[list[str]]:
    """Yield lines that belong together."""
    if (reading := one.reading) is None:
        return
    if reading.found is not None:
        settings = reading.found.described()
        yield [_source(reading), *(f"{title}: {_indented(value)}" for title, value in settings.items())]
    if reading.own is not None:
        yield list(_conditions(reading.own))
    elif one.own is not None:
        yield [f"{OWN_KEY}:", json.dumps(one.own, indent=2, ensure_ascii=False)]
    if one.unchanged is not None:
        yield ["The pixels are those that were painted." if one.unchanged else "The pixels were changed later."]
    yield [*_source_type(one.xmp), *(one.credentials.described() if one.credentials else ())]
    yield list(reading.notes)


def _source(reading: Reading) -> str:
    """Return who wrote down what follows, and where it stands."""
    place = ", between its pixels" if reading.is_hidden else ""
    place = f", in {reading.sidecar.name} beside it" if reading.sidecar else place
    return f"Written down by: {reading.dialect.title}{place}"


def _conditions(own: Metadata) -> Iterator[str]:
    """Yield what else the exact pixels depend on."""
    yield f"Painted on: {own.created:%Y-%m-%d %H:%M} UTC by Sfumato {own.software}"
    yield f"Computed on: {own.device}, {own.dtype}"
    if own.versions:
        yield "Painted with: " + ", ".join(f"{name} {version}" for name, version in own.versions.items())


def _source_type(xmp: Xmp) -> Iterator[str]:
    if xmp.digital_source_type:
        term = xmp.source_type
        name = xmp.digital_source_type.rpartition("/")[2]
        yield f"Digital source type: {_indented(name)}" + (f" ({term.title})" if term else "")


def _indented(value: str) -> str:
    """Return a setting with its further lines set in."""
    return value.replace("\n", _INDENT)
