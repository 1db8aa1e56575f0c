"""The index in a cluster against the store: how many records each document has, and of which versions.

Buckets of documents are compared first, so that a night without differences costs two passes over numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeAlias

from index.opensearch.client import Client, Json
from index.opensearch.encoding import BUCKET, CHECK_BITS, CHECKS, check_of
from index.opensearch.names import Pair
from kilde.record_keys import record_keys
from kilde.store import Store

Sums: TypeAlias = dict[str, tuple[int, int]]
"""By bucket or document: the number of its records, and the sum of their checks."""

_PAGE = 10_000


def differing(client: Client, pair: Pair, store: Store) -> list[str]:
    """The documents of which the index has other records than the store."""
    ours = _sums(store, (), by_bucket=True)
    theirs = dict(_theirs(client, pair, "bucket", {"match_all": {}}))
    buckets = [name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name)]
    if not buckets:
        return []
    ours = _sums(store, buckets, by_bucket=False)
    theirs = dict(_theirs(client, pair, "document", {"terms": {"bucket": buckets}}))
    return [name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name)]


def _sums(store: Store, buckets: Collection[str], *, by_bucket: bool) -> Sums:
    found: Sums = {}
    for document, records in record_keys(store, buckets):
        name = document[:BUCKET] if by_bucket else document
        count, total = found.get(name, (0, 0))
        total += sum(check_of(record, version) for record, version in records)
        found[name] = (count + len(records), total)
    return found


def _theirs(client: Client, pair: Pair, field: str, query: Json) -> Iterator[tuple[str, tuple[int, int]]]:
    """The sums of the index. A check is kept in two halves, whose sums are exact as doubles."""
    halves = {name: {"sum": {"field": name}} for name in CHECKS}
    after: Json = {}
    while True:
        composite = {"size": _PAGE, "sources": [{"name": {"terms": {"field": field}}}], **after}
        body = {"size": 0, "query": query, "aggs": {"found": {"composite": composite, "aggs": halves}}}
        found = client.ask("POST", f"/{pair.records}/_search", body)["aggregations"]["found"]
        for each in found["buckets"]:
            high, low = (int(each[name]["value"]) for name in CHECKS)
            yield each["key"]["name"], (each["doc_count"], (high << CHECK_BITS) + low)
        if "after_key" not in found:
            return
        after = {"after": found["after_key"]}
