"""One connection as it is used for one request: it keeps the bytes of both heads, and ends when time is up.

Two clocks run: the whole fetch has its seconds, and from the first byte on the answer must come at a least rate, so
that a server that sends a byte a second is dropped long before its time is up.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from socket import socket
from typing import Any

import httpcore

from ingest.sources.seen import Exchange

HEAD_END = re.compile(rb"\r?\n\r?\n")
INTERIM = re.compile(rb"HTTP/1\.[01] 1\d\d\b")
KEPT = 128 * 1024
"""Bytes from the beginning of an answer that are kept for its head; a longer head is refused anyway."""
SECRET_HEADERS = re.compile(rb"^(authorization|cookie):[^\r\n]*", re.IGNORECASE | re.MULTILINE)


class TooSlowError(Exception):
    """The time of a fetch is up, or the answer comes slower than the least rate."""


class TlsError(Exception):
    """No secure connection; `certificate` says whether because of the certificate."""

    def __init__(self, detail: str, *, certificate: bool) -> None:
        super().__init__(detail)
        self.certificate = certificate


@dataclass(slots=True)
class Watch:
    """What is known of one request while it runs; times are those of `clock`, in seconds."""

    clock: Callable[[], float]
    deadline: float
    least_rate: float
    """Bytes a second that an answer must come at."""
    grace: float
    """Seconds from its first byte before that counts."""
    sent: bytearray = field(default_factory=bytearray)
    start: bytearray = field(default_factory=bytearray)
    """The first KEPT bytes of the answer."""
    received: int = 0
    first: float | None = None
    """When the first byte came."""

    def allowance(self) -> float:
        """Seconds that the next step may take; raises TooSlowError where there are none."""
        now = self.clock()
        left = self.deadline - now
        if self.first is not None:
            left = min(left, self.first + self.grace + self.received / self.least_rate - now)
        if left <= 0:
            raise self.too_slow()
        return left

    def too_slow(self) -> TooSlowError:
        """The error that says which of the two clocks ran out."""
        if self.deadline <= self.clock() or self.first is None:
            return TooSlowError("no whole answer within the time of a fetch")
        return TooSlowError(f"the answer came slower than {self.least_rate:,.0f} bytes a second")

    def note(self, data: bytes) -> None:
        """Take down what was received."""
        if self.first is None and data:
            self.first = self.clock()
        self.received += len(data)
        if len(self.start) < KEPT:
            self.start += data[: KEPT - len(self.start)]

    def response_head(self) -> bytes:
        """The head of the final answer, as it came; heads of interim answers (1xx) before it are left out."""
        begin = 0
        while True:
            end = HEAD_END.search(self.start, begin)
            stop = end.end() if end else len(self.start)
            if end is None or not INTERIM.match(self.start, begin):
                return bytes(self.start[begin:stop])
            begin = stop

    def surplus(self, length: int) -> bool:
        """Whether more came than a head and a body of so many bytes."""
        end = HEAD_END.search(self.start)
        return end is not None and self.received > end.end() + length and not INTERIM.match(self.start)

    def exchange(self, payload: bytes, target: str, shown: str) -> Exchange:
        """What the archive keeps; `shown` takes the place of the request's target where that holds a secret."""
        head = bytes(self.sent)
        if target != shown:
            head = head.replace(target.encode("ascii"), shown.encode("ascii"), 1)
        head = SECRET_HEADERS.sub(rb"\1: REDACTED", head)
        return Exchange(head, self.response_head(), payload)


class WatchedStream(httpcore.NetworkStream):
    """A socket under a Watch; errors become httpcore's, as its connections expect."""

    def __init__(self, sock: socket, watch: Watch) -> None:
        self.sock = sock
        self.watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 (the watch knows the time)
        """Receive, for as long as the watch allows."""
        self.sock.settimeout(self.watch.allowance())
        try:
            data = self.sock.recv(max_bytes)
        except TimeoutError as error:
            raise self.watch.too_slow() from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error
        self.watch.note(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Send all."""
        self.sock.settimeout(self.watch.allowance())
        try:
            self.sock.sendall(buffer)
        except TimeoutError as error:
            raise self.watch.too_slow() from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error
        self.watch.sent += buffer

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Shake hands under the name that was asked for, whatever address it was found at."""
        try:
            self.sock.settimeout(self.watch.allowance())
            self.sock = ssl_context.wrap_socket(self.sock, server_hostname=server_hostname)
        except TimeoutError as error:
            self.close()
            raise self.watch.too_slow() from error
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise TlsError(f"the certificate is not right: {error.verify_message}", certificate=True) from error
        except OSError as error:
            self.close()
            raise TlsError(f"no secure connection: {error}", certificate=False) from error
        return self

    def close(self) -> None:
        """Close the connection."""
        self.sock.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ARG002
        """Nothing: connections are not kept, and HTTP/2 is not spoken."""
        return None
