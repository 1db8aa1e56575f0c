"""Whoosh as it comes as the judge of the embedded engine: the same tree as a Whoosh query over the same index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh import query as whoosh_query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.query.spans import SpanNear2

from index import storage
from index.filters import exact_form
from search.matching import HEADING_WEIGHT, Step, asked_of, steps_of
from search.query_tree import And, FieldIs, Near, Node, Not, Or, Phrase, Word


def compiled(tree: Node) -> Any:
    """The Whoosh query for a tree of words, phrases, NEAR, =words and titles."""
    match tree:
        case And(parts):
            wanted = whoosh_query.And([compiled(part) for part in parts if not isinstance(part, Not)])
            barred = [compiled(part.part) for part in parts if isinstance(part, Not)]
            # A Not within an And would count 1 in Whoosh's score.
            return whoosh_query.AndNot(wanted, whoosh_query.Or(barred)) if barred else wanted
        case Or(parts):
            return whoosh_query.Or([compiled(part) for part in parts])
        case Near(left, right, distance):
            sides = [_sequence("body", steps_of(side)) for side in (left, right)]
            return SpanNear2(sides, slop=distance, ordered=False, mindist=0)
        case FieldIs(_, value):
            assert isinstance(value, Word | Phrase)
            return _in_field("title", value)
        case Word(text, exact=True):
            return whoosh_query.Term("exact", exact_form(text))
        case _:
            body = _in_field("body", tree)
            if isinstance(tree, Phrase) and len(steps_of(tree)) > 1:
                return body
            return whoosh_query.Or([body, _in_field("heading", tree, HEADING_WEIGHT)])


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
        found += [whoosh_query.Term(name, key, boost=boost) for key in asked.forms[0].whole]
    if len(asked.steps) > 1:
        found.append(_sequence(name, asked.steps, boost))
    return whoosh_query.Or(found)


def _sequence(name: str, steps: tuple[Step, ...], boost: float = 1.0) -> Any:
    parts = [whoosh_query.Or([whoosh_query.Term(name, key, boost=boost) for key in step]) for step in steps]
    return parts[0] if len(parts) == 1 else SpanNear2(parts)
