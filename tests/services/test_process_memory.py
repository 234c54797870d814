"""A process's memory is what the system says."""

import os
import subprocess
import sys

import psutil

from studio.services.process_memory import process_memory


def test_this_process_uses_memory_of_this_machine() -> None:
    memory = process_memory(os.getpid())
    assert memory is not None
    assert 10 * 2**20 < memory.used < memory.total == psutil.virtual_memory().total


def test_a_process_that_is_gone_uses_none() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert process_memory(process.pid) is None
