"""Whether there is a screen to show a window on. Qt itself would abort the process."""

from __future__ import annotations

import re
import socket
import sys
from typing import TYPE_CHECKING, Final

from studio.domain.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_TIMEOUT_S: Final = 3.0
_X_TCP_PORT: Final = 6000
_X_DISPLAY = re.compile(r"(?:unix:|(?P<host>[^/:]*):)(?P<number>\d+)(?:\.\d+)?")
_REMEDY: Final = 'Start Sfumato on a desktop, or paint without a window: sfumato generate "a red fox, 3d"'


def require_display(environ: Mapping[str, str], platform: str = sys.platform) -> None:
    """Check that a window can be opened.

    Only Linux and its relatives need it; elsewhere, and where a Qt platform was chosen by hand, nothing is checked.

    Raises:
        StudioError: there is no display, or it does not answer.
    """
    if platform in {"win32", "darwin", "cygwin"} or environ.get("QT_QPA_PLATFORM"):
        return
    if environ.get("WAYLAND_DISPLAY"):
        return
    name = environ.get("DISPLAY", "")
    if not name:
        why = "neither DISPLAY nor WAYLAND_DISPLAY is set"
        raise StudioError("There is no screen to open a window on", why, _REMEDY)
    match = _X_DISPLAY.fullmatch(name)
    if match is None:
        return  # a kind of name that Qt may know
    try:
        _knock(match["host"] or "", int(match["number"]))
    except OSError as error:
        raise StudioError(f"The screen {name} does not answer", error.strerror or str(error), _REMEDY) from error


def _knock(host: str, number: int) -> None:
    """Open a connection to an X server and close it again.

    Raises:
        OSError: nobody is there.
    """
    if host:
        socket.create_connection((host, _X_TCP_PORT + number), CONNECT_TIMEOUT_S).close()
        return
    path = f"/tmp/.X11-unix/X{number}"
    # Linux servers listen under this name too, which needs no file system: a container may share only that.
    names = (path, f"\0{path}") if sys.platform == "linux" else (path,)
    for last, name in enumerate(names, 1 - len(names)):
        with socket.socket(socket.AF_UNIX) as knocking:
            try:
                knocking.connect(name)
            except OSError:
                if last == 0:
                    raise
            else:
                return
