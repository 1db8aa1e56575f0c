"""The feed of a search: its hits by when they were first seen, which no rebuild and no re-indexing changes.

By date of publication a document that is found late would stand where no feed reader looks any more.
"""

from __future__ import annotations

from search.export_walk import Found, hit_of, walk
from search.page import Hit, Query
from search.web import ledger
from search.web.addresses import Address, record_address
from search.web.library import Library
from search.web.view import Entry, View

MOST_ENTRIES = 50


def feed(library: Library, query: Query, title: str, address: Address) -> View:
    """The view of a feed: the records that match, those of the documents that were seen last before others."""
    question = library.question(query)
    matching: dict[str, list[Found]] = {}
    for found in walk(question):
        matching.setdefault(found.document, []).append(found)
    entries: list[Entry] = []
    for document, observed in ledger.by_observation(library.store):
        for found in matching.get(document, ()):
            entries.append(entry_of(hit_of(question, found, library.texts), observed))
        if len(entries) >= MOST_ENTRIES:
            break
    return View("", title, address, {}, entries=tuple(entries))


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
