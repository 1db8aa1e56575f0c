"""A segment of a commit, opened for reading: posting lists, what hits show, deleted records.

Whoosh's own reader is passed by, since it copies the whole of a compound file into memory before the first answer.
"""

from __future__ import annotations

import pickle
import zlib
from functools import cached_property
from struct import error
from typing import Any

import numpy as np

from index import blocks
from index.arrays import Counts, Integers, starts_of
from index.inversion import STORED, Column
from index.postings import Values
from index.segments import SegmentFiles
from index.storage import REBUILD
from index.terms import TermsTable
from kilde.errors import DamagedError


class SegmentReader:
    """Reads a segment as Whoosh's class of this name does, as far as Kilde asks for it."""

    def __init__(self, files: SegmentFiles, segment: Any) -> None:
        self._files = files
        self._segment = segment
        self.terms = TermsTable(files.file("trm"))

    def segment(self) -> Any:
        """Whoosh's description of the segment, which knows the deleted records of the commit."""
        return self._segment

    def doc_count_all(self) -> int:
        """Records, deleted ones included."""
        return int(self._segment.doc_count_all())

    def field_length(self, field: str) -> int:
        """The sum of a field's lengths."""
        return int(self._segment._fieldlengths.get(field, 0))

    def stored_fields(self, number: int) -> dict[str, Any]:
        """What is stored of a record."""
        start = int(self._stored_starts[number])
        data = self._stored.data[start : start + int(self._stored.sizes[number])].tobytes()
        found: dict[str, Any] = pickle.loads(zlib.decompress(data))  # noqa: S301 - the index is Kilde's own file
        return found

    def posting_bytes(self, field: str, term: bytes) -> bytes | None:
        """A term's list as it is written; None where the segment lacks the term."""
        try:
            row = self.terms.row(field, term)
        except (error, ValueError, IndexError) as wrong:
            raise DamagedError(f"the index's table of terms cannot be read: {REBUILD}") from wrong
        if row is None:
            return None
        place = self._files.spans["pst"][0] + int(row["place"])
        return bytes(self._files.data[place : place + int(row["size"])])

    @cached_property
    def _stored(self) -> Column:
        return self._files.column(STORED)

    @cached_property
    def _stored_starts(self) -> Integers:
        return starts_of(self._stored.sizes)


def posting_list(
    reader: SegmentReader, field: str, term: bytes, *, with_values: bool = False
) -> tuple[Counts, Counts, Values | None]:
    """The documents, weights and perhaps values of a term; none where the segment lacks it."""
    data = reader.posting_bytes(field, term)
    if data is None:
        return np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint32), None
    return blocks.decode(data, with_values=with_values)
