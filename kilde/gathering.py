"""What other machines archived and read, taken in: `kilde ingest --shard` fills several data folders, this makes one.

Observations are copied byte for byte, with the times at which they were made. What their store read by the same rules
is not read again. Nothing is taken in twice, so a folder may be gathered every night.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field

from ingest.archiving.archive import Archived, ArchivedDeparture, Departed, Place
from ingest.archiving.copying import Foreign, append_copy, foreign_observations
from ingest.archiving.reading import find_bodies, read_body
from ingest.identity import document_id
from ingest.pipeline import BATCH, BATCH_BYTES, Entry, Pipeline, originals_in
from ingest.readings import Reading
from kilde.errors import DamagedError, MissingError
from kilde.folder import DataFolder
from kilde.runs import Run
from kilde.store import Store
from kilde.store_readings import stored_readings


@dataclass(slots=True)
class Batch:
    """Observations on their way: theirs, ours, and where bytes stand that came with them."""

    theirs: list[Foreign] = field(default_factory=list)
    ours: list[Entry] = field(default_factory=list)
    bodies: dict[str, Place] = field(default_factory=dict)
    size: int = 0

    def is_full(self) -> bool:
        """Whether it is as large as a batch of the pipeline."""
        return len(self.ours) >= BATCH or self.size >= BATCH_BYTES


def gather(run: Run, folder: DataFolder) -> None:
    """Take in what a data folder, or a backup of one, holds and ours does not; the index is left as it is.

    Raises MissingError where there is no archive. Runs may go on there meanwhile.
    """
    if not folder.archive.is_dir():
        raise MissingError(f"{folder.path} holds no archive: name a data folder, or a backup of one")
    pipeline = run.pipeline()
    with Store(folder.store) if folder.store.exists() else nullcontext() as store:
        for batch in copied(run, pipeline, folder, store):
            run.archive.sync()
            pipeline.keep(batch.ours, readings_of(pipeline, batch, store))
    run.store.commit()


def copied(run: Run, pipeline: Pipeline, folder: DataFolder, store: Store | None) -> Iterator[Batch]:
    """Batches of what is new, written to our archive and not yet synced."""
    batch = Batch()
    for foreign in foreign_observations(folder.archive):
        run.report.seen += 1
        if not is_new(run, store, foreign):
            run.watch(None)
            continue
        batch.theirs.append(foreign)
        batch.ours.append(copy(run, pipeline, folder, foreign, batch.bodies))
        batch.size += len(foreign.records)
        if batch.is_full():
            yield batch
            batch = Batch()
    if batch.ours:
        yield batch


def is_new(run: Run, store: Store | None, foreign: Foreign) -> bool:
    """Whether an observation is not known here and was forgotten neither here nor there."""
    what = foreign.what
    id_ = document_id(what.source, what.locator)
    digest = "" if isinstance(what, Departed) else what.digest
    there = store.known(id_) if store else None
    if run.tombstones.cover(id_, digest) or (there is not None and there.forgotten):
        run.report.forgotten += 1
        return False
    known = is_known(run.store, id_, what.observed, digest)
    run.report.unchanged += known
    return not known


def is_known(store: Store, document: str, observed: str, digest: str) -> bool:
    """Whether our store has an observation or a departure, or a later one: they come in the order of their times.

    Two versions within one second are told apart by their bytes.
    """
    known = store.known(document)
    last = store.archived(document)
    if known is None or last is None:
        return False
    latest = max(last[0].observed, known.gone or "")
    if observed != latest or not digest:
        return observed <= latest
    return store.archived(document, digest) is not None


def copy(run: Run, pipeline: Pipeline, folder: DataFolder, foreign: Foreign, bodies: dict[str, Place]) -> Entry:
    """Write one observation to our archive."""
    what = foreign.what
    if isinstance(what, Departed):
        return ArchivedDeparture(what, append_copy(run.archive, foreign))
    body = bodies.get(what.digest) or pipeline.known_body(what.digest)
    if foreign.has_body or body is not None:
        place = append_copy(run.archive, foreign)
        archived = Archived(what, place, body or place)
    else:
        # The document that brought the bytes was forgotten there; this one keeps them.
        archived = run.archive.append(what, their_body(folder, what.digest), None)
    bodies[what.digest] = archived.body
    return archived


def their_body(folder: DataFolder, digest: str) -> bytes:
    """The bytes of a digest, wherever their archive holds them."""
    place = find_bodies(folder.archive).get(digest)
    if place is None:
        raise DamagedError(
            f"{folder.path} holds no bytes with the sha-256 {digest[:12]}…; `kilde check` there says more"
        )
    return read_body(folder.archive, place, digest)


def readings_of(pipeline: Pipeline, batch: Batch, store: Store | None) -> Future[list[list[Reading]]]:
    """What came of a batch: by their store, else read here."""
    stored: dict[Place, list[Reading]] = {}
    for theirs, ours in zip(batch.theirs, batch.ours, strict=True):
        if store is not None and isinstance(ours, Archived):
            found = stored_readings(store, theirs.place, ours, pipeline.keeper.rules)
            if found is not None:
                stored[ours.place] = found
    left = [it for it in originals_in(batch.ours) if it.place not in stored]
    read = iter(pipeline.results(left, pipeline.submit(left)) if left else ())
    done: Future[list[list[Reading]]] = Future()
    done.set_result([stored.get(it.place) or next(read) for it in originals_in(batch.ours)])
    return done
