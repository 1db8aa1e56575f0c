"""Saved searches that an engine watches: all hits up to a change of the store were given, and what came since waits.

What waits are candidates: records that were found to answer a search when their document came or changed. Whether they
answer it still is for the engine to say, and which of them are news follows from what was given. A search that is not
watched is asked in full, so that rows that are lost here cost time and no hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kilde.state import State

MOST_WAITING = 10_000
"""Records that wait for one search; it is asked in full when there are more."""

Arrival: TypeAlias = tuple[str, str, str]
"""The name of a search, and a document and a record of it that answer it."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A search all of whose hits were given: to which question, in which index, and up to which change."""

    name: str
    question: str
    """As the engine asks it, JSON."""
    index: str
    change: int


def note_watched(state: State, found: Watched) -> None:
    """Watch a search whose hits have just been given."""
    with state.connection as connection:
        connection.execute("DELETE FROM waiting WHERE name = ?", (found.name,))
        row = (found.name, found.question, found.index, found.change)
        connection.execute("INSERT OR REPLACE INTO watched VALUES (?, ?, ?, ?)", row)


def unwatch(state: State, names: Iterable[str]) -> None:
    """Leave searches to be asked in full."""
    gone = [(name,) for name in names]
    with state.connection as connection:
        connection.executemany("DELETE FROM watched WHERE name = ?", gone)
        connection.executemany("DELETE FROM waiting WHERE name = ?", gone)


def watched(state: State) -> dict[str, Watched]:
    """The searches that are watched, by name."""
    rows = state.connection.execute("SELECT name, question, search_index, change FROM watched ORDER BY name")
    return {row[0]: Watched(*row) for row in rows}


def note_arrivals(state: State, documents: Sequence[str], arrivals: Iterable[Arrival]) -> None:
    """Let these records of documents that came or changed wait, and nothing else of these documents."""
    with state.connection as connection:
        connection.executemany("DELETE FROM waiting WHERE document = ?", ((it,) for it in documents))
        connection.executemany("INSERT OR IGNORE INTO waiting VALUES (?, ?, ?)", arrivals)


def note_change(state: State, questions: Mapping[str, str], change: int) -> None:
    """Note that all arrivals up to a change wait for these searches, whose questions are these by now.

    One for which too many wait is watched no more.
    """
    with state.connection as connection:
        connection.executemany(
            "UPDATE watched SET question = ?, change = ? WHERE name = ?",
            ((question, change, name) for name, question in questions.items()),
        )
        crowded = connection.execute("SELECT name FROM waiting GROUP BY name HAVING count(*) > ?", (MOST_WAITING,))
        names = [name for (name,) in crowded]
    unwatch(state, names)


def waiting(state: State, name: str) -> list[str]:
    """The documents with records that wait for a search and that it has not given; what it has given waits no more."""
    with state.connection as connection:
        connection.execute(
            "DELETE FROM waiting WHERE name = ?1 AND EXISTS"
            " (SELECT 1 FROM saved_hit h WHERE h.name = ?1 AND h.record IN (waiting.record, waiting.document))",
            (name,),
        )
        rows = connection.execute("SELECT DISTINCT document FROM waiting WHERE name = ? ORDER BY document", (name,))
        return [document for (document,) in rows]
