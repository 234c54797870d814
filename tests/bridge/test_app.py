"""The window's command: what it says where it cannot open one, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from studio import app
from studio.domain.errors import StudioError
from studio.services.display import require_display

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "studio")


@pytest.mark.parametrize(
    ("options", "named"),
    [(["--device", "tpu"], "tpu"), (["--engine", "magic"], "magic"), (["--colour"], "--colour")],
)
def test_a_wrong_option_is_named(options: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        app.main(options)
    assert ended.value.code == 2
    assert named in capsys.readouterr().err


def test_without_a_screen_a_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert app.main([]) == 1
    said = capsys.readouterr().err
    assert "no screen" in said
    assert "sfumato generate" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("display", [":4711", ":4711.0", "unix:4711"])
def test_a_screen_that_does_not_answer_is_told(display: str) -> None:
    with pytest.raises(StudioError, match="does not answer"):
        require_display({"DISPLAY": display}, "linux")


@pytest.mark.parametrize(
    ("environ", "platform"),
    [
        ({}, "win32"),
        ({}, "darwin"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux"),
        ({"DISPLAY": "something new"}, "linux"),
    ],
)
def test_where_a_window_may_open_nothing_is_said(environ: dict[str, str], platform: str) -> None:
    require_display(environ, platform)


@pytest.fixture
def window() -> Iterator[subprocess.Popen[str]]:
    """Start the real window without a screen, and wait until it is painted."""
    with subprocess.Popen(
        [*COMMAND, "--verbose"], cwd=ROOT, env=os.environ.copy(), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        said: list[str] = []
        for line in process.stderr:
            said.append(line)
            if "the window is painted" in line:
                break
        else:
            pytest.fail("".join(said))
        yield process
        process.kill()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_ctrl_c_closes_the_window_and_leaves_nothing(window: subprocess.Popen[str], home: Path) -> None:
    mine = psutil.Process(window.pid)
    window.send_signal(signal.SIGINT)
    children = mine.children(recursive=True)
    assert window.wait(timeout=20) == 0
    _, alive = psutil.wait_procs(children, timeout=2)
    assert alive == []
    log = (home / "data" / "sfumato.log").read_text()
    assert "Traceback" not in log


@pytest.mark.slow
def test_the_windows_process_never_loads_torch(window: subprocess.Popen[str]) -> None:
    loaded = {Path(mapped.path).name for mapped in psutil.Process(window.pid).memory_maps()}
    assert any("Qt6Widgets" in name for name in loaded), "it is the right process"
    assert not any("torch" in name for name in loaded)
