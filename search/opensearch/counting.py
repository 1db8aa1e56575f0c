"""Facets counted exactly: one request counts all where their values fit into it, else pages of combinations do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kilde.errors import KildeError
from search.found import Reading
from search.matching import facet_fields
from search.opensearch.asking import PAGE, Asker
from search.opensearch.compiling import Json, chosen, filtered, matching
from search.page import By

_BOTH = """
def found = new HashSet();
for (def name : params.fields) { found.addAll(doc[name]); }
return new ArrayList(found);
"""
"""The values of several fields, each once."""


def terms_of(name: str, roles: tuple[str, ...]) -> Json:
    """Where the values of a facet stand: in a field, or in several."""
    fields = facet_fields(name, roles)
    if len(fields) == 1:
        return {"field": fields[0]}
    return {"script": {"source": _BOTH, "params": {"fields": list(fields)}}}


def aggregations(reading: Reading) -> Json:
    """The counts of a page's facets among all records that match but for the facet's own chosen values."""
    roles = reading.query.filters.role
    return {
        name: {
            "filter": {"bool": {"filter": chosen(reading.selections, roles, but=name)}},
            "aggs": {"values": {"terms": {**terms_of(name, roles), "size": PAGE}}},
        }
        for name in reading.query.facets
    }


def counts(asker: Asker, reading: Reading, answered: Json) -> dict[str, Counter[str]]:
    """The counts of a page's facets, from the answer where it has them whole."""
    by_document = reading.query.by is By.DOCUMENT
    return {
        name: counted(asker, reading, name, but=name, by_document=by_document)
        if by_document or not _is_whole(answered[name]["values"])
        else Counter({each["key"]: int(each["doc_count"]) for each in answered[name]["values"]["buckets"]})
        for name in reading.query.facets
    }


def counted(
    asker: Asker, reading: Reading, name: str, *, but: str | None = None, by_document: bool = False
) -> Counter[str]:
    """How many matching records, or documents of them, have each value of a facet, whatever their number."""
    roles = reading.query.filters.role
    query = filtered(matching(reading), chosen(reading.selections, roles, but))
    sources: Sequence[tuple[str, Json]] = [("value", terms_of(name, roles))]
    if by_document:
        rows = asker.combinations(query, [*sources, ("document", {"field": "document"})])
        return Counter(value for (value, _), _ in rows)
    return Counter({value: count for (value,), count in asker.combinations(query, sources)})


def documents(asker: Asker, query: Json) -> int:
    """How many documents the records of a query are of."""
    return sum(1 for _ in asker.combinations(query, [("document", {"field": "document"})]))


def _is_whole(found: Json) -> bool:
    """Whether no value was left out. A count that may be wrong for what is there is an error of ours."""
    if found["sum_other_doc_count"]:
        return False
    if found["doc_count_error_upper_bound"]:
        raise KildeError("OpenSearch counted a facet only about: this is a mistake in Kilde")
    return True
