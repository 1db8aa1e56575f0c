"""How requests reach the network: a connection each, to an address that was checked, under the host's own name.

The name in the request, in the TLS handshake and in the certificate is the one that was asked for; only the address
is ours. Connections are not kept, so nothing of one answer can end up in the next.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import httpcore
import httpx

from ingest.fetching.addresses import Resolver, checked_addresses
from ingest.fetching.wire import Watch, WatchedStream

Connect = Callable[[str, int, float], socket.socket]
"""Address, port and seconds to a connected socket; raises OSError."""
CONNECT_SECONDS = 10.0
"""Seconds for one address; a host may have others."""


def connect_socket(address: str, port: int, seconds: float) -> socket.socket:
    """A TCP connection to an address."""
    sock = socket.create_connection((address, port), seconds)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


class PinnedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses; `watch` is that of the request that runs (one at a time)."""

    def __init__(self, private: Collection[str], resolve: Resolver, connect: Connect) -> None:
        self.private = frozenset(private)
        self.resolve = resolve
        self.connect = connect
        self.watch: Watch | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 (the watch knows the time)
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers.

        Raises ForbiddenAddressError, httpcore.ConnectError or TooSlowError.
        """
        assert self.watch is not None, "a request runs under a watch"
        try:
            addresses = checked_addresses(
                host, port, self.watch.allowance(), private=host in self.private, resolve=self.resolve
            )
        except OSError as error:
            raise httpcore.ConnectError(f"the host has no address: {error}") from error
        last: OSError | None = None
        for address in addresses:
            try:
                sock = self.connect(address, port, min(CONNECT_SECONDS, self.watch.allowance()))
            except OSError as error:
                last = error
                continue
            return WatchedStream(sock, self.watch)
        raise httpcore.ConnectError(f"no connection: {last}") from last


class PinnedTransport(httpx.BaseTransport):
    """What httpx sends its requests through; knows no proxies, no HTTP/2 and no retries of its own."""

    def __init__(self, backend: PinnedBackend, tls: ssl.SSLContext) -> None:
        self.backend = backend
        self.pool = httpcore.ConnectionPool(
            ssl_context=tls, max_keepalive_connections=0, http2=False, retries=0, network_backend=backend
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the body of the response is still to be read."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        response = self.pool.handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, content=request.stream)
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        """Close what is open."""
        self.pool.close()


class Body(httpx.SyncByteStream):
    """The body of a response, after its transfer encoding is undone."""

    def __init__(self, response: httpcore.Response) -> None:
        self.response = response

    def __iter__(self) -> Iterator[bytes]:
        assert isinstance(self.response.stream, Iterable)
        yield from self.response.stream

    def close(self) -> None:
        """Close the connection."""
        self.response.close()


def tls_context() -> ssl.SSLContext:
    """Certificates are verified, against httpx's own list and the machine's (which may hold an intranet's)."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
