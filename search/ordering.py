"""The order of hits, and cursors that find a place in it again.

Every order is by a first and a second number, both rising, and then the record's id. A publication sorts by its first
day, then the finer date before the coarser; unknown comes last.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.columns import Floats, Integers, Segment
from kilde.errors import UsageError
from search.page import Sort

_UNKNOWN = float(1 << 60)
"""Sorts behind every day and amount."""
_FINENESS = 1 << 20
"""More than the days of any date: the day counts first, then how many days it may be."""
_LONGEST_CURSOR = 600
_DIGITS = 9
"""Decimals of a score that count."""
_RUN = 128
"""Records that are looked at together when the first few of many are wanted."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The sort keys of some records: two numbers and an id each."""

    first: Floats
    second: Floats
    ids: NDArray[np.bytes_]

    def __len__(self) -> int:
        return len(self.first)

    def taken(self, places: Integers) -> Keys:
        """The keys at these places."""
        return Keys(self.first[places], self.second[places], self.ids[places])


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last hit of a page: its keys, the index's generation then, and the query it belongs to."""

    first: float
    second: float
    id: str
    generation: int
    query: str


def keys_of(segment: Segment, documents: Integers, scores: Floats, sort: Sort) -> Keys:
    """The sort keys of matching records."""
    first = first_keys(segment, documents, scores, sort)
    by_day = sort in (Sort.NEWEST, Sort.OLDEST)
    second = np.zeros(len(documents)) if by_day else _newest(segment)[documents]
    # Sums of the same scores in another order may differ in the last digits.
    rounded = np.round(first, _DIGITS) if sort is Sort.RELEVANCE else first
    return Keys(rounded, second, segment.names("id")[documents])


def first_keys(segment: Segment, documents: Integers, scores: Floats, sort: Sort) -> Floats:
    """The first sort key of matching records, scores unrounded: enough to see which ones cannot be among the first."""
    match sort:
        case Sort.NEWEST:
            return _newest(segment)[documents]
        case Sort.OLDEST:
            return _oldest(segment)[documents]
        case Sort.AMOUNT:
            return _by_amount(segment)[documents]
        case Sort.RELEVANCE:
            return -scores


def candidates(first: Floats, limit: int) -> Integers:
    """The places of the records that may be among the first `limit` by their first keys, ties and near ties included.

    >>> candidates(np.array([3.0, 1.0, 2.0, 1.0]), 1).tolist()
    [1, 3]
    """
    if not 0 < limit < len(first):
        return np.arange(len(first) if limit else 0, dtype=np.int64)
    runs = len(first) // _RUN
    # As many runs as there are records wanted hold one that good each, so the runs' lowest keys bound the first ones.
    sample = first[: runs * _RUN].reshape(runs, _RUN).min(axis=1) if runs > 2 * limit else first
    bound = np.partition(sample, limit - 1)[limit - 1]
    return np.flatnonzero(first <= bound + 10.0**-_DIGITS)


def joined(keys: list[Keys]) -> Keys:
    """The keys of several segments one after the other."""
    if not keys:
        return Keys(np.zeros(0), np.zeros(0), np.zeros(0, dtype="S1"))
    return Keys(
        np.concatenate([each.first for each in keys]),
        np.concatenate([each.second for each in keys]),
        np.concatenate([each.ids for each in keys]),
    )


def top(keys: Keys, limit: int) -> Integers:
    """The places of the first `limit` records in order."""
    places = candidates(keys.first, limit)
    chosen = keys.taken(places)
    return places[np.lexsort((chosen.ids, chosen.second, chosen.first))][:limit]


def after(keys: Keys, cursor: Cursor) -> NDArray[np.bool_]:
    """The records behind a cursor."""
    name = np.bytes_(cursor.id.encode())
    same_first = keys.first == cursor.first
    same_both = same_first & (keys.second == cursor.second)
    later: NDArray[np.bool_] = keys.first > cursor.first
    later |= (same_first & (keys.second > cursor.second)) | (same_both & (keys.ids > name))
    return later


def moved(cursor: Cursor, keys: Keys, generation: int) -> Cursor:
    """The cursor with its record's keys of now, when the index has changed since and still has the record.

    Scores depend on all records, so that those of another generation cannot be compared.
    """
    if cursor.generation == generation:
        return cursor
    place = np.flatnonzero(keys.ids == np.bytes_(cursor.id.encode()))
    if not len(place):
        return cursor
    first, second = float(keys.first[place[0]]), float(keys.second[place[0]])
    return Cursor(first, second, cursor.id, generation, cursor.query)


def write_cursor(cursor: Cursor) -> str:
    """A cursor as text that goes into an address unchanged."""
    parts = [cursor.first, cursor.second, cursor.id, cursor.generation, cursor.query]
    return urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(text: str, query: str) -> Cursor:
    """Read a cursor. UsageError: it is none, or belongs to another query."""
    wrong = UsageError("this cursor is none that a search of the same query gave: search again without it")
    if len(text) > _LONGEST_CURSOR:
        raise wrong
    try:
        parts: Any = json.loads(urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
        first, second, name, generation, identity = parts
        cursor = Cursor(float(first), float(second), str(name), int(generation), str(identity))
    except (ValueError, TypeError, RecursionError):
        raise wrong from None
    if cursor.query != query:
        raise wrong
    return cursor


def query_mark(identity: str) -> str:
    """What a cursor says of the query it belongs to."""
    return sha256(identity.encode()).hexdigest()[:12]


def _newest(segment: Segment) -> Floats:
    """Keys of all records for newest first."""
    return segment.kept("newest", lambda: _by_day(segment, -1.0))


def _oldest(segment: Segment) -> Floats:
    """Keys of all records for oldest first."""
    return segment.kept("oldest", lambda: _by_day(segment, 1.0))


def _by_day(segment: Segment, sign: float) -> Floats:
    column = segment.spans("published")
    keys = np.full(segment.size, _UNKNOWN)
    keys[column.documents] = sign * column.first * float(_FINENESS) + (column.last - column.first)
    return keys


def _by_amount(segment: Segment) -> Floats:
    """Keys of all records for the largest amount first."""
    return segment.kept("largest amount", lambda: _largest_amount(segment))


def _largest_amount(segment: Segment) -> Floats:
    column = segment.spans("amount")
    largest = np.full(segment.size, -np.inf)
    np.maximum.at(largest, column.documents, column.last.astype(np.float64))
    return np.where(np.isneginf(largest), _UNKNOWN, -largest)
