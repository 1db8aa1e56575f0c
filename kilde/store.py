"""The record store, kilde.sqlite, to be asked: what was read. Derived: any mismatch means rebuild, never migrate.

One writer (`kilde.store_writer`, under the data folder's lock), any number of readers. Rows of a version are never
changed, so a reader that holds a version's digest finds it until the store is rebuilt or the document is read anew by
better rules.
"""

from __future__ import annotations

from pathlib import Path

from kilde.errors import DamagedError, MissingError
from kilde.store_documents import Documents
from kilde.store_observations import Observations
from kilde.store_totals import Totals


class Store(Documents, Observations, Totals):
    """An open kilde.sqlite, with all questions that can be put to it."""


def known_end(path: Path) -> tuple[str, int] | None:
    """Where the last observation stands that a store knows, by file and offset; None where there is none to be read."""
    try:
        with Store(path) as store:
            return store.archive_end()
    except (DamagedError, MissingError):
        return None


def last_places(path: Path) -> dict[str, int]:
    """Where the last observation stands in each file of the archive that a store knows; nothing where it has none."""
    try:
        with Store(path) as store:
            return store.last_places()
    except (DamagedError, MissingError):
        return {}
