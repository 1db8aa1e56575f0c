"""The first page, and the page that helps."""

from __future__ import annotations

from kilde.danish.kommuner import kommuner
from search.page import Query, Sort
from search.web.addresses import API, HELP, Address, kommune_address, search_address
from search.web.asked import Asked
from search.web.denmark import denmark
from search.web.library import Library
from search.web.results import shown
from search.web.timeline import timeline
from search.web.view import Task, View
from search.web.words import wording

NEWEST = 6
EXAMPLES = (
    "bolig kommune:Aarhus",
    '"frivilligt arbejde"',
    "beløb:>=5mio",
    "integration* dato:2019..2021",
    "pulje NEAR/5 unge",
)
"""Queries that the first page offers to try."""


def home(library: Library, task: Task) -> View:
    """The view of the first page: what there is, and the newest of it."""
    say = wording(task.language)
    page = library.search(Query(facets=("kommune", "year", "source"), sort=Sort.NEWEST, limit=NEWEST))
    counts = {value.value: value.count for value in page.facets["kommune"]}
    years = {int(value.value): value.count for value in page.facets["year"] if value.count}
    return View(
        template="home.html",
        title=say("home.title"),
        address=Address("/"),
        content={
            "page": page,
            "hits": [shown(hit, Asked(), task.language) for hit in page.hits],
            "map": denmark(counts, lambda code: kommune_address(kommuner()[code])),
            "timeline": timeline(years, lambda year: search_address([("year", str(year))])),
            "sources": len(page.facets["source"]),
            "examples": [(text, search_address([("q", text)])) for text in EXAMPLES],
        },
    )


CALLS = (
    ("/api/v1/search", "/api/v1/search?q=bolig", "api.search"),
    ("/api/v1/records/{id}", "", "api.record"),
    ("/api/v1/documents/{id}", "", "api.document"),
    ("/api/v1/kommuner", "/api/v1/kommuner", "api.kommuner"),
    ("/api/v1/kommuner/{code}", "/api/v1/kommuner/0751", "api.kommune"),
    ("/api/v1/sources", "/api/v1/sources", "api.sources"),
    ("/api/v1/suggestions", "/api/v1/suggestions?q=bol", "api.suggestions"),
)
"""The calls of the API: address, an example to follow where there is one without an id, and what it answers."""


def programming(library: Library, task: Task) -> View:  # noqa: ARG001 (one signature for all views)
    """The view of the page for those who write programs."""
    return View(
        template="api.html",
        title=wording(task.language)("api.title"),
        address=Address(API),
        content={"calls": CALLS},
    )


def helping(library: Library, task: Task) -> View:  # noqa: ARG001 (one signature for all views)
    """The view of the page that helps."""
    return View(
        template="help.html",
        title=wording(task.language)("help.title"),
        address=Address(HELP),
        content={"examples": [(text, search_address([("q", text)])) for text in EXAMPLES]},
    )
