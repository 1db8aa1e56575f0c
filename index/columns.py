"""Numpy arrays of one segment: postings, positions, field lengths, facet ordinals, spans, ids.

All are decoded from what Whoosh wrote, when first asked for; a segment never changes, so they hold as long as it is
there. Documents are numbered from 0 within the segment. Only the live mask differs between commits.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from pickle import loads
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN
from whoosh.util.numeric import byte_to_length

from index.cache import Cache
from index.lists import posting_lists
from kilde.danish.stems import fold

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

POSITION_BITS = 32
"""Bits of a place (document << 32 | position) that are the position."""

_LENGTHS = np.array([byte_to_length(number) for number in range(256)], dtype=np.float64)
_NOWHERE: Integers = np.zeros(0, dtype=np.int64)
_NO_WEIGHTS: Floats = np.zeros(0, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that hold a term, rising, and its weight in each."""

    documents: Integers
    weights: Floats

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        return self.documents.nbytes + self.weights.nbytes


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """Which values documents have: pairs of a document and the ordinal of a value. A document may have several."""

    values: tuple[str, ...]
    documents: Integers
    ordinals: Integers

    def mask(self, wanted: frozenset[str], size: int) -> Mask:
        """The documents with at least one of these values."""
        chosen = np.array([value in wanted for value in self.values], dtype=bool)
        found = np.zeros(size, dtype=bool)
        if chosen.any():
            found[self.documents[chosen[self.ordinals]]] = True
        return found

    def counts(self, among: Mask) -> Integers:
        """How many of the documents in the mask have each value."""
        return np.bincount(self.ordinals[among[self.documents]], minlength=len(self.values))


@dataclass(frozen=True, slots=True)
class SpanColumn:
    """Spans of integers that documents have, none, one or several; both ends count."""

    documents: Integers
    first: Integers
    last: Integers

    def overlapping(self, low: int | None, high: int | None, size: int) -> Mask:
        """The documents with a span that has something in common with low..high; None is no bound."""
        fits = np.ones(len(self.documents), dtype=bool)
        if low is not None:
            fits &= self.last >= low
        if high is not None:
            fits &= self.first <= high
        found = np.zeros(size, dtype=bool)
        found[self.documents[fits]] = True
        return found


class Segment:
    """A segment of the index, read only. Several threads may share it."""

    def __init__(self, reader: Any, cache: Cache) -> None:
        self._reader = reader
        self._cache = cache
        self.id: str = reader.segment().segment_id()
        self.size: int = reader.doc_count_all()
        self._facets: dict[str, FacetColumn] = {}
        self._spans: dict[str, SpanColumn] = {}
        self._names: dict[str, NDArray[np.bytes_]] = {}
        self._lengths: dict[str, Floats] = {}
        self._forms: dict[str, tuple[tuple[str, str], ...]] = {}

    def live(self) -> Mask:
        """The records that are not deleted."""
        found = np.ones(self.size, dtype=bool)
        deleted = np.fromiter(self._reader.segment().deleted_docs(), dtype=np.int64)
        found[deleted] = False
        return found

    def postings(self, field: str, term: str) -> Postings:
        """The postings of a term; empty where the segment lacks it."""
        return self._cache.get((self.id, field, term), lambda: self._read_postings(field, term))

    def places(self, field: str, term: str) -> Integers:
        """Where a term stands: document << 32 | position, rising."""
        return self._cache.get((self.id, field, term, "places"), lambda: self._read_places(field, term))

    def lengths(self, field: str) -> Floats:
        """The length of a field in each document, as Whoosh rounds it."""
        if field not in self._lengths:
            self._lengths[field] = self._read_lengths(field)
        return self._lengths[field]

    def total_length(self, field: str) -> int:
        """The sum of a field's lengths."""
        return int(self._reader.field_length(field))

    def facet(self, field: str) -> FacetColumn:
        """The values of a facet."""
        if field not in self._facets:
            self._facets[field] = self._read_facet(field)
        return self._facets[field]

    def spans(self, field: str) -> SpanColumn:
        """The spans of a field."""
        if field not in self._spans:
            self._spans[field] = self._read_spans(field)
        return self._spans[field]

    def names(self, field: str) -> NDArray[np.bytes_]:
        """The value of a key field for each document, as bytes."""
        if field not in self._names:
            blob, lengths = self._blob(field)
            ends = np.cumsum(lengths)
            starts = ends - lengths
            self._names[field] = np.array([blob[start:end] for start, end in zip(starts, ends, strict=True)], dtype="S")
        return self._names[field]

    @cached_property
    def documents(self) -> Integers:
        """For each record the ordinal of its document among the segment's."""
        if not self.size:
            return _NOWHERE
        return np.unique(self.names("document"), return_inverse=True)[1].astype(np.int64)

    def forms(self, field: str) -> tuple[tuple[str, str], ...]:
        """The forms that stand in the texts of a field, each with its folded spelling before it; sorted."""
        if field not in self._forms:
            found = (form.decode("utf-8", "surrogatepass") for form in self._reader.lexicon(field))
            self._forms[field] = tuple(sorted((fold(form), form) for form in found))
        return self._forms[field]

    def forms_from(self, field: str, prefix: str) -> list[str]:
        """The forms whose folded spelling begins with this."""
        forms = self.forms(field)
        start = bisect_left(forms, (prefix, ""))
        found = []
        for folded, form in forms[start:]:
            if not folded.startswith(prefix):
                break
            found.append(form)
        return found

    def card(self, document: int) -> dict[str, Any]:
        """What a hit shows."""
        card: dict[str, Any] = self._reader.stored_fields(document)["card"]
        return card

    def with_reader(self, reader: Any) -> Segment:
        """The same segment in another commit: its arrays are shared, its deletions are those of the reader."""
        other = Segment(reader, self._cache)
        for name in ("_facets", "_spans", "_names", "_lengths", "_forms"):
            setattr(other, name, getattr(self, name))
        if "documents" in self.__dict__:
            other.__dict__["documents"] = self.documents
        return other

    def _read_postings(self, field: str, term: str) -> Postings:
        blocks = list(posting_lists(self._reader, field, term.encode("utf-8", "surrogatepass")))
        if not blocks:
            return Postings(_NOWHERE, _NO_WEIGHTS)
        documents = np.concatenate([np.asarray(block.documents, dtype=np.int64) for block in blocks])
        return Postings(documents, np.concatenate([np.asarray(block.weights, dtype=np.float64) for block in blocks]))

    def _read_places(self, field: str, term: str) -> Integers:
        found: list[int] = []
        for block in posting_lists(self._reader, field, term.encode("utf-8", "surrogatepass")):
            for document, value in zip(block.documents, block.values or (), strict=True):
                place = document << POSITION_BITS
                for step in loads(value[4:]):  # noqa: S301 - the index is Kilde's own file
                    place += step
                    found.append(place)
        return np.array(found, dtype=np.int64)

    def _read_lengths(self, field: str) -> Floats:
        name = f"_{field}_len"
        stored = self._reader._perdoc
        if not stored.has_column(name):
            return np.ones(self.size)
        column = stored.column_reader(name, LENGTHS_COLUMN)
        return _LENGTHS[np.fromiter(column, dtype=np.uint8, count=self.size)]

    def _read_facet(self, field: str) -> FacetColumn:
        values: list[str] = []
        documents: list[Integers] = []
        for term in self._reader.lexicon(field):
            values.append(term.decode("utf-8", "surrogatepass"))
            documents.append(self._read_postings(field, values[-1]).documents)
        ordinals = np.repeat(np.arange(len(values), dtype=np.int64), [len(each) for each in documents])
        return FacetColumn(tuple(values), np.concatenate([_NOWHERE, *documents]), ordinals)

    def _read_spans(self, field: str) -> SpanColumn:
        blob, lengths = self._blob(field)
        pairs = np.frombuffer(blob, dtype="<i8").reshape(-1, 2).astype(np.int64)
        documents = np.repeat(np.arange(self.size, dtype=np.int64), lengths // 16)
        return SpanColumn(documents, pairs[:, 0].copy(), pairs[:, 1].copy())

    def _blob(self, field: str) -> tuple[bytes, Integers]:
        """All values of a column of bytes in one piece, and the length of each."""
        if not self._reader.has_column(field):
            return b"", np.zeros(self.size, dtype=np.int64)
        column = self._reader.column_reader(field, translate=False)
        lengths = np.zeros(self.size, dtype=np.int64)
        known = np.array(column._lengths, dtype=np.int64)
        lengths[: len(known)] = known
        return bytes(column._dbfile.get(column._basepos, int(lengths.sum()))), lengths
