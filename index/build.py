"""The index brought up to the store: what changed since the change number that it covers, or all of it."""

from __future__ import annotations

from pathlib import Path

from index.writer import open_writer
from kilde.errors import DamagedError
from kilde.store import Store


def update_index(path: Path, store: Store) -> int:
    """Bring the index up to the store; returns the records written. One that is damaged is made anew."""
    writer = open_writer(path)
    try:
        covered = writer.change()
    except DamagedError:
        return rebuild_index(path, store)
    if covered > store.change():
        return rebuild_index(path, store)
    changed = list(store.changed(covered))
    if not changed:
        return 0
    readable = [document for document, can_read in changed if can_read]
    gone = [document for document, can_read in changed if not can_read]
    return writer.update(store.documents(readable), gone, store.change())


def rebuild_index(path: Path, store: Store) -> int:
    """Make the index anew from the store; returns the records written."""
    readable = [document for document, can_read in store.changed() if can_read]
    return open_writer(path).rebuild(store.documents(readable), store.change())
