"""What came of originals, stored: versions, quarantine, what is gone. A version never replaces a better one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ingest.archiving.archive import Departed
from ingest.fingerprint import rules_fingerprint
from ingest.identity import document_id, keep_ids
from ingest.readings import Container, Failure, Outcome, Reading
from ingest.report import Report
from ingest.sources.seen import Sight
from kilde.model import Document, RecordKind
from kilde.store_writer import StoreWriter


@dataclass(frozen=True, slots=True)
class Tombstones:
    """What was forgotten, by the ids of documents and the digests of their bytes."""

    documents: frozenset[str] = frozenset()
    digests: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.documents or self.digests)

    def cover(self, document: str, digest: str) -> bool:
        """Whether an observation is not to be taken in."""
        return document in self.documents or digest in self.digests


Watcher = Callable[[Outcome | Sight | None], None]
"""Is told of each original: its outcome, why there is none, or None where it was unchanged."""


@dataclass(slots=True)
class Keeper:
    """Writes to the store what was read; nothing counts before the store's commit."""

    store: StoreWriter
    watch: Watcher
    report: Report
    tombstones: Tombstones = field(default_factory=Tombstones)
    rules: str = field(default_factory=rules_fingerprint)

    def keep_departure(self, departed: Departed) -> None:
        """Flag a document as gone, with all that came inside of it."""
        id_ = document_id(departed.source, departed.locator)
        self.report.gone += self.store.make_gone([id_, *self.store.parts(id_)], departed.observed)

    def keep_readings(self, readings: Sequence[Reading], *, renew: bool = False) -> None:
        """Store what came of one original: itself, its parts, and that parts it had before are there no more.

        With `renew` it was archived and stored before and is only read anew: what was observed then counts.
        """
        first = readings[0].archived.observation
        root = document_id(first.source, first.locator)
        fresh = self.store.known(root) is None
        kept = set()
        for reading in readings:
            seen = reading.archived.observation
            id_ = document_id(seen.source, seen.locator)
            if self.tombstones.cover(id_, seen.digest):
                self.report.forgotten += 1
                continue
            observed = renew and self.store.archived(id_, seen.digest) is not None
            self.keep_one(id_, reading, again=observed or id_ in kept, fresh=fresh and id_ not in kept)
            self.watch(reading.outcome)
            kept.add(id_)
        if not fresh:
            self.store.make_gone((part for part in self.store.parts(root) if part not in kept), first.observed)

    def keep_one(self, id_: str, reading: Reading, *, again: bool, fresh: bool) -> None:
        """Store one observation and what came of it; a version that cannot be read never replaces one that can.

        `again` where an outcome of the same original is stored already, `fresh` where nothing is known of it, so that
        the store need not be asked.
        """
        archived, outcome = reading.archived, reading.outcome
        seen, body = archived.observation, archived.body
        before = None if fresh else self.store.document(id_)
        if not again:
            parent = document_id(seen.source, reading.parent) if reading.parent else None
            place = (archived.place.file, archived.place.offset)
            self.store.add_observation(id_, seen, place, (body.file, body.offset, body.part), parent)
            self.report.added += reading.parent is None
            self.report.parts += reading.parent is not None
        if isinstance(outcome, Failure):
            self.report.quarantined += 1
            self.store.add_quarantined(id_, seen.digest, outcome.code, outcome.detail, self.rules)
        elif isinstance(outcome, Container):
            self.store.make_container(id_)
        else:
            self.keep_document(outcome, before, fresh=fresh)

    def keep_document(self, found: Document, before: Document | None, *, fresh: bool) -> None:
        """Store a version and make it current; its records keep the ids that they had before."""
        same = before if before and before.version == found.version else None
        earlier = same or (None if fresh else self.store.document(found.id, found.version))
        base = earlier or before
        document = replace(found, records=tuple(keep_ids(found.records, base.records))) if base else found
        if document != earlier:
            self.store.add_version(document, instead=earlier is not None)
        if not fresh:
            self.store.clear_quarantined(document.id, document.version)
        self.store.make_current(document.id, document.version)
        self.report.records += sum(record.kind is not RecordKind.IMPRINT for record in document.records)
        self.report.problems += len(document.problems)
