"""Pages and cursors: every hit once, in order, also while the index changes; what is no cursor is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kilde.errors import UsageError
from search.engine import Engine, open_engine
from search.page import By, Filters, Page, Query, Sort
from search.query_language import parse_query
from tests.index.builders import Texts, built, document, writer
from tests.search.corpus import documents

CORPUS = documents(7, 25)


def search(engine: Engine, text: str, **options: Any) -> Page:
    return engine.search(replace(Query(text, parse_query(text)), **options))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    found = [document("a", ["En indsats", "En anden indsats"]), document("b", ["indsats"], published="2019")]
    return open_engine(built(tmp_path, found), Texts(found))


@pytest.mark.parametrize("by", list(By))
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(("text", "limit"), [("", 7), ("indsats OR børn OR skole", 3), ("støtte", 1)])
def test_pages_have_every_hit_once(text: str, limit: int, sort: Sort, by: By, tmp_path: Path) -> None:
    built(tmp_path, CORPUS[:15])
    writer(tmp_path).update(CORPUS[10:], (), 2)
    engine = open_engine(tmp_path, Texts(CORPUS))
    whole = search(engine, text, sort=sort, by=by, limit=1000)
    seen: list[str] = []
    cursor = None
    while True:
        page = search(engine, text, sort=sort, by=by, limit=limit, cursor=cursor)
        assert page.total == whole.total
        seen += [hit.id for hit in page.hits]
        cursor = page.next
        if cursor is None:
            break
        assert len(page.hits) == limit
    assert seen == [hit.id for hit in whole.hits]
    assert len(set(seen)) == len(seen) == whole.total


@pytest.mark.parametrize("sort", list(Sort))
def test_a_cursor_stays_right_while_the_index_changes(sort: Sort, tmp_path: Path) -> None:
    """Documents that come in between shift scores and places; what was not seen yet comes, and nothing twice."""
    built(tmp_path, CORPUS[:10])
    texts = Texts(CORPUS)
    engine = open_engine(tmp_path, texts)
    before = {hit.id for hit in search(engine, "indsats OR støtte", limit=1000).hits}
    page = search(engine, "indsats OR støtte", sort=sort, limit=5)
    seen = [hit.id for hit in page.hits]
    writer(tmp_path).update(CORPUS[10:], (), 2)
    while page.next:
        page = search(engine, "indsats OR støtte", sort=sort, limit=5, cursor=page.next)
        seen += [hit.id for hit in page.hits]
    assert len(set(seen)) == len(seen)
    if sort is not Sort.RELEVANCE:
        assert before <= set(seen)


def test_a_cursor_goes_on_when_its_own_record_is_gone(tmp_path: Path) -> None:
    built(tmp_path, CORPUS[:10])
    engine = open_engine(tmp_path, Texts(CORPUS))
    whole = [hit.id for hit in search(engine, "", sort=Sort.NEWEST, limit=1000).hits]
    page = search(engine, "", sort=Sort.NEWEST, limit=4)
    writer(tmp_path).update([], [page.hits[-1].document], 2)
    rest = [hit.id for hit in search(engine, "", sort=Sort.NEWEST, limit=1000, cursor=page.next).hits]
    assert rest == [name for name in whole[4:] if not name.startswith(page.hits[-1].document)]


@pytest.mark.parametrize(
    "cursor", ["", "x", "!!", "W10", "bnVsbA", "W1tbW1tb", "a" * 5000, "WzEsMiwiYSIsMSwiYiJd", "é"]
)
def test_what_is_no_cursor_is_refused(cursor: str, engine: Engine) -> None:
    with pytest.raises(UsageError, match="search again without it"):
        search(engine, "indsats", cursor=cursor)


def test_the_cursor_of_another_query_is_refused(engine: Engine) -> None:
    cursor = search(engine, "", limit=1).next
    assert cursor is not None
    for other in ({"sort": Sort.NEWEST}, {"by": By.DOCUMENT}, {"filters": Filters(year=("2020",))}):
        with pytest.raises(UsageError, match="search again without it"):
            search(engine, "", limit=1, cursor=cursor, **other)
