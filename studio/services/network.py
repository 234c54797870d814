"""Which hosts there are, which of them the whole world can reach, and which proxy leads to them."""

from __future__ import annotations

import ipaddress
import socket
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from studio.services.aside import aside

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_LOCAL_DOMAINS: Final = ("localhost", "local", "lan", "home", "internal", "intranet", "home.arpa", "test")
"""Names that no public name server answers: RFC 6761, 6762, 8375 and what routers use."""
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses written as IPv6 ones, RFC 6052."""


async def look_up(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host, in the order the system would try them.

    Raises:
        OSError: no such host.
    """
    return await aside("name look-up", lambda: _addresses(host, port))


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


def _addresses(host: str, port: int) -> tuple[str, ...]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a part of the name is empty or too long
        raise OSError(str(error)) from error
    return tuple(dict.fromkeys(str(row[4][0]) for row in rows))


def _embedded(address: _Address) -> _Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
