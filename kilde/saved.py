"""Saved searches in the state: their questions, and which records each has given already.

A record is known by its id, which survives new versions, re-indexing and rebuilds: so none is given twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from kilde.errors import MissingError, UsageError
from kilde.state import State
from kilde.watched import unwatch

LONGEST_NAME = 64
MOST_SAVED = 10_000
_NAME = re.compile(r"[\w][\w.+-]*")
_BATCH = 500
"""Ids in one question to the database."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A question under a name. `last_run` is when it last gave what was new, `given` how many records it has given."""

    name: str
    question: dict[str, Any]
    created: str
    last_run: str | None
    given: int


def save_search(state: State, name: str, question: dict[str, Any], now: str) -> None:
    """Save a question; UsageError for a name that cannot be one or is taken."""
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        expected = f"expected a name of at most {LONGEST_NAME} letters, digits, - and _"
        raise UsageError(f"{expected}, found {name[:LONGEST_NAME]!r}")
    with state.connection as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM saved_search")}
        if name in names:
            raise UsageError(f"there is a saved search {name!r}; `kilde saved --remove {name}` takes it away")
        if len(names) >= MOST_SAVED:
            raise UsageError(f"there are {MOST_SAVED:,} saved searches, and no more are kept; remove some")
        connection.execute(
            "INSERT INTO saved_search VALUES (?, ?, ?, NULL)", (name, json.dumps(question, ensure_ascii=False), now)
        )


def saved_searches(state: State) -> list[SavedSearch]:
    """All of them by name."""
    rows = state.connection.execute(
        "SELECT name, question, created, last_run, (SELECT count(*) FROM saved_hit h WHERE h.name = s.name)"
        " FROM saved_search s ORDER BY name"
    )
    return [SavedSearch(name, json.loads(question), *rest) for name, question, *rest in rows]


def saved_search(state: State, name: str) -> SavedSearch:
    """The one of this name; MissingError names the nearest."""
    known = {each.name: each for each in saved_searches(state)}
    if name in known:
        return known[name]
    near = get_close_matches(name, known, 3)
    hint = f"did you mean {', '.join(near)}?" if near else "`kilde saved` lists them"
    raise MissingError(f"there is no saved search {name!r}; {hint}")


def remove_search(state: State, name: str) -> None:
    """Forget a saved search and what it has given; MissingError."""
    saved_search(state, name)
    unwatch(state, [name])
    with state.connection as connection:
        connection.execute("DELETE FROM saved_hit WHERE name = ?", (name,))
        connection.execute("DELETE FROM saved_search WHERE name = ?", (name,))


def not_given(state: State, name: str, records: Sequence[str]) -> list[str]:
    """Those of these records that the search has not given yet, in their order, each once."""
    given: set[str] = set()
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        marks = ", ".join("?" * len(batch))
        rows = state.connection.execute(
            f"SELECT record FROM saved_hit WHERE name = ? AND record IN ({marks})",  # noqa: S608 (only marks)
            (name, *batch),
        )
        given.update(row[0] for row in rows)
    return [record for record in dict.fromkeys(records) if record not in given]


def mark_given(state: State, name: str, records: Iterable[str], now: str) -> None:
    """Note that the search has given these records: all of them or, when it is cut short, none."""
    with state.connection as connection:
        connection.executemany("INSERT OR IGNORE INTO saved_hit VALUES (?, ?)", ((name, each) for each in records))
        connection.execute("UPDATE saved_search SET last_run = ? WHERE name = ?", (now, name))
