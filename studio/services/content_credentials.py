"""Content Credentials: signed words about how a picture came to be, which show whether it was changed since.

The standard is C2PA's, https://spec.c2pa.org. Its library is loaded with the first picture that is signed or checked.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from studio.domain.errors import SigningFailed, UnreadablePicture
from studio.services.credentials_presence import has_credentials
from studio.services.credentials_report import CredentialsReport, CredentialsState

if TYPE_CHECKING:
    from studio.domain.picture_kind import PictureKind
    from studio.services.credentials_manifest import ManifestRequest
    from studio.services.signing_identity import SigningIdentity

_log = logging.getLogger("sfumato.signing")


def sign(content: bytes, kind: PictureKind, request: ManifestRequest, identity: SigningIdentity) -> bytes:
    """Return a picture's file with Content Credentials; all other bytes stay as they are, in their order.

    It takes 10 ms and 13 kB, and 15 kB more for each picture behind it that has credentials; no network.

    Args:
        content: the file, complete: whatever is added later breaks the signature.
        kind: of it.
        request: what to say.
        identity: who says it.

    Raises:
        SigningFailed: the library cannot be loaded, or refuses.
    """
    try:
        from studio.services.credentials_signing import signed  # noqa: PLC0415 - loads 23 MB, see above
    except (ImportError, OSError, RuntimeError) as error:
        raise SigningFailed("The picture could not be signed", _missing(error), "Install Sfumato anew") from error
    try:
        return signed(content, f"image/{kind.value.lower()}", request, identity)
    except SigningFailed:
        raise
    except Exception as error:  # a native library's boundary: nothing in it may cost the picture
        what = "The picture could not be signed"
        raise SigningFailed(what, f"the C2PA library failed: {error}", "Look for a newer Sfumato") from error


def read(source: Path | bytes, own: str = "") -> CredentialsReport:
    """Return what a picture's Content Credentials say and are worth; no network.

    Args:
        source: the file, or all of its bytes.
        own: certificates, PEM, whose signatures are this Sfumato's, as `signing_identity.own_certificates` has them.

    Raises:
        UnreadablePicture: the file cannot be reached.
    """
    try:
        if not has_credentials(source):
            return CredentialsReport(state=CredentialsState.ABSENT)
    except OSError as error:
        name = source if isinstance(source, Path) else "The picture"
        raise UnreadablePicture(
            f"{name} cannot be read", error.strerror or str(error), "Choose another file"
        ) from error
    try:
        from studio.services.credentials_reading import checked  # noqa: PLC0415 - loads 23 MB, see above
    except (ImportError, OSError, RuntimeError) as error:
        return CredentialsReport(state=CredentialsState.UNCHECKED, reasons=(_missing(error),))
    try:
        return checked(source, own)
    except Exception as error:  # noqa: BLE001 - a native library's boundary; whatever it fails at, the file may have been made for it
        _log.warning("Content Credentials could not be checked", exc_info=True)
        reasons = (f"the C2PA library failed: {type(error).__name__}",)
        return CredentialsReport(state=CredentialsState.UNCHECKED, reasons=reasons)


def _missing(error: Exception) -> str:
    return f"the C2PA library cannot be loaded: {error}"
