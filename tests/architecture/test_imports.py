"""The rule of imports holds, and a planted breach of each contract is caught."""

import shutil
import subprocess
import sys
import tomllib
from itertools import permutations
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
]

NO_CYCLES = "No cycles between siblings"
UI_PARTS = ("panels", "canvas", "gallery")

# Contract -> what is planted to break it: (module below `studio`, module it imports).
BREACHES = {
    "Rooms are layered": [
        ("domain.planted", "studio.services"),
        ("services.planted", "studio.engine"),
        ("engine.planted", "studio.services"),
        ("bridge.planted", "studio.ui"),
        ("ui.planted", "studio.app"),
        ("cli.planted", "studio.app"),
        ("app", "studio.cli"),
    ],
    "Qt lives only in bridge and ui": [
        (importer, library)
        for importer in ("domain.planted", "engine.planted", "services.planted", "cli.planted")
        for library in ("PySide6", "shiboken6", "qasync")
    ],
    "torch lives only in engine": [
        (importer, library)
        for importer in ("domain.planted", "services.planted", "bridge.planted", "ui.planted")
        for library in ("torch", "diffusers", "transformers", "accelerate", "safetensors")
    ],
    "Panels, canvas and gallery do not know each other": [
        (f"ui.{one}.planted", f"studio.ui.{other}") for one, other in permutations(UI_PARTS, 2)
    ],
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package in `folder`, under the contracts of the project file beside it."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the package and its contracts to where something may be planted."""
    shutil.copytree(ROOT / "studio", tmp_path / "studio", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_holds() -> None:
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr
    assert all(f"{name} KEPT" in run.stdout for name in CONTRACTS), run.stdout


def test_every_contract_has_a_planted_breach() -> None:
    assert [*BREACHES, NO_CYCLES] == CONTRACTS


@pytest.mark.parametrize("contract", list(BREACHES))
def test_a_planted_breach_is_caught(contract: str, copy: Path) -> None:
    planted = [(plant(copy, importer, imported), imported) for importer, imported in BREACHES[contract]]
    run = lint_imports(copy)
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"{contract} BROKEN" in run.stdout, run.stdout
    report = " ".join(run.stdout.split())
    unseen = [(one, other) for one, other in planted if f"studio.{one} -> {other} (l." not in report]
    assert unseen == [], run.stdout


def test_a_planted_cycle_is_caught(copy: Path) -> None:
    plant(copy, "domain.planted_one", "studio.domain.planted_two")
    plant(copy, "domain.planted_two", "studio.domain.planted_one")
    run = lint_imports(copy)
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"{NO_CYCLES} BROKEN" in run.stdout, run.stdout
    # The report names the import whose removal breaks the cycle, which is either of the two.
    assert ".planted_one -> .planted_two" in run.stdout or ".planted_two -> .planted_one" in run.stdout, run.stdout


def test_a_sixth_room_is_caught(copy: Path) -> None:
    (copy / "studio" / "helpers.py").write_text("")
    run = lint_imports(copy)
    assert run.returncode == 1
    assert "studio.helpers" in run.stdout


def plant(folder: Path, importer: str, imported: str) -> str:
    """Make a module, new or there already, import another one inside a function, where an eye would miss it.

    Returns:
        The module below `studio` that imports now: `importer`, or a new one inside it where it is a package.
    """
    path = folder.joinpath("studio", *importer.split("."))
    if path.is_dir():
        path, importer = path / "planted", f"{importer}.planted"
    path = path.with_suffix(".py")
    source = path.read_text("utf-8") if path.exists() else ""
    name = imported.replace(".", "_")
    path.write_text(f"{source}\n\ndef planted_{name}() -> None:\n    import {imported}\n", "utf-8")
    return importer
