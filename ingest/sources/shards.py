"""One machine's share of what several machines ingest: each locator belongs to exactly one, always the same.

The share follows from the locator alone, so that no machine has to ask another, and a document that changes stays
where its earlier versions are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.sources.files import ENDINGS
from ingest.sources.folder import Target
from ingest.sources.seen import Seen, Sight
from kilde.errors import UsageError

MOST = 1024
"""Machines."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The share of the machine with a number, from 1 to `of`."""

    number: int
    of: int

    def holds(self, locator: str) -> bool:
        """Whether a locator belongs to this share."""
        digest = hashlib.sha256(locator.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:8]) % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def parse_shard(text: str) -> Shard:
    """Read `2/3`: the second of three; raises UsageError for anything else."""
    found = re.fullmatch(r"\s*([0-9]{1,4})\s*/\s*([0-9]{1,4})\s*", text)
    shard = Shard(int(found[1]), int(found[2])) if found else Shard(0, 0)
    if not 1 <= shard.number <= shard.of <= MOST:
        raise UsageError(f"{text} is no share: write 2/3 for the second of three machines, {MOST} at most")
    return shard


def shared_targets(targets: Iterable[Target], shard: Shard) -> list[Target]:
    """The files to open: those of the share, and those that hold originals with locators of their own."""
    return [it for it in targets if it.locator.lower().endswith(ENDINGS) or shard.holds(it.locator)]


def shared_sights(sights: Iterable[Sight], shard: Shard) -> Iterator[Sight]:
    """The sights of the share."""
    for sight in sights:
        if shard.holds(sight.observation.locator if isinstance(sight, Seen) else sight.locator):
            yield sight
