"""Whoosh as it comes is the judge: over our segments it finds what it finds over its own, with the same scores."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from benchmarks.stock import compiled
from index import storage
from index.fields import FIELDS, FieldType, pack, schema
from kilde.entries import entries_of
from kilde.model import Document
from tests.index.builders import FETCHED, built, writer
from tests.search.corpus import documents, trees

QUERIES = 1_000
DOCUMENTS = documents(5, 30)
CLOSE = 1e-3


def stock(folder: Path, found: list[Document]) -> Any:
    """The index that Whoosh's own writer makes of the same entries."""
    folder.mkdir()
    index = FileIndex.create(FileStorage(str(folder)), schema())
    with index.writer() as each:
        for entry in (entry for one in found for entry in entries_of(one, FETCHED)):
            values = {field.name: field.values(entry) for field in FIELDS}
            spans = {field.name: pack(values[field.name]) for field in FIELDS if field.type is FieldType.SPANS}
            each.add_document(**values | spans)
    return index


def ours(folder: Path) -> Any:
    """Our index as Whoosh opens it."""
    return FileIndex(FileStorage(str(storage.current(folder))))


def scores(index: Any, queries: list[Any]) -> list[dict[str, float]]:
    """For each query the ids that Whoosh finds, with its scores."""
    with index.searcher() as searcher:
        ids = searcher.reader().column_reader("id")
        return [{ids[hit.docnum]: hit.score for hit in searcher.search(query, limit=None)} for query in queries]


def test_whoosh_scores_1000_random_queries_as_over_its_own_segments(tmp_path: Path) -> None:
    queries = [compiled(tree) for tree in trees(6, QUERIES)]
    mine = scores(ours(built(tmp_path / "ours", DOCUMENTS)), queries)
    theirs = scores(stock(tmp_path / "theirs", DOCUMENTS), queries)
    assert sum(map(len, mine)) > 10 * QUERIES
    for query, left, right in zip(queries, mine, theirs, strict=True):
        assert left.keys() == right.keys(), query
        assert left == pytest.approx(right, abs=CLOSE), query


def test_whoosh_finds_the_same_in_segments_that_were_merged_and_deleted_from(tmp_path: Path) -> None:
    """Ours after many updates, and then merged to one by Whoosh's own writer: no record is lost, none comes twice."""
    folder = tmp_path / "ours"
    for start in range(0, len(DOCUMENTS), 3):
        writer(folder).update(DOCUMENTS[start : start + 3], (), 1)
    writer(folder).update(documents(7, 12, "v2"), (), 2)
    newest = {each.id: each for each in (*DOCUMENTS, *documents(7, 12, "v2"))}
    queries = [compiled(tree) for tree in trees(8, 100)]
    expected = [each.keys() for each in scores(stock(tmp_path / "theirs", list(newest.values())), queries)]
    assert [each.keys() for each in scores(ours(folder), queries)] == expected
    copy = shutil.copytree(storage.current(folder), tmp_path / "copy")
    index = FileIndex(FileStorage(str(copy)))
    index.optimize()
    assert [each.keys() for each in scores(index, queries)] == expected


def test_whoosh_steps_through_all_that_we_write(tmp_path: Path) -> None:
    """Every term of every field with its postings, every stored record, every column."""
    reader = ours(built(tmp_path, DOCUMENTS)).reader()
    for field, term in reader.all_terms():
        info, matcher = reader.term_info(field, term), reader.postings(field, term)
        numbers = list(matcher.all_ids())
        assert (info.doc_frequency(), info.min_id(), info.max_id()) == (len(numbers), numbers[0], numbers[-1])
        assert (field, term) in reader
    assert len(list(reader.all_stored_fields())) == reader.doc_count_all() > 60
    for field in FIELDS:
        if field.type in (FieldType.KEY, FieldType.SPANS):
            assert len(list(reader.column_reader(field.name))) == reader.doc_count_all()
    reader.close()
