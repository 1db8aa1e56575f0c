"""The index brought up to the store: what changed since the change number that it covers, or all of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from index.writer import open_writer
from kilde.store import Store

FEW = 300
"""Documents for which starting processes costs more than they save."""


def update_index(path: Path, store: Store, jobs: int | None = None) -> int:
    """Bring the index up to the store; returns the records written.

    An index that is not there, is damaged, or covers more than the store has, is made anew. `jobs` is the number of
    processes, as many as there are processors if it is not given. The store is read as it was last committed.
    """
    with Store(store.path) as committed:
        change = committed.change()
        covered = open_writer(path).covers()
        if not 0 <= covered <= change:
            return rebuild_index(path, store, jobs)
        readable, gone = _changed(committed, covered)
    if not readable and not gone:
        return 0
    with open_writer(path).session(jobs=_jobs(jobs, len(readable))) as session:
        for document in gone:
            session.remove(document)
        session.read(store.path, readable)
        return session.commit(change)


def rebuild_index(path: Path, store: Store, jobs: int | None = None) -> int:
    """Make the index anew from the store; returns the records written."""
    with Store(store.path) as committed:
        change = committed.change()
        readable, _ = _changed(committed, 0)
    with open_writer(path).session(rebuild=True, jobs=_jobs(jobs, len(readable))) as session:
        session.read(store.path, readable)
        return session.commit(change)


def _changed(store: Store, since: int) -> tuple[Sequence[str], Sequence[str]]:
    """The documents that changed after a change number: those that can be read, and the others."""
    changed = list(store.changed(since))
    return [name for name, can_read in changed if can_read], [name for name, can_read in changed if not can_read]


def _jobs(given: int | None, documents: int) -> int:
    return 1 if documents < FEW else given or os.cpu_count() or 1
