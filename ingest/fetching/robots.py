"""robots.txt by RFC 9309: what an answer to the request for it allows.

The rules themselves are Protego's. What the answer means is the RFC's: a missing file allows all (2.3.1.3), a server
that is in trouble or cannot be reached disallows all (2.3.1.4) until the next run, more than five redirects count as
missing (2.3.1.2). 429 is no "client error" of ours but trouble of the server's, so it disallows too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from protego import Protego

from ingest.fetching.outcomes import Failed, Fetched, Missing, NotModified, Outcome

PRODUCT = "Kilde"
"""The token that a robots.txt names us by."""
MOST_BYTES = 500 * 1024
"""Bytes that are read of it (RFC 9309, 2.5); the line at the cut is left out."""
LONGEST_DELAY = 60.0
"""Seconds between two requests that Crawl-delay can ask for; a larger wish would make a visit last for weeks."""
LIFETIME = 24 * 3600.0
"""Seconds for which the rules hold (RFC 9309, 2.4)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows; `blocked` says why it allows nothing."""

    text: Protego | None = None
    blocked: Failed | None = None
    read_at: float = 0.0
    """Time of the run's clock."""

    def allows(self, url: str) -> bool:
        """Whether an address may be asked for."""
        if self.blocked is not None:
            return False
        return self.text is None or self.text.can_fetch(url, PRODUCT)

    def delay(self) -> float:
        """Seconds between two requests, at least."""
        asked = self.text.crawl_delay(PRODUCT) if self.text else None
        return min(float(asked), LONGEST_DELAY) if asked else 0.0


def rules_of(outcome: Outcome, read_at: float = 0.0) -> Rules:
    """What the answer to a request for robots.txt allows."""
    match outcome:
        case Fetched(body=body, cut=cut):
            return Rules(parse_rules(body, cut=cut), read_at=read_at)
        case Missing() | Failed(code="too_many_redirects" | "redirect_loop"):
            return Rules(read_at=read_at)
        case Failed(status=int(status)) if 400 <= status < 500 and status not in {408, 425, 429}:
            return Rules(read_at=read_at)
        case Failed(code="forbidden_address" | "bad_address" | "tls" | "unreachable" | "host_failing" | "retry_later"):
            return Rules(blocked=replace(outcome, again=False, fatal=True), read_at=read_at)
        case Failed(detail=detail):
            return Rules(blocked=unreachable(detail), read_at=read_at)
        case NotModified():
            return Rules(blocked=unreachable("304 to a request that asked for no such thing"), read_at=read_at)


def unreachable(detail: str) -> Failed:
    """Why nothing is fetched from an origin whose robots.txt cannot be had."""
    return Failed(
        "robots_unreachable", f"robots.txt cannot be had ({detail}); nothing is fetched until the next run", fatal=True
    )


def parse_rules(body: bytes, *, cut: bool = False) -> Protego:
    """Read a robots.txt; bytes that are no UTF-8 spoil their own line at most."""
    text = body[:MOST_BYTES].removeprefix(b"\xef\xbb\xbf")
    if cut or len(body) > MOST_BYTES:
        text = text[: max(text.rfind(b"\n"), text.rfind(b"\r")) + 1]
    rules: Protego = Protego.parse(text.decode("utf-8", errors="replace"))
    return rules
