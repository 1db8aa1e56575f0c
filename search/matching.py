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
from kilde.danish.mentions import Role
from search.deadline import NEVER, Deadline
from search.query_tree import Amounts, And, Dates, Exactly, FieldIs, FieldName, Near, Node, Not, Or, Phrase, Word

K1 = 1.2
B = 0.75
"""Whoosh's parameters of BM25F."""
HEADING_WEIGHT = 2.0
_MANY = 32
"""Steps of looking up one record, about: as many of all records are gone through in the same time."""
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

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        return self.documents.nbytes + self.scores.nbytes


@dataclass(frozen=True, slots=True)
class Collection:
    """All segments together: what scores are counted with, and what words of a query were expanded to."""

    segments: tuple[Segment, ...]
    expansions: Mapping[tuple[str, Word], tuple[str, ...]] = field(default_factory=dict)
    """By field and word: the forms that `word*` and `word~` stand for."""
    values: Mapping[FieldIs, frozenset[str]] = field(default_factory=dict)
    """The values in the index that a term of a query means."""
    roles: tuple[str, ...] = ()
    deadline: Deadline = NEVER

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the segments: what was scored with the same ones has the same scores."""
        return tuple(segment.id for segment in self.segments)

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
    """The records of a segment that match a tree; None is everything. TooLongError past the deadline."""
    collection.deadline.check()
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
    found = [each for each in found if len(each.documents)] or [Matches(np.zeros(0, dtype=np.int64), np.zeros(0))]
    if len(found) == 1:
        return found[0]
    documents = np.concatenate([each.documents for each in found])
    weights = np.concatenate([each.scores for each in found])
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
    found = _common(wanted, segment.size) if wanted else chosen(np.ones(segment.size, dtype=bool))
    if not barred:
        return found
    keep = ~mask_of(any_of(barred, segment.size), segment.size)[found.documents]
    return Matches(found.documents[keep], found.scores[keep])


def _common(found: Iterable[Matches], size: int) -> Matches:
    """The records of all of these, the smallest set first; scores add up."""
    first, *others = sorted(found, key=lambda each: len(each.documents))
    documents, scores = first.documents, first.scores
    for other in others:
        keep, places = _places_in(other.documents, documents, size)
        documents, scores = documents[keep], scores[keep] + other.scores[places]
    return Matches(documents, scores)


def _places_in(among: Integers, wanted: Integers, size: int) -> tuple[Mask, Integers]:
    """Which of the wanted records are among others, and at which places there. Both rise; `size` is all records.

    A few are looked up one by one in logarithmic time; for many, going through a table of all records is quicker.
    """
    if len(wanted) * _MANY > size:
        table = np.full(size, -1, dtype=np.int64)
        table[among] = np.arange(len(among))
        places = table[wanted]
        keep = places >= 0
    else:
        places = np.searchsorted(among, wanted)
        places[places == len(among)] = 0
        keep = among[places] == wanted if len(among) else np.zeros(len(wanted), dtype=bool)
    return keep, places[keep]


def _words(part: Word | Phrase, segment: Segment, collection: Collection) -> Matches:
    """A word or phrase by body and heading; held, since the next page and the next facet ask for the same words."""
    return segment.kept((part, collection.names), lambda: _scored_words(part, segment, collection))


def _scored_words(part: Word | Phrase, segment: Segment, collection: Collection) -> Matches:
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
    norm = _norms(name, segment, collection)[postings.documents]
    return collection.idf(name, term) * (K1 + 1) * postings.weights / (postings.weights + norm)


def _norms(name: str, segment: Segment, collection: Collection) -> Floats:
    """What BM25F adds to a term's weight in the denominator, for each record: the more, the longer its field is."""
    average = collection.average_length(name)
    return segment.kept((name, average), lambda: K1 * ((1 - B) + B * segment.lengths(name) / average))


def _sequence(name: str, steps: Sequence[Step], segment: Segment, collection: Collection) -> Matches:
    return _with_scores(name, steps, _rising(_starts(name, steps, segment) >> POSITION_BITS), segment, collection)


def _starts(name: str, steps: Sequence[Step], segment: Segment) -> Integers:
    """The places where the steps begin that follow each other, rising: the rarest step is looked at first."""
    places = sorted(
        ((number, _places(name, step, segment)) for number, step in enumerate(steps)), key=lambda each: len(each[1])
    )
    (number, rarest), *others = places
    found = rarest - number
    for number, each in others:
        found = found[_are_in(each, found + number)]
    return found


def _are_in(places: Integers, wanted: Integers) -> Mask:
    """Which of the wanted places there are; both rise."""
    if not len(places):
        return np.zeros(len(wanted), dtype=bool)
    nearest = np.searchsorted(places, wanted)
    nearest[nearest == len(places)] = 0
    found: Mask = places[nearest] == wanted
    return found


def _rising(documents: Integers) -> Integers:
    """Documents that do not fall, each once."""
    return documents[np.flatnonzero(np.diff(documents, prepend=-1))]


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
    documents = _rising(starts[high > low] >> POSITION_BITS)
    return _with_scores(BODY, (*here, *there), documents, segment, collection)


def _with_scores(
    name: str, steps: Sequence[Step], documents: Integers, segment: Segment, collection: Collection
) -> Matches:
    """Records that hold steps, with the sum of the scores of the steps' words in them."""
    scores = np.zeros(len(documents))
    for step in steps:
        for term in step:
            postings = segment.postings(name, term)
            keep, places = _places_in(postings.documents, documents, segment.size)
            held = Postings(documents[keep], postings.weights[places])
            scores[keep] += _bm25(name, term, held, segment, collection)
    return Matches(documents, scores)


def _constant(name: str, forms: tuple[str, ...], segment: Segment) -> Matches:
    documents = segment.any_of(name, forms)
    return Matches(documents, np.ones(len(documents)))
