"""Files that were named or found in folders, as sights: most are one original each, a mailbox or a WARC file many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from ingest.sources.folder import Target, see
from ingest.sources.seen import Sight
from ingest.sources.warc import see_warc

MANY = (((".warc", ".warc.gz"), see_warc),)
"""Endings of files that hold many originals, and what sees those."""


def see_files(targets: Iterable[Target], now: datetime, published: str | None = None) -> Iterator[Sight]:
    """The originals of files, one after the other; each is read when its turn comes."""
    for target in targets:
        inside = next((sees for endings, sees in MANY if target.locator.lower().endswith(endings)), None)
        if inside is None:
            yield see(target, now=now, published=published)
        else:
            yield from inside(target.path, target.source, now, published)
