"""A page of hits: the first of an order, or those behind a cursor; by document, the best record of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from search.found import Reading
from search.opensearch.answer import selected
from search.opensearch.asking import PAGE, Asker
from search.opensearch.compiling import Json, chosen, matching
from search.opensearch.counting import aggregations, documents
from search.opensearch.walking import CHUNK, ORDERS, RemoteFound, found_of, request
from search.ordering import Cursor, read_cursor, write_cursor
from search.page import By, Query, Sort
from search.ranking import mark_of


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hits of a page, how many there are in all, the cursor of the next page, and what counts the facets."""

    total: int
    found: tuple[RemoteFound, ...]
    next: str | None
    counted: Json


def rank(asker: Asker, reading: Reading) -> Ranking:
    """The page that a query asks for. UsageError for a cursor of another query."""
    query = reading.query
    after = _place(asker, reading) if query.cursor is not None else ()
    by_document = query.by is By.DOCUMENT
    size = 0 if by_document and after else min(query.limit + 1 if query.limit else 0, PAGE)
    body = request(matching(reading), ORDERS[query.sort], size, after if size else ())
    body |= _narrowed(reading)
    if by_document:
        body["collapse"] = {"field": "document"}
    elif query.facets:
        body["aggs"] = aggregations(reading)
    answer = asker.search(body)
    hits = [found_of(hit) for hit in answer["hits"]["hits"]]
    if by_document and after and query.limit:
        hits = list(islice(_best_behind(asker, reading, after), query.limit + 1))
    elif len(hits) < query.limit + 1 and len(hits) == PAGE:
        more = (_best_behind if by_document else _behind)(asker, reading, hits[-1].place)
        hits += islice(more, query.limit + 1 - len(hits))
    total = documents(asker, selected(reading)) if by_document else int(answer["hits"]["total"]["value"])
    page = tuple(hits[: query.limit])
    following = _cursor(asker, query, page[-1]) if len(hits) > len(page) > 0 else None
    return Ranking(total, page, following, answer.get("aggregations", {}))


def _narrowed(reading: Reading) -> Json:
    """What is chosen of facets, behind the aggregations, which count without it."""
    filters = chosen(reading.selections, reading.query.filters.role)
    return {"post_filter": {"bool": {"filter": filters}}} if filters else {}


def _behind(asker: Asker, reading: Reading, after: Sequence[Any]) -> Iterator[RemoteFound]:
    """The records behind a place, one by one."""
    while True:
        body = request(matching(reading), ORDERS[reading.query.sort], CHUNK, after) | _narrowed(reading)
        hits = asker.search(body)["hits"]["hits"]
        yield from map(found_of, hits)
        if len(hits) < CHUNK:
            return
        after = hits[-1]["sort"]


def _best_behind(asker: Asker, reading: Reading, after: Sequence[Any]) -> Iterator[RemoteFound]:
    """The records behind a place that are the best of their documents: a cluster cannot collapse behind a place."""
    waiting = _behind(asker, reading, after)
    while batch := list(islice(waiting, CHUNK)):
        best = _best_of(asker, reading, sorted({each.document for each in batch}))
        yield from (each for each in batch if best[each.document] == each.record)


def _best_of(asker: Asker, reading: Reading, names: Sequence[str]) -> dict[str, str]:
    """The best record of each of these documents."""
    body = request(matching(reading), ORDERS[reading.query.sort], len(names))
    wanted = {"terms": {"document": list(names)}}
    filters = [*chosen(reading.selections, reading.query.filters.role), wanted]
    # Behind the query, so that scores stay what they are.
    body |= {"post_filter": {"bool": {"filter": filters}}, "collapse": {"field": "document"}}
    found = map(found_of, asker.search(body)["hits"]["hits"])
    return {each.document: each.record for each in found}


def _cursor(asker: Asker, query: Query, last: RemoteFound) -> str:
    """The cursor of the page after the one that ends with this record."""
    first, second = (*last.place[:-1], 0)[:2]
    first = -first if query.sort is Sort.RELEVANCE else first
    cursor = Cursor(float(first), float(second), last.record, asker.built.generation, mark_of(query))
    return write_cursor(cursor)


def _place(asker: Asker, reading: Reading) -> tuple[Any, ...]:
    """The place of a cursor in the order; that of its record now, when the index has changed since and still has it."""
    query = reading.query
    cursor = read_cursor(query.cursor or "", mark_of(query))
    if cursor.generation != asker.built.generation:
        body = request(matching(reading), ORDERS[query.sort], 1)
        body["post_filter"] = {"term": {"id": cursor.id}}
        hits = asker.search(body)["hits"]["hits"]
        if hits:
            return tuple(hits[0]["sort"])
    if query.sort is Sort.RELEVANCE:
        return (-cursor.first, int(cursor.second), cursor.id)
    if query.sort is Sort.AMOUNT:
        return (int(cursor.first), int(cursor.second), cursor.id)
    return (int(cursor.first), cursor.id)
