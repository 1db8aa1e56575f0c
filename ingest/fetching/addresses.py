"""Which addresses may be connected to: those of the public Internet, and what a source names as its own intranet.

A name is resolved once, every answer must pass, and the connection goes to an address that passed: a second look-up
with another answer (rebinding) cannot happen. The networks are those of the IANA special-purpose registries, written
out because Python's `is_global` is true for NAT64, 6to4, multicast and more.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from threading import Thread

Resolver = Callable[[str, int, float], Sequence[str]]
"""Host, port and seconds to the addresses of the host; raises OSError (also TimeoutError) where there are none."""

NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a provider's NAT (CGNAT)
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # not special by its number, but a cloud's own metadata server answers there
        "169.254.0.0/16",  # link-local, and the metadata servers of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
UNICAST_6 = IPv6Network("2000::/3")
"""All that is handed out in IPv6. What lies outside has a meaning of its own: ::1, ::ffff:0:0/96 (IPv4 in disguise),
64:ff9b::/96 and 64:ff9b:1::/48 (NAT64), fc00::/7 (private), fe80::/10 (link-local), ff00::/8 (multicast)."""
NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: holds an IPv4 address of any kind
        "3fff::/20",  # documentation
    )
)
NUMBER = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)\Z")


class ForbiddenAddressError(Exception):
    """An address that is not connected to, and why."""


def is_public(address: str) -> bool:
    """Whether an address of either family is one of the public Internet; False for what is no address.

    >>> is_public("130.226.1.1"), is_public("64:ff9b::7f00:1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in NOT_PUBLIC_4)
    return is_public_6(ip)


def is_public_6(ip: IPv6Address) -> bool:
    """Whether an IPv6 address is public unicast; one with a zone (fe80::1%eth0) is not."""
    return ip.scope_id is None and ip in UNICAST_6 and not any(ip in network for network in NOT_PUBLIC_6)


def is_disguised(host: str) -> bool:
    """Whether a host is an IPv4 address in another notation than four decimal numbers.

    Resolvers read `2130706433`, `0x7f.1` and `0177.0.0.1` as addresses; a site's owner has no reason to write them.

    >>> is_disguised("0x7f.1"), is_disguised("127.0.0.1"), is_disguised("www.example.dk")
    (True, False, False)
    """
    last = host.rstrip(".").rpartition(".")[2]
    if not NUMBER.match(last):
        return False
    try:
        IPv4Address(host)
    except ValueError:
        return True
    return False


def checked_addresses(host: str, port: int, seconds: float, *, private: bool, resolve: Resolver) -> list[str]:
    """The addresses of a host, resolved once; raises ForbiddenAddressError where one of them is not public.

    `private` lifts the condition for a host that a source names in `allow_hosts`. Raises OSError where the host has no
    address.
    """
    bare = host.strip("[]")
    if is_disguised(bare):
        raise ForbiddenAddressError(f"{host} is an IP address in disguise; write it as four decimal numbers")
    addresses = [bare] if is_address(bare) else list(resolve(bare, port, seconds))
    if not addresses:
        raise OSError(f"the host {host} has no address")
    forbidden = [] if private else [address for address in addresses if not is_public(address)]
    if forbidden:
        raise ForbiddenAddressError(
            f"{host} has the address {forbidden[0]}, which is not public; "
            "if it is your own intranet, name the host in allow_hosts of the source"
        )
    return addresses


def is_address(host: str) -> bool:
    """Whether a host is written as an address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def resolve_host(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a host by the system's resolver, in its order, waited for no longer than `seconds`.

    getaddrinfo knows no time limit, so it runs in a thread of its own that is left behind where it hangs.
    """
    answers: list[str] = []
    errors: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.extend(dict.fromkeys(str(answer[4][0]) for answer in found))
        except (OSError, UnicodeError) as error:
            errors.append(error)

    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise OSError(str(errors[0])) from errors[0]
    if thread.is_alive():
        raise TimeoutError(f"looking up {host} took longer than {seconds:.0f} seconds")
    return answers
