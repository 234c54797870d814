"""Which hosts there are, which of them the whole world can reach, and which proxy leads to them."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_LOCAL_DOMAINS: Final = ("localhost", "local", "lan", "home", "internal", "intranet", "home.arpa", "test")
"""Names that no public name server answers: RFC 6761, 6762, 8375 and what routers use."""
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses written as IPv6 ones, RFC 6052."""


async def look_up(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host, in the order the system would try them.

    The look-up has a thread of its own that nobody waits for: a name server that does not answer can hold it for half a
    minute, longer than anybody who cancels or closes the window would wait.

    Raises:
        OSError: no such host.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[tuple[str, ...]] = loop.create_future()

    def deliver(addresses: tuple[str, ...], error: Exception | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(addresses)
        else:
            answer.set_exception(error)

    def work() -> None:
        found, failure = (), None
        try:
            found = tuple(
                dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            )
        except (OSError, UnicodeError, RuntimeError) as error:
            failure = error if isinstance(error, OSError) else OSError(str(error))
        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver, found, failure)

    threading.Thread(target=work, name="sfumato name look-up", daemon=True).start()
    return await answer


def is_public(address: str) -> bool:
    """Tell whether an IP address means the same machine everywhere: not this one, nor one of the house."""
    try:
        plain = _embedded(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return plain.is_global and not (plain.is_multicast or plain.is_reserved or plain.is_unspecified)


def is_local_name(host: str) -> bool:
    """Tell whether whoever reads a host's name sees that it is a machine of the house: an address, or a local name."""
    host = host.rstrip(".").lower()
    try:
        return not is_public(str(ipaddress.ip_address(host.strip("[]").partition("%")[0])))
    except ValueError:
        return "." not in host or any(host.endswith(f".{domain}") for domain in _LOCAL_DOMAINS)


def system_proxy(scheme: str, host: str) -> str | None:
    """Return the proxy that environment or system name for a host, or None. This machine is never behind one."""
    if host in {"localhost", "127.0.0.1", "::1"} or urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    return proxies.get(scheme) or proxies.get("all")


@dataclass(frozen=True, slots=True)
class Network:
    """How hosts are found and judged.

    Attributes:
        look_up: (host, port) -> its IP addresses; raises OSError where there are none.
        is_public: tells of an IP address whether it belongs to the whole world.
        proxy: (scheme, host) -> URL of the proxy that leads there, or None.
    """

    look_up: Callable[[str, int], Awaitable[tuple[str, ...]]] = look_up
    is_public: Callable[[str], bool] = is_public
    proxy: Callable[[str, str], str | None] = system_proxy


def _embedded(address: _Address) -> _Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
