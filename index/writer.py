"""Keeping the index in step with the record store: updates in one commit, and a rebuild that swaps in whole.

`IndexWriter` is the seam: Whoosh's segments stand behind it, and a cluster (`index.opensearch`). All writing is
done in a session, which holds the index's lock; what is added is built at once, in this process or in others, and
counts with the session's commit. Segments are merged after that, in a commit of their own under the same lock: a
crash while they are loses nothing, and a reader finds the new records before.
"""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np

from index import storage
from index.fields import schema
from index.merging import plan_merge
from index.opensearch.bulk import Rejected
from index.opensearch.writer import OpenSearchWriter
from index.segments import SegmentFiles, SegmentSource, write_segment
from index.storage import Manifest
from index.workers import Builders, HereBuilders, Workers
from kilde.entries import Entry, entries_of
from kilde.errors import DamagedError, KildeError
from kilde.folder import IndexPlace
from kilde.model import Document
from kilde.store import Store

Fetched: TypeAlias = Callable[[Document], date]
"""The day on which a document without a date of publication was fetched: its kommuner's regions are those of then."""


class Session(Protocol):
    """Writing to an index, under its lock. Nothing counts before `commit`, and nothing can be written after it."""

    @property
    def rejected(self) -> Sequence[Rejected]:
        """The records that the index does not take, with the reasons: complete when `commit` has returned."""

    def add(self, document: Document) -> None:
        """Put a document's records in the place of those that the index has of it."""

    def put(self, document: str, entries: Sequence[Entry]) -> None:
        """As `add`, for a document whose entries are at hand."""

    def remove(self, document: str) -> None:
        """Take out the records of a document, if it has any."""

    def read(self, store: Path, documents: Iterable[str]) -> None:
        """As `add`, for documents that the session reads from a store itself: what they have committed there."""

    def commit(self, change: int) -> int:
        """Let all of it count; `change` is the store's change number that the index covers then.

        Returns the number of records written. What it promises is on disk when it returns.
        """


class IndexWriter(Protocol):
    """Writes records to an index."""

    def session(self, *, rebuild: bool = False, jobs: int = 1, apart: bool = False) -> AbstractContextManager[Session]:
        """A context that gives a `Session`; with `rebuild` the index is made anew, and the old one read until then.

        With more than one job, or `apart`, documents are analysed and inverted in as many processes of their own, while
        the caller goes on; else in this one.
        LockedError when another writer is at work, DamagedError when only a rebuild helps. Left without a commit, it
        leaves the index as it was.
        """

    def update(self, documents: Iterable[Document], removed: Iterable[str], change: int) -> int:
        """Replace all records of these documents, and take out those of the ids `removed`, in one commit."""

    def rebuild(self, documents: Iterable[Document], change: int) -> int:
        """Make the index anew from all documents; readers see the old one until the new one is whole."""

    def covers(self) -> int:
        """The store's change number that the index covers; -1 where there is none that can be read."""

    def differing(self, store: Store) -> Sequence[str]:
        """The documents of which the index has other records than the store, where that can be: they are to be read."""

    def verify(self) -> tuple[str, ...]:
        """What is wrong with the index; nothing when it is as it was written."""

    def tidy(self) -> None:
        """Leave nothing of what was before the last commit.

        LockedError when another writer is at work, KildeError when something cannot be removed.
        """

    def discard(self) -> None:
        """Take the index away."""

    def size(self) -> int:
        """Bytes that it takes."""


def open_writer(place: IndexPlace, fetched: Fetched | None = None) -> IndexWriter:
    """A writer of an index, which is made when first written to. Takes no lock yet."""
    if isinstance(place, Path):
        return _WhooshWriter(place, fetched or _last_known_day)
    return OpenSearchWriter(place, fetched or _last_known_day)


class _WhooshWriter:
    """Writes Whoosh segments."""

    def __init__(self, folder: Path, fetched: Fetched) -> None:
        self._folder = folder
        self._fetched = fetched

    @contextmanager
    def session(self, *, rebuild: bool = False, jobs: int = 1, apart: bool = False) -> Iterator[Session]:
        with storage.writing(self._folder):
            storage.tidy(self._folder)
            opened = _rebuild_of(self._folder) if rebuild else _update_of(self._folder)
            here = jobs == 1 and not apart
            builders: Builders = HereBuilders(opened.generation) if here else Workers(opened.generation, jobs)
            session = _Session(self._folder, opened, builders, self._fetched)
            try:
                yield session
            finally:
                builders.close()
                if opened.before is not None:
                    storage.tidy(self._folder)
                else:
                    storage.discard_unless_current(self._folder, opened.generation)

    def update(self, documents: Iterable[Document], removed: Iterable[str], change: int) -> int:
        with self.session() as session:
            for name in removed:
                session.remove(name)
            for document in documents:
                session.add(document)
            return session.commit(change)

    def rebuild(self, documents: Iterable[Document], change: int) -> int:
        with self.session(rebuild=True) as session:
            for document in documents:
                session.add(document)
            return session.commit(change)

    def covers(self) -> int:
        try:
            return storage.manifest(storage.current(self._folder)).change
        except KildeError:
            return -1

    def differing(self, store: Store) -> Sequence[str]:  # noqa: ARG002 (a commit here is whole or is none)
        return ()

    def verify(self) -> tuple[str, ...]:
        return storage.verify(self._folder)

    def tidy(self) -> None:
        with storage.writing(self._folder):
            storage.tidy(self._folder)
            if left := storage.superseded(self._folder):
                raise KildeError(
                    f"{left[0]} holds an index of before and cannot be removed: remove it, and run this again"
                )

    def discard(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())


class _Opened:
    """What a session writes to, and the last commit there."""

    def __init__(self, generation: Path, before: Manifest | None, number: int) -> None:
        self.generation = generation
        self.before = before
        self.number = number


class _Session:
    """Writes one commit."""

    def __init__(self, folder: Path, opened: _Opened, builders: Builders, fetched: Fetched) -> None:
        self._folder = folder
        self._opened = opened
        self._builders = builders
        self._fetched = fetched
        self._replaced: set[str] = set()
        self._written = 0
        self.rejected: Sequence[Rejected] = ()

    def add(self, document: Document) -> None:
        self.put(document.id, entries_of(document, self._fetched(document)))

    def put(self, document: str, entries: Sequence[Entry]) -> None:
        self._written += self._builders.replace(self._note(document), entries)

    def remove(self, document: str) -> None:
        self._note(document)
        self._builders.replace(document, ())

    def read(self, store: Path, documents: Iterable[str]) -> None:
        self._written += self._builders.read(store, map(self._note, documents))

    def _note(self, document: str) -> str:
        if self._opened.before is not None:
            self._replaced.add(document)
        return document

    def commit(self, change: int) -> int:
        generation = self._opened.generation
        segments = storage.segments_of(generation) if self._opened.before else []
        for segment in segments:
            delete_documents(generation, segment, self._replaced)
        left = [segment for segment in segments if segment.deleted_count() < segment.doc_count_all()]
        number = self._opened.number + 1
        left += self._builders.finish()
        storage.commit(generation, schema(), left, {"generation": number, "change": change})
        if self._opened.before is None:
            storage.swap(self._folder, generation)
        _merge(generation, left, number + 1, change)
        return self._written


def delete_documents(generation: Path, segment: Any, documents: set[str]) -> None:
    """Mark the records of documents in a segment as deleted."""
    if not documents:
        return
    names = SegmentFiles(generation, segment).names("document")
    wanted = np.array(sorted(name.encode() for name in documents))
    places = np.minimum(np.searchsorted(wanted, names), len(wanted) - 1)
    for number in np.flatnonzero(wanted[places] == names).tolist():
        segment.delete_document(number)


def _merge(generation: Path, segments: Sequence[Any], number: int, change: int) -> None:
    """Merge what should be merged, in a commit of its own."""
    keep, merge = plan_merge(segments)
    if not merge:
        return
    sources = [SegmentSource(generation, segment) for segment in merge]
    if any(source.size for source in sources):
        keep.append(write_segment(generation, sources))
    storage.commit(generation, schema(), keep, {"generation": number, "change": change})


def _update_of(folder: Path) -> _Opened:
    if not (folder / "current").exists():
        return _Opened(storage.new_generation(folder), None, 0)
    generation = storage.current(folder)
    before = storage.manifest(generation)
    return _Opened(generation, before, before.generation)


def _rebuild_of(folder: Path) -> _Opened:
    return _Opened(storage.new_generation(folder), None, _last_number(folder))


def _last_number(folder: Path) -> int:
    """The number of the last commit; when it cannot be read, one that no reader has seen."""
    try:
        return storage.manifest(storage.current(folder)).generation
    except DamagedError:
        return date.today().toordinal() * 1_000_000
    except KildeError:
        return 0


def _last_known_day(document: Document) -> date:
    return document.updated or date.today()
