"""Who signs pictures: a certificate that Sfumato issues to itself on first use, or the user's own.

The key stays on this machine, in a file that only the user may read, and in no message and no log.
"""

from __future__ import annotations

import logging
import os
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.domain.errors import SigningFailed, UnreadablePicture
from studio.services.files import unwritable, write_whole
from studio.services.picture_decoding import require_file

if TYPE_CHECKING:
    from studio.domain.settings import Settings
    from studio.services.signing_certificates import SigningKey

IDENTITY_NAME: Final = "self-issued.pem"
"""One file for the key and its certificates, so that two processes that make them at once cannot mix them."""
_CERTIFICATE: Final = b"-----BEGIN CERTIFICATE-----"
_LARGEST_FILE: Final = 1 << 20
_log = logging.getLogger("sfumato.signing")


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """A certificate and its key.

    Attributes:
        name: of the certificate.
        chain: it and its issuers, PEM, it first.
        algorithm: of its signatures, as Content Credentials call it: ``ES256``.
        is_self_issued: whether Sfumato made it, so that it says nothing about who the user is.
        key: private.
    """

    name: str
    chain: str
    algorithm: str
    is_self_issued: bool
    key: SigningKey = field(repr=False, compare=False)


def identity_of(settings: Settings, folder: Path) -> SigningIdentity:
    """Return who signs: the certificate that the settings name, else the one that Sfumato issued to itself.

    Args:
        settings: the user's.
        folder: of Sfumato's own certificate, which is made where there is none.

    Raises:
        SigningFailed: a certificate or key that cannot be used.
        UnwritablePlace: the folder cannot be written.
    """
    certificate, key = settings.signing_certificate, settings.signing_key
    if not certificate and not key:
        return own_identity(folder)
    return identity_from_files(Path(certificate or key), Path(key or certificate))  # one file may hold both


def own_identity(folder: Path) -> SigningIdentity:
    """Return what Sfumato issued to itself, made where there is none, or none that is valid today.

    Raises:
        SigningFailed: others may read the key, and that cannot be changed.
        UnwritablePlace: the folder cannot be written.
    """
    path = folder / IDENTITY_NAME
    was_there = path.exists()
    if found := existing_identity(folder):
        return found
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    _keep_private(folder)
    try:
        # What was there is damaged or not valid any more; what another process has made meanwhile stays.
        write_whole(path, _new_content(), replace=was_there, is_private=True)
    except FileExistsError:
        _log.info("another process has just made a certificate")
    content = _content(path)
    return _identity(content, content, is_self_issued=True)


def existing_identity(folder: Path) -> SigningIdentity | None:
    """Return what Sfumato issued to itself; None where there is none, or none that is valid today.

    Raises:
        SigningFailed: others may read the key, and that cannot be changed.
    """
    path = folder / IDENTITY_NAME
    if not path.exists():
        return None
    _keep_private(folder)
    _keep_private(path)
    content = _content(path)
    try:
        return _identity(content, content, is_self_issued=True)
    except SigningFailed as error:
        _log.warning("Sfumato's own certificate is of no use any more: %s", error)
        return None


def identity_from_files(certificate: Path, key: Path) -> SigningIdentity:
    """Return the user's own certificate.

    Args:
        certificate: PEM file, with the certificates of its issuers.
        key: PEM file without a password; may be the same file.

    Raises:
        SigningFailed: one of the files cannot be used, the certificate is not valid today, or they do not belong
            together.
    """
    return _identity(_content(certificate), _content(key), is_self_issued=False)


def own_certificates(folder: Path) -> str:
    """Return the certificates that Sfumato issued to itself, PEM, by which its pictures are known again.

    Empty where there are none. No library is loaded, and the key is not read into anything.
    """
    path = folder / IDENTITY_NAME
    try:
        content = _content(path) if path.exists() else b""
    except SigningFailed as error:
        _log.warning("pictures of this Sfumato are not known again: %s", error)
        return ""
    return content[content.find(_CERTIFICATE) :].decode("ascii", "replace") if _CERTIFICATE in content else ""


def _identity(certificates: bytes, key_content: bytes, *, is_self_issued: bool) -> SigningIdentity:
    from studio.services import signing_certificates  # noqa: PLC0415 - loads cryptography, a tenth of a second

    key = signing_certificates.read_key(key_content)
    chain = signing_certificates.checked_chain(certificates, key, datetime.now(UTC))
    name, algorithm = signing_certificates.name_of(chain), signing_certificates.algorithm_of(key)
    return SigningIdentity(name, chain, algorithm, is_self_issued, key)


def _new_content() -> bytes:
    from studio.services import signing_certificates  # noqa: PLC0415 - as above

    chain, key = signing_certificates.self_issued()
    return key + chain.encode()


def _content(path: Path) -> bytes:
    try:
        require_file(path, f"The file {path} cannot be read")
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE)
    except UnreadablePicture as error:
        raise SigningFailed(error.what, error.why, error.remedy) from error
    except OSError as error:
        raise SigningFailed(
            f"The file {path} cannot be read",
            error.strerror or str(error),
            "Choose another certificate and key in the settings",
        ) from error


def _keep_private(path: Path) -> None:
    """Take away what others may do with a file or folder.

    Raises:
        SigningFailed: they may do something, and that cannot be changed.
    """
    if os.name == "nt":  # where a user's own folders are closed to others from the start
        return
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            _log.warning("others could look into %s (mode %o); not any more", path, mode)
            path.chmod(mode & 0o700)
        is_private = not stat.S_IMODE(path.stat().st_mode) & 0o077
        why = "the disk keeps no permissions"
    except OSError as error:
        is_private, why = False, error.strerror or str(error)
    if not is_private:
        raise SigningFailed(f"Others may read what pictures are signed with, in {path}", why, "Change its permissions")
