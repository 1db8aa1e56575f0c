"""What a source hands on for each original: its bytes, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass

from kilde.model import Observation


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response over HTTP, as they came; `payload` is the body before any content encoding is undone.

    Both heads are the bytes from the first line to the empty line that ends them.
    """

    request_head: bytes
    response_head: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of a version of a page, sent back to ask whether it changed."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An original that was read; `observation.digest` is the sha-256 of `body`, which has no content encoding left."""

    observation: Observation
    body: bytes
    exchange: Exchange | None = None
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """An original that could not be read, and why; `fatal` where the whole source could not be listed."""

    source: str
    locator: str
    code: str
    detail: str
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An original that the server says is what it was (304)."""

    source: str
    locator: str
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """An original that was there before and is there no more (404, 410); its last version is kept."""

    source: str
    locator: str
    observed: str
    """UTC, ISO 8601 with seconds."""
    detail: str


Sight = Seen | Unseen | Unchanged | Gone
