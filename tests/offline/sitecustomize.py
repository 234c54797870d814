"""Refuses every network socket, in the tests' own process and, through PYTHONPATH, in each Python they start.

Python imports a module of this name at start-up; `tests/conftest.py` puts this folder on PYTHONPATH.
"""

import ipaddress
import os
import socket
import sys

LOCAL_NAMES = (None, "", "localhost", b"localhost")
LOOPBACK_VARIABLE = "SFUMATO_TEST_LOOPBACK"
"""Set for a test that talks to a server of its own: this machine's own addresses are free, and only they."""


class NetworkRefusedError(RuntimeError):
    """A test reached for the network. Not an OSError, so that no retry or fall-back takes it for a bad connection."""


def refuse_network(event: str, args: tuple[object, ...], attempts: list[str] | None = None) -> None:
    """Audit hook: raise for a connection, a listener or a datagram on any socket but a Unix one, and for name look-ups.

    Args:
        event: name of the audit event, see https://docs.python.org/3/library/audit_events.html.
        args: what the event carries; the socket comes first.
        attempts: receives one line for each refusal, for callers that swallow the exception.

    Raises:
        NetworkRefusedError: always, when the event is one of those.
    """
    match event:
        case "socket.connect" | "socket.bind" | "socket.sendto":
            used = args[0]
            refused = isinstance(used, socket.socket) and used.family in (socket.AF_INET, socket.AF_INET6)
            refused = refused and not (isinstance(args[1], tuple) and may_reach(args[1][0]))
        case "socket.getaddrinfo" | "socket.gethostbyname":
            refused = args[0] not in LOCAL_NAMES and not may_reach(args[0])
        case _:
            return
    if refused:
        message = f"{event} {args[-1] if event != 'socket.getaddrinfo' else args[0]}: tests have no network"
        if attempts is not None:
            attempts.append(message)
        raise NetworkRefusedError(message)


def may_reach(host: object) -> bool:
    """Tell whether a host is one of this machine's own addresses and the test asked for them."""
    if LOOPBACK_VARIABLE not in os.environ:
        return False
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


if __name__ == "sitecustomize":
    sys.addaudithook(refuse_network)
