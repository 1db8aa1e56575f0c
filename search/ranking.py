"""Which records answer a question, the best first, and what its facets count: arrays only, no texts.

A segment's records are a row of bits at first and few numbers at last; no step goes through them one by one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

import numpy as np

from index.cache import Cache
from index.columns import Floats, Integers, Mask, Segment
from index.snapshot import CACHE_BYTES, Snapshot, open_snapshot
from search import facets, ordering
from search.deadline import NEVER, Deadline
from search.matching import Matches, evaluate
from search.ordering import Cursor, Keys
from search.page import By, FacetValue, Filters, Query
from search.query_language import print_query
from search.question import Question, prepare


@dataclass(frozen=True, slots=True)
class Ranked:
    """A record that answers a question, with its place in the index."""

    segment: Segment
    number: int
    """Within the segment."""
    score: float

    @property
    def record(self) -> str:
        """The record's id."""
        return self._name("id")

    @property
    def document(self) -> str:
        """The document's id."""
        return self._name("document")

    def _name(self, field: str) -> str:
        name: bytes = self.segment.names(field)[self.number]
        return name.decode()


@dataclass(frozen=True, slots=True)
class Ranking:
    """An answer in numbers: what a page shows without its texts."""

    total: int
    records: tuple[Ranked, ...]
    facets: dict[str, tuple[FacetValue, ...]]
    next: str | None
    """The cursor of the page after this one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A segment's part of the answer: hits with their scores, and the masks that facets count in."""

    segment: Segment
    documents: Integers
    scores: Floats
    counted: dict[str, Mask]


class Ranker:
    """Ranks the records of an index as it is now; keeps what it decoded. Several threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cache = Cache(CACHE_BYTES)
        self._snapshot: Snapshot | None = None
        self._lock = Lock()

    def question(self, query: Query, deadline: Deadline = NEVER) -> Question:
        """The query made ready for the newest commit."""
        with self._lock:
            self._snapshot = snapshot = open_snapshot(self._folder, self._snapshot, self._cache)
        return prepare(query, snapshot, deadline)

    def rank(self, query: Query, deadline: Deadline = NEVER) -> Ranking:
        """The answer to a query."""
        return rank(self.question(query, deadline))


def rank(question: Question) -> Ranking:
    """The records that answer a question. UsageError for a cursor of another query, TooLongError past the deadline."""
    found = find_all(question)
    total, places, following = _select(question, found)
    records = tuple(
        Ranked(found[part].segment, int(found[part].documents[inside]), float(found[part].scores[inside]))
        for part, inside in places
    )
    return Ranking(total, records, {name: _facet(question, name, found) for name in question.query.facets}, following)


def find_all(question: Question) -> list[Found]:
    """The records of all segments that match, unordered."""
    snapshot = question.snapshot
    return [_find(question, segment, live) for segment, live in zip(snapshot.segments, snapshot.live, strict=True)]


def within(filters: Filters, segment: Segment) -> Mask | None:
    """The records that the filters leave that are no facets: days and amounts. None where there are no such filters."""
    mask: Mask | None = None
    for name, low, high in (
        ("published", _ordinal(filters.published_from), _ordinal(filters.published_to)),
        ("mentioned", _ordinal(filters.mentions_from), _ordinal(filters.mentions_to)),
        ("amount", filters.amount_min, filters.amount_max),
    ):
        if (low, high) != (None, None):
            fits = segment.spans(name).overlapping(low, high, segment.size)
            mask = fits if mask is None else mask & fits
    return mask
