"""Originals to the store: observe, archive, read, keep. Each batch is archived and synced before it is read, and
stored in one commit.

What the store does not know yet is replayed from the archive, so a run that was cut short, a rebuild from the archive
and an ordinary run are one and the same walk over observations.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.archive import Archived, ArchiveWriter, Place, read_archive, read_body
from ingest.identity import document_id, keep_ids
from ingest.reading import read_document
from ingest.sources.folder import Seen, Unseen
from kilde.errors import UnreadableError
from kilde.model import Document, Observation, RecordKind
from kilde.store import Store

BATCH = 64
"""Observations archived with one sync, read by one task and stored in one commit."""
BATCH_BYTES = 4_000_000
AHEAD = 2
"""Batches for each process that are handed out before the first is stored."""


@dataclass(slots=True)
class Report:
    """What a run did: the counts of CONTRACTS."""

    seen: int = 0
    added: int = 0
    unchanged: int = 0
    records: int = 0
    quarantined: int = 0
    problems: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """An original that could not be read, with the reason for the quarantine."""

    observation: Observation
    code: str
    detail: str


Outcome = Document | Failure
Watcher = Callable[[Outcome | Unseen | None], None]
"""Is told of each original: its outcome, or None where it was unchanged."""


@dataclass(slots=True)
class Pipeline:
    """One run over a store and an archive; it owns the batch that is being put together."""

    store: Store
    folder: Path
    executor: Executor
    workers: int
    watch: Watcher
    report: Report
    atomic: bool = False
    """Leave the commit to the caller: all of the run counts, or nothing."""

    def ingest(self, seen: Iterable[Seen | Unseen], archive: ArchiveWriter) -> list[Unseen]:
        """Archive and read what is new among originals; returns those that could not be archived."""
        unseen: list[Unseen] = []
        self.replay(self.archived(seen, archive, unseen))
        return unseen

    def archived(
        self, seen: Iterable[Seen | Unseen], archive: ArchiveWriter, unseen: list[Unseen]
    ) -> Iterator[list[Archived]]:
        """Batches of what is new, archived and synced."""
        batch: list[Archived] = []
        bodies: dict[str, Place] = {}
        size = 0
        for original in seen:
            self.report.seen += 1
            if isinstance(original, Unseen):
                unseen.append(original)
                self.report.quarantined += 1
                self.watch(original)
                continue
            last = self.store.last_observation(document_id(original.observation.source, original.observation.locator))
            observation = with_known_facts(original.observation, last)
            if last is not None and is_same(observation, last):
                self.report.unchanged += 1
                self.watch(None)
            else:
                digest = observation.digest
                known = bodies.get(digest) or self.known_body(digest)
                archived = archive.append(observation, original.body, known)
                bodies[digest] = archived.body
                batch.append(archived)
                size += len(original.body)
            if len(batch) >= BATCH or size >= BATCH_BYTES:
                archive.sync()
                yield batch
                batch, bodies, size = [], {}, 0
        archive.sync()
        if batch:
            yield batch

    def known_body(self, digest: str) -> Place | None:
        """Where the archive holds these bytes already."""
        original = self.store.original(digest)
        return Place(original.file, original.place) if original else None

    def catch_up(self) -> None:
        """Replay what the archive holds and the store does not know: all of it for an empty store."""
        end = self.store.archive_end()
        bodies = {it.digest: Place(it.file, it.place) for it in self.store.originals()}
        missing = read_archive(self.folder, bodies, Place(*end) if end else None)
        self.replay(batches(missing))

    def replay(self, work: Iterable[list[Archived]]) -> None:
        """Read batches of the archive, as many at once as there are workers, and store them in their order."""
        waiting: deque[tuple[list[Archived], Future[list[Outcome]]]] = deque()
        for batch in work:
            waiting.append((batch, self.executor.submit(read_batch, self.folder, batch)))
            if len(waiting) > AHEAD * self.workers:
                self.keep(*waiting.popleft())
        while waiting:
            self.keep(*waiting.popleft())

    def keep(self, batch: Sequence[Archived], task: Future[list[Outcome]]) -> None:
        """Store a batch in one commit."""
        for archived, outcome in zip(batch, task.result(), strict=True):
            self.keep_one(archived, outcome)
            self.watch(outcome)
        if not self.atomic:
            self.store.commit()

    def keep_one(self, archived: Archived, outcome: Outcome) -> None:
        """Store one observation and what came of it; a version that cannot be read never replaces one that can."""
        seen = archived.observation
        id_ = document_id(seen.source, seen.locator)
        before = self.store.document(id_)
        self.store.add_observation(
            id_, seen, archived.place.file, archived.place.offset, (archived.body.file, archived.body.offset)
        )
        self.report.added += 1
        if isinstance(outcome, Failure):
            self.report.quarantined += 1
            self.store.add_quarantined(id_, seen.digest, outcome.code, outcome.detail)
            return
        earlier = self.store.document(id_, seen.digest)
        base = earlier or before
        document = replace(outcome, records=tuple(keep_ids(outcome.records, base.records))) if base else outcome
        if document != earlier:
            self.store.add_version(document)
        self.store.make_current(id_, seen.digest)
        self.report.records += sum(record.kind is not RecordKind.IMPRINT for record in document.records)
        self.report.problems += len(document.problems)


def with_known_facts(observation: Observation, last: Observation | None) -> Observation:
    """The observation with the facts that were given before and are not given anew: a nightly run forgets no date."""
    if last is None:
        return observation
    return replace(
        observation,
        publisher=observation.publisher or last.publisher,
        published=observation.published or last.published,
        url=observation.url or last.url,
    )


def is_same(observation: Observation, last: Observation) -> bool:
    """Whether bytes and facts are those last seen under the locator; the time and the media type do not count."""
    return replace(observation, observed="", media_type="") == replace(last, observed="", media_type="")


def batches(observations: Iterable[Archived]) -> Iterator[list[Archived]]:
    """Observations in batches of BATCH, or fewer where they are large."""
    iterator = iter(observations)
    batch: list[Archived] = []
    size = 0
    for archived in iterator:
        batch.append(archived)
        size += archived.observation.size
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def read_batch(folder: Path, batch: Sequence[Archived]) -> list[Outcome]:
    """Read a batch of originals from the archive: the task of one process."""
    return [read_one(folder, archived) for archived in batch]


def read_one(folder: Path, archived: Archived) -> Outcome:
    """Read one original; raises DamagedError where the archive does not hold what it should."""
    body = read_body(folder, archived.body, archived.observation.digest)
    return read_bytes(body, archived.observation)


def read_bytes(body: bytes, seen: Observation) -> Outcome:
    """Read the bytes of an observation; what cannot be read becomes a Failure with the reason."""
    try:
        return read_document(body, seen)
    except UnreadableError as error:
        return Failure(seen, error.code, str(error))
    except RecursionError:
        return Failure(seen, "too_deep", "the original is nested too deeply to be read")
