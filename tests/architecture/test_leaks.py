"""Each kind of leak, planted, is caught by `tests/leaks.py`, and its absence is not."""

import re

import pytest

# The pool comes last: its task cannot be ended, only waited for.
PLANTED = """
import socket
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QPropertyAnimation, QRunnable, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QWidget

KEPT = []


def test_thread():
    stop = threading.Event()
    KEPT.append(stop)
    threading.Thread(target=stop.wait, name="planted", daemon=True).start()


def test_process():
    KEPT.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))


def test_qthread(qapp):
    KEPT.append(QThread())
    KEPT[-1].start()


def test_timer(qapp):
    KEPT.append(QTimer(interval=60_000))
    KEPT[-1].start()


def test_animation(qapp):
    KEPT.append(QTimer(interval=1))
    KEPT.append(QPropertyAnimation(KEPT[-1], b"interval", duration=600_000, endValue=2))
    KEPT[-1].start()


def test_widget(qapp):
    KEPT.append(QWidget())


def test_network():
    with socket.socket() as one, pytest.raises(RuntimeError):
        one.connect(("192.0.2.1", 80))


def test_child_reaching_for_the_network():
    code = "import socket; socket.create_server(('127.0.0.1', 0))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "tests have no network" in told.stderr


def test_python_warning():
    import warnings

    warnings.warn("planted")


def test_qt_warning(qapp):
    QTimer().start(-1)


def test_clean(qapp, qtbot):
    thread = QThread()
    thread.start()
    timer = QTimer(interval=1)
    with qtbot.waitSignal(timer.timeout):
        timer.start()
    timer.stop()
    thread.quit()
    assert thread.wait(2000)
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    with subprocess.Popen([sys.executable, "-c", ""]):
        pass
    left, right = socket.socketpair()
    left.close()
    right.close()


def test_pool(qapp):
    stop = threading.Event()
    KEPT.append(stop)
    QThreadPool.globalInstance().start(QRunnable.create(lambda: stop.wait(1)))
"""
EXPECTED = {
    "test_thread": "leaked threading.Thread: planted",
    "test_process": "leaked child process: ",
    "test_qthread": "leaked QThread, started at ",
    "test_timer": "leaked QTimer, started at ",
    "test_animation": "leaked QAbstractAnimation, started at ",
    "test_pool": "leaked task in the global QThreadPool",
    "test_widget": "leaked top-level widget: ",
    "test_network": "tests have no network",
    "test_python_warning": "UserWarning: planted",
    "test_qt_warning": "QTimer::start: negative intervals aren't allowed",
}


@pytest.fixture
def planted_run(pytester: pytest.Pytester, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the planted tests as the house runs its own, and return what pytest printed."""
    # The guard that children get through PYTHONPATH would refuse first, and `no_network` could not tell.
    monkeypatch.delenv("PYTHONPATH")
    monkeypatch.setenv("SFUMATO_TEST_GRACE_S", "0.1")
    monkeypatch.setenv("COLUMNS", "300")
    root = pytestconfig.rootpath
    pytester.makepyfile(test_planted=PLANTED)
    as_here = (
        "-c",
        str(root / "pyproject.toml"),
        f"--rootdir={root}",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
    )
    return pytester.runpytest_subprocess(*as_here, "-rfE", "test_planted.py", timeout=60).stdout.str()


@pytest.mark.slow
def test_every_planted_leak_is_caught_and_named(planted_run: str) -> None:
    caught = dict(re.findall(r"^(?:ERROR|FAILED) \S*::(\w+)(?: - (.*))?$", planted_run, re.MULTILINE))
    assert set(caught) == set(EXPECTED), planted_run
    assert {name for name, message in EXPECTED.items() if message not in planted_run} == set()
