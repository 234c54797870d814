"""Files from outside that carry Content Credentials, kept so that these go on in what is made of the pictures."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

from studio.domain.errors import StudioError
from studio.services.credentials_presence import HEAD_SIZE, has_credentials, media_type
from studio.services.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from studio.services.picture_import import ImportedPicture

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger("sfumato.signing")


class SignedSources:
    """A folder of such files, each as it came and named by the hash of its pixels. Not for the main thread.

    A layer knows the hash of each picture that was laid on it, in the document's file too: by that an export finds the
    credentials, wherever the picture's own file has gone meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, source: Path | bytes, picture: ImportedPicture) -> bool:
        """Keep a file where it has credentials, and tell whether it has; what cannot be kept is logged.

        Args:
            source: the file, or all of its bytes.
            picture: what was read from it.
        """
        try:
            if not has_credentials(source):
                return False
            content = source if isinstance(source, bytes) else source.read_bytes()
            sha256 = picture.origin.sha256
            kind = (media_type(content[:HEAD_SIZE]) or "").rpartition("/")[2]
            write_whole(self._folder / sha256[:2] / f"{sha256}.{kind}", content, replace=False)
        except FileExistsError:
            return True
        except (OSError, StudioError) as error:
            _log.warning("the Content Credentials of a picture are not kept: %s", error)
            return False
        return True

    def path(self, sha256: str) -> Path | None:
        """Return the file of a picture; None where none was kept."""
        if not _SHA256.fullmatch(sha256):  # it comes out of files
            return None
        return min((self._folder / sha256[:2]).glob(f"{sha256}.*"), default=None)
