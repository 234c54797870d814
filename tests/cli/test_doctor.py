"""`sfumato doctor` tells what is here and what is missing, however broken it is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio import __version__

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


def doctor(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "studio", "doctor", *arguments]
    environ = os.environ | environment
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=110)


def test_the_report_says_what_is_here(home: Path, model: Path) -> None:
    run = doctor("--json", DISPLAY=":7", QT_QPA_FONTDIR="nowhere")
    assert run.stderr == ""
    report = json.loads(run.stdout)
    assert report["versions"]["sfumato"] == __version__
    assert report["versions"]["torch"].startswith("2.")
    engine = report["engine"]
    assert engine["device"] in {"cpu", "cuda", "mps", "xpu"}
    assert engine["dtype"] in {"float32", "bfloat16", "float16"}
    assert engine["reason"]
    assert engine["memory"]["total"] > 0
    assert report["paths"]["data"] == str(home / "data")
    assert report["models"]["tiny"] == str(model)
    assert report["window"] == ["QT_QPA_FONTDIR names nowhere, which is no folder, so Qt finds no font at all."]
    assert run.returncode == (1 if report["missing"] else 0)


def test_a_broken_torch_is_what_it_reports(tmp_path: Path, model: Path) -> None:
    (model / "vae" / "config.json").write_text("{")
    (tmp_path / "broken" / "torch").mkdir(parents=True)
    (tmp_path / "broken" / "torch" / "__init__.py").write_text('raise OSError("libtorch_cpu.so: cannot open")')
    path = os.pathsep.join([str(tmp_path / "broken"), os.environ.get("PYTHONPATH", "")])
    run = doctor(PYTHONPATH=path, DISPLAY="", WAYLAND_DISPLAY="")
    assert run.returncode == 1
    assert run.stderr == ""
    assert "The engine does not start: OSError: libtorch_cpu.so: cannot open" in run.stdout
    assert "The file vae/config.json cannot be read" in run.stdout
    assert ("There is no display" in run.stdout) is (sys.platform == "linux")


def test_an_engine_that_takes_its_process_down_is_what_it_reports(tmp_path: Path) -> None:
    (tmp_path / "broken" / "torch").mkdir(parents=True)
    (tmp_path / "broken" / "torch" / "__init__.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGILL)")
    path = os.pathsep.join([str(tmp_path / "broken"), os.environ.get("PYTHONPATH", "")])
    report = json.loads(doctor("--json", PYTHONPATH=path).stdout)
    assert report["engine"] == {"error": "its process was ended by signal 4"}
    assert "The engine does not start: its process was ended by signal 4" in report["missing"]
