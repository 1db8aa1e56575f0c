"""What a query may go on as, while it is typed: kommuner by their names, and words of the index."""

from __future__ import annotations

from heapq import nsmallest

from kilde.danish.kommuner import kommuner, name_key
from kilde.danish.stems import fold
from search.lexicon import Lexicon
from search.matching import BODY, EXACT_FIELDS
from search.web.addresses import Address
from search.web.library import Library
from search.web.view import Task, View

MOST = 8
MOST_KOMMUNER = 4
"""Where there are words as well."""
SHORTEST = 2
SHORTEST_WORD = 3
"""Letters from which words of the index are looked up: fewer begin too many."""
MOST_WEIGHED = 100
"""Forms, the shortest ones, whose records are counted."""


def suggestions(library: Library, task: Task) -> View:
    """The view of suggestions: whole queries, the best first; only ever JSON."""
    before, _, last = task.asked.q.rpartition(" ")
    names = kommuner_from(last)
    words = words_from(last, library.engine.lexicon())
    found = [*names[: MOST_KOMMUNER if words else MOST], *words][:MOST]
    texts = [f"{before} {text}".strip() for text in found]
    return View("", "", Address("/forslag"), {}, data={"query": task.asked.q, "suggestions": texts})


def kommuner_from(text: str) -> list[str]:
    """The kommuner whose names begin so, as a query asks for them.

    >>> kommuner_from("kommune:hede")
    ['kommune:Hedensted']
    """
    key = name_key(text.removeprefix("kommune:"))
    if len(key) < SHORTEST:
        return []
    names = sorted(each.name for each in kommuner().values() if name_key(each.name).startswith(key))
    return [f'kommune:"{name}"' if " " in name else f"kommune:{name}" for name in names]


def words_from(text: str, lexicon: Lexicon) -> list[str]:
    """Words of the texts that begin so: of the shortest ones those that stand in most records."""
    prefix = fold(text)
    if len(prefix) < SHORTEST_WORD or not prefix.isalpha():
        return []
    forms = [form for form in lexicon.beginning(BODY, prefix, MOST_WEIGHED + 2) if form not in (text, prefix)]
    forms = forms[:MOST_WEIGHED]
    counts = dict(zip(forms, lexicon.frequencies(EXACT_FIELDS[BODY], forms), strict=True))
    return nsmallest(MOST, (form for form, count in counts.items() if count), key=lambda form: (-counts[form], form))
