"""The hits of a query as an export: all of them, in the order of the query, from one commit of the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from kilde.store import Store
from search.engine import Answer
from search.export import Export
from search.export_cells import Column, Line
from search.export_manifest import Asked, Json, filters_json, index_json, manifest_of
from search.found import Found, Reading
from search.hits import hit_of
from search.page import Coverage, Hit, Texts
from search.query_language import print_query
from search.render import HIT_COLUMNS, hit_json, hit_line


def hits_manifest(answer: Answer, limit: int | None, form: str, store: Store, coverage: Coverage) -> Json:
    """The manifest of the first `limit` hits, of all for None."""
    query = answer.reading.query
    options = {"sort": query.sort.value, "by": query.by.value, "limit": limit}
    asked = Asked("search", query.text, filters_json(query.filters), options)
    return manifest_of(asked, _columns(form), store, coverage) | of_answer(answer)


def of_answer(answer: Answer) -> Json:
    """What a manifest says of how a query was read, and of the index that answered."""
    reading = answer.reading
    return {
        "read_as": print_query(reading.query.tree) if reading.query.tree else "",
        "notes": list(reading.notes),
        "index": index_json(answer.commit),
    }


def export_hits(answer: Answer, limit: int | None, form: str, texts: Texts, manifest: Json) -> Export:
    """The first `limit` hits, all for None; as the JSON of a page in JSON Lines, else as lines of HIT_COLUMNS."""
    return lines_of(answer.reading, islice(answer.walk(), limit), form, texts, manifest)


def lines_of(reading: Reading, found: Iterable[Found], form: str, texts: Texts, manifest: Json) -> Export:
    """These hits of a question as an export, in the order given."""
    to_line: Callable[[Hit], Line] = hit_json if form == "jsonl" else hit_line
    return Export(_columns(form), (to_line(hit_of(reading, each, texts)) for each in found), manifest)


def _columns(form: str) -> tuple[Column, ...]:
    """JSON Lines have what the JSON of a page has: codes of kommuner without their names."""
    return tuple(column for column in HIT_COLUMNS if form != "jsonl" or column.name != "kommune_names")
