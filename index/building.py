"""One new segment from any number of entries, in bounded memory: flushed into runs, and the runs joined at the end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from index.inversion import MOST_DOCUMENTS, Inversion
from index.merging import Source
from index.runs import open_run, source_of, write_run
from index.segments import write_segment
from kilde.entries import Entry

FLUSH_BYTES = 48_000_000
"""What the arrays of a flush may take."""


class Builder:
    """Makes one segment in a folder."""

    def __init__(self, folder: Path, flush_bytes: int = FLUSH_BYTES) -> None:
        self._folder = folder
        self._flush_bytes = flush_bytes
        self._inversion = Inversion()
        self._runs: list[Path] = []
        self._temporary: Path | None = None
        self._flushed = 0
        self._documents: dict[str, range] = {}
        self._dropped: list[range] = []

    def add(self, entries: Iterable[Entry]) -> int:
        """Take entries; returns how many."""
        before = self._size
        for entry in entries:
            if self._inversion.nbytes > self._flush_bytes or self._inversion.size == MOST_DOCUMENTS:
                self._spill()
            self._inversion.add(entry)
        return self._size - before

    def replace(self, document: str, entries: Iterable[Entry]) -> int:
        """Take the entries of a document in the place of those that were taken before; returns how many."""
        if document in self._documents:
            self._dropped.append(self._documents.pop(document))
        count = self.add(entries)
        if count:
            self._documents[document] = range(self._size - count, self._size)
        return count

    @property
    def _size(self) -> int:
        return self._flushed + self._inversion.size

    def finish(self) -> Any | None:
        """Write the segment, synced; Whoosh's description of it, or None where nothing was added."""
        if not self._size:
            return None
        sources: list[Source] = [open_run(path) for path in self._runs]
        if self._inversion.size:
            sources.append(source_of(self._inversion.flush()))
        del self._inversion  # what it remembers of words is not needed any more, and large
        segment = write_segment(self._folder, sources)
        for dropped in self._dropped:
            for number in dropped:
                segment.delete_document(number)
        self.close()
        return segment

    def close(self) -> None:
        """Remove what is on disk besides the segment."""
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _spill(self) -> None:
        if self._temporary is None:
            self._temporary = Path(tempfile.mkdtemp(prefix="runs-", dir=self._folder))
        path = self._temporary / f"{len(self._runs):06}.run"
        self._flushed += self._inversion.size
        write_run(path, self._inversion.flush())
        self._runs.append(path)
