"""Formatting, lint, types and spelling are tests, so that one command runs everything."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.architecture.tree import KEPT, ROOT

if TYPE_CHECKING:
    from pathlib import Path

CODE = ("studio", "tests", "packaging")


def tool(*arguments: str, text: str | None = None, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a module of this environment in the checkout."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, input=text, capture_output=True, text=True, check=False)


def test_the_code_is_formatted() -> None:
    run = tool("ruff", "format", "--check", "--no-cache", *CODE)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_code_has_no_lint() -> None:
    run = tool("ruff", "check", "--no-cache", *CODE)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_words_are_spelled_right() -> None:
    run = tool("codespell_lib", *(name for name in KEPT if name != "resources" and (ROOT / name).exists()))
    assert run.returncode == 0, run.stdout + run.stderr


# Newer Pythons get newer numpy and PySide6, whose stubs see other things; pyproject's pythonVersion names this one.
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="types are checked against the libraries of Python 3.11")
@pytest.mark.slow
@pytest.mark.timeout(480)
def test_the_types_are_right() -> None:
    run = tool("basedpyright", "--pythonpath", sys.executable)
    assert run.returncode == 0, run.stdout + run.stderr


BRANCHES = "".join(f"    if a == {number}:\n        a += 1\n" for number in range(10))
DOCSTRING = '"""Planted."""\n'


@pytest.mark.parametrize(
    ("file", "source", "rule"),
    [
        ("studio/bridge/planted.py", f"def f(a: int) -> int:\n    {DOCSTRING}{BRANCHES}    return a\n", "C901"),
        ("studio/bridge/planted.py", "from PySide6.QtWidgets import QWidget\n\nQWidget()\n", "TID251"),
        ("studio/domain/planted.py", "from . import errors\n\nerrors.__name__\n", "TID252"),
        ("studio/services/planted.py", "print('said')\n", "T201"),
        ("studio/services/planted.py", "try:\n    int('1')\nexcept Exception:\n    int('2')\n", "BLE001"),
        ("studio/engine/planted.py", "def f(a):\n    return a\n", "ANN001"),
        ("studio/engine/planted.py", "def f() -> None:\n    import torch\n\n    torch.rand(1)\n", "PLC0415"),
        ("studio/ui/planted.py", "value = 1  # noqa: E501\n", "RUF100"),
        ("tests/planted.py", "from unittest.mock import patch\n\npatch\n", "TID251"),
        ("tests/planted.py", "import time\n\ntime.sleep(1)\n", "TID251"),
    ],
)
def test_planted_lint_is_caught(file: str, source: str, rule: str) -> None:
    run = tool("ruff", "check", "--no-cache", "--output-format=concise", "--stdin-filename", file, "-", text=source)
    assert run.returncode == 1, run.stdout + run.stderr
    assert f" {rule} " in run.stdout.replace("[*] ", ""), run.stdout


def test_planted_bad_format_and_spelling_are_caught(tmp_path: Path) -> None:
    assert tool("ruff", "format", "--check", "--stdin-filename", "studio/planted.py", "-", text="x  = 1\n").returncode
    # In two halves, or the check of this file would find it.
    (tmp_path / "planted.md").write_text("rec" + "ieve\n")
    assert tool("codespell_lib", str(tmp_path / "planted.md")).returncode


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_planted_wrong_type_is_caught(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"))
    (tmp_path / "studio").mkdir()
    (tmp_path / "studio" / "planted.py").write_text("def half(value: int) -> int:\n    return value / 2\n")
    run = tool("basedpyright", "--pythonpath", sys.executable, "studio", folder=tmp_path)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "reportReturnType" in run.stdout, run.stdout
