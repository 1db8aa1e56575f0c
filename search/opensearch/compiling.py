"""A query's tree as OpenSearch's query DSL: the same records, with the scores that `search.matching` gives them.

Never as a query string: every word goes through our analyzer first, and what is sent are its keys. Words score by the
weights fields; phrases and NEAR only choose records, and their words score. What chooses without scoring is a filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from index.filters import exact_form
from index.opensearch.layout import LINE, TAB, WEIGHTS
from search.found import Reading
from search.matching import (
    BODY,
    EXACT_FIELDS,
    HEADING,
    HEADING_WEIGHT,
    SPANS,
    TITLE,
    Step,
    asked_of,
    facet_fields,
    steps_of,
)
from search.page import Filters
from search.query_tree import Amounts, And, Dates, Exactly, FieldIs, Near, Node, Not, Or, Phrase, Word

Json: TypeAlias = dict[str, Any]

NOTHING: Json = {"match_none": {}}
EVERYTHING: Json = {"match_all": {}}


def matching(reading: Reading) -> Json:
    """The records that match a query's tree, days and amounts, scored; the chosen values of facets are left out."""
    parts = [] if reading.tree is None else [compiled(reading.tree, reading)]
    return _all_of(parts, list(spans(reading.query.filters)))


def compiled(tree: Node, reading: Reading) -> Json:
    """The records that match a tree, scored."""
    match tree:
        case And(parts):
            wanted = [compiled(part, reading) for part in parts if not isinstance(part, Not)]
            barred = [compiled(part.part, reading) for part in parts if isinstance(part, Not)]
            return _all_of(wanted, [], barred)
        case Or(parts):
            return _any_of([compiled(part, reading) for part in parts])
        case Not(part):
            return _all_of([], [], [compiled(part, reading)])
        case Near():
            return _near(tree)
        case FieldIs():
            return _field(tree, reading)
        case _:
            return _words(tree, reading)


def spans(filters: Filters) -> Iterable[Json]:
    """What days and amounts leave."""
    for name, low, high in (
        ("published", _ordinal(filters.published_from), _ordinal(filters.published_to)),
        ("mentioned", _ordinal(filters.mentions_from), _ordinal(filters.mentions_to)),
        ("amount", filters.amount_min, filters.amount_max),
    ):
        if (low, high) != (None, None):
            yield _overlapping(name, low, high)


def chosen(selections: Mapping[str, frozenset[str]], roles: tuple[str, ...], but: str | None = None) -> list[Json]:
    """What the chosen values of facets leave, one filter a facet; that of the facet `but` left out."""
    return [valued(name, values, roles) for name, values in sorted(selections.items()) if name != but]


def valued(name: str, values: Iterable[str], roles: tuple[str, ...]) -> Json:
    """The records that have any of these values of a facet."""
    wanted = sorted(values)
    fields = [{"terms": {field: wanted}} for field in facet_fields(name, roles)]
    return fields[0] if len(fields) == 1 else {"bool": {"should": fields, "minimum_should_match": 1}}


def filtered(query: Json, filters: Sequence[Json]) -> Json:
    """The records of a query that pass filters too, with their scores."""
    return {"bool": {"must": [query], "filter": list(filters)}} if filters else query


def _words(part: Word | Phrase, reading: Reading) -> Json:
    """A word or phrase by the body; by the heading too, unless it is marked or has several steps."""
    clauses = _in_field(BODY, part, reading, 1.0)
    marked = isinstance(part, Word) and (part.exact or part.prefix or part.fuzzy)
    if not marked and not (isinstance(part, Phrase) and len(steps_of(part)) > 1):
        clauses += _in_field(HEADING, part, reading, HEADING_WEIGHT)
    return _any_of(clauses)


def _field(term: FieldIs, reading: Reading) -> Json:
    match term.value:
        case Word() | Phrase():
            return _any_of(_in_field(TITLE, term.value, reading, 1.0))
        case Dates(first, last):
            return _filter(_overlapping(SPANS[term.field], _ordinal(first), _ordinal(last)))
        case Amounts(low, high):
            return _filter(_overlapping(SPANS[term.field], low, high))
        case Exactly():
            return _filter(valued(term.field.value, reading.values[term], reading.query.filters.role))


def _in_field(name: str, part: Word | Phrase, reading: Reading, boost: float) -> list[Json]:
    """Any of which a word or phrase is found by in a field: its keys; its steps in a row where it has several."""
    if isinstance(part, Word) and part.exact:
        return [_term(EXACT_FIELDS[name], exact_form(part.text), boost)]
    if isinstance(part, Word) and (part.prefix or part.fuzzy):
        forms = list(reading.expansions[name, part])
        return [{"constant_score": {"filter": {"terms": {EXACT_FIELDS[name]: forms}}, "boost": boost}}] if forms else []
    asked = asked_of(part)
    found = []
    if len(asked.forms) == 1:
        found += [_term(name + WEIGHTS, key, boost) for key in asked.forms[0].whole]
    if len(asked.steps) > 1:
        found.append(_scored(_sequence(name, asked.steps), name, asked.steps, boost))
    return found


def _near(near: Near) -> Json:
    here, there = steps_of(near.left), steps_of(near.right)
    if not here or not there:
        return NOTHING
    # The distance is from the last step of one to the first of the other; a slop is what stands between.
    clauses = [_span(here), _span(there)]
    both = {"span_near": {"clauses": clauses, "slop": near.distance - 1, "in_order": False}}
    return _scored(both, BODY, (*here, *there), 1.0)


def _sequence(name: str, steps: Sequence[Step]) -> Json:
    """Steps that follow each other: the analyzer of the field takes them apart again, as it does with texts."""
    return {"match_phrase": {name: {"query": LINE.join(TAB.join(step) for step in steps)}}}


def _span(steps: Sequence[Step]) -> Json:
    """As `_sequence`, for what stands near."""
    parts = [_span_of(step) for step in steps]
    return parts[0] if len(parts) == 1 else {"span_near": {"clauses": parts, "slop": 0, "in_order": True}}


def _span_of(step: Step) -> Json:
    terms: list[Json] = [{"span_term": {BODY: key}} for key in step]
    return terms[0] if len(terms) == 1 else {"span_or": {"clauses": terms}}


def _scored(where: Json, name: str, steps: Sequence[Step], boost: float) -> Json:
    """Records that a query chooses, scored as the sum of the keys of steps."""
    terms = [_term(name + WEIGHTS, key, boost) for step in steps for key in step]
    return {"bool": {"filter": [where], "should": terms}}


def _term(field: str, key: str, boost: float) -> Json:
    return {"term": {field: {"value": key, **({"boost": boost} if boost != 1.0 else {})}}}


def _overlapping(name: str, low: int | None, high: int | None) -> Json:
    """Records with a span that has something in common with low..high."""
    if low is not None and high is not None and low > high:
        return {"range": {name: {"gte": high, "lte": low, "relation": "contains"}}}
    bounds = {"gte": low, "lte": high}
    return {"range": {name: {**{sign: it for sign, it in bounds.items() if it is not None}, "relation": "intersects"}}}


def _all_of(wanted: Sequence[Json], filters: Sequence[Json], barred: Sequence[Json] = ()) -> Json:
    if len(wanted) == 1 and not filters and not barred:
        return wanted[0]
    found: Json = {"must": list(wanted)} if wanted else {}
    # Without a word to score by all scores are 0.
    found["filter"] = list(filters) if wanted or filters else [EVERYTHING]
    return {"bool": {**found, **({"must_not": list(barred)} if barred else {})}}


def _any_of(found: Sequence[Json]) -> Json:
    if not found:
        return NOTHING
    return found[0] if len(found) == 1 else {"bool": {"should": list(found), "minimum_should_match": 1}}


def _filter(query: Json) -> Json:
    return {"bool": {"filter": [query]}}


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None
