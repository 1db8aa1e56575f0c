"""All hits one by one: those of the engine, in its order, from one commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.snapshot import open_snapshot
from search.engine import open_engine
from search.export_walk import walk, walk_by_place
from search.hits import hit_of
from search.page import By, Filters, Query, Sort
from search.query_language import print_query
from search.query_tree import Node
from search.question import Question, prepare
from tests.index.builders import Texts, built, document, writer
from tests.search.corpus import CODES, documents, trees

CORPUS = documents(3, 60)
FILTERS = [
    Filters(),
    Filters(kommune=("0751",), role=("institution",)),
    Filters(kommune=CODES[:2], kind=("newsletter",)),
    Filters(amount_min=5_000_000, amount_max=20_000_000),
]


def index(folder: Path) -> Path:
    """Two segments, one with deletions."""
    built(folder, CORPUS[:40])
    writer(folder).update(CORPUS[30:], (), 2)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index(tmp_path_factory.mktemp("walk"))


def asked(folder: Path, query: Query) -> Question:
    return prepare(query, open_snapshot(folder))


@pytest.mark.parametrize("by", list(By))
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("filters", FILTERS, ids=range(len(FILTERS)))
def test_hits_are_those_of_the_engine(filters: Filters, sort: Sort, by: By, folder: Path) -> None:
    """The same values in the same order, for random queries."""
    texts = Texts(CORPUS)
    engine = open_engine(folder, texts)
    found = 0
    asks: list[Node | None] = [None, *trees(5, 12)]
    for tree in asks:
        query = Query(print_query(tree) if tree else "", tree, filters, sort=sort, by=by, limit=10_000)
        question = asked(folder, query)
        hits = tuple(hit_of(question.reading, each, texts) for each in walk(question))
        assert hits == engine.search(query).hits
        found += len(hits)
    assert found > 20


def test_by_place_they_come_as_mentions_do(folder: Path) -> None:
    """By the first day of publication, finer dates first, unknown last; then document and place."""
    known = {record.id: (each, record) for each in CORPUS for record in each.records}
    found = [known[each.record] for each in walk_by_place(asked(folder, Query(limit=0)))]
    expected = sorted(
        found,
        key=lambda it: (
            it[0].published is None,
            it[0].published and (it[0].published.first, it[0].published.last),
            it[0].id,
            it[1].position,
        ),
    )
    assert found == expected
    assert len(found) == sum(len(each.records) for each in CORPUS)


def test_a_commit_on_the_way_changes_nothing(tmp_path: Path) -> None:
    """What was begun ends as it would have; a rebuild that removes the files included."""
    first = documents(8, 20)
    built(tmp_path, first)
    question = asked(tmp_path, Query())
    texts = Texts(first)
    expected = [hit_of(question.reading, each, texts) for each in walk(question)]
    found = walk(asked(tmp_path, Query()))
    begun = [hit_of(question.reading, next(found), texts)]
    writer(tmp_path).rebuild([document("nyt", ["helt andre ord"])], 9)
    assert begun + [hit_of(question.reading, each, texts) for each in found] == expected


def test_nothing_is_walked_in_an_empty_index(tmp_path: Path) -> None:
    """No records, no segments, no trouble."""
    question = asked(built(tmp_path, []), Query())
    assert (list(walk(question)), list(walk_by_place(question))) == ([], [])
