"""Engines that answer the same questions over the same records: Kilde's own, stock Whoosh and SQLite FTS5.

tantivy, which only `make bench` installs, is in `contender_tantivy`.

Kilde and Whoosh read one index. SQLite and tantivy have indexes of the records' texts, lower case, each with its own
tokenizer: without stems and parts of compounds they find fewer records, which is less work for them.
"""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Protocol

from whoosh import query as stock_query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.sorting import Count, FieldFacet

from benchmarks.stock import compiled
from index import storage
from index.snapshot import open_snapshot
from kilde.entries import Entry
from search.expansion import expand
from search.matching import BODY, EXACT_FIELDS
from search.page import Filters, Query
from search.query_tree import And, Node, Phrase, Word
from search.ranking import Ranker

FACETS = ("kommune", "year", "publisher")
"""The facets that broad questions count; a record may have several kommuner."""
LIMIT = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the mix: words of one kind, perhaps with whole years or a kommune, perhaps with facets."""

    kind: str
    words: tuple[str, ...]
    years: tuple[int, int] | None = None
    kommune: str | None = None
    facets: tuple[str, ...] = ()

    @property
    def tree(self) -> Node:
        """The question's words in Kilde's language."""
        first = self.words[0]
        match self.kind:
            case "phrase":
                return Phrase(self.words)
            case "prefix":
                return Word(first, prefix=True)
            case "fuzzy":
                return Word(first, fuzzy=True)
            case "and":
                return And(tuple(Word(word) for word in self.words))
            case _:
                return Word(first)

    @property
    def query(self) -> Query:
        """The question as people would ask Kilde."""
        filters = Filters(
            kommune=(self.kommune,) if self.kommune else (),
            published_from=date(self.years[0], 1, 1) if self.years else None,
            published_to=date(self.years[1], 12, 31) if self.years else None,
        )
        return Query(" ".join(self.words), self.tree, filters, self.facets, limit=LIMIT)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: how many records, the ids of the best, and the counts of facets."""

    total: int
    ids: tuple[str, ...]
    facets: dict[str, dict[str, int]]


class Contender(Protocol):
    """Answers questions."""

    name: str

    def ask(self, asked: Asked) -> Given:
        """How many records match, the ids of the ten best by score, and the counts of the question's facets."""


class Kilde:
    """The embedded engine: ids, scores and facets, without cards and snippets."""

    name = "Kilde"

    def __init__(self, index: Path) -> None:
        self.ranker = Ranker(index)

    def ask(self, asked: Asked) -> Given:
        """See `Contender`."""
        ranking = self.ranker.rank(asked.query)
        counts = {
            name: {value.value: value.count for value in values if value.count}
            for name, values in ranking.facets.items()
        }
        return Given(ranking.total, tuple(each.record for each in ranking.records), counts)


class Stock:
    """Whoosh as it comes, over Kilde's index."""

    name = f"Whoosh {version('whoosh3')}"

    def __init__(self, index: Path) -> None:
        self._searcher = FileIndex(FileStorage(str(storage.current(index)))).searcher()
        self._ids = self._searcher.reader().column_reader("id")

    def ask(self, asked: Asked) -> Given:
        """See `Contender`."""
        kept = []
        if asked.years:
            years = range(asked.years[0], asked.years[1] + 1)
            kept.append(stock_query.Or([stock_query.Term("year", str(year)) for year in years]))
        if asked.kommune:
            kept.append(stock_query.Term("kommune", asked.kommune))
        results = self._searcher.search(
            compiled(asked.tree),
            limit=LIMIT,
            filter=stock_query.And(kept) if kept else None,
            groupedby={name: FieldFacet(name, allow_overlap=name == "kommune") for name in asked.facets} or None,
            maptype=Count,
        )
        counts = {
            name: {value: count for value, count in results.groups(name).items() if value is not None}
            for name in asked.facets
        }
        return Given(len(results), tuple(self._ids[hit.docnum] for hit in results), counts)


class Sqlite:
    """SQLite FTS5 with facets counted in SQL."""

    name = f"SQLite {sqlite3.sqlite_version} FTS5"
    _SCHEMA = """
        CREATE TABLE record (number INTEGER PRIMARY KEY, id TEXT, day INTEGER, year TEXT, publisher TEXT);
        CREATE TABLE mention (record INTEGER, kommune TEXT, PRIMARY KEY (record, kommune)) WITHOUT ROWID;
        CREATE VIRTUAL TABLE body USING fts5(text, content = '', tokenize = 'unicode61 remove_diacritics 0');
        """
    _FACETS: ClassVar = {
        "kommune": "SELECT 'kommune', kommune, count(*) FROM hit JOIN mention ON record = hit.number GROUP BY kommune",
        "year": "SELECT 'year', year, count(*) FROM hit JOIN record USING (number) GROUP BY year",
        "publisher": "SELECT 'publisher', publisher, count(*) FROM hit JOIN record USING (number) GROUP BY publisher",
    }

    def __init__(self, path: Path, index: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA cache_size = -500000")
        self._connection.execute("PRAGMA mmap_size = 2000000000")
        self._index = index
        self._expanded: dict[str, str] = {}

    def fill(self, entries: Iterable[Entry]) -> None:
        """Make the tables of all records."""
        self._connection.executescript(self._SCHEMA)
        for number, entry in enumerate(entries, start=1):
            year = (entry.published or "")[:4]
            row = (number, entry.id, entry.published_first, year, entry.publisher)
            self._connection.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", row)
            self._connection.execute("INSERT INTO body (rowid, text) VALUES (?, ?)", (number, entry.text))
            self._connection.executemany(
                "INSERT INTO mention VALUES (?, ?)", [(number, code) for code in sorted({c for c, _ in entry.kommuner})]
            )
        self._connection.execute("INSERT INTO body (body) VALUES ('optimize')")
        self._connection.executescript("ANALYZE")
        self._connection.commit()

    def ask(self, asked: Asked) -> Given:
        """See `Contender`."""
        where, values = self._where(asked)
        found = self._connection.execute(
            f"SELECT id FROM body JOIN record ON number = body.rowid {where} ORDER BY bm25(body) LIMIT {LIMIT}", values
        ).fetchall()
        hits = f"WITH hit AS MATERIALIZED (SELECT number FROM body JOIN record ON number = body.rowid {where})"
        counted = " UNION ALL ".join(
            ["SELECT '', '', count(*) FROM hit", *(self._FACETS[name] for name in asked.facets)]
        )
        facets: dict[str, dict[str, int]] = {name: {} for name in ("", *asked.facets)}
        for name, value, count in self._connection.execute(f"{hits} {counted}", values):
            facets[name][value] = count
        total = facets.pop("")[""]
        return Given(total, tuple(row[0] for row in found), facets)

    def _where(self, asked: Asked) -> tuple[str, tuple[Any, ...]]:
        parts, values = ["WHERE body MATCH ?"], [self._match(asked)]
        if asked.years:
            first, last = date(asked.years[0], 1, 1), date(asked.years[1], 12, 31)
            parts.append("day BETWEEN ? AND ?")
            values += [first.toordinal(), last.toordinal()]
        if asked.kommune:
            parts.append("EXISTS (SELECT 1 FROM mention WHERE record = number AND kommune = ?)")
            values.append(asked.kommune)
        return " AND ".join(parts), tuple(values)

    def _match(self, asked: Asked) -> Any:
        quoted = [f'"{word}"' for word in asked.words]
        match asked.kind:
            case "phrase":
                return " + ".join(quoted)
            case "prefix":
                return f"{quoted[0]}*"
            case "fuzzy":
                return self._fuzzy(asked.words[0])
            case _:
                return " AND ".join(quoted)

    def _fuzzy(self, word: str) -> str:
        """FTS5 has no fuzzy words: it is given the forms that Kilde found, once and for nothing."""
        if word not in self._expanded:
            forms, _ = expand(Word(word, fuzzy=True), EXACT_FIELDS[BODY], open_snapshot(self._index).segments)
            self._expanded[word] = " OR ".join(f'"{form}"' for form in forms) or '"nothing of the kind"'
        return self._expanded[word]
