"""Search: a Query in, a Page out.

`Engine` is the seam: the embedded engine reads Whoosh's segments as numpy arrays; another may stand behind it with
the same queries and answers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np

from index.cache import Cache
from index.columns import Floats, Integers, Mask, Segment
from index.snapshot import CACHE_BYTES, Snapshot, open_snapshot
from search import facets, ordering
from search.coverage import absence_of
from search.expansion import nearest
from search.marks import marks
from search.matching import BODY, EXACT_FIELDS, asked_of, evaluate
from search.ordering import Cursor, Keys
from search.page import By, Coverage, FacetValue, Filters, Hit, Page, Query, Texts
from search.query_language import print_query
from search.query_tree import Node, Word
from search.question import Question, prepare
from search.snippets import snippet
from search.suggest import Speller, suggest


class Engine(Protocol):
    """Answers questions."""

    def search(self, query: Query) -> Page:
        """The page of hits that the query asks for; its coverage is for the caller to fill in.

        DamagedError or MissingError when the index cannot be read; UsageError for a cursor of another query.
        """


def open_engine(index_folder: Path, texts: Texts) -> Engine:
    """The embedded engine over the index in a folder. It always answers from the newest commit."""
    return _EmbeddedEngine(index_folder, texts)


@dataclass(frozen=True, slots=True)
class _Found:
    """A segment's part of the answer: hits with their scores, and the masks that facets count in."""

    segment: Segment
    documents: Integers
    scores: Floats
    counted: dict[str, Mask]


class _EmbeddedEngine:
    """Reads segments; keeps what it decoded until they are gone. Several threads may search at once."""

    def __init__(self, folder: Path, texts: Texts) -> None:
        self._folder = folder
        self._texts = texts
        self._cache = Cache(CACHE_BYTES)
        self._snapshot: Snapshot | None = None
        self._lock = Lock()

    def search(self, query: Query) -> Page:
        with self._lock:
            self._snapshot = snapshot = open_snapshot(self._folder, self._snapshot, self._cache)
        question = prepare(query, snapshot)
        found = _find_all(question)
        total, places, following = _select(question, found)
        return Page(
            query=query,
            total=total,
            hits=tuple(self._hit(question, found[number], place) for number, place in places),
            facets={name: _facet(question, name, found) for name in query.facets},
            next=following,
            suggestion=None if total else _suggestion(question),
            notes=question.notes,
            coverage=Coverage(documents=0, months=0),
            absence=None if total else absence_of(question),
        )

    def _hit(self, question: Question, found: _Found, place: int) -> Hit:
        segment, document = found.segment, int(found.documents[place])
        card = segment.card(document)
        name = segment.names("id")[document].decode()
        text = self._texts.text(name, card["version"])
        roles = question.query.filters.role or ("authority", "place")
        return Hit(
            id=name,
            document=segment.names("document")[document].decode(),
            version=card["version"],
            title=card["title"],
            heading=card["heading"],
            kind=card["kind"],
            record_kind=card["record_kind"],
            publisher=card["publisher"],
            published=card["published"],
            url=card["url"],
            score=float(found.scores[place]),
            snippet=snippet(text, marks(question.tree, text, question.collection.expansions)),
            kommuner=tuple(sorted({code for role in roles for code in card["kommuner"].get(role, ())})),
            amounts=tuple(card["amounts"]),
        )


def _find_all(question: Question) -> list[_Found]:
    snapshot = question.snapshot
    return [_find(question, segment, live) for segment, live in zip(snapshot.segments, snapshot.live, strict=True)]


def _find(question: Question, segment: Segment, live: Mask) -> _Found:
    """The hits of one segment, and for each facet the records that its counts are made of."""
    matches = evaluate(question.tree, segment, question.collection)
    base = np.zeros(segment.size, dtype=bool)
    base[matches.documents] = True
    base &= live & _filtered(question.query.filters, segment)
    selected = facets.masks(segment, question.selections, question.query.filters.role)
    counted = {}
    for name in question.query.facets:
        mask = base.copy()
        for other, chosen in selected.items():
            if other != name:
                mask &= chosen
        counted[name] = mask
    for chosen in selected.values():
        base &= chosen
    keep = base[matches.documents]
    return _Found(segment, matches.documents[keep], matches.scores[keep], counted)


def _filtered(filters: Filters, segment: Segment) -> Mask:
    """The records that the filters leave that are no facets."""
    published = (_ordinal(filters.published_from), _ordinal(filters.published_to))
    mentioned = (_ordinal(filters.mentions_from), _ordinal(filters.mentions_to))
    amount = (filters.amount_min, filters.amount_max)
    mask = np.ones(segment.size, dtype=bool)
    for name, (low, high) in (("published", published), ("mentioned", mentioned), ("amount", amount)):
        if (low, high) != (None, None):
            mask &= segment.spans(name).overlapping(low, high, segment.size)
    return mask


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _select(question: Question, found: list[_Found]) -> tuple[int, list[tuple[int, int]], str | None]:
    """The number of hits, those of the page as (segment, place), and the cursor of the next page."""
    query = question.query
    keys = ordering.joined([ordering.keys_of(each.segment, each.documents, each.scores, query.sort) for each in found])
    numbers = np.repeat(np.arange(len(found)), [len(each.documents) for each in found])
    inside = np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(len(each.documents)) for each in found)])
    if query.by is By.DOCUMENT:
        best = _best_of_documents(keys, numbers, found)
        keys, numbers, inside = keys.taken(best), numbers[best], inside[best]
    total = len(keys)
    keys, behind = _behind_cursor(question, keys)
    numbers, inside = numbers[behind], inside[behind]
    chosen = ordering.top(keys, query.limit)
    places = [(int(numbers[place]), int(inside[place])) for place in chosen]
    if not len(chosen) or len(keys) <= len(chosen):
        return total, places, None
    last = keys.taken(chosen[-1:])
    generation = question.snapshot.manifest.generation
    cursor = Cursor(float(last.first[0]), float(last.second[0]), last.ids[0].decode(), generation, _mark(query))
    return total, places, ordering.write_cursor(cursor)


def _behind_cursor(question: Question, keys: Keys) -> tuple[Keys, Integers]:
    """What is left of the hits behind the query's cursor, and their places."""
    query = question.query
    if query.cursor is None:
        return keys, np.arange(len(keys), dtype=np.int64)
    cursor = ordering.read_cursor(query.cursor, _mark(query))
    cursor = ordering.moved(cursor, keys, question.snapshot.manifest.generation)
    behind = np.flatnonzero(ordering.after(keys, cursor))
    return keys.taken(behind), behind


def _best_of_documents(keys: Keys, numbers: Integers, found: list[_Found]) -> Integers:
    """The place of each document's first record. All records of a document are in one segment."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    ordinals = np.concatenate([each.segment.documents[each.documents] for each in found])
    order = np.lexsort((keys.ids, keys.second, keys.first))
    units = numbers[order].astype(np.int64) << 32 | ordinals[order]
    first: Integers = np.sort(order[np.unique(units, return_index=True)[1]])
    return first


def _mark(query: Query) -> str:
    """What a cursor belongs to: all that decides which hits there are, and in which order."""
    text = print_query(query.tree) if query.tree else ""
    return ordering.query_mark(repr((text, query.filters, query.sort, query.by)))


def _facet(question: Question, name: str, found: list[_Found]) -> tuple[FacetValue, ...]:
    query = question.query
    total: Counter[str] = Counter()
    for each in found:
        total += facets.counts(each.segment, name, query.filters.role, each.counted[name], query.by is By.DOCUMENT)
    return facets.shown(name, total, question.selections.get(name, frozenset()))


def _suggestion(question: Question) -> str | None:
    """A query with hits under the same filters, where a word of this one is unknown."""
    if question.query.tree is None:
        return None
    segments = question.collection.segments

    def knows(word: Word) -> bool:
        keys = {key for form in asked_of(word).forms for key in form.whole}
        return any(len(segment.postings(BODY, key).documents) for segment in segments for key in keys)

    def hits(tree: Node) -> int:
        other = prepare(replace(question.query, tree=tree, facets=()), question.snapshot)
        return sum(len(each.documents) for each in _find_all(other))

    better = suggest(
        question.query.tree, Speller(knows, lambda word: nearest(word, EXACT_FIELDS[BODY], segments)), hits
    )
    return print_query(better) if better else None
