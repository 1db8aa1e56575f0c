"""What `kilde forget` left in state.sqlite: which documents and bytes are not taken in again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kilde.state import State


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A document that was forgotten; `erased` is when its bytes were taken out of the archive, None where they were
    not."""

    document: str
    source: str
    locator: str
    forgotten: str
    reason: str | None
    erased: str | None


@dataclass(frozen=True, slots=True)
class Stone:
    """A tombstone that is to be set, with the digests that are not taken in again under any name, and the ids of the
    document's records."""

    tombstone: Tombstone
    digests: tuple[str, ...]
    records: tuple[str, ...] = ()


def stone_of(values: dict[str, Any]) -> Stone:
    """A stone from its JSON."""
    return Stone(Tombstone(**values["tombstone"]), tuple(values["digests"]), tuple(values.get("records", ())))


def add_tombstone(state: State, tombstone: Tombstone, digests: Iterable[str], records: Iterable[str] = ()) -> None:
    """Note that a document is forgotten, the digests of its bytes that no other document has, and its records' ids."""
    with state.connection:
        state.connection.execute(
            "INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?, ?, ?, ?)",
            (tombstone.document, tombstone.source, tombstone.locator, tombstone.forgotten, tombstone.reason,
             tombstone.erased),
        )  # fmt: skip
        state.connection.executemany(
            "INSERT OR IGNORE INTO tombstone_digest VALUES (?, ?)", [(digest, tombstone.document) for digest in digests]
        )
        state.connection.executemany(
            "INSERT OR IGNORE INTO tombstone_record VALUES (?, ?)", [(record, tombstone.document) for record in records]
        )


def note_erased(state: State, documents: Iterable[str], when: str) -> None:
    """Note that the bytes of documents are out of the archive; their names go with them."""
    with state.connection:
        state.connection.executemany(
            "UPDATE tombstone SET erased = ?, locator = '', reason = NULL WHERE document = ?",
            [(when, document) for document in documents],
        )


def tombstones(state: State) -> list[Tombstone]:
    """All tombstones, the oldest first."""
    rows = state.connection.execute(
        "SELECT document, source, locator, forgotten, reason, erased FROM tombstone ORDER BY forgotten, document"
    )
    return [Tombstone(*row) for row in rows]


def forgotten_digests(state: State) -> frozenset[str]:
    """The digests of bytes that are not taken in again under any name."""
    return frozenset(row[0] for row in state.connection.execute("SELECT digest FROM tombstone_digest"))


def digests_of(state: State, document: str) -> list[str]:
    """The digests that were forgotten with a document."""
    rows = state.connection.execute("SELECT digest FROM tombstone_digest WHERE document = ?", (document,))
    return [row[0] for row in rows]


def records_of(state: State, document: str) -> list[str]:
    """The ids of the records that were forgotten with a document; none in a state that an older version wrote."""
    known = state.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tombstone_record'").fetchone()
    if known is None:
        return []
    rows = state.connection.execute("SELECT record FROM tombstone_record WHERE document = ?", (document,))
    return [row[0] for row in rows]


def forgotten_record(state: State, record: str) -> Tombstone | None:
    """The tombstone of the document that a record was forgotten with, None for one that was not."""
    known = state.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tombstone_record'").fetchone()
    row = (
        known
        and state.connection.execute(
            "SELECT t.document, t.source, t.locator, t.forgotten, t.reason, t.erased"
            " FROM tombstone_record r JOIN tombstone t ON t.document = r.document WHERE r.record = ?",
            (record,),
        ).fetchone()
    )
    return Tombstone(*row) if row else None


def copy_tombstones(state: State, other: State) -> int:
    """Add the tombstones of another state, as when an older backup is restored; returns how many."""
    found = tombstones(other)
    for tombstone in found:
        document = tombstone.document
        add_tombstone(state, tombstone, digests_of(other, document), records_of(other, document))
    return len(found)
