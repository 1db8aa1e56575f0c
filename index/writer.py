"""Keeping the index in step with the record store: updates in one commit, and a rebuild that swaps in whole.

`IndexWriter` is the seam: Whoosh is the embedded engine behind it, another may stand behind it too.
"""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Protocol, TypeAlias

from whoosh.index import FileIndex

from index import storage
from index.fields import Entry, schema
from index.segments import SegmentsWriter
from kilde.errors import DamagedError, KildeError
from kilde.model import Document, RecordKind

Fetched: TypeAlias = Callable[[Document], date]
"""The day on which a document without a date of publication was fetched: its kommuner's regions are those of then."""


class IndexWriter(Protocol):
    """Writes records to an index."""

    def update(self, documents: Iterable[Document], removed: Iterable[str], change: int) -> int:
        """Replace all records of these documents, and take out those of the ids `removed`, in one commit.

        `change` is the store's change number that the index covers then. Returns the number of records written.
        LockedError when another writer is at work, DamagedError when only a rebuild helps.
        """

    def rebuild(self, documents: Iterable[Document], change: int) -> int:
        """Make the index anew from all documents; readers see the old one until the new one is whole."""

    def covers(self) -> int:
        """The store's change number that the index covers; -1 where there is none that can be read."""


def open_writer(index_folder: Path, fetched: Fetched | None = None) -> IndexWriter:
    """A writer of the index in a folder, which is made when first written to. Takes no lock yet."""
    return _WhooshWriter(index_folder, fetched or _last_known_day)


class _WhooshWriter:
    """Writes Whoosh segments."""

    def __init__(self, folder: Path, fetched: Fetched) -> None:
        self._folder = folder
        self._fetched = fetched

    def update(self, documents: Iterable[Document], removed: Iterable[str], change: int) -> int:
        with storage.writing(self._folder):
            storage.tidy(self._folder)
            generation = self._current_or_new()
            before = storage.manifest(generation)
            writer = SegmentsWriter(FileIndex(storage.IndexStorage(generation)))
            written = self._write(writer, documents, removed, before.generation + 1, change)
            storage.tidy(self._folder)
            return written

    def rebuild(self, documents: Iterable[Document], change: int) -> int:
        with storage.writing(self._folder):
            storage.tidy(self._folder)
            number = self._last_generation() + 1
            generation = storage.new_generation(self._folder)
            index = FileIndex.create(storage.IndexStorage(generation), schema())
            written = self._write(SegmentsWriter(index), documents, (), number, change)
            storage.swap(self._folder, generation)
            return written

    def covers(self) -> int:
        try:
            return storage.manifest(storage.current(self._folder)).change
        except KildeError:
            return -1

    def _write(
        self, writer: SegmentsWriter, documents: Iterable[Document], removed: Iterable[str], number: int, change: int
    ) -> int:
        written = 0
        try:
            for document in removed:
                writer.delete_document_records(document)
            for found in documents:
                writer.delete_document_records(found.id)
                for entry in entries(found, self._fetched):
                    writer.add_entry(entry)
                    written += 1
        except BaseException:
            writer.cancel()
            raise
        writer.commit_with({"generation": number, "change": change})
        return written

    def _current_or_new(self) -> Path:
        if not (self._folder / "current").exists():
            generation = storage.new_generation(self._folder)
            FileIndex.create(storage.IndexStorage(generation), schema())
            storage.swap(self._folder, generation)
        return storage.current(self._folder)

    def _last_generation(self) -> int:
        """The number of the last commit; when it cannot be read, one that no reader has seen."""
        try:
            return storage.manifest(storage.current(self._folder)).generation
        except DamagedError:
            return date.today().toordinal() * 1_000_000
        except KildeError:
            return 0


def entries(document: Document, fetched: Fetched) -> list[Entry]:
    """The records of a document that are indexed: all but imprints."""
    day = document.published.first if document.published else fetched(document)
    return [Entry(document, record, day) for record in document.records if record.kind is not RecordKind.IMPRINT]


def _last_known_day(document: Document) -> date:
    return document.updated or date.today()
