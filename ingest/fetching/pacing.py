"""What is remembered of each host in a run: when it may be asked again, whether it answers, what its robots.txt says.

Shared by all sources of a run, so that two sources on one host do not ask twice as often.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from ingest.fetching.robots import Rules

FAILURES = 3
"""Fetches of one host that fail in a row, each with all its tries, before the host is left alone."""
REST = 300.0
"""Seconds for which it is left alone; then one fetch tries again."""
LONGEST_BACKOFF = 60.0


@dataclass(slots=True)
class Host:
    """One host; times are those of the run's clock, in seconds. The lock is held during a request."""

    lock: Lock = field(default_factory=Lock)
    free_at: float = float("-inf")
    """When the pause after the last request ends."""
    not_before: float = float("-inf")
    """When the time that the server asked for (Retry-After) ends."""
    failures: int = 0
    open_until: float = float("-inf")

    def note(self, *, good: bool, now: float) -> None:
        """Count a fetch; after FAILURES bad ones in a row the host is left alone, and after REST one more is enough."""
        if good:
            self.failures = 0
            return
        self.failures += 1
        if self.failures >= FAILURES:
            self.open_until = now + REST


@dataclass(slots=True)
class Hosts:
    """The hosts and the robots.txt rules of a run."""

    hosts: dict[str, Host] = field(default_factory=dict)
    rules: dict[str, Rules] = field(default_factory=dict)
    """By origin."""

    def of(self, name: str) -> Host:
        """What is known of a host."""
        return self.hosts.setdefault(name, Host())


def backoff(attempt: int, jitter: float) -> float:
    """Seconds to wait after a number of failed tries; `jitter` in [0, 1) spreads them by half to both sides.

    >>> [backoff(attempt, 0.5) for attempt in (1, 2, 3, 4)]
    [2.0, 4.0, 8.0, 16.0]
    """
    return min(LONGEST_BACKOFF, 2.0**attempt * (0.5 + jitter))
