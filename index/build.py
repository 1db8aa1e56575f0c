"""The index brought up to the store: what changed since the change number that it covers, or all of it.

Documents that an index elsewhere does not take are quarantined with a code and taken out of it whole; what it lost all
the same is found by comparing, and written again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from index.fields import fingerprint
from index.opensearch.bulk import Rejected, documents_of
from index.writer import IndexWriter, open_writer
from kilde.errors import DamagedError
from kilde.folder import IndexPlace
from kilde.record_keys import REJECTED
from kilde.store import Store
from kilde.store_writer import StoreWriter

FEW = 300
"""Documents for which starting processes costs more than they save."""
MENDINGS = 2
"""Times that what differs is written again before it is given up."""


def update_index(place: IndexPlace, store: Store, jobs: int | None = None) -> int:
    """Bring the index up to the store; returns the records written.

    An index that is not there, is damaged, or covers more than the store has, is made anew. `jobs` is the number of
    processes, as many as there are processors if it is not given. The store is read as it was last committed.
    """
    writer = open_writer(place)
    with Store(store.path) as committed:
        change = committed.change()
        covered = writer.covers()
        if not 0 <= covered <= change:
            return rebuild_index(place, store, jobs)
        readable, gone = _changed(committed, covered)
    if not (readable or gone):
        writer.tidy()  # a run that was cut short while it merged segments has left files, and nothing else to do
    written = _write(writer, store.path, readable, gone, change, jobs) if readable or gone else 0
    return written + _mend(writer, store.path, change, jobs)


def rebuild_index(place: IndexPlace, store: Store, jobs: int | None = None) -> int:
    """Make the index anew from the store; returns the records written."""
    writer = open_writer(place)
    _give_another_chance(store)
    with Store(store.path) as committed:
        change = committed.change()
        readable, _ = _changed(committed, 0)
    written = _write(writer, store.path, readable, (), change, jobs, rebuild=True)
    return written + _mend(writer, store.path, change, jobs)


def _write(
    writer: IndexWriter, store: Path, readable: Sequence[str], gone: Sequence[str], change: int, jobs: int | None,
    *, rebuild: bool = False,
) -> int:  # fmt: skip
    """One session, and what follows from what it could not write; returns the records written."""
    with writer.session(rebuild=rebuild, jobs=_jobs(jobs, len(readable))) as session:
        for document in gone:
            session.remove(document)
        session.read(store, readable)
        written = session.commit(change)
    settle(writer, store, session.rejected, change)
    return written


def settle(writer: IndexWriter, store: Path, rejected: Sequence[Rejected], change: int) -> None:
    """Quarantine the documents that a commit could not write, and take them out of the index whole."""
    if rejected:
        _quarantine(store, rejected)
        writer.update((), {each.document for each in rejected}, change)


def _mend(writer: IndexWriter, store: Path, change: int, jobs: int | None) -> int:
    """Write again what the index has lost or holds too much; returns the records written. DamagedError."""
    written = 0
    for _ in range(MENDINGS):
        found = _differing(writer, store)
        if not found:
            return written
        written += _write(writer, store, found, (), change, jobs)
    left = len(_differing(writer, store))
    if left:
        raise DamagedError(f"the index differs from the store in {left:,} documents; `kilde index --rebuild` mends it")
    return written


def _differing(writer: IndexWriter, store: Path) -> Sequence[str]:
    with Store(store) as committed:
        return writer.differing(committed)


def _quarantine(store: Path, rejected: Iterable[Rejected]) -> None:
    """Note which documents the index does not take, and why."""
    with StoreWriter(store) as writer:
        for (document, version), detail in documents_of(rejected).items():
            writer.add_quarantined(document, version, REJECTED, detail, fingerprint())
        writer.commit()


def _give_another_chance(store: Store) -> None:
    """Take off the quarantine what an index did not take before."""
    left = [it for it in store.quarantined() if it.code == REJECTED]
    if left:
        with StoreWriter(store.path) as writer:
            for it in left:
                writer.clear_quarantined(it.document, it.digest)
            writer.commit()


def _changed(store: Store, since: int) -> tuple[Sequence[str], Sequence[str]]:
    """The documents that changed after a change number: those that can be read, and the others."""
    changed = list(store.changed(since))
    return [name for name, can_read in changed if can_read], [name for name, can_read in changed if not can_read]


def _jobs(given: int | None, documents: int) -> int:
    return 1 if documents < FEW else given or os.cpu_count() or 1
