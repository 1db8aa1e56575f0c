"""What is sent for a query: golden clauses, and for any query no words but our analyzer's keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from index.analysis import DANISH
from search.found import Reading
from search.opensearch.compiling import chosen, matching, valued
from search.page import Filters, Query
from search.query import parse_query
from search.query_tree import Node, Word
from search.question import read
from tests.search.trees import trees

VALUES = frozenset({"0751", "uim", "NY I DANMARK", "Region Midtjylland"})
QUERY_STRINGS = {
    "query_string",
    "simple_query_string",
    "regexp",
    "wildcard",
    "script",
    "script_score",
    "more_like_this",
}


class Words:
    """A lexicon in which every word with a mark stands for itself and a longer form."""

    records = 10

    def expand(self, word: Word, field: str) -> tuple[tuple[str, ...], str | None]:
        return (word.text, f"{word.text}n"), None if field == "body" else "said"

    def nearest(self, word: str, field: str) -> list[str]:
        return [f"{field}{word}"]

    def beginning(self, field: str, prefix: str, most: int) -> list[str]:
        return [f"{field}{prefix}"][:most]

    def frequencies(self, field: str, terms: Sequence[str]) -> list[int]:
        return [len(field)] * len(terms)

    def values(self, field: str) -> frozenset[str]:
        return VALUES if field else frozenset()


def asked(text: str, filters: Filters | None = None) -> Reading:
    return read(Query(text, parse_query(text), filters or Filters()), Words())


def word(body: str, heading: str | None = None) -> dict[str, Any]:
    found = [term("body", body), {"term": {"heading_weights": {"value": heading or body, "boost": 2.0}}}]
    return {"bool": {"should": found, "minimum_should_match": 1}}


def term(field: str, key: str) -> dict[str, Any]:
    return {"term": {f"{field}_weights": {"value": key}}}


def span(low: int | None, high: int | None, name: str, relation: str = "intersects") -> dict[str, Any]:
    bounds = {"gte": low, "lte": high}
    return {"range": {name: {**{key: it for key, it in bounds.items() if it is not None}, "relation": relation}}}


def only(query: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"filter": [query]}}


NEW_POOL = {
    "bool": {
        "filter": [{"match_phrase": {"body": {"query": "ny\npulje"}}}],
        "should": [term("body", "ny"), term("body", "pulje")],
    }
}
NEAR = {
    "span_near": {
        "clauses": [
            {"span_term": {"body": "borger"}},
            {
                "span_near": {
                    "clauses": [{"span_term": {"body": "ny"}}, {"span_term": {"body": "pulje"}}],
                    "slop": 0,
                    "in_order": True,
                }
            },
        ],
        "slop": 4,
        "in_order": False,
    }
}
GOLDEN: list[tuple[str, dict[str, Any]]] = [
    ("", {"bool": {"filter": [{"match_all": {}}]}}),
    ("indsatser", word("indsats")),
    ("bolig skole", {"bool": {"must": [word("bolig"), word("skole")], "filter": []}}),
    ("bolig ELLER skole", {"bool": {"should": [word("bolig"), word("skole")], "minimum_should_match": 1}}),
    ("bolig -skole", {"bool": {"must": [word("bolig")], "filter": [], "must_not": [word("skole")]}}),
    ("-skole", {"bool": {"filter": [{"match_all": {}}], "must_not": [word("skole")]}}),
    ("=indsatsen", {"term": {"exact": {"value": "indsatsen"}}}),
    ("=Indsatsen", {"term": {"exact": {"value": "indsatsen"}}}),
    ("kommun*", {"constant_score": {"filter": {"terms": {"exact": ["kommun", "kommunn"]}}, "boost": 1.0}}),
    ("kommune~", {"constant_score": {"filter": {"terms": {"exact": ["kommune", "kommunen"]}}, "boost": 1.0}}),
    ('"ny pulje"', NEW_POOL),
    ('borgere NEAR/5 "ny pulje"', {"bool": {"filter": [NEAR], "should": [term("body", "borger"), term("body", "ny"),
                                                                        term("body", "pulje")]}}),
    ("titel:nyt", term("title", "ny")),
    ("69,90", word("69,9")),
    ("dato:2020", only(span(date(2020, 1, 1).toordinal(), date(2020, 12, 31).toordinal(), "published"))),
    ("nævner:<2020", only(span(None, date(2019, 12, 31).toordinal(), "mentioned"))),
    ("beløb:>=5mio", only(span(500_000_000, None, "amount"))),
    ("bolig tema:danmark tema:danmark",
     {"bool": {"must": [word("bolig"), *[only({"terms": {"theme": ["NY I DANMARK"]}})] * 2], "filter": []}}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), GOLDEN, ids=[text or "everything" for text, _ in GOLDEN])
def test_a_query_is_sent_as(text: str, expected: dict[str, Any]) -> None:
    """The whole clause."""
    assert matching(asked(text)) == expected


def test_a_word_with_a_hyphen_is_found_joined_and_in_a_row() -> None:
    """Either, in body and heading; the row's words score, not the row."""
    clauses = matching(asked("Høje-Taastrup"))["bool"]["should"]
    phrases = [clause["bool"]["filter"][0]["match_phrase"] for clause in clauses if "bool" in clause]
    assert phrases == [{"body": {"query": "høj\n@tåstrup"}}, {"heading": {"query": "høj\n@tåstrup"}}]
    assert [list(clause["term"]) for clause in clauses if "term" in clause] == [["body_weights"], ["heading_weights"]]


def test_what_names_a_facet_is_chosen_behind_the_query() -> None:
    """So that the facet's own counts can leave it out; kommuner by the roles that are asked for."""
    reading = asked("bolig kommune:Aarhus", Filters(source=("UIM",), role=("place", "institution")))
    assert matching(reading) == word("bolig")
    either = [{"terms": {"kommune_place": ["0751"]}}, {"terms": {"kommune_institution": ["0751"]}}]
    kommune = {"bool": {"should": either, "minimum_should_match": 1}}
    roles = reading.query.filters.role
    source, role = {"terms": {"source": ["uim"]}}, {"terms": {"role": ["institution", "place"]}}
    assert chosen(reading.selections, roles) == [kommune, role, source]
    assert chosen(reading.selections, roles, but="kommune") == [role, source]
    assert valued("kommune", {"0751"}, ()) == {"terms": {"kommune": ["0751"]}}


def test_days_and_amounts_are_filters() -> None:
    """A range that goes backwards finds what spans it, as in the arrays of the embedded engine."""
    filters = Filters(published_from=date(2020, 1, 1), amount_min=500, amount_max=100)
    found = matching(asked("", filters))["bool"]["filter"]
    assert found == [
        span(date(2020, 1, 1).toordinal(), None, "published"),
        span(100, 500, "amount", "contains"),
    ]


@settings(deadline=None)
@given(trees)
def test_nothing_is_sent_that_the_cluster_would_parse(tree: Node) -> None:
    """No query strings, patterns or scripts; the texts of words only as keys that our analyzer made of them."""
    sent = matching(read(Query("", tree), Words()))
    assert QUERY_STRINGS.isdisjoint(_names(sent))
    json.dumps(sent)
    for query in _phrases(sent):
        assert all(key and "\n" not in key for step in query.split("\n") for key in step.split("\t"))


def test_signs_of_query_strings_are_punctuation() -> None:
    """What would be an operator elsewhere is not even sent."""
    hostile = "body:/(a+)+/ [* TO *] {!kilde} bolig^9 AND_x"
    sent = json.dumps(matching(read(Query(hostile, Word(hostile)), Words())), ensure_ascii=False)
    keys = {key for keys in DANISH.all_keys(hostile) for step in keys.steps for key in step}
    assert not {sign for sign in "/()^!{}*+" if any(sign in key for key in keys)}
    assert "TO *" not in sent
    assert "^9" not in sent


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def _phrases(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "match_phrase" in value:
            yield from (inner["query"] for inner in value["match_phrase"].values())
        for inner in value.values():
            yield from _phrases(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _phrases(inner)
