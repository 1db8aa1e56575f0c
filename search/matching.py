"""A tree of a query over one segment's arrays: which records match, and how well.

Scores are Whoosh's BM25F: words and phrases by the body, and by the heading, which counts double; a phrase or NEAR
scores as the sum of its words, a prefix or fuzzy word as 1, filters as 0. Deleted records are still among the
matches; the engine takes them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import TypeAlias

import numpy as np

from index.analysis import Asked
from index.analysis import ask as ask_words
from index.columns import POSITION_BITS, Floats, Integers, Mask, Postings, Segment
from index.filters import exact_form
from kilde.model import Role
from search.query_tree import Amounts, And, Dates, Exactly, FieldIs, FieldName, Near, Node, Not, Or, Phrase, Word

K1 = 1.2
B = 0.75
"""Whoosh's parameters of BM25F."""
HEADING_WEIGHT = 2.0
SPANS = {FieldName.DATE: "published", FieldName.MENTIONS: "mentioned", FieldName.AMOUNT: "amount"}
BODY, HEADING, TITLE = "body", "heading", "title"
EXACT_FIELDS = {BODY: "exact", TITLE: "title_exact"}
"""Where the forms of a field stand as they are written."""

Step: TypeAlias = tuple[str, ...]
"""Keys any of which may stand at a place."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Records that match, rising and each once, and their scores."""

    documents: Integers
    scores: Floats


@dataclass(frozen=True, slots=True)
class Collection:
    """All segments together: what scores are counted with, and what words of a query were expanded to."""

    segments: tuple[Segment, ...]
    expansions: Mapping[tuple[str, Word], tuple[str, ...]] = field(default_factory=dict)
    """By field and word: the forms that `word*` and `word~` stand for."""
    values: Mapping[FieldIs, frozenset[str]] = field(default_factory=dict)
    """The values in the index that a term of a query means."""
    roles: tuple[str, ...] = ()

    def idf(self, name: str, term: str) -> float:
        """Whoosh's inverse document frequency; deleted records count."""
        total = sum(segment.size for segment in self.segments)
        found = sum(len(segment.postings(name, term).documents) for segment in self.segments)
        return log(total / (found + 1)) + 1

    def average_length(self, name: str) -> float:
        """The mean length of a field."""
        total = sum(segment.size for segment in self.segments)
        return sum(segment.total_length(name) for segment in self.segments) / (total or 1) or 1.0


def evaluate(tree: Node | None, segment: Segment, collection: Collection) -> Matches:
    """The records of a segment that match a tree; None is everything."""
    match tree:
        case And(parts):
            return _all_of(parts, segment, collection)
        case Or(parts):
            return any_of([evaluate(part, segment, collection) for part in parts], segment.size)
        case Not(part):
            return chosen(~mask_of(evaluate(part, segment, collection), segment.size))
        case None:
            return chosen(np.ones(segment.size, dtype=bool))
        case _:
            return _term_of(tree, segment, collection)


def _term_of(term: Word | Phrase | Near | FieldIs, segment: Segment, collection: Collection) -> Matches:
    match term:
        case Near():
            return _near(term, segment, collection)
        case FieldIs():
            return _field(term, segment, collection)
        case _:
            return _words(term, segment, collection)


def any_of(found: Sequence[Matches], size: int) -> Matches:
    """The records of any of these; scores add up."""
    if len(found) == 1:
        return found[0]
    documents = np.concatenate([np.zeros(0, dtype=np.int64), *(each.documents for each in found)])
    weights = np.concatenate([np.zeros(0), *(each.scores for each in found)])
    present = np.zeros(size, dtype=bool)
    present[documents] = True
    matching = np.flatnonzero(present)
    scores = np.bincount(documents, weights=weights, minlength=size).astype(np.float64)
    return Matches(matching, scores[matching])


def steps_of(part: Word | Phrase) -> tuple[Step, ...]:
    """The keys that must stand one after the other for a word or phrase."""
    return asked_of(part).steps


def asked_of(part: Word | Phrase) -> Asked:
    """A word or phrase as the analyzer reads it."""
    return ask_words(part.text if isinstance(part, Word) else " ".join(part.words))


def facet_fields(name: str, roles: tuple[str, ...]) -> tuple[str, ...]:
    """The fields that hold a facet's values: kommuner are kept by how they are named."""
    if name != "kommune" or set(roles) in (set(), {Role.AUTHORITY, Role.PLACE}):
        return (name,)
    return tuple(f"kommune_{role}" for role in roles)


def chosen(mask: Mask) -> Matches:
    """The records of a mask, unscored."""
    documents = np.flatnonzero(mask)
    return Matches(documents, np.zeros(len(documents)))


def mask_of(found: Matches, size: int) -> Mask:
    """The records as a mask."""
    mask = np.zeros(size, dtype=bool)
    mask[found.documents] = True
    return mask


def _field(term: FieldIs, segment: Segment, collection: Collection) -> Matches:
    match term.value:
        case Word() | Phrase():
            return _in_field(TITLE, term.value, segment, collection)
        case Dates(first, last):
            days = (first.toordinal() if first else None, last.toordinal() if last else None)
            return chosen(segment.spans(SPANS[term.field]).overlapping(*days, segment.size))
        case Amounts(low, high):
            return chosen(segment.spans(SPANS[term.field]).overlapping(low, high, segment.size))
        case Exactly():
            return chosen(value_mask(segment, term.field, collection.values[term], collection.roles))


def value_mask(segment: Segment, name: str, values: frozenset[str], roles: tuple[str, ...]) -> Mask:
    """The records that have any of these values of a facet."""
    found = np.zeros(segment.size, dtype=bool)
    for each in facet_fields(name, roles):
        found |= segment.facet(each).mask(values, segment.size)
    return found


def _all_of(parts: Iterable[Node], segment: Segment, collection: Collection) -> Matches:
    wanted = [evaluate(part, segment, collection) for part in parts if not isinstance(part, Not)]
    barred = [evaluate(part.part, segment, collection) for part in parts if isinstance(part, Not)]
    found = _common(wanted) if wanted else chosen(np.ones(segment.size, dtype=bool))
    if not barred:
        return found
    keep = ~mask_of(any_of(barred, segment.size), segment.size)[found.documents]
    return Matches(found.documents[keep], found.scores[keep])


def _common(found: Iterable[Matches]) -> Matches:
    """The records of all of these, the smallest set first; scores add up."""
    first, *others = sorted(found, key=lambda each: len(each.documents))
    documents, scores = first.documents, first.scores
    for other in others:
        places = np.searchsorted(other.documents, documents)
        places[places == len(other.documents)] = 0
        keep = other.documents[places] == documents if len(other.documents) else np.zeros(len(documents), dtype=bool)
        documents, scores = documents[keep], scores[keep] + (other.scores[places[keep]] if keep.any() else 0.0)
    return Matches(documents, scores)


def _words(part: Word | Phrase, segment: Segment, collection: Collection) -> Matches:
    body = _in_field(BODY, part, segment, collection)
    marked = isinstance(part, Word) and (part.exact or part.prefix or part.fuzzy)
    if marked or (isinstance(part, Phrase) and len(steps_of(part)) > 1):
        return body
    heading = _in_field(HEADING, part, segment, collection)
    return any_of([body, Matches(heading.documents, heading.scores * HEADING_WEIGHT)], segment.size)


def _in_field(name: str, part: Word | Phrase, segment: Segment, collection: Collection) -> Matches:
    """A word by its keys; where it has several steps, by all of them in a row; a hyphenated word by either."""
    if isinstance(part, Word) and part.exact:
        return _scored(EXACT_FIELDS[name], [exact_form(part.text)], segment, collection)
    if isinstance(part, Word) and (part.prefix or part.fuzzy):
        return _constant(EXACT_FIELDS[name], collection.expansions[name, part], segment)
    asked = asked_of(part)
    found = []
    if len(asked.forms) == 1:
        found.append(_scored(name, asked.forms[0].whole, segment, collection))
    if len(asked.steps) > 1:
        found.append(_sequence(name, asked.steps, segment, collection))
    return any_of(found, segment.size) if found else chosen(np.zeros(segment.size, dtype=bool))


def _scored(name: str, terms: Iterable[str], segment: Segment, collection: Collection) -> Matches:
    return any_of([_term(name, term, segment, collection) for term in terms], segment.size)


def _term(name: str, term: str, segment: Segment, collection: Collection) -> Matches:
    postings = segment.postings(name, term)
    return Matches(postings.documents, _bm25(name, term, postings, segment, collection))


def _bm25(name: str, term: str, postings: Postings, segment: Segment, collection: Collection) -> Floats:
    weights = postings.weights
    lengths = segment.lengths(name)[postings.documents]
    norm = K1 * ((1 - B) + B * lengths / collection.average_length(name))
    return collection.idf(name, term) * (weights * (K1 + 1)) / (weights + norm)


def _sequence(name: str, steps: Sequence[Step], segment: Segment, collection: Collection) -> Matches:
    return _with_scores(name, steps, np.unique(_starts(name, steps, segment) >> POSITION_BITS), segment, collection)


def _starts(name: str, steps: Sequence[Step], segment: Segment) -> Integers:
    """The places where the steps begin that follow each other."""
    found = _places(name, steps[0], segment)
    for number, step in enumerate(steps[1:], start=1):
        found = found[np.isin(found + number, _places(name, step, segment), assume_unique=True)]
    return found


def _places(name: str, step: Step, segment: Segment) -> Integers:
    places = [segment.places(name, term) for term in step]
    return places[0] if len(places) == 1 else np.unique(np.concatenate(places))


def _near(near: Near, segment: Segment, collection: Collection) -> Matches:
    here, there = steps_of(near.left), steps_of(near.right)
    if not here or not there:
        return chosen(np.zeros(segment.size, dtype=bool))
    starts, others = _starts(BODY, here, segment), _starts(BODY, there, segment)
    low = np.searchsorted(others, starts - near.distance - len(there) + 1, "left")
    high = np.searchsorted(others, starts + near.distance + len(here) - 1, "right")
    documents = np.unique(starts[high > low] >> POSITION_BITS)
    return _with_scores(BODY, (*here, *there), documents, segment, collection)


def _with_scores(
    name: str, steps: Sequence[Step], documents: Integers, segment: Segment, collection: Collection
) -> Matches:
    scores = np.zeros(len(documents))
    for step in steps:
        scores += _common([Matches(documents, scores * 0), _scored(name, step, segment, collection)]).scores
    return Matches(documents, scores)


def _constant(name: str, forms: Iterable[str], segment: Segment) -> Matches:
    found = np.zeros(segment.size, dtype=bool)
    for form in forms:
        found[segment.postings(name, form).documents] = True
    documents = np.flatnonzero(found)
    return Matches(documents, np.ones(len(documents)))
