"""When old records may newly answer a question, and how records are held against questions in bounded requests."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from index.opensearch.client import Client
from index.opensearch.layout import properties, queried, questions_body
from kilde.entries import Entry, entries_of
from kilde.opensearch import OpenSearch
from search.opensearch import watching
from search.opensearch.compiling import Json
from search.opensearch.watching import is_alike, put_questions, requests_of
from tests.index.builders import document
from tests.index.opensearch.node import running


def forms(*values: str) -> Json:
    """A word with a mark."""
    return {"constant_score": {"filter": {"terms": {"exact": list(values)}}, "boost": 1.0}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (forms("bo"), forms("bo"), True),
        (forms("bo"), forms("bo", "bolig"), True),
        (forms("bo", "bolig"), forms("bo"), True),
        (forms("bo", "bolig"), forms("bo", "boet"), False),
        (forms("bo"), {"constant_score": {"filter": {"terms": {"title_exact": ["bo"]}}, "boost": 1.0}}, False),
        (forms("bo"), {"match_none": {}}, False),
        ({"bool": {"must": [forms("a")]}}, {"bool": {"must": [forms("a", "b")]}}, True),
        ({"bool": {"must": [forms("a")]}}, {"bool": {"must": [forms("a"), forms("b")]}}, False),
        ({"bool": {"must": [forms("a")]}}, {"bool": {"must_not": [forms("a")]}}, False),
        ({"term": {"exact": {"value": "a"}}}, {"term": {"exact": {"value": "b"}}}, False),
        ({"terms": {"kommune": []}}, {"terms": {"kommune": ["0751"]}}, True),
        ({"range": {"amount": {"gte": 1}}}, {"range": {"amount": {"gte": 1, "lte": 2}}}, False),
    ],
)
def test_old_records_answer_alike_where_only_values_were_added_or_went(old: Json, new: Json, expected: bool) -> None:
    """What came and what went at once may be what a limit pushed out, which old records have."""
    assert is_alike(old, new) is expected


def entries(*texts: str) -> list[Entry]:
    return entries_of(document("a", texts), date(2024, 1, 1))


def test_requests_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """By their number and by their size; a record that is too large goes alone, and none is left out."""
    monkeypatch.setattr(watching, "MOST_RECORDS", 3)
    monkeypatch.setattr(watching, "MOST_LETTERS", 1_000)
    found = entries("en", "to", "tre", "fire", "mange ord " * 200, "fem")
    requests = [[entry.id for entry, _ in several] for several in requests_of(found)]
    assert [len(each) for each in requests] == [3, 1, 1, 1]
    assert [each for several in requests for each in several] == [entry.id for entry in found]
    assert list(requests_of([])) == []


def test_what_is_percolated_is_what_queries_ask() -> None:
    """The fields of the index of records with the same mapping and analysis, and no others."""
    ((_, body),) = next(requests_of(entries("Nye boliger.")))
    assert body.keys() == queried().keys()
    made = questions_body(OpenSearch(()))
    own = made["mappings"]["properties"].keys() - queried().keys()
    assert own == {"question", "name", "digest"}
    assert all(properties()[name] == made["mappings"]["properties"][name] for name in queried())


def test_questions_are_kept_in_step() -> None:
    """What is missing or different is written, what is no search any more goes; what is not taken is told."""
    questions = {name: json.dumps(forms(name)) for name in ("same", "other", "new", "refused")}
    held = {"same": sha256(questions["same"].encode()).hexdigest(), "other": "0", "gone": "0"}

    def respond(method: str, path: str, body: str) -> tuple[int, Any]:
        if path.endswith("/_search"):
            return 200, {"hits": {"hits": [{"fields": {"name": [it], "digest": [held[it]]}} for it in held]}}
        if path.startswith("/_bulk"):
            heads = [next(iter(line.items())) for line in map(json.loads, body.splitlines()) if "name" not in line]
            wrong = {"type": "mapper_parsing_exception", "reason": "no query"}
            return 200, {
                "items": [
                    {kind: {"status": 400, "error": wrong} if head["_id"] == "refused" else {"status": 200}}
                    for kind, head in heads
                ]
            }
        return (404, {}) if method == "GET" and path == "/q" else (200, {"_shards": {"failed": 0}})

    with running(respond) as node:
        client = Client(OpenSearch((node.address,)))
        assert put_questions(client, "q", questions) == {"refused"}
        client.close()
    asked = [(method, path.partition("?")[0]) for method, path, _, _ in node.asked]
    assert asked[:2] == [("GET", "/q"), ("PUT", "/q")]
    assert asked[-1] == ("POST", "/q/_refresh")
    (bulk,) = [body for _, path, body, _ in node.asked if path.startswith("/_bulk")]
    lines = [json.loads(line) for line in bulk.splitlines()]
    assert [line["delete"]["_id"] for line in lines if "delete" in line] == ["gone"]
    written = {line["name"]: json.dumps(line["question"]) for line in lines if "name" in line}
    assert written == {name: questions[name] for name in ("other", "new", "refused")}
