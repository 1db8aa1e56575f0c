"""Files that were named or found in folders, as sights: most are one original each, a mailbox or a WARC file many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ingest.sources.folder import Target, see
from ingest.sources.mailbox import MBOX_ENDINGS, read_file, sights
from ingest.sources.seen import Seen, Sight
from ingest.sources.warc import see_warc

Sees = Callable[[Path, str, datetime], Iterator[Sight]]


def see_mbox(path: Path, source: str, now: datetime) -> Iterator[Sight]:
    """The mails of an mbox file, each under its Message-ID."""
    return sights(read_file(path, path.name, source), source, now)


MANY: tuple[tuple[tuple[str, ...], Sees], ...] = (
    (tuple(sorted(MBOX_ENDINGS)), see_mbox),
    ((".warc", ".warc.gz"), see_warc),
)
"""Endings of files that hold many originals, and what sees those."""
ENDINGS = tuple(ending for endings, _ in MANY for ending in endings)


def see_files(targets: Iterable[Target], now: datetime, published: str | None = None) -> Iterator[Sight]:
    """The originals of files, one after the other; each is read when its turn comes."""
    for target in targets:
        if not target.locator.lower().endswith(ENDINGS):
            yield see(target, now=now, published=published)
            continue
        inside = next(sees for endings, sees in MANY if target.locator.lower().endswith(endings))
        for sight in inside(Path(target.path), target.source, now):
            if published and isinstance(sight, Seen):
                yield replace(sight, observation=replace(sight.observation, published=published))
            else:
                yield sight
