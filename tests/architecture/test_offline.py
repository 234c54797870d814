"""The guard of the network opens for this machine's own addresses where a test asks for it, and for nothing else."""

import socket
import subprocess
import sys

import pytest

from tests.offline.sitecustomize import NetworkRefusedError

LISTEN = "import socket; socket.create_server(('127.0.0.1', 0)).close()"
REACH_OUT = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=0.01)"


def child(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_a_child_may_not_even_listen() -> None:
    assert "tests have no network" in child(LISTEN).stderr


@pytest.mark.usefixtures("loopback")
def test_a_test_that_asks_may_talk_to_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as one:
        accepted, _ = server.accept()
        with accepted:
            one.sendall(b"x")
            assert accepted.recv(1) == b"x"
    assert child(LISTEN).returncode == 0


@pytest.mark.usefixtures("loopback")
def test_a_test_that_asks_may_not_talk_to_anybody_else(refused_connections: list[str]) -> None:
    with socket.socket() as one, pytest.raises(NetworkRefusedError):
        one.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkRefusedError):
        socket.getaddrinfo("example.org", 80)
    assert len(refused_connections) == 2
    refused_connections.clear()
    assert "tests have no network" in child(REACH_OUT).stderr
