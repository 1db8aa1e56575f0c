"""Originals to the store: observe, archive, read, keep. Each batch is archived and synced before it is read; what is
read within some seconds is stored in one commit.

What the store does not know yet is replayed from the archive, so a run that was cut short, a rebuild from the archive
and an ordinary run are one and the same walk over observations.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic

from ingest.archiving.archive import Archived, ArchivedDeparture, ArchiveWriter, Departed, Place
from ingest.archiving.reading import read_archive
from ingest.identity import document_id
from ingest.keeping import Keeper
from ingest.parcels import pack, read_parcels
from ingest.readings import Failure, Reading, read_batch
from ingest.report import Report
from ingest.sandbox import WorkerDied
from ingest.sources.seen import Gone, Seen, Sight, Unchanged, Unseen
from kilde.model import NO_HINTS, Observation
from kilde.store_tables import LastSeen
from kilde.store_writer import StoreWriter

BATCH = 64
"""Observations archived with one sync and read by one task."""
BATCH_BYTES = 4_000_000
AHEAD = 2
"""Batches for each process that are handed out before the first is stored."""
COMMITTED = 5.0
"""Seconds between commits: what is lost with the power is read again from the archive."""


Entry = Archived | ArchivedDeparture


@dataclass(slots=True)
class Pipeline:
    """One run over a store and an archive; it owns the batch that is being put together."""

    keeper: Keeper
    folder: Path
    executor: Executor
    workers: int
    atomic: bool = False
    """Leave the commit to the caller: all of the run counts, or nothing."""
    apart: bool = False
    """Those who read do not see the archive: originals are sent to them."""
    committed: float = field(default_factory=monotonic)
    """When the last commit was."""

    @property
    def store(self) -> StoreWriter:
        """Where what is read is kept."""
        return self.keeper.store

    @property
    def report(self) -> Report:
        """What the run did up to now."""
        return self.keeper.report

    def ingest(
        self, sights: Iterable[Sight], archive: ArchiveWriter, acknowledge: Callable[[list[Sight]], None] | None = None
    ) -> list[Unseen]:
        """Archive and read what is new among originals; returns those that could not be archived.

        `acknowledge` is told of sights once they are safe: archived and synced, or found unchanged.
        """
        unseen: list[Unseen] = []
        self.replay(self.archived(sights, archive, unseen, acknowledge or (lambda _: None)))
        return unseen

    def archived(
        self,
        sights: Iterable[Sight],
        archive: ArchiveWriter,
        unseen: list[Unseen],
        acknowledge: Callable[[list[Sight]], None],
    ) -> Iterator[list[Entry]]:
        """Batches of what is new, archived and synced."""
        batch: list[Entry] = []
        sighted: list[Sight] = []
        bodies: dict[str, Place] = {}
        size = 0
        for sight in sights:
            self.report.seen += 1
            if isinstance(sight, Unseen):
                unseen.append(sight)
                self.report.failed += 1
                self.report.quarantined += 1
                self.keeper.watch(sight)
                continue
            entry = self.archive_one(sight, archive, bodies)
            if entry is not None:
                batch.append(entry)
                size += len(sight.body) if isinstance(sight, Seen) else 0
            if not isinstance(sight, Seen):
                sighted.append(sight)
            elif sight.validators is not None:
                sighted.append(replace(sight, body=b"", exchange=None))
            if len(batch) >= BATCH or size >= BATCH_BYTES:
                archive.sync()
                acknowledge(sighted)
                yield batch
                batch, sighted, bodies, size = [], [], {}, 0
        archive.sync()
        acknowledge(sighted)
        if batch:
            yield batch

    def archive_one(
        self, sight: Seen | Unchanged | Gone, archive: ArchiveWriter, bodies: dict[str, Place]
    ) -> Entry | None:
        """Archive one sight; None where nothing is new."""
        if not isinstance(sight, Seen):
            return self.archive_absence(sight, archive)
        seen = sight.observation
        if self.keeper.tombstones and self.keeper.tombstones.cover(document_id(seen.source, seen.locator), seen.digest):
            self.report.forgotten += 1
            self.keeper.watch(None)
            return None
        last = self.store.last_seen(seen.source, seen.locator)
        if last is not None and is_same(seen, last):
            self.report.unchanged += 1
            self.keeper.watch(None)
            return None
        observation = with_known_facts(seen, last)
        known = bodies.get(observation.digest) or self.known_body(observation.digest)
        archived = archive.append(observation, sight.body, known, sight.exchange)
        bodies[observation.digest] = archived.body
        return archived

    def archive_absence(self, sight: Unchanged | Gone, archive: ArchiveWriter) -> ArchivedDeparture | None:
        """Count what the server says is unchanged; archive that something is gone, once."""
        self.keeper.watch(None)
        if isinstance(sight, Unchanged):
            self.report.unchanged += 1
            return None
        known = self.store.known(document_id(sight.source, sight.locator))
        if known is None or known.gone or known.forgotten:
            self.report.unchanged += 1
            return None
        return archive.append_departure(Departed(sight.source, sight.locator, sight.observed, sight.detail))

    def known_body(self, digest: str) -> Place | None:
        """Where the archive holds these bytes already, as an original of their own."""
        original = self.store.original(digest)
        return Place(original.file, original.place) if original and not original.part else None

    def catch_up(self) -> None:
        """Replay what the archive holds and the store does not know: all of it for an empty store."""
        end = self.store.archive_end()
        missing = read_archive(self.folder, self.known_body, Place(*end) if end else None)
        self.replay(batches(self.not_forgotten(missing)))

    def not_forgotten(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Observations without those of forgotten documents."""
        for entry in entries:
            seen = entry.observation if isinstance(entry, Archived) else entry.departed
            digest = entry.observation.digest if isinstance(entry, Archived) else ""
            if self.keeper.tombstones.cover(document_id(seen.source, seen.locator), digest):
                self.report.forgotten += 1
                self.store.reach((entry.place.file, entry.place.offset))
            else:
                yield entry

    def replay(self, work: Iterable[list[Entry]]) -> None:
        """Read batches of the archive, as many at once as there are workers, and store them in their order."""
        waiting: deque[tuple[list[Entry], Future[list[list[Reading]]]]] = deque()
        for batch in work:
            waiting.append((batch, self.submit(originals_in(batch))))
            if len(waiting) > AHEAD * self.workers:
                self.keep(*waiting.popleft())
        while waiting:
            self.keep(*waiting.popleft())
        if not self.atomic:
            self.store.commit()

    def submit(self, batch: Sequence[Archived]) -> Future[list[list[Reading]]]:
        """Have a batch read."""
        if self.apart:
            return self.executor.submit(read_parcels, pack(self.folder, batch))
        return self.executor.submit(read_batch, self.folder, batch)

    def keep(self, batch: Sequence[Entry], task: Future[list[list[Reading]]]) -> None:
        """Store a batch; several of them count with one commit."""
        results = iter(self.results(originals_in(batch), task))
        for entry in batch:
            if isinstance(entry, ArchivedDeparture):
                self.keeper.keep_departure(entry.departed)
            else:
                self.keeper.keep_readings(next(results))
            self.store.reach((entry.place.file, entry.place.offset))
        if not self.atomic and monotonic() - self.committed >= COMMITTED:
            self.store.commit()
            self.committed = monotonic()

    def results(self, batch: Sequence[Archived], task: Future[list[list[Reading]]]) -> list[list[Reading]]:
        """What came of a batch; where its process died, each original is read by itself to find the one that did it."""
        try:
            return task.result()
        except (WorkerDied, BrokenExecutor) as error:
            if len(batch) > 1:
                return [self.results([one], self.submit([one]))[0] for one in batch]
            code, detail = getattr(error, "code", "crashed"), str(error)
            return [[Reading(batch[0], Failure(batch[0].observation, code, detail))]]


def originals_in(batch: Sequence[Entry]) -> list[Archived]:
    """The entries of a batch that have bytes to read."""
    return [entry for entry in batch if isinstance(entry, Archived)]


def with_known_facts(seen: Observation, last: LastSeen | None) -> Observation:
    """The observation with the facts that were given before and are not given anew: a nightly run forgets no date."""
    if last is None:
        return seen
    return replace(
        seen,
        publisher=seen.publisher or last.publisher,
        published=seen.published or last.published,
        url=seen.url or last.url,
        hints=last.hints if seen.hints == NO_HINTS else seen.hints,
    )


def is_same(seen: Observation, last: LastSeen) -> bool:
    """Whether bytes and facts are those last seen under the locator; what is not given anew counts as the same.

    The time and the media type do not count; what was gone and is there again does.
    """
    return (
        seen.digest == last.digest
        and not last.gone
        and seen.published in (None, last.published)
        and seen.publisher in (None, last.publisher)
        and seen.url in (None, last.url)
        and (seen.hints is NO_HINTS or seen.hints in (NO_HINTS, last.hints))
    )


def batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Observations in batches of BATCH, or fewer where they are large."""
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        batch.append(entry)
        size += entry.observation.size if isinstance(entry, Archived) else 0
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
