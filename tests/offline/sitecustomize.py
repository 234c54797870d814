"""Refuses every network socket, in the tests' own process and, through PYTHONPATH, in each Python they start.

Python imports a module of this name at start-up; `tests/conftest.py` puts this folder on PYTHONPATH.
"""

import socket
import sys

LOCAL_NAMES = (None, "", "localhost", b"localhost")


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
        case "socket.getaddrinfo" | "socket.gethostbyname":
            refused = args[0] not in LOCAL_NAMES
        case _:
            return
    if refused:
        message = f"{event} {args[-1] if event != 'socket.getaddrinfo' else args[0]}: tests have no network"
        if attempts is not None:
            attempts.append(message)
        raise NetworkRefusedError(message)


if __name__ == "sitecustomize":
    sys.addaudithook(refuse_network)
