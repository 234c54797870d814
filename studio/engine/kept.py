"""Small results that are costly to find again, kept as JSON files. A lost or damaged file only costs the time."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any


def kept_json(file: Path | None) -> dict[str, Any]:
    """Return what is kept in a file; nothing if it is absent, damaged or None. Values are to be checked one by one."""
    if file is None:
        return {}
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def keep_json(file: Path | None, values: dict[str, Any]) -> None:
    """Keep values in a file, whole or not at all. A full disk or a folder without rights is not worth a failed job."""
    if file is None:
        return
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        # Two engines may write at the same time.
        with NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False, encoding="utf-8") as part:
            json.dump(values, part, indent=2)
        try:
            Path(part.name).replace(file)
        finally:
            Path(part.name).unlink(missing_ok=True)
