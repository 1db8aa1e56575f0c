"""Alerts: which saved searches the records answer that came since, found by percolating them.

A search that has given all its hits is watched: its question, compiled as for a search, is kept in an index of its own,
and documents that come or change are held against all questions at once, in bounded requests. What answers waits in the
state under the search's name until it is given; whether it is still a hit, and how it ranks, the index of records says.

Between two rounds a question may come to ask for more forms of a word, or other values of a facet, since the lexicon
changes: that touches new records alone (`is_alike`). A question that has changed in another way, an index that was made
anew or mended, too much at once, a question that the cluster does not take: then searches are asked in full, once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, TypeAlias

from index.opensearch.bulk import Action, send
from index.opensearch.client import Client
from index.opensearch.encoding import record_of
from index.opensearch.layout import queried, questions_body
from index.opensearch.state import Built
from index.opensearch.writer import refresh
from kilde.entries import BATCH, Entry, read_entries
from kilde.watched import Arrival, Watched, note_arrivals, note_change, unwatch, waiting, watched
from search.opensearch.asking import PAGE, Asker
from search.opensearch.compiling import Json
from search.page import Query
from search.watch import Watch

MOST_RECORDS = 100
MOST_LETTERS = 5_000_000
"""Of the records of one request; a larger record goes alone."""
MOST_DOCUMENTS = 10_000
"""Documents that are percolated in one round; after more of them all searches are asked in full."""

Compile: TypeAlias = Callable[[Query], Json]
"""The question of a query, by the lexicon of now."""
_QUERIED = tuple(queried())


def places_of_news(asker: Asker, question: Json, watch: Watch, compile_: Compile) -> list[str] | None:
    """The documents in which all hits are that a search may not have given; None where they may be in any."""
    # What the store has and the index has not may have been something else when it was indexed.
    ahead = [document for document, _ in watch.store.changed(asker.built.change)]
    _catch_up(asker, watch, frozenset(ahead), compile_)
    found = watched(watch.state).get(watch.name)
    if found is None or not is_alike(json.loads(found.question), question):
        return None
    documents = sorted({*waiting(watch.state, watch.name), *ahead})
    return documents if len(documents) <= 2 * MOST_DOCUMENTS else None


def watched_from(asker: Asker, question: Json, name: str) -> Watched:
    """A search as it is watched when all its hits of now have been given."""
    return Watched(name, _written(question), _index_of(asker.built), asker.built.change)


def is_alike(old: Any, new: Any) -> bool:
    """Whether records that have not changed since answer both questions or neither: they are the same but for values.

    Of a list of forms of a word, or of values of a facet, one must have all that the other has. Forms and values that
    were added stand in new records alone, or they would have been there before; those that went stand in no record.

    >>> is_alike({"terms": {"exact": ["bolig"]}}, {"terms": {"exact": ["bolig", "boliger"]}})
    True
    >>> is_alike({"terms": {"exact": ["bolig", "hus"]}}, {"terms": {"exact": ["bolig", "boliger"]}})
    False
    """
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(
            _is_nested(old[key], new[key]) if key == "terms" else is_alike(old[key], new[key]) for key in old
        )
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(is_alike, old, new))
    return bool(old == new)


def _is_nested(old: Mapping[str, list[str]], new: Mapping[str, list[str]]) -> bool:
    """Whether of the lists of each field one has all of the other."""
    pairs = [(set(old[field]), set(new[field])) for field in old.keys() & new.keys()]
    return old.keys() == new.keys() and all(one <= other or other <= one for one, other in pairs)


def _catch_up(asker: Asker, watch: Watch, ahead: frozenset[str], compile_: Compile) -> None:
    """Let what came up to the commit of the index wait for the searches that it answers."""
    built, known = asker.built, watched(watch.state)
    kept = {name: it for name, it in known.items() if it.index == _index_of(built) and it.change <= built.change}
    since = min((it.change for it in kept.values()), default=built.change)
    arrived = [document for document, _ in watch.store.changed(since) if document not in ahead] if kept else []
    if len(arrived) > MOST_DOCUMENTS:
        kept = {}
    if since < built.change:
        questions = _questions(kept, watch.queries(), compile_)
        refused = put_questions(asker.client, built.pair.questions, questions) if arrived else set()
        kept = {name: kept[name] for name in questions.keys() - refused}
        if kept:
            _percolate(asker, watch, arrived)
            note_change(watch.state, {name: questions[name] for name in kept}, built.change)
    unwatch(watch.state, known.keys() - kept.keys())


def _questions(kept: Mapping[str, Watched], queries: Mapping[str, Query], compile_: Compile) -> dict[str, str]:
    """The questions of searches by now; those that old records may newly answer are left out."""
    found: dict[str, str] = {}
    for name in kept.keys() & queries.keys():
        question = compile_(queries[name])
        if is_alike(json.loads(kept[name].question), question):
            found[name] = _written(question)
    return found


def put_questions(client: Client, index: str, questions: Mapping[str, str]) -> set[str]:
    """Keep these questions and no others; returns the searches whose questions the cluster does not take."""
    if not client.exists(f"/{index}"):
        client.ask("PUT", f"/{index}", questions_body(client.place))
    held = dict(_held(client, index))
    actions = [Action({"delete": {"_index": index, "_id": name}}, None) for name in held.keys() - questions.keys()]
    for name, text in questions.items():
        digest = sha256(text.encode()).hexdigest()
        if held.get(name) != digest:
            body = {"name": name, "digest": digest, "question": json.loads(text)}
            actions.append(Action({"index": {"_index": index, "_id": name}}, body, name))
    rejected = send(client, actions)
    refresh(client, index)
    return {each.document for each in rejected}


def _held(client: Client, index: str) -> Iterator[tuple[str, str]]:
    """The questions that are kept, by the names of searches, as digests."""
    after: list[Any] = []
    while True:
        body: Json = {"size": PAGE, "sort": [{"name": "asc"}], "_source": False, "docvalue_fields": ["name", "digest"]}
        hits = client.ask("POST", f"/{index}/_search", body | ({"search_after": after} if after else {}))["hits"][
            "hits"
        ]
        yield from ((hit["fields"]["name"][0], hit["fields"]["digest"][0]) for hit in hits)
        if len(hits) < PAGE:
            return
        after = hits[-1]["sort"]


def _percolate(asker: Asker, watch: Watch, documents: Sequence[str]) -> None:
    """Note which searches the records of documents answer; documents without any answer none."""
    coming = iter(documents)
    while names := list(islice(coming, BATCH)):
        entries = [entry for found in read_entries(watch.store, names) for entry in found]
        arrivals = [arrival for several in requests_of(entries) for arrival in _answered(asker, several)]
        note_arrivals(watch.state, names, arrivals)


def _answered(asker: Asker, records: Sequence[tuple[Entry, Json]]) -> Iterator[Arrival]:
    """The searches that records answer."""
    percolate = {"field": "question", "documents": [body for _, body in records]}
    body = {
        "size": PAGE,
        "query": {"bool": {"filter": [{"percolate": percolate}]}},
        "_source": False,
        "docvalue_fields": ["name"],
    }
    path = f"/{asker.built.pair.questions}/_search"
    for hit in asker.ask("POST", path, body, {"allow_partial_search_results": "false"})["hits"]["hits"]:
        for place in hit["fields"]["_percolator_document_slot"]:
            entry = records[place][0]
            yield hit["fields"]["name"][0], entry.document, entry.id


def requests_of(entries: Sequence[Entry]) -> Iterator[list[tuple[Entry, Json]]]:
    """Records with what queries ask of them, as many as one request may have."""
    ready: list[tuple[Entry, Json]] = []
    letters = 0
    for entry in entries:
        found, _ = record_of(entry, 0)
        body = {name: found[name] for name in _QUERIED}
        size = sum(len(each) for each in body.values() if isinstance(each, str))
        if ready and (len(ready) == MOST_RECORDS or letters + size > MOST_LETTERS):
            yield ready
            ready, letters = [], 0
        ready.append((entry, body))
        letters += size
    if ready:
        yield ready


def _index_of(built: Built) -> str:
    """What an index is known by; another one when records were written to it that no change of the store tells of."""
    return f"{built.pair.records} {built.mended}"


def _written(question: Json) -> str:
    return json.dumps(question, ensure_ascii=False, separators=(",", ":"))
