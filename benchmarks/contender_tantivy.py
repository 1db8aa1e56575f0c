"""tantivy as a contender: its index of the same records, and the same questions in its own queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy

from benchmarks.contenders import FACETS, LIMIT, Asked, Given
from kilde.entries import Entry


class Tantivy:
    """tantivy, its facets as aggregations over fast fields."""

    name = f"tantivy {version('tantivy')}"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("body")
        builder.add_integer_field("day", indexed=True, fast=True)
        for name in FACETS:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))

    def fill(self, entries: Iterable[Entry]) -> None:
        """Write all records, and merge them into one segment."""
        writer = self._index.writer(200_000_000, 1)
        for entry in entries:
            writer.add_document(tantivy.Document(
                id=entry.id, body=entry.text, day=entry.published_first, year=(entry.published or "")[:4],
                publisher=entry.publisher, kommune=sorted({code for code, _ in entry.kommuner}),
            ))  # fmt: skip
        writer.commit()
        writer.wait_merging_threads()

    @cached_property
    def _searcher(self) -> Any:
        self._index.reload()
        return self._index.searcher()

    def ask(self, asked: Asked) -> Given:
        """See `Contender`."""
        query = self._query(asked)
        found = self._searcher.search(query, limit=LIMIT, count=True)
        ids = tuple(self._searcher.doc(address)["id"][0] for _, address in found.hits)
        counts: dict[str, dict[str, int]] = {}
        if asked.facets:
            wanted = {name: {"terms": {"field": name, "size": 1000}} for name in asked.facets}
            counted = self._searcher.aggregate(query, wanted)
            counts = {
                name: {bucket["key"]: bucket["doc_count"] for bucket in counted[name]["buckets"]}
                for name in asked.facets
            }
        return Given(found.count, ids, counts)

    def _query(self, asked: Asked) -> Any:
        kept = [self._words(asked)]
        if asked.years:
            first, last = date(asked.years[0], 1, 1), date(asked.years[1], 12, 31)
            kept.append(tantivy.Query.range_query(
                self._schema, "day", tantivy.FieldType.Integer, first.toordinal(), last.toordinal()
            ))  # fmt: skip
        if asked.kommune:
            kept.append(tantivy.Query.term_query(self._schema, "kommune", asked.kommune, "basic"))
        return kept[0] if len(kept) == 1 else self._all_of(kept)

    def _words(self, asked: Asked) -> Any:
        query, first = tantivy.Query, asked.words[0]
        match asked.kind:
            case "phrase":
                return query.phrase_query(self._schema, "body", list(asked.words))
            case "prefix":
                return query.regex_query(self._schema, "body", f"{first}.*")
            case "fuzzy":
                return query.fuzzy_term_query(self._schema, "body", first, distance=2 if len(first) >= 6 else 1)
            case "and":
                return self._all_of([query.term_query(self._schema, "body", word) for word in asked.words])
            case _:
                return query.term_query(self._schema, "body", first)

    @staticmethod
    def _all_of(queries: list[Any]) -> Any:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])
