"""What every request passes first: the hosts it may name, its size, and the headers that every answer has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from search.web.problem import MEDIA_TYPE, Trouble, problem_json

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LONGEST_ADDRESS = 8_192
LARGEST_HEADERS = 16_384
LARGEST_BODY = 16_384
"""Bytes: the only bodies are forms of a few fields."""

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_METHODS = frozenset({"GET", "HEAD", "POST"})


@dataclass(frozen=True, slots=True)
class Guard:
    """An ASGI application around another. `hosts` are the names, without ports, under which it may be asked."""

    app: App
    hosts: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what may not pass; hand on the rest."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trouble = refused(scope, self.hosts)

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in HEADERS if pair[0] not in names)]
            await send(message)

        if trouble is not None:
            await _refuse(trouble, sealed)
            return
        await self.app(scope, _limited(receive), sealed)


def refused(scope: Scope, hosts: frozenset[str]) -> Trouble | None:
    """Why a request may not pass, None where it may."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
        return Trouble(414, f"expected an address of at most {LONGEST_ADDRESS} bytes")
    if sum(len(name) + len(value) + 4 for name, value in headers) > LARGEST_HEADERS:
        return Trouble(431, f"expected headers of at most {LARGEST_HEADERS} bytes")
    named = [value.decode("latin-1") for name, value in headers if name == b"host"]
    if len(named) != 1 or host_of(named[0]) not in hosts:
        return Trouble(421, "this server does not answer for that host; `kilde serve --allow-host NAME` lets it")
    if scope["method"] not in _METHODS:
        return Trouble(405, f"expected one of {', '.join(sorted(_METHODS))}")
    length = next((value for name, value in headers if name == b"content-length"), b"0")
    if not length.isdigit() or len(length) > 10 or int(length) > LARGEST_BODY:
        return Trouble(413, f"expected a body of at most {LARGEST_BODY} bytes")
    return None


def host_of(header: str) -> str:
    """The name in a Host header, without its port.

    >>> host_of("Localhost:8000"), host_of("[::1]:8000")
    ('localhost', '[::1]')
    """
    if header.startswith("["):
        return header.partition("]")[0].lower() + "]"
    return header.partition(":")[0].lower().rstrip(".")


def _limited(receive: Receive) -> Receive:
    """The body cut off where it is larger than it may be, whatever its length was said to be."""
    left = LARGEST_BODY

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        if message["type"] == "http.request":
            left -= len(message.get("body", b""))
            if left < 0:
                return {"type": "http.disconnect"}
        return message

    return limited


async def _refuse(trouble: Trouble, send: Send) -> None:
    body = problem_json(trouble)
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    if trouble.status == 405:
        headers.append((b"allow", ", ".join(sorted(_METHODS)).encode()))
    await send({"type": "http.response.start", "status": trouble.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
