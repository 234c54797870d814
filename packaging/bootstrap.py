"""Sets Sfumato up in this checkout and starts it, or its tests, with nothing but Python at hand.

    python3 packaging/bootstrap.py run [ARGUMENTS OF sfumato]
    python3 packaging/bootstrap.py test [ARGUMENTS OF pytest]

`run` without arguments opens the window; without a display it paints a picture and prints where it is. The environment
lies in `.venv` of the checkout, with a stamp that makes the next start instant. Standard library only; the file parses
on older Pythons too, so that they get a sentence instead of a syntax error.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import platform
import re
import subprocess
import sys
import sysconfig
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from system_packages import SetupError, install_packages, loads, missing_packages, prepare_tests, run
from workers import spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "sfumato-stamp.json"
PYPROJECT = ROOT / "pyproject.toml"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
UV = "uv==0.13.9"
OLDEST, NEWEST = (3, 11), (3, 13)
FIRST_PICTURE = "a red fox, 3d"
COMMANDS = ("run", "test")
USAGE = f"""usage: python3 packaging/bootstrap.py [--torch BUILD] run|test [ARGUMENTS]

  run    set Sfumato up, then open its window; ARGUMENTS go to sfumato, for example
             run generate "a blue whale" --seed 3
         Without arguments and without a display: paint "{FIRST_PICTURE}" and print where the picture is.
  test   set Sfumato and its tools up, then run all tests; ARGUMENTS go to pytest
         Whole runs use up to four cores; a file, a folder or an option like -n 0, -s and --pdb keeps to one.

  --torch BUILD   the build of torch to fetch: auto (the default: what fits this machine), cpu, cu130, rocm7.2, xpu
                  and whatever else `uv pip install --torch-backend` knows, or plain (the registry's default).
                  It is remembered until another is asked for.
"""

# torch names these itself, one set for each of its builds, so the versions that belong to the registry's default build
# would forbid every other one.
ACCELERATOR_PACKAGES = ("nvidia-", "cuda-", "triton")


@dataclass(frozen=True)
class Task:
    """What was asked for.

    Attributes:
        command: `run` or `test`.
        arguments: passed through untouched.
        torch: the build of torch asked for; empty to keep the one chosen before.
    """

    command: str
    arguments: tuple[str, ...] = ()
    torch: str = ""


@dataclass(frozen=True)
class Stamp:
    """What the environment holds, kept inside it.

    Attributes:
        key: hash of all that decides what gets installed.
        state: `incomplete` from the first step until the last one is through.
        torch: the build of torch asked for.
        dev: whether the tools of the tests are there.
        python: version of the Python that made the environment.
    """

    key: str = ""
    state: str = "incomplete"
    torch: str = "auto"
    dev: bool = False
    python: str = ""


def main(arguments: Sequence[str]) -> int:
    """Set up, then hand over to Sfumato or pytest.

    Returns:
        The exit code: 1 when setting up failed, 2 for wrong usage, 130 after Ctrl-C, else that of the program started.
    """
    task = parse(arguments)
    if task is None:
        print(USAGE)
        return 0 if set(arguments) & {"-h", "--help"} else 2
    try:
        check_python(sys.version_info[:2])
        set_up(task)
    except SetupError as error:
        print(f"sfumato: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("sfumato: stopped; the next start goes on from here", file=sys.stderr)
        return 130
    return hand_over(task)


def parse(arguments: Sequence[str]) -> Task | None:
    """Split the command line; everything behind the command is passed through.

    Returns:
        The task, or None where the usage should be shown.
    """
    rest = list(arguments)
    torch = ""
    if rest[:1] == ["--torch"] and len(rest) > 1:
        torch, rest = rest[1], rest[2:]
    elif rest and rest[0].startswith("--torch="):
        torch, rest = rest[0].partition("=")[2], rest[1:]
    if not rest or rest[0] not in COMMANDS:
        return None
    return Task(rest[0], tuple(rest[1:]), torch)


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that torch has no wheels for.

    Raises:
        SetupError: the version is outside the range.
    """
    if not OLDEST <= version <= NEWEST:
        found, wanted = ".".join(map(str, version)), f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
        raise SetupError(f"this is Python {found}, but torch comes for Python {wanted}. Start me with one of those.")


def has_display(environ: Mapping[str, str], system: str) -> bool:
    """Tell whether a window can be opened; Windows and macOS always have a screen."""
    return system != "Linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def opens_window(task: Task, display: bool) -> bool:
    """Tell whether the task opens the window: `run` alone or with options only, as `sfumato` itself decides it."""
    speaks = {"-h", "--help", "--version"} & set(task.arguments)
    return task.command == "run" and display and not speaks and all(a.startswith("-") for a in task.arguments[:1])


def program(task: Task, display: bool, folder: Path) -> list[str]:
    """Return the arguments for the environment's Python.

    Args:
        task: what was asked for.
        display: whether a window can be opened.
        folder: where a picture goes that nobody gave a place.
    """
    if task.command == "test":
        return ["-m", "pytest", *spread(task.arguments, ROOT), *task.arguments]
    if not task.arguments and not display:
        return ["-m", "studio", "generate", FIRST_PICTURE, "--out", str(folder / "sfumato-first-picture.png")]
    return ["-m", "studio", *task.arguments]


# --- the environment


def set_up(task: Task) -> None:
    """Make the environment hold what the task needs.

    Raises:
        SetupError: a step failed.
    """
    if sys.platform == "linux":
        window = opens_window(task, has_display(os.environ, "Linux"))
        pip = STAMP.is_file() or importlib.util.find_spec("ensurepip") is not None
        if packages := missing_packages(window or task.command == "test", window, pip, loads):
            install_packages(packages)
        if task.command == "test":
            prepare_tests(os.geteuid() == 0)
    found = read_stamp(STAMP)
    wanted = wanted_stamp(
        task, found, b"\0".join(part.read_bytes() for part in (PYPROJECT, CONSTRAINTS, Path(__file__)))
    )
    if found == wanted and python_of(VENV).is_file():
        return
    print(f"sfumato: setting up {VENV}; the first time takes a minute or two and downloads a lot", flush=True)
    make_venv(found, wanted)
    write_stamp(replace(wanted, state="incomplete"))
    step("install uv", [str(python_of(VENV)), "-m", "pip", "install", "-q", "--disable-pip-version-check", UV])
    environ = uv_environment(os.environ, pip_settings())
    way = install_torch(wanted.torch, holds_other_torch(found, wanted), environ)
    install_app(wanted.dev, way, environ)
    write_stamp(wanted)


def wanted_stamp(task: Task, found: Stamp, inputs: bytes) -> Stamp:
    """Return the stamp of an environment that is ready for the task; tools once installed stay."""
    torch = task.torch or found.torch
    version = platform.python_version()
    # The place too: an editable install points back at the checkout, which may have been moved.
    key = hashlib.sha256(b"\0".join([inputs, torch.encode(), version.encode(), bytes(ROOT)])).hexdigest()
    return Stamp(key, "complete", torch, found.dev or task.command == "test", version)


def holds_other_torch(found: Stamp, wanted: Stamp) -> bool:
    """Tell whether another build of torch may be in the environment, from another choice or a change cut short."""
    return bool(found.key) and (found.torch != wanted.torch or found.state == "incomplete")


def read_stamp(path: Path) -> Stamp:
    """Return the stamp at `path`; an empty one where there is none that can be read."""
    try:
        return Stamp(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Stamp()


def write_stamp(stamp: Stamp, path: Path = STAMP) -> None:
    """Write the stamp whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(stamp), indent=2) + "\n", "utf-8")
    part.replace(path)


def python_of(venv: Path) -> Path:
    """Return the Python of an environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_venv(found: Stamp, wanted: Stamp) -> None:
    """Make the environment, or make it anew when another Python made the one there is.

    Raises:
        SetupError: Python could not make it.
    """
    clear = ["--clear"] if found.python and found.python != wanted.python else []
    if clear or not python_of(VENV).is_file() or run([str(python_of(VENV)), "-m", "pip", "--version"], quiet=True) != 0:
        step("make an environment", [sys.executable, "-m", "venv", *clear, str(VENV)])


def pip_settings() -> dict[str, str]:
    """Return pip's configuration, which uv does not read, by option name."""
    command = [str(python_of(VENV)), "-m", "pip", "config", "list"]
    return parse_pip_settings(subprocess.run(command, capture_output=True, text=True, check=False).stdout)


def parse_pip_settings(listing: str) -> dict[str, str]:
    """Return option -> value from the lines of `pip config list`; the environment, listed first, wins."""
    settings: dict[str, str] = {}
    for section, option, value in re.findall(r"^(:env:|global|install)\.([\w-]+)=(.*)$", listing, re.MULTILINE):
        if section == ":env:" or option not in settings:
            settings[option] = str(ast.literal_eval(value))
    return settings


def uv_environment(environ: Mapping[str, str], pip: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for uv: what pip was told of wheels, indexes and the way there; uv told itself wins."""
    extra = "" if "UV_EXTRA_INDEX_URL" in environ else " ".join(pip.get("extra-index-url", "").split())
    told = {
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_DEFAULT_INDEX": "" if "UV_INDEX_URL" in environ else pip.get("index-url", ""),
        "UV_INDEX": extra,
        # pip's own rule, for which its extra indexes were chosen: the best version of all indexes, whichever has it.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if extra else "",
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "ALL_PROXY": pip.get("proxy", ""),
        "SSL_CERT_FILE": pip.get("cert", ""),
    }
    return {**{name: value for name, value in told.items() if value}, **environ}


def install_torch(build: str, replacing: bool, environ: Mapping[str, str]) -> str:
    """Install torch before everything else, so that nothing pulls in another build of it.

    Args:
        build: what was asked for; see USAGE.
        replacing: whether the environment may hold another build.
        environ: for uv.

    Returns:
        Which way worked: `wheel`, `plain` or the name of a backend.

    Raises:
        SetupError: no way worked.
    """
    version = pinned_torch(PYPROJECT.read_text("utf-8"))
    ways = torch_ways(build, has_local_wheel(version, environ.get("UV_FIND_LINKS", "")), platform.system())
    again = ["--reinstall-package", "torch"] if replacing else []
    for way in ways:
        backend = [] if way in ("wheel", "plain") else ["--torch-backend", way]
        print(f"sfumato: installing torch {version} ({way})", flush=True)
        if run([*uv_install(), *backend, *again, f"torch=={version}"], environ) == 0:
            return way
    tried = ", ".join(ways)
    raise SetupError(
        f"torch {version} could not be installed (tried: {tried}). Look at the lines above; is there a network?"
    )


def torch_ways(build: str, local_wheel: bool, system: str) -> list[str]:
    """Return the ways to get torch, best first.

    A wheel lying on this machine beats a download; then uv finds the build for the device in torch's own index; where
    that cannot be reached, the registry's default is right on macOS and on Linux with an NVIDIA card, and works on
    every CPU.
    """
    if build != "auto":
        return [build]
    backend = [] if system == "Darwin" else ["auto"]
    return [*(["wheel"] if local_wheel else []), *backend, "plain"]


def pinned_torch(pyproject: str) -> str:
    """Return the version of torch that pyproject.toml pins.

    Raises:
        SetupError: it pins none.
    """
    found = re.search(r'"torch==([\w.]+)"', pyproject)
    if found is None:
        raise SetupError("pyproject.toml pins no torch. Check the file out again.")
    return found.group(1)


def has_local_wheel(version: str, find_links: str) -> bool:
    """Tell whether a folder of `find_links` (separated by commas) holds torch for this Python and machine."""
    tag = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    machine = sysconfig.get_platform().split("-")[-1]
    name = re.compile(rf"torch-{re.escape(version)}(\+[\w.]+)?-{tag}-{tag}-.*{re.escape(machine)}\.whl")
    folders = [Path(place.replace("file://", "", 1)) for place in find_links.split(",") if place]
    return any(name.fullmatch(wheel.name) for folder in folders if folder.is_dir() for wheel in folder.iterdir())


def install_app(dev: bool, way: str, environ: Mapping[str, str]) -> None:
    """Install Sfumato from the checkout, editable, with every version as it was tested.

    The bytecode is written now, on all cores. Left to the first start it costs that start ten seconds, and every start
    where PYTHONDONTWRITEBYTECODE is set, as in many containers, or where the environment cannot be written.

    Raises:
        SetupError: uv failed.
    """
    pins = VENV / "sfumato-constraints.txt"
    pins.write_text(constraints_for(way, CONSTRAINTS.read_text("utf-8")), "utf-8")
    app = f"{ROOT}[dev]" if dev else str(ROOT)
    step("install Sfumato", [*uv_install(), "--compile-bytecode", "-c", str(pins), "-e", app], environ)


def constraints_for(way: str, constraints: str) -> str:
    """Return the constraints less those that belong to the registry's default build of torch, if another one is in."""
    if way == "plain":
        return constraints
    lines = constraints.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(ACCELERATOR_PACKAGES))


def uv_install() -> list[str]:
    """Return the start of every install command."""
    return [str(python_of(VENV)), "-m", "uv", "pip", "install", "--python", str(python_of(VENV))]


# --- running things


def step(purpose: str, command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
    """Run one step of setting up.

    Raises:
        SetupError: it failed.
    """
    if run(command, environ) != 0:
        raise SetupError(
            f"could not {purpose}; the lines above say why. Mend that and start me again: what is done stays."
        )


def hand_over(task: Task) -> int:
    """Become the program that was asked for; on Windows, which cannot, wait for it."""
    display = has_display(os.environ, platform.system())
    folder = Path.cwd()
    command = [str(python_of(VENV)), *program(task, display, folder)]
    if task.command == "test":
        os.chdir(ROOT)
    elif not task.arguments and not display:
        print(
            f'sfumato: no display, so "{FIRST_PICTURE}" becomes a PNG; after `run` say `--help` for more',
            file=sys.stderr,
        )
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    return run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
