"""The files of the checkout, found without git, which a minimal system lacks."""

from __future__ import annotations

import ast
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
STUDIO = ROOT / "studio"
RESOURCES = ROOT / "resources"

# Top-level names in git, and what tools and training leave inside them; .gitignore says the same.
KEPT = (
    *("studio", "tests", "packaging", "resources", ".ci", "pyproject.toml"),
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", ".gitignore"),
)
LEFT_BEHIND = {"__pycache__", ".hypothesis", ".pytest_cache", ".ruff_cache", ".import_linter_cache", "work"}


def files(*names: str) -> list[Path]:
    """Return every file of the checkout below `names` (default: all that is kept), sorted."""
    return sorted(path for name in names or KEPT for path in _walk(ROOT / name))


def python_files(*names: str) -> list[Path]:
    """Return the Python files below `names`, by default of the program, its tests and its packaging."""
    return [path for path in files(*(names or ("studio", "tests", "packaging"))) if path.suffix == ".py"]


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def name_of(path: Path) -> str:
    """Return the path as seen from the checkout."""
    return path.relative_to(ROOT).as_posix()


def _walk(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
    for folder, inner, names in os.walk(top):
        inner[:] = [name for name in inner if name not in LEFT_BEHIND and not name.endswith(".egg-info")]
        yield from (Path(folder, name) for name in names if not name.endswith(".pyc"))
