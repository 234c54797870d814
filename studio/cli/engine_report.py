"""What the engine says of itself, printed as JSON by a process of its own: a broken torch can take its process down."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

from studio.domain.errors import StudioError
from studio.services.paths import Paths

PROGRAM = "from studio.cli.engine_report import main; main()"
"""For ``python -c``."""


def main() -> None:
    """Print ``{"description": ..., "memory": ...}`` or ``{"error": ...}`` as the last line."""
    try:
        report = _report()
    except StudioError as error:
        report = {"error": str(error)}
    except Exception as error:  # noqa: BLE001 - the process's boundary; whatever is wrong is what was asked for
        report = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write("\n" + json.dumps(report) + "\n")


def _report() -> dict[str, object]:
    from studio.engine.diffusers_engine import DiffusersEngine

    engine = DiffusersEngine(cache_folder=Paths.of_user(os.environ).engine_cache)
    try:
        return {"description": asdict(engine.describe()), "memory": asdict(engine.memory())}
    finally:
        engine.close()
