"""What an answer rests on, and whether an answer without hits means "searched and absent" or "not collected"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kilde.coverage import coverage
from kilde.folder import DataFolder
from kilde.state import State
from kilde.store import Store
from search.page import ABSENT, NOT_COLLECTED, Coverage, Filters, Query
from search.query_tree import And, FieldIs, FieldName, Node
from search.question import Question, prepare
from search.ranking import find_all

_WHERE = frozenset({FieldName.SOURCE, FieldName.KIND, FieldName.PUBLISHER, FieldName.DATE})
"""Fields that say in which documents is searched, not what for."""


def coverage_of(folder: DataFolder, store: Store, sources: Collection[str] = ()) -> Coverage:
    """What answers from a data folder rest on; quarantine, late and failing ones of these sources, of all for none.

    `documents` and `months` are all that was searched.
    """
    if not folder.state.exists():
        return _narrowed(store, None, sources)
    with State(folder.state, readonly=True) as state:
        return _narrowed(store, state, sources)


def _narrowed(store: Store, state: State | None, sources: Collection[str]) -> Coverage:
    found = coverage(store, state)
    whole = Coverage(found.documents, found.months, found.late, found.failing, found.quarantined)
    if not sources:
        return whole
    dropped = state.dropped() if state else set()
    missing = [it.source for it in store.quarantined() if (it.document, it.digest) not in dropped]
    missing += [it.source for it in state.unreadable()] if state else []
    return replace(
        whole,
        late=tuple(each for each in whole.late if each in sources),
        failing=tuple(each for each in whole.failing if each in sources),
        quarantined=sum(each in sources for each in missing),
    )


def absence_of(question: Question) -> str:
    """What it means that a question has no hits: nothing at all is there from the time and sources that it asks for.

    What a document is about (words, kommuner, amounts) says nothing of that.
    """
    asked = question.query.filters
    filters = Filters(
        source=asked.source,
        kind=asked.kind,
        publisher=asked.publisher,
        year=asked.year,
        published_from=asked.published_from,
        published_to=asked.published_to,
    )
    other = prepare(Query(tree=_where(question.query.tree), filters=filters), question.snapshot)
    return ABSENT if any(len(part.records) for part in find_all(other)) else NOT_COLLECTED


def _where(tree: Node | None) -> Node | None:
    parts = tree.parts if isinstance(tree, And) else (tree,)
    kept = tuple(part for part in parts if isinstance(part, FieldIs) and part.field in _WHERE)
    return And(kept) if len(kept) > 1 else next(iter(kept), None)
