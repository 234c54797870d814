"""Addresses of the whole world, addresses of the house, and the way to both."""

from __future__ import annotations

import asyncio

import pytest

from studio.services.network import is_local_name, is_public, look_up, system_proxy

LOCAL_ADDRESSES = [
    *("127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
    # An IPv4 address in the clothes of an IPv6 one: mapped, 6to4, NAT64.
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:c0a8:101::1", "64:ff9b::7f00:1", "64:ff9b::c0a8:101"),
    *("", "no address", "1.2.3"),
]


@pytest.mark.parametrize("address", LOCAL_ADDRESSES)
def test_an_address_of_the_house_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_world_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "nas", "nas.local", "box.lan", "a.b.internal", "192.168.1.1", "[::1]", "::1"]
)
def test_a_host_of_the_house_is_seen_by_its_name(host: str) -> None:
    assert is_local_name(host)


@pytest.mark.parametrize("host", ["example.org", "local.example.org", "notlocal", "1.1.1.1", "localhost.example.org"])
def test_a_host_of_the_world_is_seen_by_its_name(host: str) -> None:
    assert is_local_name(host) is ("." not in host)


@pytest.mark.usefixtures("loopback")
def test_addresses_are_looked_up_beside_the_event_loop() -> None:
    assert asyncio.run(look_up("127.0.0.1", 80)) == ("127.0.0.1",)


@pytest.mark.parametrize("host", ["1" * 70 + ".example.org", "a..b"])
def test_a_host_that_cannot_be_is_an_error_of_the_system(host: str) -> None:
    with pytest.raises(OSError, match=r"\w"):
        asyncio.run(look_up(host, 80))


def test_the_environment_names_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert system_proxy("https", "example.org") is None
    monkeypatch.setenv("all_proxy", "http://proxy:1")
    monkeypatch.setenv("https_proxy", "http://proxy:2")
    monkeypatch.setenv("no_proxy", "house.example.org")
    assert system_proxy("https", "example.org") == "http://proxy:2"
    assert system_proxy("http", "example.org") == "http://proxy:1"
    assert system_proxy("https", "house.example.org") is None
    assert system_proxy("http", "localhost") is None
