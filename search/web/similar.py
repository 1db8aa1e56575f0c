"""The page of records like another one: those that share its most telling words."""

from __future__ import annotations

from search.page import Query
from search.render import HIT_COLUMNS, hit_line, page_json
from search.similar import similar_to
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
    page = similar_to(library.store, library.snapshot(), found.id, Query(limit=MOST), library.texts)
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
