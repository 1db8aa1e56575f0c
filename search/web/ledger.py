"""What pages ask of the record store and the state besides what these answer themselves: read only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kilde.model import GrantMention
from kilde.state import State
from kilde.store import Store
from kilde.store_tables import COUNTED, TABLES

MOST_RUNS = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A record by its id: the newest version that has it, and whether that is the document's current one."""

    document: str
    version: str
    position: int
    current: bool


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A document that was forgotten: when (UTC) and why, where a reason was given."""

    document: str
    when: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run that wrote to the data folder; what it reported is empty while it goes on, or where it was cut short."""

    number: int
    command: str
    started: str
    finished: str | None
    report: dict[str, Any]


def find_record(store: Store, record: str) -> Found | None:
    """Where a record stands; the current version before older ones."""
    row = store.connection.execute(
        "SELECT r.document, r.digest, r.position, d.version IS r.digest AS current FROM record r"
        " JOIN document d ON d.id = r.document WHERE r.id = ?"
        " ORDER BY current DESC, (SELECT max(number) FROM observation o"
        " WHERE o.document = r.document AND o.digest = r.digest) DESC LIMIT 1",
        (record,),
    ).fetchone()
    return Found(row[0], row[1], row[2], bool(row[3])) if row else None


def first_observed(store: Store, document: str, version: str) -> str:
    """When a version was first seen, UTC: the same after any rebuild, since the archive says it."""
    row = store.connection.execute(
        "SELECT observed FROM observation WHERE document = ? AND digest = ? ORDER BY number LIMIT 1",
        (document, version),
    ).fetchone()
    return str(row[0]) if row else "1970-01-01T00:00:00Z"


def by_observation(store: Store) -> list[tuple[str, str]]:
    """The documents that can be read with the time when their current version was first seen, the latest first."""
    found = store.connection.execute(
        "SELECT d.id, min(o.observed) FROM document d JOIN observation o ON o.document = d.id AND o.digest = d.version"
        " GROUP BY d.id ORDER BY 2 DESC, 1"
    )
    return found.fetchall()


def newest_grants(store: Store, codes: Sequence[str], limit: int) -> list[tuple[str, int, GrantMention]]:
    """The grants of these kommuner that were published last, undated ones behind them: document, position, grant."""
    table = next(each for each in TABLES if each.name == "grant")
    columns = ", ".join(f"m.{column}" for column in table.columns.split(", "))
    marks = ", ".join("?" * len(codes))
    found = store.connection.execute(
        f"SELECT m.document, m.position, {columns} FROM grant_mention m"  # noqa: S608 (constants and marks)
        " JOIN document d ON d.id = m.document AND d.version = m.digest"
        " JOIN version v ON v.document = m.document AND v.digest = m.digest"
        " JOIN record r ON r.document = m.document AND r.digest = m.digest AND r.position = m.position"
        f" AND r.{COUNTED} WHERE m.code IN ({marks})"
        " ORDER BY v.published_first IS NULL, v.published_first DESC, m.document, m.position, m.start LIMIT ?",
        (*codes, limit),
    )
    return [(document, position, table.from_row(tuple(row))) for document, position, *row in found]


def last_seen(store: Store) -> dict[str, str]:
    """When anything of each source was last seen, UTC."""
    found = store.connection.execute(
        "SELECT d.source, max(o.observed) FROM document d JOIN observation o ON o.document = d.id GROUP BY d.source"
    )
    return dict(found.fetchall())


def record_counts(store: Store) -> dict[str, int]:
    """The records that are searched, by source."""
    found = store.connection.execute(
        "SELECT d.source, count(*) FROM document d JOIN record r ON r.document = d.id AND r.digest = d.version"  # noqa: S608
        f" AND r.{COUNTED} GROUP BY d.source"
    )
    return dict(found.fetchall())


def forgotten(state: State, document: str) -> Forgotten | None:
    """The tombstone of a document, if it has one."""
    row = state.connection.execute(
        "SELECT document, forgotten, reason FROM tombstone WHERE document = ?", (document,)
    ).fetchone()
    return Forgotten(*row) if row else None


def runs(state: State) -> list[RunLine]:
    """The latest runs, the newest first."""
    found = state.connection.execute(
        "SELECT number, command, started, finished, report FROM run ORDER BY number DESC LIMIT ?", (MOST_RUNS,)
    )
    return [RunLine(number, command, started, finished, json.loads(report) if report else {})
            for number, command, started, finished, report in found]  # fmt: skip
