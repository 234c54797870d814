"""The project file, the constraints, the package and the papers say the same."""

from __future__ import annotations

import importlib
import re
import shlex
import tomllib
from dataclasses import replace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import studio
from studio.cli.commands import main, own_commands
from tests.architecture.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
WANTED = [Requirement(line) for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]
PINS = [Requirement(line) for line in (ROOT / "packaging" / "constraints.txt").read_text("utf-8").splitlines()]
PAPERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
MACHINES = [
    {"python_version": python, "python_full_version": f"{python}.5", "sys_platform": system, "platform_machine": cpu}
    for python in ("3.11", "3.12", "3.13")
    for system, cpu in (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64"))
]


def applies(requirement: Requirement, machine: dict[str, str]) -> bool:
    """Tell whether a requirement counts on a machine."""
    return requirement.marker is None or requirement.marker.evaluate({**machine, "extra": ""})


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: f"{m['python_version']}-{m['sys_platform']}")
def test_the_constraints_are_what_the_project_asks_for(machine: dict[str, str]) -> None:
    pins = {canonicalize_name(pin.name): pin.specifier for pin in PINS if applies(pin, machine)}
    wanted = [one for one in WANTED if applies(one, machine)]
    assert len(wanted) > 20
    for one in wanted:
        pin = pins.get(canonicalize_name(one.name))
        assert pin is not None, f"{one.name} has no pin"
        (version,) = (specifier.version for specifier in pin)
        assert str(pin) == f"=={version}", one.name
        assert one.specifier.contains(version), f"{one} is pinned to {version}"


def test_torchvision_is_in_no_list() -> None:
    assert "torchvision" not in {one.name for one in (*WANTED, *PINS)}


def test_the_version_is_one() -> None:
    assert studio.__version__ == PROJECT["version"]
    newest = re.search(r"^## \[([\d.]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["version"]


def test_the_readme_gives_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for command in ("run", "test"):
        assert re.search(rf"^python3 packaging/bootstrap\.py {command}\b", text, re.MULTILINE)


def test_the_command_that_gets_installed_exists() -> None:
    module, _, function = PROJECT["scripts"]["sfumato"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_the_program_understands_the_readmes_command_lines() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    # What a line does stands behind it, apart by at least three spaces.
    lines = [re.split(r" {3,}", line)[0] for line in re.findall(r"^sfumato .*$", text, re.MULTILINE)]
    table = {name: replace(command, run=lambda _: 0) for name, command in own_commands().items()}
    used = [shlex.split(line)[1:] for line in lines if line.strip() != "sfumato"]
    assert {arguments[0] for arguments in used} == set(table)
    assert [arguments for arguments in used if main(arguments, table) != 0] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_what_the_papers_point_at_exists(paper: str) -> None:
    text = (ROOT / paper).read_text("utf-8")
    targets = re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r"(?:src|href)=\"([^\"#]+)\"", text)
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (ROOT / target).exists()] == []


def test_continuous_integration_runs_the_second_command() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert script.rstrip().endswith('exec python3 packaging/bootstrap.py test "$@"')
