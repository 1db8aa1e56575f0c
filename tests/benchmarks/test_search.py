"""Facets stay many times as quick as stock Whoosh's: a slip to a tenth of the speed fails."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from benchmarks.contenders import FACETS, Asked, Contender, Kilde, Sqlite, Stock
from benchmarks.made import made_documents
from index.writer import open_writer
from kilde.entries import Entry, entries_of
from kilde.model import Document

RECORDS = 2_000
LEAST = 5
"""How many times as quick, where 20,000 records give 100 and more: a few records take as long as their overhead."""
WORDS = ("kommunen", "frivillige", "samarbejde", "ledere")


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return list(made_documents(RECORDS, 1))


@pytest.fixture(scope="module")
def index(documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search") / "index"
    assert open_writer(folder).rebuild(documents, 1) == RECORDS
    return folder


def entries(documents: list[Document]) -> list[Entry]:
    return [entry for each in documents if each.published for entry in entries_of(each, each.published.first)]


def taken(contender: Contender, asked: Asked) -> float:
    start = perf_counter()
    contender.ask(asked)
    return perf_counter() - start


def test_facets_are_quicker_than_stock_whoosh(index: Path) -> None:
    ours, stock = Kilde(index), Stock(index)
    questions = [Asked("term", (word,), facets=FACETS) for word in WORDS]
    for asked in questions:
        mine, theirs = ours.ask(asked), stock.ask(asked)
        assert mine.total > RECORDS // 20
        assert (mine.total, mine.facets) == (theirs.total, theirs.facets)
    ratios = [taken(stock, asked) / taken(ours, asked) for asked in questions * 5]
    assert median(ratios) > LEAST


def test_sqlite_counts_the_same_facets_of_the_same_records(
    index: Path, documents: list[Document], tmp_path: Path
) -> None:
    """A kommune's records by a form that has no other forms: the engines that are compared do the same work."""
    sqlite = Sqlite(tmp_path / "fts5.sqlite", index)
    sqlite.fill(entries(documents))
    asked = Asked("term", ("2019",), facets=FACETS)
    assert Kilde(index).ask(asked).total == sqlite.ask(asked).total > 0
    assert Kilde(index).ask(asked).facets == sqlite.ask(asked).facets
