"""All hits of a query over one commit of the index, in order and one by one: what a page is too small for.

The order is found once, over arrays; a hit is made when it is asked for. Commits and rebuilds meanwhile change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from index.columns import Integers
from search import ordering
from search.page import By, Sort
from search.question import Question
from search.ranking import Matching, Ranked, find_all


def walk(question: Question) -> Iterator[Ranked]:
    """The records that match, in the order of the query; by document its first record each. `limit` is not heeded."""
    parts = find_all(question)
    keys = ordering.joined([ordering.keys_of(it.segment, it.records, it.scores, question.query.sort) for it in parts])
    found = _in_order(parts, np.lexsort((keys.ids, keys.second, keys.first)))
    return _first_of_documents(found) if question.query.by is By.DOCUMENT else found


def walk_by_place(question: Question) -> Iterator[Ranked]:
    """The records that match by publication (unknown last), document, and place in it: as mentions are listed."""
    parts = find_all(question)
    if not parts:
        return iter(())
    days = ordering.joined([ordering.keys_of(it.segment, it.records, it.scores, Sort.OLDEST) for it in parts]).first
    documents = np.concatenate([it.segment.names("document")[it.records] for it in parts])
    numbers = np.concatenate([it.records for it in parts])  # a document's records are in one segment, in its order
    return _in_order(parts, np.lexsort((numbers, documents, days)))


def _in_order(parts: list[Matching], order: Integers) -> Iterator[Ranked]:
    ends = np.cumsum([len(it.records) for it in parts])
    for place in order:
        part = int(np.searchsorted(ends, place, side="right"))
        inside = int(place - (ends[part - 1] if part else 0))
        it = parts[part]
        yield Ranked(it.segment, int(it.records[inside]), float(it.scores[inside]))


def _first_of_documents(found: Iterator[Ranked]) -> Iterator[Ranked]:
    seen: set[str] = set()
    for each in found:
        if each.document not in seen:
            seen.add(each.document)
            yield each
