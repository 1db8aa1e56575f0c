"""The page of records like another one: those that share its most telling words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kilde.model import Record
from search.page import By, Page, Query
from search.query_tree import Or, Word
from search.render import HIT_COLUMNS, hit_line, page_json
from search.similar import MOST_TEXT, telling_words
from search.web import ledger
from search.web.addresses import Address, record_address
from search.web.asked import Asked
from search.web.library import Library
from search.web.newest import entry_of
from search.web.results import shown
from search.web.view import Sheet, Task, View
from search.web.words import day, wording

MOST = 20
FEW = 4
"""Of those that a record's own page names."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A record of another document that is like one, as that one's page names it."""

    heading: str
    about: str
    address: Address


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
        entries=tuple(
            entry_of(hit, ledger.first_observed(library.store, hit.document, hit.version)) for hit in page.hits
        ),
        indexed=False,
    )


def few(library: Library, record: Record, document: str, language: str) -> list[Alike]:
    """The most similar ones, without their texts."""
    found = []
    for hit in like(library, record, document, FEW).hits:
        heading, title = (" ".join(text.split()) for text in (hit.heading, hit.title))
        about = [title] if heading and heading != title else []
        about += [day(hit.published, language)] if hit.published and day(hit.published, language) not in title else []
        found.append(Alike(heading or title or wording(language)("untitled"), " · ".join(about),
                           record_address(hit.id)))  # fmt: skip
    return found


def like(library: Library, record: Record, document: str, most: int = MOST) -> Page:
    """The documents that share the most telling words of a record, as `kilde similar` finds them, without its own."""
    words = telling_words(record.text[:MOST_TEXT], library.engine.lexicon())
    if not words:
        return replace(library.search(Query(limit=0)), total=0)
    parts = tuple(map(Word, words))
    tree = Or(parts) if len(parts) > 1 else parts[0]
    page = library.search(Query(f"similar to {record.id}", tree, by=By.DOCUMENT, limit=most + 1))
    others = tuple(hit for hit in page.hits if hit.document != document)
    return replace(page, hits=others[:most], total=page.total - (len(others) < len(page.hits)), next=None)
