"""Records turned into posting lists and columns, in memory: everything that one flush writes.

Texts are gathered as numbers of word forms, a few bytes for each word. A flush looks up the keys of the forms, sorts
all (key, document, position) at once as whole numbers, and cuts the sorted row into lists.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pickle import dumps
from typing import Any

import numpy as np
from whoosh.util.numeric import byte_to_length

from index import positions
from index.analysis import DANISH, read_keys
from index.arrays import Array, Bytes, Counts, Integers, spread, starts_of
from index.fields import FIELDS, Field, FieldType, pack
from index.postings import Lists, Values
from index.vocabulary import Forms, Vocabulary
from kilde.entries import Entry

MOST_TEXT = 10_000_000
"""Characters of a record that are indexed, so that memory is bounded: about 3,000 pages."""
STORED = "_stored"
"""Whoosh's name for the column of what hits show."""
_BYTES_PER_WORD = 100
"""Memory that a flush takes for a word of a text, all its arrays together."""
_BYTES_PER_RECORD = 2_000
_CARD_LEVEL = 1
_CARD_WINDOW = 12
_CARD_MEMORY = 4

_POSITION_BITS, _DOCUMENT_BITS = 24, 18
"""Bits of a sorted number: 24 hold any position in `MOST_TEXT`, 18 any document of a flush, 22 are left for keys."""
MOST_DOCUMENTS = 1 << _DOCUMENT_BITS
_LENGTHS = np.array([byte_to_length(number) for number in range(256)])


@dataclass(frozen=True, slots=True)
class Column:
    """A value of bytes for each document: all one after the other, and the size of each."""

    data: Any
    sizes: Counts


@dataclass(frozen=True, slots=True)
class Run:
    """Some documents inverted: the lists of each field, its length byte for each document, and the columns."""

    size: int
    lists: dict[str, Lists]
    lengths: dict[str, Bytes]
    columns: dict[str, Column]


@dataclass(slots=True)
class _Words:
    """The words of the fields that are made of the same text."""

    value: Callable[[Entry], str]
    text: str
    exact: str | None
    words: array[int] = field(default_factory=lambda: array("I"))
    counts: array[int] = field(default_factory=lambda: array("I"))


@dataclass(slots=True)
class _Terms:
    """The values of a field that are terms as they stand."""

    spec: Field
    numbers: dict[str, int] = field(default_factory=dict)
    terms: array[int] = field(default_factory=lambda: array("I"))
    documents: array[int] = field(default_factory=lambda: array("I"))

    def add(self, document: int, values: Iterable[str]) -> None:
        for value in values:
            number = self.numbers.get(value)
            if number is None:
                number = self.numbers[value] = len(self.numbers)
            self.terms.append(number)
            self.documents.append(document)


@dataclass(slots=True)
class _Cells:
    """The values of a column."""

    data: list[bytes] = field(default_factory=list)

    def column(self) -> Column:
        sizes = np.fromiter(map(len, self.data), dtype=np.uint32, count=len(self.data))
        return Column(np.frombuffer(b"".join(self.data), dtype=np.uint8), sizes)


class Inversion:
    """Gathers records until they are flushed. The vocabulary may serve many flushes."""

    def __init__(self, vocabulary: Vocabulary | None = None, fields: Iterable[Field] = FIELDS) -> None:
        self._vocabulary = vocabulary or Vocabulary(read_keys)
        self._fields = tuple(fields)
        self._clear()

    def _clear(self) -> None:
        self.size = 0
        self._texts = _texts(self._fields)
        self._terms = [_Terms(spec) for spec in self._fields if spec.type in (FieldType.KEY, FieldType.FACET)]
        self._columns = {spec.name: _Cells() for spec in self._fields if spec.type in (FieldType.KEY, FieldType.SPANS)}
        self._stored = _Cells()

    @property
    def nbytes(self) -> int:
        """Memory that a flush would take now."""
        return self.size * _BYTES_PER_RECORD + sum(len(each.words) for each in self._texts) * _BYTES_PER_WORD

    def add(self, entry: Entry) -> None:
        """Take a record; its document is numbered `size`."""
        numbers = self._vocabulary.numbers
        for each in self._texts:
            words = DANISH.words(each.value(entry)[:MOST_TEXT])
            each.words.extend(map(numbers.__getitem__, words))
            each.counts.append(len(words))
        for terms in self._terms:
            value = terms.spec.values(entry)
            terms.add(self.size, (value,) if terms.spec.type is FieldType.KEY else value)
        self._add_columns(entry)
        self.size += 1

    def _add_columns(self, entry: Entry) -> None:
        card = {}
        for spec in self._fields:
            if spec.type is FieldType.KEY:
                self._columns[spec.name].data.append(spec.values(entry).encode())
            elif spec.type is FieldType.SPANS:
                self._columns[spec.name].data.append(pack(spec.values(entry)))
            elif spec.type is FieldType.CARD:
                card[spec.name] = spec.values(entry)
        self._stored.data.append(_compressed(dumps(card, 2)))

    def flush(self) -> Run:
        """Everything gathered, inverted; and start anew."""
        size, forms = self.size, self._vocabulary.forms()
        for each in self._texts:
            self._vocabulary.use(np.array(each.words, dtype=np.uint32))
        lists = {terms.spec.name: _sorted_terms(terms) for terms in self._terms}
        lengths = {}
        for each in self._texts:
            lists[each.text] = found = self._positions(each, forms)
            lengths[each.text] = _length_bytes(found, size)
            if each.exact:
                lists[each.exact] = found = self._exact(each, forms)
                lengths[each.exact] = _length_bytes(found, size)
        columns = {name: cells.column() for name, cells in self._columns.items()} | {STORED: self._stored.column()}
        self._clear()
        self._vocabulary.relieve()
        kept = {name: each for name, each in sorted(lists.items()) if each.terms}
        return Run(size, kept, {name: each for name, each in lengths.items() if each.any()}, columns)

    def _positions(self, each: _Words, forms: Forms) -> Lists:
        """The lists of a TEXT field: a posting says how often and where a key stands in a document."""
        terms, numbers = self._occurrences(each, forms)
        found = (numbers & np.uint64((1 << _POSITION_BITS) - 1)).astype(np.int32)
        numbers >>= np.uint64(_POSITION_BITS)
        firsts = _firsts(numbers)
        postings = numbers[firsts]
        del numbers
        weights = np.diff(firsts, append=len(found)).astype(np.uint32)
        values = Values(*positions.encode(found, weights)) if len(found) else None
        return _lists(terms, postings, weights, values)

    def _occurrences(self, each: _Words, forms: Forms) -> tuple[list[bytes], Array]:
        """The terms, and for each place where one stands its rank, document and position in one number; sorted."""
        words, documents = _words(each)
        steps = forms.steps[words]
        places = starts_of(steps)
        places -= np.repeat(places[_firsts(documents)], _runs(documents))
        places |= documents.astype(np.int64) << _POSITION_BITS
        sizes = forms.keys.sizes[words]
        which = spread(forms.keys.starts[words], sizes)
        keys = forms.keys.numbers[which]
        offsets = forms.key_steps[which]
        del which
        terms, rank = self._vocabulary.ranked(keys)
        numbers = rank[keys].astype(np.uint64)
        del keys
        numbers <<= np.uint64(_DOCUMENT_BITS + _POSITION_BITS)
        numbers |= np.repeat(places, sizes).view(np.uint64)
        numbers += offsets
        numbers.sort()
        return terms, numbers

    def _exact(self, each: _Words, forms: Forms) -> Lists:
        """The lists of an EXACT field: which documents have a form."""
        words, documents = _words(each)
        # A form counts once in a document, so its other places need not be looked at.
        pairs = _distinct(documents.astype(np.uint64) << np.uint64(32) | words)
        which = (pairs & np.uint64((1 << 32) - 1)).astype(np.int64)
        sizes = forms.exact.sizes[which]
        keys = forms.exact.numbers[spread(forms.exact.starts[which], sizes)]
        terms, rank = self._vocabulary.ranked(keys)
        numbers = rank[keys].astype(np.uint64) << np.uint64(_DOCUMENT_BITS)
        numbers |= np.repeat(pairs >> np.uint64(32), sizes)
        return _lists(terms, _distinct(numbers), None, None)


def _texts(fields: Iterable[Field]) -> list[_Words]:
    """The TEXT fields, each with the EXACT one that is made of the same text."""
    rows = list(fields)
    exact = {spec.values: spec.name for spec in rows if spec.type is FieldType.EXACT}
    return [_Words(spec.values, spec.name, exact.get(spec.values)) for spec in rows if spec.type is FieldType.TEXT]


def _words(each: _Words) -> tuple[Counts, Counts]:
    """The forms of a text field, and the document of each."""
    counts = np.array(each.counts, dtype=np.int64)
    documents = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    return np.array(each.words, dtype=np.uint32), documents


def _distinct(numbers: Array) -> Array:
    """The numbers sorted, each once. Sorting beats the hash table of `np.unique` by far; sorts in place."""
    numbers.sort()
    return numbers[_firsts(numbers)]


def _firsts(rising: Array) -> Integers:
    """Where a new number begins in rising numbers."""
    if not len(rising):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate([[True], rising[1:] != rising[:-1]]))


def _runs(rising: Array) -> Integers:
    """How often each number stands in rising numbers."""
    return np.diff(_firsts(rising), append=len(rising))


def _lists(terms: list[bytes], postings: Array, weights: Counts | None, values: Values | None) -> Lists:
    """Lists of postings that are sorted: the rank of the term above the bits of the document."""
    ranks = postings >> np.uint64(_DOCUMENT_BITS)
    documents = (postings & np.uint64(MOST_DOCUMENTS - 1)).astype(np.uint32)
    return Lists(terms, _runs(ranks).astype(np.uint32), documents, weights, values)


def _sorted_terms(found: _Terms) -> Lists:
    names = list(found.numbers)
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.zeros(len(names), dtype=np.uint64)
    rank[order] = np.arange(len(names))
    numbers = rank[np.array(found.terms, dtype=np.int64)] << np.uint64(_DOCUMENT_BITS)
    numbers |= np.array(found.documents, dtype=np.uint64)
    terms = [names[number].encode("utf-8", "surrogatepass") for number in order]
    return _lists(terms, _distinct(numbers), None, None)


def _length_bytes(lists: Lists, size: int) -> Bytes:
    """Whoosh's byte for the length of a field in each document."""
    lengths = np.bincount(lists.documents, weights=lists.weights, minlength=size)
    return np.minimum(np.searchsorted(_LENGTHS, lengths), 255).astype(np.uint8)


def _compressed(data: bytes) -> bytes:
    packer = zlib.compressobj(_CARD_LEVEL, zlib.DEFLATED, _CARD_WINDOW, _CARD_MEMORY)
    return packer.compress(data) + packer.flush()
