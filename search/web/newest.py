"""The feed of a search: its hits by when they were first seen, which no rebuild and no re-indexing changes.

By date of publication a document that is found late would stand where no feed reader looks any more.
"""

from __future__ import annotations

from search.hits import hit_of
from search.page import Hit, Query
from search.web.addresses import Address, record_address
from search.web.library import Library
from search.web.view import Entry, View

MOST_ENTRIES = 50


def feed(library: Library, query: Query, title: str, address: Address) -> View:
    """The view of a feed: the records that match, those of the documents that were seen last before others."""
    answer, arrivals = library.ask(query), library.arrivals()
    entries = tuple(
        entry_of(hit_of(answer.reading, found, library.texts), arrivals.seen[rank])
        for found, rank in answer.newest(arrivals, MOST_ENTRIES)
    )
    return View("", title, address, {}, entries=entries)


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
