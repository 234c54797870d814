"""Reading and checking with the C2PA library, which importing this loads: a twentieth of a second."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from c2pa import C2paError, Context, Reader

from studio.services.credentials_report import CredentialsReport, CredentialsState, report_of
from studio.services.credentials_signing import OFFLINE

if TYPE_CHECKING:
    from pathlib import Path


def checked(source: Path | bytes, own: str) -> CredentialsReport:
    """Return what a picture's credentials say and are worth.

    Args:
        source: the file, or all of its bytes.
        own: certificates, PEM, whose signatures are this Sfumato's.

    Raises:
        OSError: the file cannot be read.
    """
    with (
        io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file,
        Context.from_dict({**OFFLINE, "trust": {"user_anchors": own or None}}) as context,
    ):
        try:
            reader = Reader.try_create(file, context=context)
            if reader is None:
                return CredentialsReport(state=CredentialsState.ABSENT)
            with reader:
                return report_of(json.loads(reader.json()), str(reader.get_validation_state()))
        except C2paError as error:
            reasons = (f"they cannot be read: {error}",)
            return CredentialsReport(state=CredentialsState.INVALID, reasons=reasons)
