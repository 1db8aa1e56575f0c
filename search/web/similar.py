"""The page of records like another one: those that share its most telling words."""

from __future__ import annotations

from dataclasses import replace

from kilde.model import Record
from search.page import By, Page, Query
from search.query_tree import Or, Word
from search.render import HIT_COLUMNS, hit_line, page_json
from search.similar import MOST_TEXT, telling_words
from search.web.addresses import Address, record_address
from search.web.asked import Asked
from search.web.library import Library
from search.web.results import shown
from search.web.view import Sheet, Task, View
from search.web.words import wording

MOST = 20


def similar(library: Library, task: Task) -> View:
    """The view of what is like a record. MissingError where there is none of that id."""
    document, found, _ = library.record(task.key)
    page = like(library, found, document.id)
    say, address = wording(task.language), record_address(found.id)
    heading = " ".join((found.heading or document.title).split()) or say("untitled")
    return View(
        template="similar.html",
        title=f"{say('similar.title')}: {heading}",
        address=Address(f"{address.path}/lignende"),
        content={
            "heading": heading,
            "record": address,
            "hits": [shown(hit, Asked(), task.language) for hit in page.hits],
        },
        data=page_json(page),
        sheet=Sheet(HIT_COLUMNS, [hit_line(hit) for hit in page.hits]),
        indexed=False,
    )


def like(library: Library, record: Record, document: str) -> Page:
    """The documents that share the most telling words of a record, as `kilde similar` finds them, without its own."""
    words = telling_words(record.text[:MOST_TEXT], library.snapshot().segments)
    if not words:
        return replace(library.search(Query(limit=0)), total=0)
    parts = tuple(map(Word, words))
    tree = Or(parts) if len(parts) > 1 else parts[0]
    page = library.search(Query(f"similar to {record.id}", tree, by=By.DOCUMENT, limit=MOST + 1))
    others = tuple(hit for hit in page.hits if hit.document != document)
    return replace(page, hits=others[:MOST], total=page.total - (len(others) < len(page.hits)), next=None)
