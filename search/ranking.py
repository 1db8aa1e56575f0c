"""Which records answer a question, the best first, and what its facets count: arrays only, no texts.

A segment's records are a row of bits at first and few numbers at last; no step goes through them one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from index.cache import Cache
from index.columns import Floats, Integers, Mask, Segment
from index.snapshot import CACHE_BYTES, Snapshot, open_snapshot
from search import facets, ordering
from search.deadline import NEVER, Deadline
from search.found import Days
from search.matching import Matches, evaluate, mask_of
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

    @property
    def card(self) -> Mapping[str, Any]:
        """What is shown of it."""
        return self.segment.card(self.number)

    @property
    def published(self) -> Days | None:
        """When its document was published."""
        column = self.segment.spans("published")
        place = int(np.searchsorted(column.documents, self.number))
        is_known = place < len(column.documents) and column.documents[place] == self.number
        return (int(column.first[place]), int(column.last[place])) if is_known else None

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
class Matching:
    """A segment's part of the answer: numbers of records, rising, with their scores; the masks that facets count in."""

    segment: Segment
    records: Integers
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
        return prepare(query, self.snapshot(), deadline)

    def snapshot(self) -> Snapshot:
        """The newest commit."""
        with self._lock:
            self._snapshot = snapshot = open_snapshot(self._folder, self._snapshot, self._cache)
        return snapshot

    def rank(self, query: Query, deadline: Deadline = NEVER) -> Ranking:
        """The answer to a query."""
        return rank(self.question(query, deadline))


def rank(question: Question) -> Ranking:
    """The records that answer a question. UsageError for a cursor of another query, TooLongError past the deadline."""
    found = find_all(question)
    total, places, following = _select(question, found)
    records = tuple(
        Ranked(found[part].segment, int(found[part].records[inside]), float(found[part].scores[inside]))
        for part, inside in places
    )
    return Ranking(total, records, {name: _facet(question, name, found) for name in question.query.facets}, following)


def find_all(question: Question) -> list[Matching]:
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


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _find(question: Question, segment: Segment, live: Mask) -> Matching:
    """The hits of one segment, and for each facet the records that its counts are made of."""
    matches = evaluate(question.tree, segment, question.collection)
    roles = question.query.filters.role
    base = live if question.tree is None else mask_of(matches, segment.size) & live
    kept = within(question.query.filters, segment)
    if kept is not None:
        base = base & kept
    selected = facets.masks(segment, question.selections, roles)
    counted = {
        name: _all_of(base, *(chosen for other, chosen in selected.items() if other != name))
        for name in question.query.facets
    }
    question.collection.deadline.check()
    keep = _all_of(base, *selected.values())[matches.documents]
    if not keep.all():
        matches = Matches(matches.documents[keep], matches.scores[keep])
    return Matching(segment, matches.documents, matches.scores, counted)


def _all_of(first: Mask, *others: Mask) -> Mask:
    for other in others:
        first = first & other
    return first


def _select(question: Question, found: list[Matching]) -> tuple[int, list[tuple[int, int]], str | None]:
    """The number of hits, those of the page as (segment, place), and the cursor of the next page."""
    query = question.query
    sizes = np.array([len(each.records) for each in found], dtype=np.int64)
    total = int(sizes.sum())
    if query.by is By.RECORD and query.cursor is None:
        first = [ordering.first_keys(it.segment, it.records, it.scores, query.sort) for it in found]
        # One more than the page has, to know whether there is another.
        likely = ordering.candidates(np.concatenate([np.zeros(0), *first]), query.limit + 1)
        numbers, inside = _located(likely, sizes)
        keys = ordering.joined([_keys(query, it, inside[numbers == part]) for part, it in enumerate(found)])
    else:
        numbers, inside = _located(np.arange(total), sizes)
        keys = ordering.joined([ordering.keys_of(it.segment, it.records, it.scores, query.sort) for it in found])
    if query.by is By.DOCUMENT:
        best = _best_of_documents(keys, numbers, found)
        keys, numbers, inside, total = keys.taken(best), numbers[best], inside[best], len(best)
    keys, behind = _behind_cursor(question, keys)
    numbers, inside = numbers[behind], inside[behind]
    chosen = ordering.top(keys, query.limit)
    places = [(int(numbers[place]), int(inside[place])) for place in chosen]
    if not len(chosen) or len(keys) <= len(chosen):
        return total, places, None
    return total, places, _cursor(question, keys.taken(chosen[-1:]))


def _located(places: Integers, sizes: Integers) -> tuple[Integers, Integers]:
    """Places in the hits of all segments one after the other, as segments and places in those."""
    ends = np.cumsum(sizes)
    numbers = np.searchsorted(ends, places, side="right")
    return numbers, places - (ends - sizes)[numbers] if len(places) else places


def _keys(query: Query, found: Matching, places: Integers) -> Keys:
    """The sort keys of the hits of a segment at these places."""
    return ordering.keys_of(found.segment, found.records[places], found.scores[places], query.sort)


def _cursor(question: Question, last: Keys) -> str:
    """The cursor of the page after the one that ends with these keys."""
    generation = question.snapshot.manifest.generation
    place = (float(last.first[0]), float(last.second[0]), last.ids[0].decode())
    return ordering.write_cursor(Cursor(*place, generation, mark_of(question.query)))


def _behind_cursor(question: Question, keys: Keys) -> tuple[Keys, Integers]:
    """What is left of the hits behind the query's cursor, and their places."""
    query = question.query
    if query.cursor is None:
        return keys, np.arange(len(keys), dtype=np.int64)
    cursor = ordering.read_cursor(query.cursor, mark_of(query))
    cursor = ordering.moved(cursor, keys, question.snapshot.manifest.generation)
    behind = np.flatnonzero(ordering.after(keys, cursor))
    return keys.taken(behind), behind


def _best_of_documents(keys: Keys, numbers: Integers, found: list[Matching]) -> Integers:
    """The place of each document's first record. All records of a document are in one segment."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    ordinals = np.concatenate([each.segment.documents[each.records] for each in found])
    order = np.lexsort((keys.ids, keys.second, keys.first))
    units = numbers[order].astype(np.int64) << 32 | ordinals[order]
    first: Integers = np.sort(order[np.unique(units, return_index=True)[1]])
    return first


def mark_of(query: Query) -> str:
    """What a cursor belongs to: all that decides which hits there are, and in which order."""
    text = print_query(query.tree) if query.tree else ""
    return ordering.query_mark(repr((text, query.filters, query.sort, query.by)))


def _facet(question: Question, name: str, found: list[Matching]) -> tuple[FacetValue, ...]:
    query = question.query
    question.collection.deadline.check()
    total: Counter[str] = Counter()
    for each in found:
        total.update(facets.counts(each.segment, name, query.filters.role, each.counted[name], query.by is By.DOCUMENT))
    return facets.shown(name, total, question.selections.get(name, frozenset()))
