"""Searches of one pair of indices under a deadline: whole answers only, from the same copies of the shards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any

from index.opensearch.client import PATIENCE, REQUEST_SECONDS, Client, ClusterError
from index.opensearch.state import Built
from search.deadline import NEVER, Deadline
from search.opensearch.compiling import Json

PAGE = 10_000
"""Values of one answer."""
_SHORTEST = 0.05
"""Seconds that a request is given at least."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What is asked: a client, the pair as it was last committed, and until when."""

    client: Client
    built: Built
    deadline: Deadline = NEVER

    def search(self, body: Json, index: str | None = None) -> Json:
        """The answer to a search of the records, or of another index. TooLongError, ClusterError."""
        params = {
            "search_type": "dfs_query_then_fetch",
            "allow_partial_search_results": "false",
            "preference": "kilde",
        }
        if "pit" in body:
            del params["preference"]
        path = "/_search" if "pit" in body else f"/{index or self.built.pair.records}/_search"
        return self.ask("POST", path, body, params)

    def searches(self, bodies: Sequence[Json]) -> list[Json]:
        """The answers to several searches of the records, in their order."""
        head = {"index": self.built.pair.records, "preference": "kilde", "allow_partial_search_results": False}
        lines = "".join(f"{_json(head)}\n{_json(body)}\n" for body in bodies)
        found: list[Json] = self.ask("POST", "/_msearch", lines, {})["responses"]
        wrong = next((each for each in found if "error" in each), None)
        if wrong is not None:
            raise ClusterError(f"OpenSearch ({self.client.place}) refuses: {wrong['error'].get('reason')}")
        return found

    def ask(self, method: str, path: str, body: Json | str | None, params: dict[str, str]) -> Json:
        """The answer to a request. TooLongError when the deadline is past before it is there."""
        self.deadline.check()
        seconds = max(min(REQUEST_SECONDS, left(self.deadline)), _SHORTEST)
        try:
            return self.client.ask(method, path, body, params=params, seconds=seconds, patience=patience(self.deadline))
        except ClusterError:
            self.deadline.check()
            raise

    def count(self, query: Json) -> int:
        """How many records a query finds."""
        found = self.search({"query": query, "size": 0, "track_total_hits": True})
        return int(found["hits"]["total"]["value"])

    def combinations(self, query: Json, sources: Sequence[tuple[str, Json]]) -> Iterator[tuple[tuple[Any, ...], int]]:
        """All combinations of values that records have, with the number of records of each: exact, a page at a time."""
        after: Json = {}
        names = [name for name, _ in sources]
        while True:
            composite = {"size": PAGE, "sources": [{name: {"terms": terms}} for name, terms in sources], **after}
            body = {"size": 0, "query": query, "aggs": {"found": {"composite": composite}}}
            found = self.search(body)["aggregations"]["found"]
            for each in found["buckets"]:
                yield tuple(each["key"][name] for name in names), int(each["doc_count"])
            if "after_key" not in found:
                return
            after = {"after": found["after_key"]}


def left(deadline: Deadline) -> float:
    """Seconds until a deadline."""
    return deadline.moment - monotonic() if deadline.moment < inf else inf


def patience(deadline: Deadline) -> float:
    """Seconds that requests under a deadline are tried again for."""
    return max(min(PATIENCE, left(deadline)), 0)


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
