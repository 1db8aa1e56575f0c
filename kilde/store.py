"""The record store, kilde.sqlite: what was read, ready to be asked. Derived: any mismatch means rebuild, never migrate.

One writer (the data folder's lock), any number of readers. Rows of a version are never changed, so a reader that
holds a version's digest finds it until the store is rebuilt. This module and `kilde.state` are the only ones that
speak SQL.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from kilde import rows
from kilde.errors import DamagedError, MissingError
from kilde.model import Document, Observation, Record, RecordKind

SCHEMA = 1
REBUILD = "`kilde ingest --from-archive` makes it anew"
COUNTED = f"kind != '{RecordKind.IMPRINT.value}'"
"""Imprints are kept and shown with their document, and counted nowhere."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of mentions: the attribute of Record that it holds, its columns, and the way to a row and back."""

    name: str
    attribute: str
    columns: str
    to_row: Callable[[Any], rows.Row]
    from_row: Callable[[rows.Row], Any]


TABLES = (
    Table("kommune", "kommuner", "start, stop, surface, code, role, rule, former", rows.kommune_row, rows.kommune_of),
    Table("date", "dates", "start, stop, surface, first, last, grain, basis, rule, problem",
          rows.date_row, rows.date_of),
    Table("amount", "amounts", "start, stop, surface, value, value_to, unit, approximate, bound, rule, problem",
          rows.amount_row, rows.amount_of),
    Table("group", "groups", "start, stop, surface, n, noun, value, unit, rule", rows.group_row, rows.group_of),
    Table("grant", "grants", "start, stop, surface, code, value, value_to, unit, purpose, period, rule",
          rows.grant_row, rows.grant_of),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Original:
    """Where a body of bytes stands in the archive."""

    digest: str
    size: int
    media_type: str
    file: str
    place: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An original that is archived and could not be read."""

    document: str
    source: str
    locator: str
    digest: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds, of what is current; imprints are not counted."""

    documents: int
    versions: int
    originals: int
    original_bytes: int
    records: int
    kommuner: int
    dates: int
    amounts: int
    problems: int
    quarantined: int
    months: int
    """Different months of publication."""


class Store:
    """An open kilde.sqlite."""

    def __init__(self, path: Path, *, readonly: bool = True) -> None:
        self.path = path
        if readonly and not path.exists():
            raise MissingError(f"there is no record store at {path}; `kilde ingest PATH` makes one")
        try:
            self.connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={'ro' if readonly else 'rwc'}", uri=True
            )
            if readonly:
                self.check()
            else:
                self.prepare()
        except DamagedError:
            self.connection.close()
            raise
        except sqlite3.DatabaseError as error:
            self.connection.close()
            raise DamagedError(f"{path} cannot be read: {error}; {REBUILD}") from error

    def check(self) -> None:
        """Raise DamagedError where the file is of another schema."""
        found = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if found != SCHEMA:
            raise DamagedError(f"{self.path} has schema {found}, this version of Kilde reads {SCHEMA}; {REBUILD}")

    def prepare(self) -> None:
        """Make the tables of a new file; WAL, and every commit synced."""
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        if self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self.check()
            return
        script = files("kilde").joinpath("schema.sql").read_text(encoding="utf-8")
        self.connection.executescript(f"BEGIN; {script} PRAGMA user_version = {SCHEMA}; COMMIT;")
        handle = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    # What runs write.

    def clear(self) -> None:
        """Empty the store for a rebuild; readers see the old rows until the commit."""
        for name in ("original", "observation", "document", "version", "quarantine", "record"):
            self.connection.execute(f"DELETE FROM {name}")
        for table in TABLES:
            self.connection.execute(f"DELETE FROM {table.name}_mention")

    def next_change(self) -> int:
        """Count one change."""
        self.connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'change'")
        return self.change()

    def commit(self) -> None:
        """Make what was written count."""
        self.connection.commit()

    def last_observation(self, document: str) -> Observation | None:
        """What was last seen of a document."""
        row = self.connection.execute(
            "SELECT d.source, d.locator, o.digest, g.size, g.media_type, o.observed, o.publisher, o.published, o.url"
            " FROM observation o JOIN document d ON d.id = o.document JOIN original g ON g.digest = o.digest"
            " WHERE o.document = ? ORDER BY o.number DESC LIMIT 1",
            (document,),
        ).fetchone()
        return Observation(*row) if row else None

    def archive_end(self) -> tuple[str, int] | None:
        """Where the last observation that the store knows stands in the archive."""
        row = self.connection.execute("SELECT file, place FROM observation ORDER BY number DESC LIMIT 1").fetchone()
        return (row[0], row[1]) if row else None

    def original(self, digest: str) -> Original | None:
        """Where the bytes of a digest stand."""
        row = self.connection.execute(
            "SELECT digest, size, media_type, file, place FROM original WHERE digest = ?", (digest,)
        ).fetchone()
        return Original(*row) if row else None

    def originals(self) -> Iterator[Original]:
        """Where the bytes of all digests stand."""
        for row in self.connection.execute("SELECT digest, size, media_type, file, place FROM original"):
            yield Original(*row)

    def add_observation(self, document: str, seen: Observation, file: str, place: int, body: tuple[str, int]) -> None:
        """Note an observation, its document and its original; what is current changes with `make_current`."""
        execute = self.connection.execute
        execute(
            "INSERT OR IGNORE INTO original VALUES (?, ?, ?, ?, ?)", (seen.digest, seen.size, seen.media_type, *body)
        )
        execute(
            "INSERT INTO observation (document, digest, observed, publisher, published, url, file, place)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (document, seen.digest, seen.observed, seen.publisher, seen.published, seen.url, file, place),
        )
        execute(
            "INSERT OR IGNORE INTO document (id, source, locator, change) VALUES (?, ?, ?, ?)",
            (document, seen.source, seen.locator, self.next_change()),
        )

    def make_current(self, document: str, digest: str) -> None:
        """Let a version be what searches find."""
        self.connection.execute(
            "UPDATE document SET version = ?, change = ? WHERE id = ?", (digest, self.next_change(), document)
        )

    def add_quarantined(self, document: str, digest: str, code: str, detail: str) -> None:
        """Note that a body could not be read as a document."""
        self.connection.execute(
            "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?)", (document, digest, code, detail)
        )

    def add_version(self, document: Document) -> None:
        """Write a version with its records and mentions; one that is there is replaced."""
        key = (document.id, document.version)
        for name in ("version", "record", *(f"{table.name}_mention" for table in TABLES)):
            self.connection.execute(f"DELETE FROM {name} WHERE document = ? AND digest = ?", key)
        self.insert("version", [rows.version_row(document)])
        self.insert("record", [rows.record_row(record) for record in document.records])
        for table in TABLES:
            self.insert(
                f"{table.name}_mention",
                [(*key, record.position, *table.to_row(mention))
                 for record in document.records for mention in getattr(record, table.attribute)],
            )  # fmt: skip

    def insert(self, table: str, values: Sequence[rows.Row]) -> None:
        """Insert whole rows."""
        if values:
            marks = ", ".join("?" * len(values[0]))
            self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)

    # What anyone reads.

    def change(self) -> int:
        """A number that grows with every change of what is current."""
        return int(self.connection.execute("SELECT value FROM counter WHERE name = 'change'").fetchone()[0])

    def document(self, document: str, digest: str | None = None) -> Document | None:
        """A version of a document, the current one unless a digest is given."""
        found = self.connection.execute(
            "SELECT d.source, d.locator, v.* FROM document d JOIN version v"
            " ON v.document = d.id AND v.digest = coalesce(?, d.version) WHERE d.id = ?",
            (digest, document),
        ).fetchone()
        if found is None:
            return None
        source, locator, *version = found
        records = self.records_of(document, version[1], version[14])
        return rows.document_of(tuple(version), source, locator, records)

    def records_of(self, document: str, digest: str, text: str) -> list[Record]:
        """The records of a version with all that was found in them."""
        key = (document, digest)
        mentions: dict[int, dict[str, list[Any]]] = {}
        for table in TABLES:
            found = self.connection.execute(
                f"SELECT position, {table.columns} FROM {table.name}_mention WHERE document = ? AND digest = ?"
                " ORDER BY rowid",
                key,
            )
            for position, *row in found:
                mentions.setdefault(position, {}).setdefault(table.name, []).append(table.from_row(tuple(row)))
        records = self.connection.execute(
            "SELECT document, digest, position, id, kind, heading, theme, start, stop, fields, links FROM record"
            " WHERE document = ? AND digest = ? ORDER BY position",
            key,
        )
        return [rows.record_of(row, text, mentions.get(row[2], {})) for row in records]

    def changed(self, since: int = 0) -> Iterator[tuple[str, bool]]:
        """The documents that changed after a change number, and whether each can be read; all of them for 0."""
        yield from (
            (row[0], row[1] is not None)
            for row in self.connection.execute(
                "SELECT id, version FROM document WHERE change > ? ORDER BY change, id", (since,)
            )
        )

    def documents(self, ids: Iterable[str]) -> Iterator[Document]:
        """The current versions of documents that can be read."""
        for id_ in ids:
            document = self.document(id_)
            if document is not None:
                yield document

    def first_seen(self, document: str) -> date:
        """The day on which a document was first observed, in UTC."""
        row = self.connection.execute(
            "SELECT observed FROM observation WHERE document = ? ORDER BY number LIMIT 1", (document,)
        ).fetchone()
        return date.fromisoformat(row[0][:10])

    def record_text(self, record: str, version: str) -> str | None:
        """The text of a record in a version."""
        row = self.connection.execute(
            "SELECT substr(v.text, r.start + 1, r.stop - r.start) FROM record r"
            " JOIN version v ON v.document = r.document AND v.digest = r.digest WHERE r.id = ? AND r.digest = ?",
            (record, version),
        ).fetchone()
        return str(row[0]) if row else None

    def find(self, prefix: str) -> list[tuple[str, str]]:
        """Documents and records whose id begins so, as (document, record or ""), at most ten."""
        like = prefix.lower().replace("%", "").replace("_", "") + "%"
        documents = self.connection.execute("SELECT id, '' FROM document WHERE id LIKE ? LIMIT 10", (like,)).fetchall()
        records = self.connection.execute(
            "SELECT d.id, r.id FROM record r JOIN document d ON d.id = r.document AND d.version = r.digest"
            " WHERE r.id LIKE ? LIMIT 10",
            (like,),
        ).fetchall()
        return [(str(document), str(record)) for document, record in [*documents, *records]]

    def mentions(self, name: str, code: str | None = None) -> Iterator[tuple[str, int, Any]]:
        """The mentions of one table ("kommune", "grant") in what is current, of one kommune where a code is given.

        As document, position of the record, and mention; imprints left out; by publication (unknown last), document
        and place.
        """
        table = next(it for it in TABLES if it.name == name)
        columns = ", ".join(f"m.{column}" for column in table.columns.split(", "))
        found = self.connection.execute(
            f"SELECT m.document, m.position, {columns}"
            f" FROM {name}_mention m JOIN document d ON d.id = m.document AND d.version = m.digest"
            " JOIN version v ON v.document = m.document AND v.digest = m.digest"
            " JOIN record r ON r.document = m.document AND r.digest = m.digest AND r.position = m.position"
            f" AND r.{COUNTED}"
            " WHERE ? IS NULL OR m.code = ?"
            " ORDER BY v.published_first IS NULL, v.published_first, length(v.published) DESC, m.document,"
            " m.position, m.start, m.code",
            (code, code),
        )
        for document, position, *row in found:
            yield document, position, table.from_row(tuple(row))

    def quarantined(self) -> list[Quarantined]:
        """The documents whose latest original could not be read, by source and locator."""
        found = self.connection.execute(
            "SELECT q.document, d.source, d.locator, q.digest, q.code, q.detail FROM quarantine q"
            " JOIN document d ON d.id = q.document"
            " WHERE q.digest = (SELECT digest FROM observation o WHERE o.document = d.id ORDER BY number DESC LIMIT 1)"
            " ORDER BY d.source, d.locator"
        )
        return [Quarantined(*row) for row in found]

    def coverage(self) -> tuple[int, int]:
        """The documents that can be read, and the different months in which they were published."""
        row = self.connection.execute(
            "SELECT count(*), count(DISTINCT CASE WHEN length(v.published) >= 7 THEN substr(v.published, 1, 7) END)"
            " FROM document d JOIN version v ON v.document = d.id AND v.digest = d.version"
        ).fetchone()
        return int(row[0]), int(row[1])

    def counts(self) -> Counts:
        """How much the store holds."""
        current = "JOIN document d ON d.id = m.document AND d.version = m.digest"
        in_record = (
            f"{current} JOIN record r ON r.document = m.document AND r.digest = m.digest AND r.position = m.position"
            f" WHERE r.{COUNTED}"
        )
        queries = (
            "SELECT count(*) FROM document WHERE version IS NOT NULL",
            "SELECT count(*) FROM version",
            "SELECT count(*) FROM original",
            "SELECT coalesce(sum(size), 0) FROM original",
            f"SELECT count(*) FROM record m {current} WHERE m.{COUNTED}",
            f"SELECT count(*) FROM kommune_mention m {in_record}",
            f"SELECT count(*) FROM date_mention m {in_record}",
            f"SELECT count(*) FROM amount_mention m {in_record}",
            f"SELECT coalesce(sum(json_array_length(m.problems)), 0) FROM version m {current}",
            "SELECT count(*) FROM document WHERE 0",
            f"SELECT count(DISTINCT substr(m.published, 1, 7)) FROM version m {current} WHERE length(m.published) >= 7",
        )
        values = [int(self.connection.execute(query).fetchone()[0]) for query in queries]
        values[9] = len(self.quarantined())
        return Counts(*values)
