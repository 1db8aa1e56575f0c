"""A web site on loopback that does what it is told, right or wrong: a handler for each path, written to the socket.

`Site` serves; `Site.world` is what a Fetcher needs to take it for a host of the public Internet: names resolve to a
public address, and only the connection itself is led to loopback. So the guard is not switched off in any test.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ingest.fetching.fetch import Fetcher, Limits, Manners, Surroundings

PUBLIC = "130.225.0.1"
"""An address of the public Internet, to which no connection is ever made."""
NOW = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Request:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case."""

    @property
    def host(self) -> str:
        return self.headers.get("host", "")


@dataclass(frozen=True)
class Reply:
    """An orderly answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def wire(self) -> bytes:
        """The bytes of the answer."""
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(self.body)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} Answer", *(f"{name}: {value}" for name, value in headers.items() if value)]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


Handler = Callable[[Request], "Reply | Iterable[bytes]"]
"""A request to an answer, or to the bytes that are written, piece by piece."""


def html(text: str, title: str = "Side") -> bytes:
    """A small page."""
    return (
        f"<!doctype html><html lang=da><head><title>{title}</title></head><body><main>{text}</main></body></html>"
    ).encode()


def redirect(target: str, status: int = 302) -> Handler:
    """A handler that leads elsewhere."""
    return lambda _: Reply(b"", status, {"Location": target})


class Site:
    """Serves on a port of 127.0.0.1 until it is closed; `routes` may change while it does."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Handler | Reply | bytes] = {"/robots.txt": Reply(b"", 404)}
        self.asked: list[Request] = []
        self.tls = tls
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.stopped = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.socket.close()

    def serve(self) -> None:
        """Take connections, each in a thread."""
        while not self.stopped.is_set():
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.handle, args=(connection,), daemon=True).start()

    def handle(self, connection: socket.socket) -> None:
        """Read a request and answer it."""
        connection.settimeout(10)
        with suppress(OSError, ValueError), connection:
            stream = self.tls.wrap_socket(connection, server_side=True) if self.tls else connection
            with stream:
                self.converse(stream)

    def converse(self, stream: socket.socket) -> None:
        """Read one request, answer it, and wait for the other side to go."""
        head = b""
        while b"\r\n\r\n" not in head:
            piece = stream.recv(65536)
            if not piece:
                return
            head += piece
        request = parse_request(head)
        self.asked.append(request)
        for piece in self.answer(request):
            stream.sendall(piece)
        stream.shutdown(socket.SHUT_WR)

    def answer(self, request: Request) -> Iterable[bytes]:
        """The bytes of the answer: by host and path, by path with its query, by path, by the longest `prefix*`."""
        path = request.target.partition("?")[0]
        found = next(
            (self.routes[key] for key in (request.host + path, request.target, path) if key in self.routes), None
        )
        if found is None:
            prefixes = [key for key in self.routes if key.endswith("*") and request.target.startswith(key[:-1])]
            found = self.routes[max(prefixes, key=len)] if prefixes else Reply(b"", 404)
        if callable(found):
            found = found(request)
        if isinstance(found, bytes):
            found = Reply(found)
        return [found.wire()] if isinstance(found, Reply) else found

    def paths(self, *, robots: bool = False) -> list[str]:
        """What was asked for, in order."""
        return [it.target for it in self.asked if robots or it.target != "/robots.txt"]


def parse_request(head: bytes) -> Request:
    """A request's first line and headers."""
    first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    method, target, _ = first.split(" ", 2)
    return Request(method, target, {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines})


class World:
    """Clock, sleep, names and connections for a Fetcher: time passes only when somebody sleeps."""

    def __init__(self, site: Site | None = None, *, real: bool = False, names: dict[str, list[str]] | None = None):
        self.site = site
        self.real = real
        self.names = names or {}
        self.time = 1_000.0
        self.slept: list[float] = []
        self.connected: list[tuple[str, int]] = []
        self.resolved: list[str] = []

    def clock(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.time += seconds

    def resolve(self, host: str, *_: object) -> list[str]:
        self.resolved.append(host)
        answers = self.names.get(host, [PUBLIC])
        if not answers:
            raise OSError("Name or service not known")
        return answers

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        """Every address leads to the site."""
        self.connected.append((address, port))
        assert self.site is not None, f"a connection to {address}"
        return socket.create_connection(("127.0.0.1", self.site.port), seconds)

    def surroundings(self) -> Surroundings:
        """As a Fetcher takes it; with `real` the clock is the machine's, and only names and connections are ours."""
        ours = {"resolve": self.resolve, "connect": self.connect, "jitter": lambda: 0.5}
        if self.real:
            return Surroundings(**ours)
        return Surroundings(
            **ours, clock=self.clock, sleep=self.sleep, now=lambda: NOW + timedelta(seconds=self.time - 1_000)
        )


def fetcher_of(world: World, *, limits: Limits | None = None, tls: ssl.SSLContext | None = None, **manners) -> Fetcher:
    """A Fetcher in a world."""
    told = Manners(contact=manners.pop("contact", "arkiv@example.org"), **manners)
    return Fetcher(told, limits=limits, surroundings=world.surroundings(), tls=tls or PLAIN)


PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Made once: reading the list of certificates takes longer than most tests."""
