"""The data folder opened for reading, as a worker holds it: documents, searches, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from kilde.errors import DamagedError, MissingError
from kilde.folder import DataFolder
from kilde.model import Document, Record
from kilde.opensearch import OpenSearch
from kilde.state import State
from kilde.store import Store
from kilde.tombstones import forgotten_record
from search.arrivals import Arrivals, arrivals_of
from search.cli import StoreTexts
from search.coverage import coverage_of
from search.deadline import NEVER, Deadline
from search.engine import Answer, Engine, open_engine
from search.page import Coverage, Page, Query
from search.web import ledger
from search.web.errors import GoneError

DOCUMENTS_KEPT = 32
LONGEST_ID = 64


class Library:
    """Opens store and index at the first question, and the store again when another file has taken its place."""

    def __init__(self, data: Path, opensearch: OpenSearch | None = None) -> None:
        self.folder = DataFolder(data, opensearch)
        self.deadline: Deadline = NEVER
        """Of the question that is being answered: its searches share it."""
        self._store: Store | None = None
        self._engine: Engine | None = None
        self._file: tuple[int, int] = (0, 0)
        self._arrivals: Arrivals | None = None
        self._coverage: tuple[tuple[int, int], Coverage] | None = None
        self._document = lru_cache(maxsize=DOCUMENTS_KEPT)(self._read_document)

    @property
    def store(self) -> Store:
        """The record store. MissingError, DamagedError where it cannot be read."""
        file = _identity(self.folder.store)
        if self._store is None or file[0] != self._file[0]:
            self.close()
            self._store, self._file = Store(self.folder.require().store), file
            self._engine = open_engine(self.folder.index, StoreTexts(self._store))
        return self._store

    @property
    def engine(self) -> Engine:
        """The engine over the index."""
        assert self.store is not None
        assert self._engine is not None
        return self._engine

    def close(self) -> None:
        """Close the store."""
        self._document.cache_clear()
        self._arrivals = None
        if self._store is not None:
            self._store.connection.close()
            self._store = None

    @property
    def texts(self) -> StoreTexts:
        """The texts of hits."""
        return StoreTexts(self.store)

    def ask(self, query: Query) -> Answer:
        """All that answers a query in the newest commit of the index. TooLongError past the deadline."""
        return self.engine.ask(query, self.deadline)

    def search(self, query: Query) -> Page:
        """A page of hits, with what was searched. TooLongError past the deadline."""
        return replace(self.engine.search(query, self.deadline), coverage=self.coverage())

    def arrivals(self) -> Arrivals:
        """When the documents were first seen; read anew when the store has changed."""
        change = self.store.change()
        if self._arrivals is None or self._arrivals.change != change:
            self._arrivals = arrivals_of(change, ledger.by_observation(self.store))
        return self._arrivals

    def coverage(self) -> Coverage:
        """What answers rest on; counted anew when store or state have changed."""
        mark = (self.store.change(), _identity(self.folder.state)[1])
        if self._coverage is None or self._coverage[0] != mark:
            self._coverage = mark, coverage_of(self.folder, self.store)
        return self._coverage[1]

    @contextmanager
    def state(self) -> Iterator[State | None]:
        """What people and runs decided; None where nothing was yet."""
        if not self.folder.state.exists():
            yield None
            return
        with State(self.folder.state, readonly=True) as state:
            yield state

    def document(self, document: str, version: str | None = None) -> Document:
        """A version of a document, the current one unless another is named.

        GoneError for a document that was forgotten, MissingError for one that there never was, TooLongError past the
        deadline: a page may have hundreds.
        """
        self.deadline.check()
        self._check(document)
        if version is None:
            row = self.store.connection.execute("SELECT version FROM document WHERE id = ?", (document,)).fetchone()
            version = row[0] if row else None
        found = self._document(document, version) if version else None
        if found is None:
            raise MissingError(f"there is no document {document[:LONGEST_ID]!r} that could be read")
        return found

    def record(self, record: str) -> tuple[Document, Record, bool]:
        """A record with its document, and whether it stands in the current version. As `document` otherwise."""
        found = ledger.find_record(self.store, record)
        if found is None:
            self._check_record(record)
            raise MissingError(f"there is no record {record[:LONGEST_ID]!r}")
        document = self.document(found.document, found.version)
        return document, document.records[found.position - 1], found.current

    def _check_record(self, record: str) -> None:
        with self.state() as state:
            grave = forgotten_record(state, record) if state else None
        if grave is not None:
            raise GoneError(f"record {record} was forgotten on {grave.forgotten[:10]}")

    def _check(self, document: str) -> None:
        with self.state() as state:
            grave = ledger.forgotten(state, document) if state else None
        if grave is not None:
            raise GoneError(f"document {document} was forgotten on {grave.when[:10]}")

    def _read_document(self, document: str, version: str) -> Document | None:
        return self.store.document(document, version)


def _identity(path: Path) -> tuple[int, int]:
    """What tells one file from another in its place, and from itself after a change."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def ready(library: Library) -> None:
    """Raise MissingError or DamagedError where questions cannot be answered."""
    if library.store.change() < 0:
        raise DamagedError(
            "the record store counts its changes below zero; `kilde ingest --from-archive` makes it anew"
        )
    library.engine.search(Query(limit=0))
