"""Saved searches: a question as JSON and back, and the hits that a search has not given yet.

What was given is noted when it has been written, never before: a run that is cut short gives the same hits again. For
a file that is written whole the run first notes under which delivery number it writes, so that the next run can tell
from the manifest beside the file whether it came to be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from typing import Any

from kilde.errors import QueryError, UsageError
from kilde.saved import mark_given, not_given, saved_searches
from kilde.state import State
from kilde.watched import Watched, note_watched
from search.engine import Answer
from search.export import manifest_path
from search.export_manifest import Json, filters_json
from search.found import Found, Reading
from search.page import By, Filters, Query, Sort
from search.query import parse_query
from search.synonyms import NONE, Synonyms
from search.watch import Watch

DELIVERY = "delivery"
"""The key of a manifest that holds the delivery number."""
_DAYS = ("published_from", "published_to", "mentions_from", "mentions_to")
_AMOUNTS = ("amount_min", "amount_max")


@dataclass(frozen=True, slots=True)
class News:
    """The hits of a question that a saved search has not given yet, in order, and how many hits there are in all."""

    found: tuple[Found, ...]
    total: int
    watched: Watched | None = None
    """What is noted when these have been given: how the engine goes on from there."""

    @property
    def records(self) -> list[str]:
        """Their ids."""
        return [each.record for each in self.found]


def question_json(query: Query) -> Json:
    """What is saved of a query."""
    return {
        "query": query.text,
        "filters": filters_json(query.filters),
        "sort": query.sort.value,
        "by": query.by.value,
    }


def query_from(question: Json) -> Query:
    """The query that was saved."""
    return Query(
        text=question["query"],
        tree=parse_query(question["query"]),
        filters=_filters(question["filters"]),
        sort=Sort(question["sort"]),
        by=By(question["by"]),
    )


def news(answer: Answer, watch: Watch) -> News:
    """What a saved search has not given yet. By document a hit is the document, known by its id."""
    candidates = answer.candidates(watch)
    by_key = {_key(answer.reading, each): each for each in candidates.found}
    fresh = set(not_given(watch.state, watch.name, list(by_key)))
    found = tuple(each for key, each in by_key.items() if key in fresh)
    return News(found, candidates.total, candidates.watched)


def saved_queries(state: State, synonyms: Synonyms = NONE) -> dict[str, Query]:
    """The queries of all saved searches by name; those that are no queries any more are left out."""
    found: dict[str, Query] = {}
    for each in saved_searches(state):
        with suppress(QueryError, UsageError):
            found[each.name] = replace(query_from(each.question), synonyms=synonyms)
    return found


def keys_of(reading: Reading, fresh: News) -> list[str]:
    """What the hits are known by when they have been given."""
    return [_key(reading, each) for each in fresh.found]


def _key(reading: Reading, found: Found) -> str:
    return found.document if reading.query.by is By.DOCUMENT else found.record


def begin_delivery(state: State, name: str, keys: list[str], output: Path) -> str:
    """Note that these hits are about to be written to a file; returns the delivery number for its manifest."""
    number = token_hex(8)
    state.set_pending(_pending(name), {"output": str(output.absolute()), DELIVERY: number, "keys": keys})
    return number


def finish_delivery(state: State, name: str, keys: list[str], watched: Watched | None = None) -> None:
    """Note that these hits have been given, and how the engine goes on from there."""
    mark_given(state, name, keys, now())
    state.set_pending(_pending(name), None)
    if watched is not None:
        note_watched(state, watched)


def settle_delivery(state: State, name: str) -> int:
    """Make good what a run that was cut short left open; returns how many hits turned out to have been given."""
    left = state.pending(_pending(name))
    if left is None:
        return 0
    is_there = _delivered(manifest_path(Path(left["output"]))) == left[DELIVERY]
    finish_delivery(state, name, left["keys"] if is_there else [])
    return len(left["keys"]) if is_there else 0


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _delivered(manifest: Path) -> str | None:
    """The delivery number of a manifest; None where there is none that can be read."""
    try:
        about: Any = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return about.get(DELIVERY) if isinstance(about, dict) else None


def _pending(name: str) -> str:
    return f"saved search {name}"


def _filters(given: Json) -> Filters:
    return Filters(**dict(_values(given)))


def _values(given: Json) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if name in _DAYS:
            yield name, date.fromisoformat(value)
        elif name in _AMOUNTS:
            yield name, int(Decimal(str(value)) * 100)
        else:
            yield name, tuple(value)
