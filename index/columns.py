"""Numpy arrays of one segment: postings, positions, field lengths, facet ordinals, spans, ids.

All are decoded from what Whoosh wrote, when first asked for; a segment never changes, so they hold as long as it is
there. Documents are numbered from 0 within the segment. Only the live mask differs between commits.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from index import blocks, positions
from index.arrays import Floats, Integers, Mask
from index.cache import Cache, Sized
from index.forms import Forms, read_forms
from index.lists import posting_list
from index.segments import SegmentFiles
from index.terms import TermsTable

__all__ = ["POSITION_BITS", "FacetColumn", "Floats", "Integers", "Mask", "Postings", "Segment", "SpanColumn"]

_Kept = TypeVar("_Kept", bound=Sized)

POSITION_BITS = 32
"""Bits of a place (document << 32 | position) that are the position."""

_LENGTHS = np.array([byte_to_length(number) for number in range(256)], dtype=np.float64)
_NOWHERE: Integers = np.zeros(0, dtype=np.int64)


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
    """Which values documents have: pairs of a document and the ordinal of a value. A document may have several.

    Pairs with one value stand together, their documents rising; every value has some.
    """

    values: tuple[str, ...]
    documents: Integers
    ordinals: Integers
    starts: Integers
    """Where the pairs of each value begin."""

    def mask(self, wanted: frozenset[str], size: int) -> Mask:
        """The documents with at least one of these values."""
        chosen = np.array([value in wanted for value in self.values], dtype=bool)
        found = np.zeros(size, dtype=bool)
        if chosen.any():
            found[self.documents[chosen[self.ordinals]]] = True
        return found

    def counts(self, among: Mask) -> Integers:
        """How many of the documents in the mask have each value."""
        if not self.values:
            return _NOWHERE
        # Sums over runs of bytes: three times as quick as picking the ordinals of the mask and counting those.
        return np.add.reduceat(among[self.documents].view(np.uint8), self.starts, dtype=np.int64)


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

    def __init__(self, reader: Any, files: SegmentFiles, cache: Cache) -> None:
        self._reader = reader
        self._files = files
        self._cache = cache
        self.id: str = reader.segment().segment_id()
        self.size: int = reader.doc_count_all()
        self._facets: dict[str, FacetColumn] = {}
        self._spans: dict[str, SpanColumn] = {}
        self._names: dict[str, NDArray[np.bytes_]] = {}
        self._lengths: dict[str, Floats] = {}

    @property
    def nbytes(self) -> int:
        """Bytes that it takes on disk."""
        return len(self._files.data)

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
            self._names[field] = self._files.names(field)
        return self._names[field]

    @cached_property
    def documents(self) -> Integers:
        """For each record the ordinal of its document among the segment's: its records stand one after the other."""
        names = self.names("document")
        return np.cumsum(np.concatenate([[False], names[1:] != names[:-1]]))[: self.size]

    @cached_property
    def _terms(self) -> TermsTable:
        return TermsTable(self._files.file("trm"))

    def kept(self, key: Hashable, make: Callable[[], _Kept]) -> _Kept:
        """A value worked out from this segment's arrays, held in the same bounded memory as they are."""
        return self._cache.get((self.id, key), make)

    def any_of(self, field: str, terms: tuple[str, ...]) -> Integers:
        """The documents that hold any of these terms, rising. The lists of the single terms are not held."""
        return self.kept((field, terms), lambda: self._read_any(field, terms))

    def forms(self, field: str, letter: str) -> Forms:
        """The forms in the texts of a field that begin with this letter when folded."""
        return self.kept((field, letter, "forms"), lambda: read_forms(self._terms, field, letter))

    def forms_from(self, field: str, prefix: str) -> list[str]:
        """The forms whose folded spelling begins with this, which has a letter at least."""
        return self.forms(field, prefix[0]).beginning(prefix)

    def card(self, document: int) -> dict[str, Any]:
        """What a hit shows."""
        card: dict[str, Any] = self._reader.stored_fields(document)["card"]
        return card

    def with_reader(self, reader: Any) -> Segment:
        """The same segment in another commit: its arrays are shared, its deletions are those of the reader."""
        other = Segment(reader, self._files, self._cache)
        for name in ("_facets", "_spans", "_names", "_lengths"):
            setattr(other, name, getattr(self, name))
        for name in ("documents", "_terms"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    def _read_postings(self, field: str, term: str) -> Postings:
        documents, weights, _ = posting_list(self._reader, field, term.encode("utf-8", "surrogatepass"))
        return Postings(documents.astype(np.int64), weights.astype(np.float64))

    def _read_any(self, field: str, terms: tuple[str, ...]) -> Integers:
        found = np.zeros(self.size, dtype=bool)
        for term in terms:
            documents, _, _ = posting_list(self._reader, field, term.encode("utf-8", "surrogatepass"))
            found[documents] = True
        return np.flatnonzero(found)

    def _read_places(self, field: str, term: str) -> Integers:
        key = term.encode("utf-8", "surrogatepass")
        documents, _, values = posting_list(self._reader, field, key, with_values=True)
        if values is None:
            return _NOWHERE
        found, counts = positions.decode(np.frombuffer(values.data, dtype=np.uint8), values.sizes)
        return np.repeat(documents.astype(np.int64) << POSITION_BITS, counts) | found

    def _read_lengths(self, field: str) -> Floats:
        name = f"_{field}_len.col"
        if name not in self._files.spans:
            return np.ones(self.size)
        return _LENGTHS[self._files.file(name)]

    def _read_facet(self, field: str) -> FacetColumn:
        start, stop = self._terms.span(field)
        values = tuple(term.decode("utf-8", "surrogatepass") for term in self._terms.terms(start, stop))
        first = self._files.spans["pst"][0]
        rows = self._terms.rows(start, stop)
        documents = [
            blocks.decode(self._files.data[place : place + size], with_values=False)[0]
            for place, size in zip((rows["place"] + first).tolist(), rows["size"].tolist(), strict=True)
        ]
        sizes = np.array([len(each) for each in documents], dtype=np.int64)
        ordinals = np.repeat(np.arange(len(values), dtype=np.int64), sizes)
        joined = np.concatenate([_NOWHERE, *documents]).astype(np.int64)
        return FacetColumn(values, joined, ordinals, np.cumsum(sizes) - sizes)

    def _read_spans(self, field: str) -> SpanColumn:
        if f"{field}.col" not in self._files.spans:
            return SpanColumn(_NOWHERE, _NOWHERE, _NOWHERE)
        column = self._files.column(field)
        pairs = np.frombuffer(column.data.tobytes(), dtype="<i8").reshape(-1, 2).astype(np.int64)
        documents = np.repeat(np.arange(self.size, dtype=np.int64), column.sizes // 16)
        return SpanColumn(documents, pairs[:, 0].copy(), pairs[:, 1].copy())
