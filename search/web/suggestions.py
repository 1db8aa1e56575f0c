"""What a query may go on as, while it is typed: kommuner by their names, and words of the index."""

from __future__ import annotations

from kilde.danish.kommuner import kommuner, name_key
from search.web.addresses import Address
from search.web.library import Library
from search.web.view import Task, View

MOST = 8
SHORTEST = 2


def suggestions(library: Library, task: Task) -> View:  # noqa: ARG001 (one signature for all views)
    """The view of suggestions: whole queries, the best first; only ever JSON."""
    texts = completed(task.asked.q)
    return View("", "", Address("/forslag"), {}, data={"query": task.asked.q, "suggestions": texts})


def completed(text: str) -> list[str]:
    """The query with its last word made the name of a kommune that begins so."""
    before, _, last = text.rpartition(" ")
    key = name_key(last.removeprefix("kommune:"))
    if len(key) < SHORTEST:
        return []
    names = sorted(each.name for each in kommuner().values() if name_key(each.name).startswith(key))
    quoted = (f'"{name}"' if " " in name else name for name in names)
    return [f"{before} kommune:{name}".strip() for name in quoted][:MOST]
