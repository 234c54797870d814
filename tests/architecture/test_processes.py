"""What gets loaded where, and that Qt's bindings hold, each tried in a Python of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from studio.bridge import late_modules
from tests.architecture.tree import ROOT, STUDIO, python_files

TORCH = ("torch", "diffusers", "transformers", "accelerate", "safetensors", "torchvision")
QT = ("PySide6", "shiboken6", "qasync")
# 17 and 12 ms that the first paint need not wait for.
AFTER_FIRST_PAINT = ("tokenizers", "huggingface_hub")
NOT_AT_START = (
    *TORCH,
    *AFTER_FIRST_PAINT,
    *("asyncio", "c2pa", "cryptography", "psd_tools", "psutil", "qasync", "send2trash", "sqlite3", "watchfiles"),
    *("PIL.ImageCms", "PIL.ImageDraw", "html.parser", "pydantic.type_adapter"),
    *("studio.domain.dialects", "studio.domain.query", "studio.domain.query_parsing", "studio.domain.replay"),
    *("studio.services.history", "studio.services.metadata_reading", "studio.services.replay"),
    *("studio.services.credentials_seal", "studio.services.openraster", "studio.services.picture_texts"),
    *("studio.ui.export_options", "studio.ui.room_building", "studio.ui.settings"),
)
"""What is used behind the window or once somebody asks for it; with all of ours the start takes a fifth longer."""
WINDOW = ("domain", "services", "bridge", "ui", "app")
COMMAND_LINE = ("domain", "services", "cli", "__main__")


def modules(*parts: str) -> list[str]:
    """Return every module of some of the package's parts, each of them a file or a folder."""
    names = [name for part in parts for name in (f"{part}.py", part) if (STUDIO / name).exists()]
    paths = python_files(*(f"studio/{name}" for name in names))
    return [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths]


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh Python; a warning is an error there too."""
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("parts", "absent"),
    [
        pytest.param(WINDOW, (*TORCH, *AFTER_FIRST_PAINT), id="window without torch"),
        pytest.param(("domain", "services", "bridge"), ("PySide6.QtWidgets",), id="bridge without widgets"),
        pytest.param(COMMAND_LINE, (*TORCH, *QT), id="command line without torch and Qt"),
        pytest.param(("engine",), QT, id="engine without Qt", marks=pytest.mark.slow),
    ],
)
def test_a_process_loads_only_what_its_rooms_may(parts: tuple[str, ...], absent: tuple[str, ...]) -> None:
    names = modules(*parts)
    assert len(names) > len(parts)
    run = python(f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\nprint(*sys.modules)")
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.split())
    assert set(names) <= loaded
    assert {name for name in absent if name in loaded} == set()


def test_the_windows_start_loads_only_what_the_first_paint_needs() -> None:
    run = python("import sys, studio.app\nprint(*sys.modules)")
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.split())
    assert "studio.ui.main_window" in loaded
    assert {name for name in NOT_AT_START if name in loaded} == set()
    assert {name for name in late_modules.LATE if name in loaded} == set()


def test_what_the_main_thread_asks_for_later_is_loaded_behind_the_window() -> None:
    run = python("import sys\nfrom studio.bridge import late_modules\nlate_modules.load()\nprint(*sys.modules)")
    assert run.returncode == 0, run.stderr
    assert set(late_modules.LATE) <= set(run.stdout.split())


EMITS = """
from PySide6.QtCore import QObject, Signal

class Sender(QObject):
    sent = Signal(bool)

sender, heard = Sender(), []
sender.sent.connect(heard.append)
for _ in range(2_000):
    sender.sent.emit(True)
for _ in range(10_000):
    sender.setObjectName("sender")
print(len(heard), all(heard))
"""


def test_signals_and_void_calls_do_not_wear_python_out() -> None:
    run = python(EMITS)
    assert (run.returncode, run.stdout.split()) == (0, ["2000", "True"]), run.stderr
