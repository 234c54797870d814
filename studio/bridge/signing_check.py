"""Whether the certificate that was chosen can sign: said at once, and not with the first picture."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from studio.bridge.background import Background
    from studio.domain.errors import StudioError
    from studio.domain.settings import Settings


class SigningCheck(QObject):
    """Reads certificate and key behind the window. It belongs to nobody: whoever asks may be gone before it answers.

    Signals:
        passed: name of the certificate that signs; empty where Sfumato's own does.
        refused: why the chosen one cannot.
    """

    passed = Signal(str)
    refused = Signal(str)

    def __init__(self, reader: Background) -> None:
        """Stand ready.

        Args:
            reader: the thread that reads files.
        """
        super().__init__()
        self._reader = reader

    def look(self, settings: Settings) -> None:
        """Look at what the settings name; `passed` or `refused` follows, in the order of the questions."""
        certificate, key = settings.signing_certificate, settings.signing_key
        self._reader.run(partial(_name, certificate, key), self._pass, self._refuse)

    def _pass(self, name: str) -> None:
        self.passed.emit(name)

    def _refuse(self, error: StudioError) -> None:
        self.refused.emit(str(error))


def _name(certificate: str, key: str) -> str:
    """Return the name of a certificate, on the reader's thread.

    Raises:
        SigningFailed: it cannot sign.
    """
    if not certificate and not key:
        return ""
    from studio.services.signing_identity import identity_from_files  # noqa: PLC0415 - loads cryptography, when asked

    # One file may hold both.
    return identity_from_files(Path(certificate or key), Path(key or certificate)).name
