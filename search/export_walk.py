"""All hits of a query over one commit of the index, in order and one by one: what a page is too small for.

The order is found once, over arrays; a hit is made when it is asked for. Commits and rebuilds meanwhile change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from index.columns import Floats, Integers, Mask, Segment
from search import facets, ordering
from search.marks import marks
from search.matching import evaluate
from search.page import By, Filters, Hit, Sort, Texts
from search.question import Question
from search.snippets import snippet


@dataclass(frozen=True, slots=True)
class Found:
    """A record of a segment that a question matches."""

    segment: Segment
    number: int
    """Within the segment."""
    score: float

    @property
    def record(self) -> str:
        """The record's id."""
        return _name(self.segment, "id", self.number)

    @property
    def document(self) -> str:
        """The document's id."""
        return _name(self.segment, "document", self.number)


@dataclass(frozen=True, slots=True)
class Matching:
    """What matches in a segment: numbers of records, rising, and their scores."""

    segment: Segment
    records: Integers
    scores: Floats


def walk(question: Question) -> Iterator[Found]:
    """The records that match, in the order of the query; by document its first record each. `limit` is not heeded."""
    parts = matching(question)
    keys = ordering.joined([ordering.keys_of(it.segment, it.records, it.scores, question.query.sort) for it in parts])
    found = _in_order(parts, np.lexsort((keys.ids, keys.second, keys.first)))
    return _first_of_documents(found) if question.query.by is By.DOCUMENT else found


def walk_by_place(question: Question) -> Iterator[Found]:
    """The records that match by publication (unknown last), document, and place in it: as mentions are listed."""
    parts = matching(question)
    if not parts:
        return iter(())
    days = ordering.joined([ordering.keys_of(it.segment, it.records, it.scores, Sort.OLDEST) for it in parts]).first
    documents = np.concatenate([it.segment.names("document")[it.records] for it in parts])
    numbers = np.concatenate([it.records for it in parts])  # a document's records are in one segment, in its order
    return _in_order(parts, np.lexsort((numbers, documents, days)))


def hit_of(question: Question, found: Found, texts: Texts) -> Hit:
    """What the engine's page shows of a record."""
    card = found.segment.card(found.number)
    text = texts.text(found.record, card["version"])
    roles = question.query.filters.role or ("authority", "place")
    return Hit(
        id=found.record,
        document=found.document,
        version=card["version"],
        title=card["title"],
        heading=card["heading"],
        kind=card["kind"],
        record_kind=card["record_kind"],
        publisher=card["publisher"],
        published=card["published"],
        url=card["url"],
        score=found.score,
        snippet=snippet(text, marks(question.tree, text, question.collection.expansions)),
        kommuner=tuple(sorted({code for role in roles for code in card["kommuner"].get(role, ())})),
        amounts=tuple(card["amounts"]),
    )


def matching(question: Question) -> list[Matching]:
    """The records that match, segment by segment."""
    parts = zip(question.snapshot.segments, question.snapshot.live, strict=True)
    return [_in_segment(question, segment, live) for segment, live in parts]


def _in_segment(question: Question, segment: Segment, live: Mask) -> Matching:
    filters = question.query.filters
    left = live & _within(filters, segment)
    for chosen in facets.masks(segment, question.selections, filters.role).values():
        left &= chosen
    matches = evaluate(question.tree, segment, question.collection)
    keep = left[matches.documents]
    return Matching(segment, matches.documents[keep], matches.scores[keep])


def _within(filters: Filters, segment: Segment) -> Mask:
    """The records within the filters' days and amounts."""
    left = np.ones(segment.size, dtype=bool)
    for name, low, high in (
        ("published", _ordinal(filters.published_from), _ordinal(filters.published_to)),
        ("mentioned", _ordinal(filters.mentions_from), _ordinal(filters.mentions_to)),
        ("amount", filters.amount_min, filters.amount_max),
    ):
        if (low, high) != (None, None):
            left &= segment.spans(name).overlapping(low, high, segment.size)
    return left


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _in_order(parts: list[Matching], order: Integers) -> Iterator[Found]:
    ends = np.cumsum([len(it.records) for it in parts])
    for place in order:
        part = int(np.searchsorted(ends, place, side="right"))
        inside = int(place - (ends[part - 1] if part else 0))
        it = parts[part]
        yield Found(it.segment, int(it.records[inside]), float(it.scores[inside]))


def _first_of_documents(found: Iterator[Found]) -> Iterator[Found]:
    seen: set[str] = set()
    for each in found:
        if each.document not in seen:
            seen.add(each.document)
            yield each


def _name(segment: Segment, field: str, number: int) -> str:
    name: bytes = segment.names(field)[number]
    return name.decode()
