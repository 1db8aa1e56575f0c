"""Whoosh as it comes as the judge of the embedded engine: the same tree as a Whoosh query over the same index."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from benchmarks.stock import compiled
from index import storage
from search.query_tree import Node


class Judge:
    """An open searcher of Whoosh's own."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self._ids = searcher.reader().column_reader("id")

    def found(self, tree: Node) -> dict[str, float]:
        """The ids of the records that Whoosh finds, with its scores."""
        results = self._searcher.search(compiled(tree), limit=None)
        return {self._ids[hit.docnum]: hit.score for hit in results}


@contextmanager
def judge_of(folder: Path) -> Iterator[Judge]:
    """A judge of the index in a folder as it is now."""
    with FileIndex(FileStorage(str(storage.current(folder)))).searcher() as searcher:
        yield Judge(searcher)


def judged(folder: Path, tree: Node) -> dict[str, float]:
    """The ids of the records that Whoosh finds, with its scores."""
    with judge_of(folder) as judge:
        return judge.found(tree)
