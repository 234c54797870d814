"""The system packages that Python and Qt need: which ones are missing, and how they get installed.

Standard library only; parses on older Pythons too.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# Every Qt module needs the first list, without a screen too: soname -> Debian package.
OFFSCREEN_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libbrotlidec.so.1": "libbrotli1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libX11.so.6": "libx11-6",
}
# A window on X11 needs these as well; without them Qt aborts the process instead of raising.
WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

# What the tests under a real X server run: program -> Debian package. Without them these tests are skipped.
SCREEN_PROGRAMS = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "xclip": "xclip"}
# What reads in tests the files that Sfumato wrote, knowing nothing of it: program -> Debian package. Likewise.
READERS = {"exiftool": "libimage-exiftool-perl"}


class SetupError(Exception):
    """Setting up cannot go on; the message says what, why and what to do."""


def missing_packages(qt: bool, window: bool, pip: bool, loads: Callable[[str], bool]) -> list[str]:
    """Return the Debian packages that are needed and that this machine lacks.

    Args:
        qt: whether Qt will be imported.
        window: whether a window will be opened.
        pip: whether Python can make an environment with pip in it; Debian has that part in a package of its own.
        loads: tells whether the dynamic loader finds a soname.
    """
    libraries = {**(OFFSCREEN_LIBRARIES if qt else {}), **(WINDOW_LIBRARIES if window else {})}
    missing = [package for soname, package in libraries.items() if not loads(soname)]
    return missing if pip else ["python3-venv", *missing]


def missing_test_packages(loads: Callable[[str], bool], has: Callable[[str], bool]) -> list[str]:
    """Return the Debian packages that some tests lack: a window's libraries, an X server, and readers of our files.

    Args:
        loads: tells whether the dynamic loader finds a soname.
        has: tells whether there is a program.
    """
    libraries = [package for soname, package in WINDOW_LIBRARIES.items() if not loads(soname)]
    programs = {**SCREEN_PROGRAMS, **READERS}
    return [*libraries, *(package for program, package in programs.items() if not has(program))]


def apt_line(packages: Sequence[str]) -> str:
    """Return the command that a person types to install `packages`."""
    return "sudo apt-get update && sudo apt-get install --no-install-recommends -y " + " ".join(packages)


def loads(soname: str) -> bool:
    """Tell whether the dynamic loader finds `soname`."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages, as root or through sudo.

    Raises:
        SetupError: there is no apt, no right to use it, or it failed; the message holds the line to type.
    """
    needed = f"these system packages are missing: {' '.join(packages)}."
    if shutil.which("apt-get") is None:
        raise SetupError(f"{needed} These are Debian's names; install what they hold here, then start me again.")
    by_hand = f"{needed} Install them, then start me again:\n\n    {apt_line(packages)}\n"
    terminal = sys.stdin is not None and sys.stdin.isatty()
    prefix = apt_prefix(os.geteuid() == 0, shutil.which("sudo") is not None, terminal)
    if prefix is None or (prefix == ["sudo", "-n"] and run([*prefix, "true"], quiet=True) != 0):
        raise SetupError(by_hand)
    print(f"sfumato: installing {' '.join(packages)}", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Lists that cannot be refreshed may still be good enough to install from.
    run([*prefix, "apt-get", "update", "-qq"], environ)
    if run([*prefix, "apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages], environ) != 0:
        raise SetupError(by_hand)


def prepare_tests(root: bool) -> None:
    """Install what some tests need beside Python where nobody has to be asked; else say that they are skipped.

    Args:
        root: whether this is root's process.
    """
    packages = missing_test_packages(loads, lambda program: shutil.which(program) is not None)
    if not packages:
        return
    if root:
        try:
            install_packages(packages)
        except SetupError as error:
            print(f"sfumato: {error}", flush=True)
        else:
            return
    skipped = "tests under a real X server and with other programs are skipped"
    print(f"sfumato: {skipped}; to have them: {apt_line(packages)}", flush=True)


def apt_prefix(root: bool, sudo: bool, terminal: bool) -> list[str] | None:
    """Return what goes before `apt-get`, or None without the right to use it; sudo may ask only at a terminal."""
    if root:
        return []
    if not sudo:
        return None
    return ["sudo"] if terminal else ["sudo", "-n"]


def run(command: Sequence[str], environ: Mapping[str, str] | None = None, quiet: bool = False) -> int:
    """Run a command and return its exit code."""
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, env=environ, stdout=output, stderr=output, check=False).returncode
