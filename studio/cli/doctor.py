"""`sfumato doctor`: what is here and what is missing. It finishes whatever is broken."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil

from studio import __version__
from studio.cli.engine_report import PROGRAM
from studio.domain.errors import StudioError
from studio.services.engine_environment import child_environment
from studio.services.files import require_writable
from studio.services.model_library import STARTER, ModelLibrary
from studio.services.paths import Paths, resources

if TYPE_CHECKING:
    import argparse

_LIBRARIES: Final = (
    "torch", "diffusers", "transformers", "tokenizers", "safetensors", "accelerate", "numpy", "pillow", "pydantic",
    "PySide6-Essentials",
)  # fmt: skip
_TIMEOUT_S: Final = 180
_WINDOW: Final = "import PySide6.QtGui, PySide6.QtWidgets"


def run(options: argparse.Namespace) -> int:
    """Print the report; 1 if something that painting needs is missing."""
    report = look()
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        print(_as_text(report))
    return 1 if report["missing"] else 0


def look() -> dict[str, Any]:
    """Return the report: sections of names and values, and ``missing``, a list of sentences."""
    paths = Paths.of_user(os.environ)
    library = ModelLibrary.of(paths)
    engine = _engine()
    folders = {name: str(getattr(paths, name)) for name in ("data", "config", "cache", "pictures", "models")}
    models = {model.ref.id: str(model.ref.folder) for model in library.models()}
    return {
        "versions": _versions(),
        "engine": engine,
        "memory": {"machine": psutil.virtual_memory().total, "free": psutil.virtual_memory().available},
        "paths": folders | {"resources": str(resources())},
        "models": models,
        "missing": [
            *([f"The engine does not start: {engine['error']}"] if "error" in engine else []),
            *([] if STARTER in models else [f"The starter model is not in {resources() / 'models'}."]),
            *(str(error) for error in library.broken()),
            *_unwritable([paths.data, paths.config, paths.cache, paths.pictures]),
        ],
        "window": _window(),
    }


def _versions() -> dict[str, str]:
    found = {"sfumato": __version__, "python": platform.python_version(), "system": platform.platform()}
    for name in _LIBRARIES:
        try:
            found[name.lower()] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name.lower()] = "missing"
    return found


def _engine() -> dict[str, Any]:
    run = _ask(PROGRAM)
    try:
        report = json.loads(run.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        return {"error": _last_words(run)}
    return report if "error" in report else report["description"] | {"memory": report["memory"]}


def _window() -> list[str]:
    """Return what a window lacks, as sentences."""
    lacks: list[str] = []
    run = _ask(_WINDOW)
    if run.returncode:
        lacks.append(f"Qt cannot be loaded: {_last_words(run)}")
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        lacks.append("There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set.")
    fonts = resources() / "fonts"
    if not any(fonts.glob("*.ttf")):
        lacks.append(f"There is no font in {fonts}.")
    own = os.environ.get("QT_QPA_FONTDIR")
    if own and not Path(own).is_dir():
        lacks.append(f"QT_QPA_FONTDIR names {own}, which is no folder, so Qt finds no font at all.")
    return lacks


def _ask(program: str) -> subprocess.CompletedProcess[str]:
    """Run a line of Python in a process of its own."""
    command = [sys.executable, "-P", "-c", program]  # -P: nothing from the folder the user stands in
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            env=child_environment(os.environ),
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def _last_words(run: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in run.stderr.splitlines() if line.strip()]
    if lines:
        return lines[-1]
    return f"its process was ended by signal {-run.returncode}" if run.returncode < 0 else "it said nothing"


def _unwritable(folders: list[Path]) -> list[str]:
    lacks: list[str] = []
    for folder in folders:
        # A folder that is not there yet is not made by looking: its nearest parent tells.
        place = next(parent for parent in (folder, *folder.parents) if parent.exists())
        try:
            require_writable(place)
        except StudioError as error:
            lacks.append(str(error))
    return lacks


def _as_text(report: dict[str, Any]) -> str:
    lines: list[str] = []
    for name in ("versions", "engine", "memory", "paths", "models"):
        lines += [name.capitalize(), *_rows(report[name]), ""]
    lines += ["The window can open" if not report["window"] else "The window cannot open"]
    lines += [f"  {sentence}" for sentence in report["window"]]
    lines += ["", "Something is missing" if report["missing"] else "Nothing is missing to paint"]
    lines += [f"  {sentence}" for sentence in report["missing"]]
    return "\n".join(lines)


def _rows(values: dict[str, Any]) -> list[str]:
    if not values:
        return ["  none"]
    return [f"  {name:<20} {_value(name, value)}" for name, value in values.items()]


def _value(name: str, value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(key, one)}" for key, one in value.items())
    if isinstance(value, int) and name in {"machine", "free", "used", "total"}:
        return f"{value / 2**30:.1f} GiB"
    return str(value)
