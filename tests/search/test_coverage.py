"""What an answer rests on, and what "nothing found" means."""

from __future__ import annotations

from pathlib import Path

import pytest

from kilde.folder import DataFolder
from kilde.state import State, Unreadable
from kilde.store_writer import StoreWriter
from search.coverage import coverage_of
from search.engine import Engine, open_engine
from search.page import ABSENT, NOT_COLLECTED, Filters, Query
from search.query import parse_query
from search.render import page_json
from search.table import coverage_line
from tests.index.builders import Texts, built, document

DOCUMENTS = [
    document("a", ["En bolig i Aarhus."], published="2020-01", source="uim"),
    document("b", ["En skole i Odense."], published="2019-05", source="siri", publisher="SIRI"),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_engine(built(tmp_path_factory.mktemp("index"), DOCUMENTS), Texts(DOCUMENTS))


@pytest.mark.parametrize(
    ("text", "filters", "absence"),
    [
        ("bolig", Filters(), None),
        ("hus", Filters(), ABSENT),
        ("hus date:2020", Filters(), ABSENT),
        ("bolig date:2018", Filters(), NOT_COLLECTED),
        ("bolig kilde:siri", Filters(), ABSENT),
        ("bolig kilde:kl", Filters(), NOT_COLLECTED),
        ("bolig", Filters(source=("siri",)), ABSENT),
        ("bolig", Filters(source=("kl",)), NOT_COLLECTED),
        ("bolig", Filters(year=("1999",)), NOT_COLLECTED),
        ("bolig", Filters(publisher=("SIRI",)), ABSENT),
        ("bolig", Filters(kommune=("0461",)), ABSENT),
        ("bolig beløb:>=5mio", Filters(), ABSENT),
        ("hus OR date:1990", Filters(), ABSENT),
    ],
)
def test_nothing_found_is_absent_or_not_collected(
    engine: Engine, text: str, filters: Filters, absence: str | None
) -> None:
    page = engine.search(Query(text, parse_query(text), filters))
    assert page.absence == absence
    assert page_json(page)["coverage"].get("absence") == absence
    assert (f"nothing found ({absence})" in coverage_line(page)) is (absence is not None)


def test_quarantine_is_that_of_the_sources_asked_for(tmp_path: Path) -> None:
    """What could not be archived counts where it was seen."""
    folder = DataFolder(tmp_path)
    with State(folder.state) as state:
        for source, locator in (("uim", "a"), ("uim", "b"), ("siri", "c")):
            state.add_unreadable(Unreadable(source, locator, "empty", "nothing in it", "2026-01-02T03:04:05Z"))
    with StoreWriter(folder.store) as store:
        assert coverage_of(folder, store).quarantined == 3
        assert coverage_of(folder, store, ("uim",)).quarantined == 2
        assert coverage_of(folder, store, ("kl",)).quarantined == 0
