"""What exports and citations ask of the record store besides what `Store` itself answers: read only, one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kilde.model import RecordKind
from kilde.store import Store

MOST_FOUND = 10
"""Versions that a prefix of a digest is looked up for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A record as it stands in a version of its document."""

    source: str
    start: int
    """Code points from the beginning of the document's text."""
    text: str


@contextmanager
def held(store: Store) -> Iterator[None]:
    """Everything that is read in the block is of one moment, whatever other runs commit meanwhile."""
    store.connection.execute("BEGIN")
    try:
        store.change()
        yield
    finally:
        store.connection.rollback()


def place_of(store: Store, record: str, version: str) -> Place | None:
    """A record's text in a version, and where it stands."""
    found = store.connection.execute(
        "SELECT d.source, r.start, substr(v.text, r.start + 1, r.stop - r.start) FROM record r"
        " JOIN version v ON v.document = r.document AND v.digest = r.digest"
        " JOIN document d ON d.id = r.document WHERE r.id = ? AND r.digest = ?",
        (record, version),
    ).fetchone()
    return Place(*found) if found else None


def versions(store: Store, prefix: str) -> list[tuple[str, str]]:
    """The versions whose digest begins so, as (document, digest), at most ten."""
    found = store.connection.execute(
        "SELECT document, digest FROM version WHERE digest >= ? AND digest < ? ORDER BY digest, document LIMIT ?",
        (prefix, prefix + "g", MOST_FOUND),
    )
    return [(str(document), str(digest)) for document, digest in found]


def rules_of(store: Store) -> list[tuple[str, str, int]]:
    """What the current versions were read with: reader, fingerprint of the rules, and how many documents."""
    found = store.connection.execute(
        "SELECT v.reader, v.rules, count(*) FROM document d"
        " JOIN version v ON v.document = d.id AND v.digest = d.version GROUP BY v.reader, v.rules ORDER BY 1, 2"
    )
    return [(str(reader), str(rules), int(count)) for reader, rules, count in found]


def mention_counts(store: Store) -> Iterator[tuple[str, str, str, str, int]]:
    """How often each record names each kommune: record, version, code, role, count; in what is current."""
    yield from store.connection.execute(
        "SELECT r.id, r.digest, m.code, m.role, count(*) FROM kommune_mention m"
        " JOIN document d ON d.id = m.document AND d.version = m.digest"
        " JOIN record r ON r.document = m.document AND r.digest = m.digest AND r.position = m.position"
        " AND r.kind != ? GROUP BY m.document, m.digest, m.position, m.code, m.role",
        (RecordKind.IMPRINT,),
    )
