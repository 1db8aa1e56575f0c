"""All records that answer a question, page by page over one point in time, none lost.

Every order ends with what no two records share, so that a page begins exactly behind the last. When the point in time
is lost with the node that held it, another goes on from there; the number of records must then be what it was at first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from index.opensearch.client import ClusterError
from kilde.errors import KildeError
from search.found import Days
from search.opensearch.asking import Asker
from search.opensearch.compiling import Json
from search.page import Sort

CHUNK = 1_000
"""Records of one page."""
KEEP = "5m"
"""How long a point in time is kept after each page."""
_LOST = frozenset({404, 400, 503, 500})
"""Answers to a page of a point in time that is there no more."""
_TRIES = 5
"""Points in time that one walk may take."""

_BY_SCORE: list[Json] = [{"_score": "desc"}, {"newest": "asc"}, {"id": "asc"}]
ORDERS: Mapping[Sort, list[Json]] = {
    Sort.RELEVANCE: _BY_SCORE,
    Sort.NEWEST: [{"newest": "asc"}, {"id": "asc"}],
    Sort.OLDEST: [{"oldest": "asc"}, {"id": "asc"}],
    Sort.AMOUNT: [{"largest": "asc"}, {"newest": "asc"}, {"id": "asc"}],
}
"""As `search.ordering` has them."""
BY_PLACE: list[Json] = [{"oldest": "asc"}, {"document": "asc"}, {"place": "asc"}]


@dataclass(frozen=True, slots=True)
class RemoteFound:
    """A record that answers a question, with what is shown of it, and its place in the order."""

    record: str
    document: str
    score: float
    card: Mapping[str, Any]
    published: Days | None
    place: tuple[Any, ...] = ()


def found_of(hit: Json) -> RemoteFound:
    """A record as a cluster gives it."""
    shown, days = hit["_source"]["shown"], hit["_source"]["shown"]["days"]
    return RemoteFound(
        hit["_id"],
        shown["document"],
        float(hit["_score"] or 0.0),
        shown["card"],
        (days[0], days[1]) if days else None,
        tuple(hit.get("sort", ())),
    )


def request(query: Json, order: Sequence[Json], size: int, after: Sequence[Any] = ()) -> Json:
    """A search for the first records of a query in an order, or for those behind a place in it."""
    body: Json = {
        "query": query,
        "sort": list(order),
        "size": size,
        "track_scores": True,
        "track_total_hits": True,
        "_source": ["shown"],
    }
    return {**body, "search_after": list(after)} if after else body


def walk(asker: Asker, query: Json, order: Sequence[Json]) -> Iterator[RemoteFound]:
    """All records of a query in an order. KildeError where the index changed so that some may be missing."""
    pages = _pages(asker, query, order)
    total, first = next(pages)
    given = 0
    for hit in chain(first, (hit for _, hits in pages for hit in hits)):
        given += 1
        yield found_of(hit)
    if given != total:
        raise KildeError(f"{given:,} of {total:,} records came: the index has changed meanwhile; ask once more")


def _pages(asker: Asker, query: Json, order: Sequence[Json]) -> Iterator[tuple[int, list[Json]]]:
    """Pages, each with the number of all records at its point in time."""
    after: Sequence[Any] = ()
    point = _open(asker)
    tries = 1
    try:
        while True:
            body = {**request(query, order, CHUNK, after), "pit": {"id": point, "keep_alive": KEEP}}
            try:
                found = asker.search(body)
            except ClusterError as error:
                tries += 1
                if error.status not in _LOST or tries > _TRIES:
                    raise
                point = _open(asker)
                continue
            point = found.get("pit_id", point)
            hits = found["hits"]["hits"]
            yield int(found["hits"]["total"]["value"]), hits
            if len(hits) < CHUNK:
                return
            after = hits[-1]["sort"]
    finally:
        _close(asker, point)


def _open(asker: Asker) -> str:
    """A new point in time."""
    path = f"/{asker.built.pair.records}/_search/point_in_time"
    found = asker.client.ask("POST", path, params={"keep_alive": KEEP, "allow_partial_pit_creation": "false"})
    return str(found["pit_id"])


def _close(asker: Asker, point: str) -> None:
    """Give a point in time up; one that is lost needs nothing."""
    try:
        asker.client.ask("DELETE", "/_search/point_in_time", {"pit_id": [point]}, patience=0)
    except ClusterError:
        return
