"""Which addresses are connected to: a table of those that are not, and that nothing gets round the guard."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.addresses import ForbiddenAddressError, checked_addresses, is_disguised, is_public, resolve_host
from ingest.fetching.outcomes import Failed, Fetched
from tests.ingest.site import PUBLIC, Site, World, fetcher_of, html, redirect

FORBIDDEN = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 100.100.100.200 127.0.0.1 127.1.2.3 168.63.129.16
169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.171 192.0.2.1 192.88.99.1 192.168.0.1
192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1
2001::1 2001:0:53aa:64c:0:fb:7f00:1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 3fff::1 fc00::1
fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 5f00::1
""".split()  # noqa: SIM905 (a list of 60 strings is no table)
"""Of the IANA special-purpose registries for IPv4 and IPv6, and the metadata servers of clouds."""
ALLOWED = [
    "8.8.8.8", "130.226.1.1", "192.0.1.1", "172.32.0.1", "100.128.0.1", "2a00:1450:400f::1", "2001:4860:4860::8888",
    "2600::1",
]  # fmt: skip
DISGUISED = [
    "2130706433", "0x7f000001", "017700000001", "0x7f.1", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0x0.0x0.0x1", "10.1",
    "1.2.3.4.5", "0x",
]  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_forbidden_addresses(address: str) -> None:
    """Neither directly nor as the answer of a name: no connection is tried."""
    assert not is_public(address)
    world = World(names={"nyt.example.dk": [address]})
    literal = f"[{address}]" if ":" in address else address
    with fetcher_of(world) as fetcher:
        for url in ("http://nyt.example.dk/", f"http://{literal}/", f"https://{literal}/"):
            outcome = fetcher.fetch(url)
            assert isinstance(outcome, Failed)
            assert outcome.code in {"forbidden_address", "bad_address"}
    assert world.connected == []


def test_the_table_is_as_long_as_asked() -> None:
    """Forty at least."""
    assert len(set(FORBIDDEN)) >= 40


@pytest.mark.parametrize("address", ALLOWED)
def test_public_addresses(address: str) -> None:
    """The neighbours of forbidden networks are open."""
    assert is_public(address)


@pytest.mark.parametrize("host", DISGUISED)
def test_disguised_addresses_are_refused_before_they_are_resolved(host: str) -> None:
    """Notations that resolvers read as addresses."""
    assert is_disguised(host)
    world = World()
    with fetcher_of(world) as fetcher:
        outcome = fetcher.fetch(f"http://{host}/")
    assert isinstance(outcome, Failed)
    assert outcome.code in {"forbidden_address", "bad_address"}
    assert (world.connected, world.resolved) == ([], [])


def test_one_private_answer_among_public_ones_forbids_all() -> None:
    """Else the connection may end up at the private one."""
    world = World(names={"nyt.example.dk": [PUBLIC, "10.0.0.1"]})
    with fetcher_of(world) as fetcher:
        assert isinstance(fetcher.fetch("http://nyt.example.dk/"), Failed)
    assert world.connected == []


def test_a_name_that_changes_its_answer_is_asked_once_a_connection() -> None:
    """Rebinding: the connection goes to the address that was checked."""
    with Site() as site:
        site.routes["/"] = html("hej")
        world = World(site)
        answers = iter([[PUBLIC], [PUBLIC], ["127.0.0.1"]])
        world.resolve = lambda *_: next(answers)
        with fetcher_of(world) as fetcher:
            assert isinstance(fetcher.fetch("http://nyt.example.dk/"), Fetched)
            later = fetcher.fetch("http://nyt.example.dk/")
    assert isinstance(later, Failed)
    assert later.code == "forbidden_address"
    assert world.connected == [(PUBLIC, 80), (PUBLIC, 80)], "robots.txt and the page, never the private one"


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://indre.example.dk/", "http://[::1]/"],
)
def test_redirects_to_private_addresses_are_not_followed(target: str) -> None:
    """Each hop is checked like the first."""
    with Site() as site:
        site.routes["/"] = redirect(target)
        world = World(site, names={"indre.example.dk": ["192.168.1.1"]})
        with fetcher_of(world) as fetcher:
            outcome = fetcher.fetch("http://nyt.example.dk/")
    assert isinstance(outcome, Failed)
    assert outcome.code == "forbidden_address"
    assert {address for address, _ in world.connected} == {PUBLIC}


def test_a_source_may_allow_its_own_intranet_by_name() -> None:
    """And only that host; then any port is open too."""
    names = {"intra.example.dk": ["10.0.0.5"], "anden.example.dk": ["10.0.0.6"]}
    with Site() as site:
        site.routes["/"] = html("internt")
        world = World(site, names=names)
        with fetcher_of(world, allow_hosts=("intra.example.dk",)) as fetcher:
            assert isinstance(fetcher.fetch("http://intra.example.dk:8080/"), Fetched)
            assert isinstance(fetcher.fetch("http://anden.example.dk/"), Failed)
            other_port = fetcher.fetch("http://nyt.example.dk:8080/")
    assert isinstance(other_port, Failed)
    assert other_port.code == "bad_port"
    assert ("10.0.0.5", 8080) in world.connected


def test_the_connection_keeps_the_name() -> None:
    """The address is pinned; the Host header is the site's."""
    with Site() as site:
        site.routes["/"] = html("hej")
        with fetcher_of(World(site)) as fetcher:
            fetcher.fetch("http://nyt.example.dk/")
        assert {it.host for it in site.asked} == {"nyt.example.dk"}


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be asked to connect to what we must not connect to."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Site() as site:
        site.routes["/"] = html("hej")
        with fetcher_of(World(site)) as fetcher:
            assert isinstance(fetcher.fetch("http://nyt.example.dk/"), Fetched)


@given(st.ip_addresses())
def test_never_public_what_python_calls_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """The own list is at least as strict as the standard library's."""
    if is_public(str(address)):
        assert address.is_global or str(address).startswith("192.")
        assert not address.is_multicast


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_not(text: str) -> None:
    """Nothing raises but what is announced."""
    is_public(text)
    with suppress(ForbiddenAddressError):
        checked_addresses(text, 80, 1, private=False, resolve=lambda *_: [PUBLIC])


def test_the_system_resolver() -> None:
    """Loopback has its names, and a name that cannot be is an OSError."""
    assert {"127.0.0.1", "::1"} & set(resolve_host("localhost", 80, 5))
    with pytest.raises(OSError, match=r"\S"):
        resolve_host("a" * 70 + ".invalid", 80, 5)


def test_a_resolver_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """getaddrinfo knows no time limit of its own."""
    released = Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: released.wait(10) and [])
    with pytest.raises(TimeoutError):
        resolve_host("nyt.example.dk", 80, 0.05)
    released.set()
