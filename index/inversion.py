"""Postings gathered in any order of terms and given back sorted, in bounded memory: runs on disk, merged at the end.

Documents come in rising order, so a term's postings are only ever appended to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from pickle import dump, load
from typing import Any, TypeAlias

from index.blocks import Block

Postings: TypeAlias = list[Any]
"""document, weight, value, document, weight, value, ..."""
Row: TypeAlias = tuple[str, str, Postings]
"""Field, term, postings."""

MOST_IN_MEMORY = 1_500_000
"""Postings held before a run is written: about 150 MB."""


class Inversion:
    """The postings of a segment that is being written. `folder` takes the runs; it must exist."""

    def __init__(self, folder: Path, most: int = MOST_IN_MEMORY) -> None:
        self._folder = folder
        self._most = most
        self._fields: defaultdict[str, dict[str, Postings]] = defaultdict(dict)
        self._count = 0
        self._runs: list[Path] = []

    def add(self, field: str, document: int, postings: Iterable[tuple[str, float, bytes | None]]) -> None:
        """Take a document's postings in a field: term, weight, value; each term once."""
        terms = self._fields[field]
        before = len(terms)
        added = 0
        for term, weight, value in postings:
            known = terms.get(term)
            if known is None:
                terms[term] = [document, weight, value]
            else:
                known += (document, weight, value)
                added += 1
        self._count += added + len(terms) - before

    def extend(self, field: str, term: str, block: Block) -> None:
        """Take the postings of one term that another segment has; there may be none left."""
        if not block.documents:
            return
        values: Sequence[bytes | None] = block.values or [None] * len(block.documents)
        postings = self._fields[field].setdefault(term, [])
        for each in zip(block.documents, block.weights, values, strict=True):
            postings += each
        self._count += len(block.documents)
        self.relieve()

    def relieve(self) -> None:
        """Write a run if memory is full; called between documents."""
        if self._count >= self._most:
            self._write_run()

    def sorted(self) -> Iterator[tuple[str, str, Block]]:
        """All postings by field, term and document. Empties the inversion."""
        rows = self._in_memory()
        if self._runs:
            rows = _joined(merge(*(_read(run) for run in self._runs), rows, key=itemgetter(0, 1)))
        for field, term, postings in rows:
            values = None if postings[2] is None else postings[2::3]
            yield field, term, Block(postings[0::3], postings[1::3], values)
        self.clear()

    def clear(self) -> None:
        """Forget everything, the runs on disk too."""
        for run in self._runs:
            run.unlink(missing_ok=True)
        self._runs.clear()
        self._fields.clear()
        self._count = 0

    def _in_memory(self) -> Iterator[Row]:
        for field in sorted(self._fields):
            terms = self._fields[field]
            for term in sorted(terms):
                yield field, term, terms.pop(term)

    def _write_run(self) -> None:
        run = self._folder / f"{len(self._runs):06}.run"
        with run.open("wb") as file:
            for row in self._in_memory():
                dump(row, file, 5)
        self._runs.append(run)
        self._count = 0


def _joined(rows: Iterator[Row]) -> Iterator[Row]:
    for (field, term), same in groupby(rows, key=itemgetter(0, 1)):
        yield field, term, [each for row in same for each in row[2]]


def _read(run: Path) -> Iterator[Row]:
    with run.open("rb") as file:
        while True:
            try:
                yield load(file)  # noqa: S301 - written by this process a moment ago
            except EOFError:
                return
