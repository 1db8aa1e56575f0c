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
    newest, oldest = _by_day(segment)
    ids = segment.names("id")[documents]
    if sort is Sort.NEWEST:
        return Keys(newest[documents], np.zeros(len(documents)), ids)
    if sort is Sort.OLDEST:
        return Keys(oldest[documents], np.zeros(len(documents)), ids)
    if sort is Sort.AMOUNT:
        return Keys(_by_amount(segment)[documents], newest[documents], ids)
    # Sums of the same scores in another order may differ in the last digits.
    return Keys(-np.round(scores, 9), newest[documents], ids)


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
    places = np.arange(len(keys), dtype=np.int64)
    if len(keys) > limit > 0:
        bound = np.partition(keys.first, limit - 1)[limit - 1]
        places = np.flatnonzero(keys.first <= bound)
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


def _by_day(segment: Segment) -> tuple[Floats, Floats]:
    """Keys of all records for newest and for oldest first."""
    column = segment.spans("published")
    newest = np.full(segment.size, _UNKNOWN)
    oldest = np.full(segment.size, _UNKNOWN)
    fineness = (column.last - column.first).astype(np.float64)
    newest[column.documents] = -column.first * float(_FINENESS) + fineness
    oldest[column.documents] = column.first * float(_FINENESS) + fineness
    return newest, oldest


def _by_amount(segment: Segment) -> Floats:
    """Keys of all records for the largest amount first."""
    column = segment.spans("amount")
    largest = np.full(segment.size, -np.inf)
    np.maximum.at(largest, column.documents, column.last.astype(np.float64))
    return np.where(np.isneginf(largest), _UNKNOWN, -largest)
