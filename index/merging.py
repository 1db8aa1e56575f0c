"""Several sources of posting lists made one, a slice of terms at a time, and which segments to merge when.

A source has some documents; those of the next follow them. What is in memory at a time is a slice: for each source
some terms, and about as many postings as `POSTINGS` allows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

import numpy as np

from index.arrays import Array, Bytes, FileArray
from index.inversion import Column
from index.postings import Lists, joined

POSTINGS = 250_000
"""Postings in a slice, unless a single term has more: some 30 MB."""
_TERMS = 40_000
"""Terms in a slice."""
MOST_SEGMENTS = 8
"""Segments that an index is left with."""
_MOST_DELETED = 1 / 3
"""Share of deleted records above which a segment is written anew."""


class SourceField(Protocol):
    """The lists of one field, by the numbers of its terms."""

    @property
    def counts(self) -> Array | FileArray:
        """Postings of each term."""

    def terms(self, start: int, stop: int, /) -> list[bytes]:
        """The terms with these numbers."""

    def lists(self, start: int, stop: int, /) -> Lists:
        """The lists of the terms with these numbers, those without postings left out."""


class Source(Protocol):
    """Documents of a run or a segment, inverted."""

    size: int

    @property
    def lengths(self) -> Mapping[str, Bytes]:
        """By field the length byte of each document."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """By name."""

    def fields(self) -> list[str]:
        """The fields that have terms."""

    def field(self, name: str, /) -> SourceField:
        """The lists of a field."""

    def release(self) -> None:
        """Let go of memory that can be filled again."""


class Sized(Protocol):
    """What a plan needs to know of a segment."""

    def doc_count_all(self) -> int:
        """Records, deleted ones included."""

    def deleted_count(self) -> int:
        """Deleted records."""


_Segment = TypeVar("_Segment", bound=Sized)


def merged(sources: Sequence[Source], field: str) -> Iterator[Lists]:
    """The lists of a field of all sources, rising, in slices."""
    base, cursors = 0, []
    having = sum(field in source.fields() for source in sources)
    for source in sources:
        if field in source.fields():
            cursors.append(_Cursor(source.field(field), base, POSTINGS // having, _TERMS // having))
        base += source.size
    while left := [cursor for cursor in cursors if cursor.fill()]:
        bound = min((cursor.bound for cursor in left if not cursor.at_end), default=None)
        parts = [lists for cursor in left if (lists := cursor.take(bound)).terms]
        if parts:
            yield joined(parts)
        for source in sources:
            source.release()


class _Cursor:
    """A field of a source, read forward."""

    def __init__(self, source: SourceField, base: int, postings: int, terms: int) -> None:
        self._source = source
        self._base = np.uint32(base)
        self._postings = max(postings, 1)
        self._most = max(terms, 1)
        self._place = 0
        self._terms: list[bytes] = []

    @property
    def bound(self) -> bytes:
        """The last of the terms at hand."""
        return self._terms[-1]

    @property
    def at_end(self) -> bool:
        """Whether no others follow."""
        return self._place + len(self._terms) == len(self._source.counts)

    def fill(self) -> bool:
        """Have terms at hand, at least half of what a slice takes; whether there are any left.

        Were they filled only when there are none, the sources would run dry in turn, each after a few terms.
        """
        if not self.at_end:
            ahead = self._source.counts[self._place : self._place + self._most]
            fitting = max(int(np.searchsorted(np.cumsum(ahead, dtype=np.int64), self._postings, "right")), 1)
            have = len(self._terms)
            if have * 2 <= fitting:
                self._terms += self._source.terms(self._place + have, self._place + fitting)
        return bool(self._terms)

    def take(self, bound: bytes | None) -> Lists:
        """The lists of the terms up to a bound, or of all at hand, with the documents' numbers among all."""
        count = len(self._terms) if bound is None else bisect_right(self._terms, bound)
        found = self._source.lists(self._place, self._place + count)
        self._place += count
        del self._terms[:count]
        return Lists(found.terms, found.counts, found.documents + self._base, found.weights, found.values)


def joined_lengths(sources: Iterable[Source], field: str) -> Bytes | None:
    """A field's length bytes in all documents; None where no source has any."""
    rows = [source.lengths.get(field) for source in sources]
    sizes = [source.size for source in sources]
    if all(row is None for row in rows):
        return None
    parts = [np.zeros(size, dtype=np.uint8) if row is None else row for row, size in zip(rows, sizes, strict=True)]
    return np.concatenate(parts)


def plan_merge(segments: Sequence[_Segment]) -> tuple[list[_Segment], list[_Segment]]:
    """Which segments to keep and which to merge, so that at most `MOST_SEGMENTS` are left.

    The smallest are merged, and each next one while it is no larger than what is merged already: every record is
    rewritten a number of times that grows with the logarithm of the index. A segment with many deleted records is
    written anew, alone or with those.
    """
    live = {id(segment): segment.doc_count_all() - segment.deleted_count() for segment in segments}
    worn = [each for each in segments if each.deleted_count() > _MOST_DELETED * each.doc_count_all()]
    sound = sorted((each for each in segments if each not in worn), key=lambda each: live[id(each)])
    count = 0
    if len(sound) + (1 if worn else 0) > MOST_SEGMENTS:
        total = sum(live[id(each)] for each in sound[:2])
        count = 2
        while count < len(sound) and live[id(sound[count])] <= total:
            total += live[id(sound[count])]
            count += 1
    return sound[count:], worn + sound[:count]
