"""Whoosh as it comes as the judge of the embedded engine: the same tree as a Whoosh query over the same index."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.matching.wrappers import WrappingMatcher
from whoosh.query import compound, terms, wrappers
from whoosh.query.spans import SpanNear2

from index import storage
from index.filters import exact_form
from search.matching import HEADING_WEIGHT, Step, asked_of, steps_of
from search.query_tree import And, FieldIs, Near, Node, Not, Or, Phrase, Word


class _Silent(wrappers.Not):
    """NOT without a score: Whoosh's own adds 1, and its AndNot lets a first record through that it should not."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        return WrappingMatcher(super().matcher(searcher, context), boost=0.0)


def compiled(tree: Node) -> Any:
    """The Whoosh query for a tree of words, phrases, NEAR, =words and titles."""
    match tree:
        case And(parts):
            wanted = [compiled(part) for part in parts if not isinstance(part, Not)]
            return compound.And([*wanted, *(_Silent(compiled(part.part)) for part in parts if isinstance(part, Not))])
        case Or(parts):
            return compound.Or([compiled(part) for part in parts])
        case _:
            return _compiled_term(tree)


def _compiled_term(term: Node) -> Any:
    match term:
        case Near(left, right, distance):
            sides = [_sequence("body", steps_of(side)) for side in (left, right)]
            return SpanNear2(sides, slop=distance, ordered=False, mindist=0)
        case FieldIs(_, Word() | Phrase() as value):
            return _in_field("title", value)
        case Word(text, exact=True):
            return terms.Term("exact", exact_form(text))
        case Phrase() if len(steps_of(term)) > 1:
            return _in_field("body", term)
        case Word() | Phrase():
            return compound.Or([_in_field("body", term), _in_field("heading", term, HEADING_WEIGHT)])
    raise AssertionError(f"not judged: {term}")


def judged(folder: Path, tree: Node) -> dict[str, float]:
    """The ids of the records that Whoosh finds, with its scores."""
    index = FileIndex(FileStorage(str(storage.current(folder))))
    with index.searcher() as searcher:
        results = searcher.search(compiled(tree), limit=None)
        ids = searcher.reader().column_reader("id")
        return {ids[hit.docnum]: hit.score for hit in results}


def _in_field(name: str, part: Word | Phrase, boost: float = 1.0) -> Any:
    asked = asked_of(part)
    found = []
    if len(asked.forms) == 1:
        found += [terms.Term(name, key, boost=boost) for key in asked.forms[0].whole]
    if len(asked.steps) > 1:
        found.append(_sequence(name, asked.steps, boost))
    return compound.Or(found)


def _sequence(name: str, steps: tuple[Step, ...], boost: float = 1.0) -> Any:
    parts = [compound.Or([terms.Term(name, key, boost=boost) for key in step]) for step in steps]
    return parts[0] if len(parts) == 1 else SpanNear2(parts)
