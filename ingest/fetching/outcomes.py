"""What can come of fetching an address: the page, word that it is unchanged or gone, or a failure and its reason."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.sources.seen import Exchange, Validators


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole answer."""

    url: str
    """Where it stands in the end, secrets included; show `ingest.fetching.urls.redact_url` of it."""
    redirected: bool
    content_type: str
    body: bytes
    """With no encoding left."""
    exchange: Exchange
    validators: Validators | None
    cut: bool = False
    """Whether the rest was left out, where that was asked for."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The page is what it was (304)."""

    validators: Validators | None


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no such page, or no more (404, 410)."""

    status: int


@dataclass(frozen=True, slots=True)
class Failed:
    """No page, and why; `detail` is for people and holds no secrets."""

    code: str
    detail: str
    again: bool = False
    """Whether another try may help."""
    wait: float | None = None
    """Seconds that the server asks us to wait."""
    fatal: bool = False
    """Whether nothing more can be had of this host for now."""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """The page stands elsewhere; `target` is as the server wrote it."""

    status: int
    target: str


Outcome = Fetched | NotModified | Missing | Failed
