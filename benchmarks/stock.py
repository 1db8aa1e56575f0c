"""Whoosh as it comes over Kilde's own index: the tree of a query as a Whoosh query, for judging and for measuring."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from typing import Any

from whoosh import query
from whoosh.matching.wrappers import WrappingMatcher
from whoosh.query.spans import SpanNear2

from index.filters import exact_form
from search.expansion import allowed_distance
from search.matching import HEADING_WEIGHT, Step, asked_of, steps_of
from search.query_tree import And, FieldIs, Near, Node, Not, Or, Phrase, Word


class _Silent(query.Not):
    """NOT without a score: Whoosh's own adds 1, and its AndNot lets a first record through that it should not."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        return WrappingMatcher(super().matcher(searcher, context), boost=0.0)


def compiled(tree: Node) -> Any:
    """The Whoosh query for a tree of words of all kinds, phrases, NEAR and titles."""
    match tree:
        case And(parts):
            wanted = [compiled(part) for part in parts if not isinstance(part, Not)]
            return query.And([*wanted, *(_Silent(compiled(part.part)) for part in parts if isinstance(part, Not))])
        case Or(parts):
            return query.Or([compiled(part) for part in parts])
        case _:
            return _compiled_term(tree)


def _compiled_term(term: Node) -> Any:
    match term:
        case Near(left, right, distance):
            sides = [_sequence("body", steps_of(side)) for side in (left, right)]
            return SpanNear2(sides, slop=distance, ordered=False, mindist=0)
        case FieldIs(_, Word() | Phrase() as value):
            return _in_field("title", value)
        case Word() if term.exact or term.prefix or term.fuzzy:
            return _marked(term)
        case Phrase() if len(steps_of(term)) > 1:
            return _in_field("body", term)
        case Word() | Phrase():
            return query.Or([_in_field("body", term), _in_field("heading", term, HEADING_WEIGHT)])
    raise AssertionError(f"not judged: {term}")


def _marked(word: Word) -> Any:
    form = exact_form(word.text)
    if word.prefix:
        return query.Prefix("exact", form)
    if word.fuzzy:
        return query.FuzzyTerm("exact", form, maxdist=allowed_distance(word.text), prefixlength=1)
    return query.Term("exact", form)


def _in_field(name: str, part: Word | Phrase, boost: float = 1.0) -> Any:
    asked = asked_of(part)
    found = []
    if len(asked.forms) == 1:
        found += [query.Term(name, key, boost=boost) for key in asked.forms[0].whole]
    if len(asked.steps) > 1:
        found.append(_sequence(name, asked.steps, boost))
    return query.Or(found)


def _sequence(name: str, steps: tuple[Step, ...], boost: float = 1.0) -> Any:
    parts = [query.Or([query.Term(name, key, boost=boost) for key in step]) for step in steps]
    return parts[0] if len(parts) == 1 else SpanNear2(parts)
