"""Bodies as they arrive: counted on the wire and after decoding, so that neither grows beyond its cap.

Only gzip and deflate are undone, once: we ask for `identity`, so a server that sends anything else gets a refusal.
"""

from __future__ import annotations

import zlib

IDENTITY = frozenset({"", "identity"})
GZIP = frozenset({"gzip", "x-gzip"})
STEP = 1 << 20
"""Bytes that come out of a decoder at a time, so that a bomb is met at the cap and not behind it."""


class BodyError(Exception):
    """A body that is no original; `code` is the reason shown."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Collector:
    """Puts a body together; `payload` is what came, `body` what it says. Both end at `most` bytes."""

    def __init__(self, encoding: str, most: int, *, cut: bool = False) -> None:
        self.encoding = encoding.strip().lower()
        if self.encoding not in IDENTITY | GZIP | {"deflate"}:
            raise BodyError("unknown_encoding", f"the server sent Content-Encoding {self.encoding!r} unasked")
        self.most = most
        self.cut = cut
        self.raw = bytearray()
        self.decoded = bytearray()
        self.inflater: zlib._Decompress | None = None
        self.full = False
        """Whether the rest is left out (only with `cut`)."""

    def feed(self, chunk: bytes) -> None:
        """Take in what came; raises BodyError."""
        self.add(self.raw, chunk, "too_large", "larger")
        if self.encoding not in IDENTITY:
            self.inflate(chunk)

    def add(self, to: bytearray, data: bytes, code: str, larger: str) -> None:
        """Append below the cap."""
        room = self.most - len(to)
        if len(data) > room:
            if not self.cut:
                raise BodyError(code, f"the body is {larger} than {self.most:,} bytes")
            self.full = True
        to += data[:room]

    def inflate(self, chunk: bytes) -> None:
        """Decode a chunk step by step."""
        data = chunk
        while data and not self.full:
            if self.inflater is None:
                self.inflater = zlib.decompressobj(self.window(data))
            try:
                piece = self.inflater.decompress(data, STEP)
            except zlib.error as error:
                raise BodyError("broken_encoding", f"the body is not {self.encoding} as it says: {error}") from error
            self.add(self.decoded, piece, "bomb", "inflates to more")
            data = self.inflater.unconsumed_tail
            if self.inflater.eof:
                data = self.next_member()

    def next_member(self) -> bytes:
        """What stands behind the end of a gzip member: another one, padding, or bytes that do not belong there."""
        assert self.inflater is not None
        rest = self.inflater.unused_data
        if rest.strip(b"\0") and not (self.encoding in GZIP and rest.startswith(b"\x1f")):
            raise BodyError("broken_encoding", "bytes stand behind the end of the compressed body")
        if rest.startswith(b"\x1f"):
            self.inflater = None
            return rest
        return b""

    def window(self, data: bytes) -> int:
        """The kind of zlib stream; `deflate` comes with its head from some servers and bare from others."""
        if self.encoding in GZIP:
            return 31
        headed = data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] << 8 | data[1]) % 31 == 0)
        return 15 if headed else -15

    def finish(self) -> tuple[bytes, bytes]:
        """Payload and body; raises BodyError where the compressed body ends too early."""
        payload = bytes(self.raw)
        if self.encoding in IDENTITY:
            return payload, payload
        if payload and not self.full and (self.inflater is None or not self.inflater.eof):
            raise BodyError("short_body", "the compressed body ends too early")
        return payload, bytes(self.decoded)
