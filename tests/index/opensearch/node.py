"""A node that answers what it is told: a real server on loopback, with or without TLS."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answer = tuple[int, Any]


@dataclass(slots=True)
class Node:
    """What was asked, in order, and what answers: given the method, path and body."""

    respond: Callable[[str, str, str], Answer]
    asked: list[tuple[str, str, str, dict[str, str]]] = field(default_factory=list)
    address: str = ""

    @property
    def bodies(self) -> list[str]:
        """The bodies that came."""
        return [body for _, _, body, _ in self.asked]


@contextmanager
def running(respond: Callable[[str, str, str], Answer], tls: ssl.SSLContext | None = None) -> Iterator[Node]:
    """A node until the block ends."""
    node = Node(respond)

    class Handler(BaseHTTPRequestHandler):
        """Hands requests to the node."""

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            node.asked.append((self.command, self.path, body, dict(self.headers)))
            status, found = node.respond(self.command, self.path, body)
            content = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 (names of the library)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        """Says nothing of clients that go away."""

        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A refused handshake is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    scheme, host = ("https", "localhost") if tls else ("http", "127.0.0.1")
    node.address = f"{scheme}://{host}:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield node
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def in_turn(*answers: Answer) -> Callable[[str, str, str], Answer]:
    """Answers one after the other, the last for good."""
    waiting = list(answers)

    def respond(method: str, path: str, body: str) -> Answer:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return respond
