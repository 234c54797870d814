"""The command as a process: what it imports, how it ends, and Ctrl-C."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from studio.services.files import partial_files
from studio.services.pictures import read_picture

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "pydantic", "PIL", "torch", "diffusers", "transformers", "PySide6")


def python(*arguments: str | Path, stdin: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, stdin=stdin, capture_output=True, text=True, check=False, timeout=100)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--help"], 0, "generate"),
        (["generate", "--help"], 0, "--negative"),
        (["--version"], 0, "Sfumato 0."),
        (["generate"], 2, "PROMPT"),
        (["generate", "a fox", "--size", "big"], 2, '"big" is no size'),
        (["paint"], 2, "invalid choice: 'paint'"),
    ],
)
def test_help_and_wrong_usage_import_nothing_heavy(arguments: list[str], code: int, says: str) -> None:
    program = (
        "import sys; from studio.__main__ import main; code = main(sys.argv[1:]); "
        f"print([name for name in {HEAVY} if name in sys.modules]); sys.exit(code)"
    )
    run = python("-c", program, *arguments)
    assert run.returncode == code
    assert run.stdout.splitlines()[-1] == "[]"
    assert says in run.stdout + run.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked for a display")
@pytest.mark.parametrize("options", [[], ["--verbose"]])
@pytest.mark.parametrize(("display", "says"), [("", "There is no screen"), ("wayland-1", "libGL.so.1: cannot open")])
def test_without_the_libraries_of_a_window_a_sentence_says_so(
    tmp_path: Path, options: list[str], display: str, says: str
) -> None:
    (tmp_path / "PySide6").mkdir()
    missing = "libGL.so.1: cannot open shared object file"
    (tmp_path / "PySide6" / "__init__.py").write_text(f'raise ImportError("{missing}")', "utf-8")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": path, "WAYLAND_DISPLAY": display, "DISPLAY": "", "QT_QPA_PLATFORM": ""}
    command = [sys.executable, "-P", "-m", "studio", *options]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert says in run.stderr
    assert "sfumato generate" in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.slow
def test_the_program_can_be_started_by_its_package() -> None:
    run = python("-m", "studio", "generate", "a fox", "--model", "none")
    assert run.returncode == 1
    assert run.stderr.startswith('sfumato: There is no model "none".')
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("verbose", "tracebacks"), [([], 0), (["--verbose"], 1)])
def test_what_nobody_foresaw_is_a_sentence(verbose: list[str], tracebacks: int) -> None:
    program = """
import sys
from studio.cli.commands import Command, main
from studio.engine.failures import as_studio_error

def fail(_options):
    try:
        raise IndexError("index 1000 is out of bounds")
    except IndexError as error:
        failure = as_studio_error(error).with_traceback(None)
    raise failure from None

def add_options(parser):
    parser.add_argument("--verbose", action="store_true")

sys.exit(main(sys.argv[1:], {"fail": Command("fail", add_options, fail)}))
"""
    run = python("-c", program, "fail", *verbose)
    assert run.returncode == 1
    assert run.stderr.count("IndexError: index 1000 is out of bounds\n") == tracebacks
    assert ("Traceback" in run.stderr) is bool(verbose)
    assert run.stderr.splitlines()[-1].startswith("sfumato: The picture could not be painted.")


@pytest.mark.parametrize("buffering", ["", "1"])
@pytest.mark.parametrize("end", ["main()", "sys.exit(main(sys.argv[1:]))"])
def test_a_reader_that_has_seen_enough_is_no_failure_to_talk_about(tmp_path: Path, end: str, buffering: str) -> None:
    read, write = os.pipe()
    os.close(read)
    Image.new("RGB", (1, 1)).save(tmp_path / "x.png")
    program = f"import sys; from studio.__main__ import main; {end}"
    command = [sys.executable, "-c", program, "inspect", "--json", str(tmp_path / "x.png")]
    environment = os.environ | {"PYTHONUNBUFFERED": buffering}
    with os.fdopen(write, "wb") as closed:
        run = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=closed, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (run.returncode, run.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_what_cannot_be_printed_is_a_failure(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1)).save(tmp_path / "x.png")
    command = [sys.executable, "-m", "studio", "inspect", str(tmp_path / "x.png")]
    environment = os.environ | {"PYTHONUNBUFFERED": ""}
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert run.returncode == 1
    assert run.stderr.startswith("sfumato: ")
    assert "No space left" in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes the streams")
def test_streams_that_were_closed_are_done_without(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1)).save(tmp_path / "x.png")
    line = '"$0" -m studio inspect "$1" >&-'
    run = subprocess.run(
        ["sh", "-c", line, sys.executable, str(tmp_path / "x.png")],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_what_the_terminal_cannot_show_does_not_end_a_command(tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "狐, größer")
    Image.new("RGB", (1, 1)).save(tmp_path / "x.png", pnginfo=info)
    command = [sys.executable, "-m", "studio", "inspect", str(tmp_path / "x.png")]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.endswith(r"\u72d0, gr\xf6\xdfer" + "\n")


# --- Ctrl-C


@contextmanager
def held(kind: str, model: Path, out: Path) -> Generator[subprocess.Popen[str]]:
    """Start a command whose engine stands still, and end it in any case."""
    command = [sys.executable, "-m", "tests.cli.held_command", kind, "generate", "a fox", "--model", str(model)]
    command += ["--count", "3", "--seed", "1", "--out", f"{out}/"]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def stopped(child: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    """Send a signal and return the exit code and what was said."""
    child.send_signal(number)
    _, errors = child.communicate(timeout=20)
    return child.returncode, errors


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_while_painting_a_signal_stops_it_and_keeps_what_is_finished(
    model: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    out = tmp_path / "out"
    with held("listening", model, out) as child:
        assert child.stdout
        assert child.stdout.readline() == f"{out / 'sfumato-1.png'}\n"
        returned, errors = stopped(child, number)
    assert returned == code
    assert errors == "sfumato: stopped; finished pictures: 1\n"
    assert [path.name for path in out.iterdir()] == ["sfumato-1.png"]
    assert read_picture(out / "sfumato-1.png").width == 64


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_an_engine_that_hears_nothing(
    model: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with held("deaf", model, tmp_path / "out") as child:
        assert child.stdout
        assert child.stdout.readline() == "importing\n"
        returned, errors = stopped(child, number)
    assert returned == code
    assert errors == "sfumato: stopped; finished pictures: 0\n"
    assert list((tmp_path / "out").iterdir()) == partial_files(tmp_path / "out") == []


@pytest.mark.slow
def test_a_second_ctrl_c_does_not_wait(model: Path, tmp_path: Path) -> None:
    with held("deaf", model, tmp_path / "out") as child:
        assert child.stdout
        assert child.stdout.readline() == "importing\n"
        child.send_signal(signal.SIGINT)
        returned, _ = stopped(child, signal.SIGINT)
    assert returned == 130


# --- a terminal


@pytest.mark.slow
def test_a_terminal_shows_how_far_the_picture_is(model: Path, tmp_path: Path) -> None:
    main_end, terminal = pty.openpty()
    command = [sys.executable, "-m", "tests.cli.held_command", "listening", "generate", "a fox", "--model", str(model)]
    command += ["--out", f"{tmp_path}/", "--seed", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=terminal, text=True) as child:
        os.close(terminal)
        shown = b""
        try:
            while chunk := os.read(main_end, 4096):
                shown += chunk
        except OSError:  # Linux says so when the last writer is gone
            pass
        os.close(main_end)
        assert child.wait() == 0
        assert child.stdout
        assert child.stdout.read() == f"{tmp_path / 'sfumato-1.png'}\n"
    lines = shown.decode().split("\r")
    assert any(line.startswith("Loading the model") for line in lines)
    assert "Painting [############............] 2/4, 0.01 s a step, 0 s left" in lines
    assert shown.endswith(b"\r")


# --- the environment that makes torch fast


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux replaces the process")
def test_the_process_is_replaced_once_by_itself_with_the_fast_environment() -> None:
    program = (
        "import os, sys; from studio.cli.restart import restart_fast; restart_fast(); "
        "print(os.getpid(), os.environ['OMP_NUM_THREADS'], sys.argv[1:])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    command = [sys.executable, "-c", program, "a fox", "--steps"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as child:
        output, _ = child.communicate(timeout=60)
    pid, threads, arguments = output.strip().split(" ", 2)
    assert int(pid) == child.pid
    assert int(threads) >= 1
    assert arguments == "['a fox', '--steps']"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are held back on POSIX only")
def test_a_ctrl_c_during_the_replacement_is_not_lost() -> None:
    program = (
        "import os, signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}); "
        "os.kill(os.getpid(), signal.SIGINT); from studio.__main__ import main; sys.exit(main())"
    )
    run = python("-c", program, "inspect", "nothing.png")
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "")
