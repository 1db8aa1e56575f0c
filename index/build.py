"""The index brought up to the store: what changed since the change number that it covers, or all of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from index.writer import IndexWriter, open_writer
from kilde.model import Document
from kilde.store import Store


def update_index(path: Path, store: Store) -> int:
    """Bring the index up to the store; returns the records written.

    An index that is not there, is damaged, or covers more than the store has, is made anew.
    """
    covered = writer_of(path, store).covers()
    if not 0 <= covered <= store.change():
        return rebuild_index(path, store)
    changed = list(store.changed(covered))
    if not changed:
        return 0
    readable = [document for document, can_read in changed if can_read]
    gone = [document for document, can_read in changed if not can_read]
    return writer_of(path, store).update(store.documents(readable), gone, store.change())


def rebuild_index(path: Path, store: Store) -> int:
    """Make the index anew from the store; returns the records written."""
    readable = [document for document, can_read in store.changed() if can_read]
    return writer_of(path, store).rebuild(store.documents(readable), store.change())


def writer_of(path: Path, store: Store) -> IndexWriter:
    """A writer that takes a document's day of fetching from the store."""

    def fetched(document: Document) -> date:
        return store.first_seen(document.id)

    return open_writer(path, fetched)
