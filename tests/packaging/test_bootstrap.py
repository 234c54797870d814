"""What the bootstrap decides, without installing anything."""

import json
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bootstrap
import system_packages
from bootstrap import Stamp, Task
from studio.__main__ import opens_window


@given(st.sampled_from(bootstrap.COMMANDS), st.lists(st.text("run-=/\" 'é")))
def test_everything_behind_the_command_passes_through_untouched(command: str, arguments: list[str]) -> None:
    assert bootstrap.parse([command, *arguments]) == Task(command, tuple(arguments))


@pytest.mark.parametrize("option", [["--torch", "cu130"], ["--torch=cu130"]])
def test_the_build_of_torch_is_asked_for_before_the_command(option: list[str]) -> None:
    assert bootstrap.parse([*option, "run", "--torch", "x"]) == Task("run", ("--torch", "x"), "cu130")


@pytest.mark.parametrize("arguments", [[], ["-h"], ["walk"], ["--torch"], ["--torch", "cpu"], ["--help", "run"]])
def test_anything_else_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(arguments) == (0 if {"-h", "--help"} & set(arguments) else 2)
    assert capsys.readouterr().out.startswith("usage: ")


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_pythons_with_a_torch_pass(version: tuple[int, int]) -> None:
    bootstrap.check_python(version)


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14)])
def test_other_pythons_are_told_which_to_use(version: tuple[int, int]) -> None:
    with pytest.raises(system_packages.SetupError, match=r"comes for Python 3\.11 to 3\.13"):
        bootstrap.check_python(version)


def test_the_pythons_are_those_of_the_project_file() -> None:
    oldest, newest = bootstrap.OLDEST, bootstrap.NEWEST
    wanted = f'requires-python = ">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"'
    assert wanted in bootstrap.PYPROJECT.read_text("utf-8")


@pytest.mark.parametrize(
    ("environ", "system", "display"),
    [
        ({}, "Linux", False),
        ({"DISPLAY": ""}, "Linux", False),
        ({"DISPLAY": ":0"}, "Linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "Linux", True),
        ({}, "Windows", True),
        ({}, "Darwin", True),
    ],
)
def test_a_display_is_found(environ: dict[str, str], system: str, display: bool) -> None:
    assert bootstrap.has_display(environ, system) is display


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ((), True),
        (("--engine", "thread"), True),
        (("generate", "a cat"), False),
        (("doctor",), False),
        (("--help",), False),
        (("--version",), False),
    ],
)
def test_the_window_opens_without_a_subcommand(arguments: tuple[str, ...], window: bool) -> None:
    assert bootstrap.opens_window(Task("run", arguments), display=True) is window
    assert not bootstrap.opens_window(Task("run", arguments), display=False)
    assert not bootstrap.opens_window(Task("test", arguments), display=True)


@given(
    st.lists(st.sampled_from(["generate", "a cat", "--engine", "thread", "--help", "-h", "--version", "--json", ""]))
)
def test_the_program_itself_decides_alike(arguments: list[str]) -> None:
    assert bootstrap.opens_window(Task("run", tuple(arguments)), display=True) is opens_window(arguments)


@pytest.mark.parametrize(
    ("task", "display", "expected"),
    [
        (Task("run"), True, ["-m", "studio"]),
        (Task("run", ("generate", "a whale")), False, ["-m", "studio", "generate", "a whale"]),
        (Task("run", ("doctor",)), True, ["-m", "studio", "doctor"]),
        (Task("test", ("tests/ui", "-x")), False, ["-m", "pytest", "tests/ui", "-x"]),
    ],
)
def test_the_program_gets_its_arguments(task: Task, display: bool, expected: list[str], tmp_path: Path) -> None:
    assert bootstrap.program(task, display, tmp_path) == expected


@pytest.mark.parametrize(
    "arguments", [[], ["-x"], ["-k", "canvas and not undo"], ["-m", "not slow"], ["-m", ""], ["-q"]]
)
def test_a_run_of_all_tests_is_spread_over_the_cores(arguments: list[str]) -> None:
    command = bootstrap.program(Task("test", tuple(arguments)), display=False, folder=Path())
    assert command == ["-m", "pytest", "-n", "logical", "--maxprocesses", "4", "--dist", "worksteal", *arguments]


@pytest.mark.parametrize(
    "arguments",
    [
        ["tests/ui"],
        ["-x", "tests/packaging/test_bootstrap.py::test_pythons_with_a_torch_pass"],
        ["-n", "0"],
        ["-n3"],
        ["--pdb"],
        ["-s"],
        ["--collect-only"],
    ],
)
def test_a_file_a_debugger_or_a_number_of_ones_own_keeps_the_tests_together(arguments: list[str]) -> None:
    assert bootstrap.program(Task("test", tuple(arguments)), display=False, folder=Path())[2:] == arguments


def test_without_a_display_the_first_picture_goes_to_the_current_folder(tmp_path: Path) -> None:
    command = bootstrap.program(Task("run"), display=False, folder=tmp_path)
    assert command[:4] == ["-m", "studio", "generate", "a red fox, 3d"]
    assert Path(command[command.index("--out") + 1]).parent == tmp_path


def test_painting_without_a_window_needs_no_library_of_qt() -> None:
    assert system_packages.missing_packages(qt=False, window=False, pip=True, loads=lambda _: False) == []


def test_only_missing_libraries_are_asked_for() -> None:
    def loads(soname: str) -> bool:
        return soname != "libEGL.so.1"

    assert system_packages.missing_packages(qt=True, window=True, pip=True, loads=loads) == ["libegl1"]


def test_a_bare_python_gets_its_venv_and_a_window_its_libraries() -> None:
    offscreen = system_packages.missing_packages(qt=True, window=False, pip=False, loads=lambda _: False)
    window = system_packages.missing_packages(qt=True, window=True, pip=False, loads=lambda _: False)
    assert offscreen == ["python3-venv", *system_packages.OFFSCREEN_LIBRARIES.values()]
    assert window == [*offscreen, *system_packages.WINDOW_LIBRARIES.values()]


def test_the_tests_ask_for_the_programs_that_are_missing() -> None:
    def has(program: str) -> bool:
        return program != "xclip"

    assert system_packages.missing_test_packages(loads=lambda _: True, has=has) == ["xclip"]
    everything = system_packages.missing_test_packages(loads=lambda _: False, has=lambda _: False)
    programs = [*system_packages.SCREEN_PROGRAMS.values(), *system_packages.READERS.values()]
    assert everything == [*system_packages.WINDOW_LIBRARIES.values(), *programs]


def test_nobody_needs_root_to_run_the_tests(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages, "SCREEN_PROGRAMS", {"sfumato-does-not-exist": "no-such-package"})
    system_packages.prepare_tests(root=False)
    told = capsys.readouterr().out
    assert "are skipped; to have them: sudo apt-get" in told
    assert "no-such-package" in told


def test_the_loader_finds_libc_and_not_a_library_that_does_not_exist() -> None:
    assert system_packages.loads("libc.so.6")
    assert not system_packages.loads("libsfumato-does-not-exist.so.1")


def test_the_line_to_type_names_every_package() -> None:
    line = system_packages.apt_line(["libgl1", "libegl1"])
    assert line == "sudo apt-get update && sudo apt-get install --no-install-recommends -y libgl1 libegl1"


@pytest.mark.parametrize(
    ("root", "sudo", "terminal", "prefix"),
    [
        (True, False, False, []),
        (True, True, True, []),
        (False, True, True, ["sudo"]),
        (False, True, False, ["sudo", "-n"]),
        (False, False, True, None),
    ],
)
def test_sudo_asks_only_at_a_terminal(root: bool, sudo: bool, terminal: bool, prefix: list[str] | None) -> None:
    assert system_packages.apt_prefix(root, sudo, terminal) == prefix


@pytest.mark.parametrize(
    ("build", "local", "system", "ways"),
    [
        ("auto", True, "Linux", ["wheel", "auto", "plain"]),
        ("auto", False, "Linux", ["auto", "plain"]),
        ("auto", False, "Windows", ["auto", "plain"]),
        ("auto", False, "Darwin", ["plain"]),
        ("cu130", True, "Linux", ["cu130"]),
        ("plain", True, "Linux", ["plain"]),
    ],
)
def test_torch_comes_from_the_nearest_place(build: str, local: bool, system: str, ways: list[str]) -> None:
    assert bootstrap.torch_ways(build, local, system) == ways


TAG = f"cp{sys.version_info[0]}{sys.version_info[1]}"
MACHINE = sysconfig.get_platform().split("-")[-1]


@pytest.mark.parametrize(
    ("wheel", "found"),
    [
        (f"torch-2.13.0+cpu-{TAG}-{TAG}-manylinux_2_28_{MACHINE}.whl", True),
        (f"torch-2.13.0-{TAG}-{TAG}-manylinux_2_28_{MACHINE}.whl", True),
        (f"torch-2.13.01-{TAG}-{TAG}-manylinux_2_28_{MACHINE}.whl", False),
        (f"torch-2.14.0+cpu-{TAG}-{TAG}-manylinux_2_28_{MACHINE}.whl", False),
        (f"torch-2.13.0+cpu-cp39-cp39-manylinux_2_28_{MACHINE}.whl", False),
        (f"torch-2.13.0+cpu-{TAG}-{TAG}-manylinux_2_28_s390x.whl", False),
        (f"torchvision-2.13.0-{TAG}-{TAG}-manylinux_2_28_{MACHINE}.whl", False),
    ],
)
def test_a_local_wheel_must_fit(wheel: str, found: bool, tmp_path: Path) -> None:
    (tmp_path / wheel).touch()
    for places in (str(tmp_path), f"/nowhere,{tmp_path}", f"file://{tmp_path}"):
        assert bootstrap.has_local_wheel("2.13.0", places) is found
    assert not bootstrap.has_local_wheel("2.13.0", "")


def test_torch_is_pinned_exactly_and_alike() -> None:
    version = bootstrap.pinned_torch(bootstrap.PYPROJECT.read_text("utf-8"))
    assert f"torch=={version}\n" in bootstrap.CONSTRAINTS.read_text("utf-8")
    with pytest.raises(system_packages.SetupError, match="pins no torch"):
        bootstrap.pinned_torch('dependencies = ["torch>=2.13"]')


def test_the_constraints_leave_other_builds_of_torch_their_own_packages() -> None:
    constraints = "numpy==2.4.6\nnvidia-cublas==13.1.1.3 ; sys_platform == 'linux'\ntorch==2.13.0\ntriton==3.7.1\n"
    assert bootstrap.constraints_for("plain", constraints) == constraints
    for way in ("wheel", "auto", "cu130", "rocm7.2"):
        assert bootstrap.constraints_for(way, constraints) == "numpy==2.4.6\ntorch==2.13.0\n"


def test_uv_is_told_what_pip_was_told() -> None:
    listing = ":env:.find-links='/wheels /more'\nglobal.cert='/ca.crt'\nglobal.find-links='/other'\nlist.format='x'\n"
    settings = bootstrap.parse_pip_settings(listing)
    assert settings == {"find-links": "/wheels /more", "cert": "/ca.crt"}
    told = bootstrap.uv_environment({"PATH": "/bin"}, settings)
    assert told == {"PATH": "/bin", "UV_FIND_LINKS": "/wheels,/more", "SSL_CERT_FILE": "/ca.crt"}


def test_extra_indexes_count_as_they_do_for_pip() -> None:
    pip = {"extra-index-url": "\nfile:///one\nfile:///two", "trusted-host": "one\ntwo", "proxy": "localhost:3128"}
    assert bootstrap.uv_environment({}, pip) == {
        "UV_INDEX": "file:///one file:///two",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_INSECURE_HOST": "one two",
        "ALL_PROXY": "localhost:3128",
    }
    assert bootstrap.uv_environment({"UV_EXTRA_INDEX_URL": "x"}, {"extra-index-url": "file:///one"}) == {
        "UV_EXTRA_INDEX_URL": "x"
    }


def test_what_uv_was_told_itself_wins() -> None:
    environ = {"UV_FIND_LINKS": "/mine", "UV_INDEX_URL": "file:///mine", "SSL_CERT_FILE": "/mine.crt"}
    pip = {"find-links": "/pips", "index-url": "file:///pips", "cert": "/pips.crt"}
    assert bootstrap.uv_environment(environ, pip) == environ


def test_a_stamp_survives_its_file(tmp_path: Path) -> None:
    stamp = bootstrap.wanted_stamp(Task("test", torch="cpu"), Stamp(), b"inputs")
    bootstrap.write_stamp(stamp, tmp_path / "stamp.json")
    assert bootstrap.read_stamp(tmp_path / "stamp.json") == stamp
    assert [file.name for file in tmp_path.iterdir()] == ["stamp.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "7", json.dumps({"unknown": 1})])
def test_a_stamp_that_cannot_be_read_counts_as_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "stamp.json").write_text(text)
    assert bootstrap.read_stamp(tmp_path / "stamp.json") == Stamp()
    assert bootstrap.read_stamp(tmp_path / "absent.json") == Stamp()


def test_a_second_start_finds_everything_ready() -> None:
    first = bootstrap.wanted_stamp(Task("test"), Stamp(), b"inputs")
    assert first.state == "complete"
    # `run` needs less than `test` put there, so it is ready too.
    assert bootstrap.wanted_stamp(Task("test"), first, b"inputs") == first
    assert bootstrap.wanted_stamp(Task("run"), first, b"inputs") == first


def test_what_changes_the_environment_changes_the_stamp() -> None:
    found = bootstrap.wanted_stamp(Task("run"), Stamp(), b"inputs")
    assert bootstrap.wanted_stamp(Task("run"), found, b"other inputs") != found
    assert bootstrap.wanted_stamp(Task("run", torch="cpu"), found, b"inputs") != found
    assert bootstrap.wanted_stamp(Task("test"), found, b"inputs") != found


def test_the_choice_of_torch_is_remembered() -> None:
    found = bootstrap.wanted_stamp(Task("run", torch="cpu"), Stamp(), b"inputs")
    assert bootstrap.wanted_stamp(Task("run"), found, b"inputs") == found


@pytest.mark.parametrize(
    ("found", "other"),
    [
        (Stamp(), False),
        (Stamp(key="k", state="complete", torch="auto"), False),
        (Stamp(key="k", state="incomplete", torch="auto"), True),
        (Stamp(key="k", state="complete", torch="cpu"), True),
    ],
)
def test_another_build_of_torch_is_replaced(found: Stamp, other: bool) -> None:
    assert bootstrap.holds_other_torch(found, Stamp(key="n", state="complete", torch="auto")) is other
