"""The feed of a search: its hits by when they were first seen, which no rebuild and no re-indexing changes.

By date of publication a document that is found late would stand where no feed reader looks any more.
"""

from __future__ import annotations

import numpy as np

from search.hits import hit_of
from search.page import Hit, Query
from search.question import Question
from search.ranking import Ranked, find_all
from search.web.addresses import Address, record_address
from search.web.library import Library
from search.web.view import Entry, View

MOST_ENTRIES = 50


def feed(library: Library, query: Query, title: str, address: Address) -> View:
    """The view of a feed: the records that match, those of the documents that were seen last before others."""
    question = library.question(query)
    arrivals = library.arrivals()
    entries = tuple(
        entry_of(hit_of(question, found, library.texts), arrivals.seen[rank])
        for found, rank in newest(library, question)
    )
    return View("", title, address, {}, entries=entries)


def newest(library: Library, question: Question) -> list[tuple[Ranked, int]]:
    """The records that match in the documents that were seen last, each with its document's place among all.

    `MOST_ENTRIES` of them, and the rest of the last document: half a document would be lost when the next one comes.
    """
    parts = find_all(question)
    if not parts:
        return []
    ranks = np.concatenate([library.ranks(it.segment)[it.records] for it in parts])
    homes = np.repeat(np.arange(len(parts)), [len(it.records) for it in parts])
    numbers = np.concatenate([it.records for it in parts])
    known = np.flatnonzero(ranks >= 0)
    if len(known) > MOST_ENTRIES:
        last = np.partition(ranks[known], MOST_ENTRIES - 1)[MOST_ENTRIES - 1]
        known = known[ranks[known] <= last]
    order = known[np.lexsort((numbers[known], homes[known], ranks[known]))]
    return [(Ranked(parts[homes[it]].segment, int(numbers[it]), 0.0), int(ranks[it])) for it in order]


def entry_of(hit: Hit, observed: str) -> Entry:
    """A hit as an entry of a feed: its id is the record's, its time when that version was first seen."""
    return Entry(
        id=hit.id,
        title=" ".join((hit.heading or hit.title).split()),
        address=record_address(hit.id),
        updated=observed,
        published=hit.published,
        summary="".join(piece.text for piece in hit.snippet),
        author=hit.publisher,
    )
