"""Whether an answer without hits means "searched and absent" or "not collected"."""

from __future__ import annotations

from search.page import ABSENT, NOT_COLLECTED, Filters, Query
from search.query_tree import And, FieldIs, FieldName, Node
from search.question import Question, prepare
from search.ranking import find_all

_WHERE = frozenset({FieldName.SOURCE, FieldName.KIND, FieldName.PUBLISHER, FieldName.DATE})
"""Fields that say in which documents is searched, not what for."""


def absence_of(question: Question) -> str:
    """What it means that a question has no hits: nothing at all is there from the time and sources that it asks for."""
    other = prepare(whereabouts(question.query), question.snapshot, question.collection.deadline)
    return ABSENT if any(len(part.records) for part in find_all(other)) else NOT_COLLECTED


def whereabouts(query: Query) -> Query:
    """What a query says of the documents that it is looked for in: their time and sources.

    What a document is about (words, kommuner, amounts) says nothing of that.
    """
    asked = query.filters
    filters = Filters(
        source=asked.source,
        kind=asked.kind,
        publisher=asked.publisher,
        year=asked.year,
        published_from=asked.published_from,
        published_to=asked.published_to,
    )
    return Query(tree=_where(query.tree), filters=filters)


def _where(tree: Node | None) -> Node | None:
    parts = tree.parts if isinstance(tree, And) else (tree,)
    kept = tuple(part for part in parts if isinstance(part, FieldIs) and part.field in _WHERE)
    return And(kept) if len(kept) > 1 else next(iter(kept), None)
