"""What every test stands on: a screen that is not there, a home of its own, no network, and nothing left running."""

import gc
import importlib
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from tests.offline.sitecustomize import LOOPBACK_VARIABLE, refuse_network

pytest_plugins = ["pytester", "tests.leaks"]

OFFLINE = Path(__file__).parent / "offline"

# Before the first QApplication: no screen, and nothing of the desktop's taste.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
for name in ("QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME", "QT_LOGGING_RULES", "QT_PLUGIN_PATH"):
    os.environ.pop(name, None)
# A font folder that does not exist leaves Qt without any font and makes it warn, which fails tests.
if not Path(os.environ.get("QT_QPA_FONTDIR", "/nowhere")).is_dir():
    os.environ.pop("QT_QPA_FONTDIR", None)

# Read when torch is first imported, here or in a child process. Threads that wait for each other collapse on a busy
# machine: with two, tiny models took ten times as long as with one.
os.environ["OMP_NUM_THREADS"] = "1"

# No deadline: a busy machine is not a failing test.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


# Until all is imported there is nothing to collect.
gc.disable()


def pytest_configure(config: pytest.Config) -> None:
    """Make children refuse the network too; not pytest-xdist's workers, whose own guard also notes what it refused."""
    if not config.getoption("numprocesses", None):
        os.environ["PYTHONPATH"] = os.pathsep.join([str(OFFLINE), *filter(None, [os.environ.get("PYTHONPATH")])])


def pytest_collection_finish() -> None:
    """Spare the collector what was imported: with torch, each full collection looked at it for 0.2 s of CPU time."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def refused_connections() -> list[str]:
    """What the network guard refused so far. An audit hook cannot be taken out again: one serves the session."""
    # It binds a socket when it is first imported, to see whether there is IPv6; whichever test comes to that first.
    importlib.import_module("urllib3")
    attempts: list[str] = []
    sys.addaudithook(partial(refuse_network, attempts=attempts))
    return attempts


@pytest.fixture(autouse=True)
def no_network(refused_connections: list[str]) -> Iterator[None]:
    """Fail a test that reached for the network, even where the code under test swallowed the refusal."""
    refused_connections.clear()
    yield
    if refused_connections:
        pytest.fail("network: " + "; ".join(refused_connections))


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let this test and what it starts talk to servers of its own on this machine; return the variable that says so."""
    monkeypatch.setenv(LOOPBACK_VARIABLE, "1")
    return LOOPBACK_VARIABLE


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own, not made yet, as a new user has it."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SFUMATO_HOME", str(folder))
    monkeypatch.setenv("HF_HOME", str(folder / "hub"))
    return folder
