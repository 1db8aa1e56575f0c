"""The record store, kilde.sqlite, to be asked: what was read. Derived: any mismatch means rebuild, never migrate.

One writer (`kilde.store_writer`, under the data folder's lock), any number of readers. Rows of a version are never
changed, so a reader that holds a version's digest finds it until the store is rebuilt or the document is read anew by
better rules.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kilde import rows
from kilde.errors import DamagedError, MissingError
from kilde.model import Document, Observation, Record
from kilde.store_tables import (
    COUNTED,
    REBUILD,
    SCHEMA,
    TABLES,
    Counts,
    Known,
    LastSeen,
    Original,
    Quarantined,
    Sighting,
)


class Store:
    """An open kilde.sqlite."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            raise MissingError(f"there is no record store at {path}; `kilde ingest PATH` makes one")
        self.open("ro")

    def open(self, mode: str) -> None:
        """Connect; raises DamagedError where the file is not a store of this version of Kilde."""
        try:
            self.connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode={mode}", uri=True)
            self.prepare()
        except DamagedError:
            self.connection.close()
            raise
        except sqlite3.DatabaseError as error:
            self.connection.close()
            raise DamagedError(f"{self.path} cannot be read: {error}; {REBUILD}") from error

    def prepare(self) -> None:
        """What is done once after connecting."""
        self.check()

    def check(self) -> None:
        """Raise DamagedError where the file is of another schema."""
        found = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if found != SCHEMA:
            raise DamagedError(f"{self.path} has schema {found}, this version of Kilde reads {SCHEMA}; {REBUILD}")

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    # Where the archive stands.

    def archive_end(self) -> tuple[str, int] | None:
        """Where the last observation that the store knows stands in the archive."""
        row = self.connection.execute("SELECT file, place FROM reached").fetchone()
        return (row[0], row[1]) if row else None

    def last_seen(self, source: str, locator: str) -> LastSeen | None:
        """What was last seen under a locator: the one question that is asked of every original."""
        row = self.connection.execute(
            "SELECT o.digest, o.publisher, o.published, o.url, o.hints, d.gone FROM document d"
            " JOIN observation o ON o.number = d.last WHERE d.source = ? AND d.locator = ?",
            (source, locator),
        ).fetchone()
        if row is None:
            return None
        digest, publisher, published, url, hints, gone = row
        return LastSeen(digest, publisher, published, url, rows.hints_of(hints), gone is not None)

    def archived(self, document: str, digest: str | None = None) -> tuple[Observation, str, int] | None:
        """The last observation of a document, or the last one of a digest, and where it stands in the archive."""
        row = self.connection.execute(
            "SELECT d.source, d.locator, o.digest, g.size, o.media_type, o.observed, o.publisher, o.published, o.url,"
            " o.hints, o.file, o.place FROM document d JOIN observation o ON o.document = d.id"
            " JOIN original g ON g.digest = o.digest WHERE d.id = ? AND o.digest = coalesce(?, o.digest)"
            " ORDER BY o.number DESC LIMIT 1",
            (document, digest),
        ).fetchone()
        return (rows.observation_of(row[:10]), row[10], row[11]) if row else None

    def digests(self, document: str) -> list[str]:
        """The digests of all that was observed of a document."""
        found = self.connection.execute("SELECT DISTINCT digest FROM observation WHERE document = ?", (document,))
        return sorted(row[0] for row in found)

    def root(self, document: str) -> str:
        """The document that was archived: what a part came in, else the document itself."""
        while (known := self.known(document)) is not None and known.parent:
            document = known.parent
        return document

    def original(self, digest: str) -> Original | None:
        """Where the bytes of a digest stand."""
        row = self.connection.execute(
            "SELECT digest, size, media_type, file, place, part FROM original WHERE digest = ?", (digest,)
        ).fetchone()
        return original_of(row) if row else None

    def originals(self) -> Iterator[Original]:
        """Where the bytes of all digests stand."""
        for row in self.connection.execute("SELECT digest, size, media_type, file, place, part FROM original"):
            yield original_of(row)

    def sharers(self, digest: str, but: Iterable[str]) -> list[str]:
        """The documents with an observation of a digest, some left out."""
        found = self.connection.execute("SELECT DISTINCT document FROM observation WHERE digest = ?", (digest,))
        left_out = set(but)
        return sorted(row[0] for row in found if row[0] not in left_out)

    def has_observation(self, document: str, digest: str, file: str, place: int) -> bool:
        """Whether an observation of the archive is known."""
        found = self.connection.execute(
            "SELECT 1 FROM observation WHERE file = ? AND place = ? AND document = ? AND digest = ?",
            (file, place, document, digest),
        )
        return found.fetchone() is not None

    def observed_places(self) -> Iterator[tuple[str, str, int]]:
        """Document, file and offset of every observation, parts with what they came in."""
        yield from self.connection.execute("SELECT document, file, place FROM observation ORDER BY number")

    def version_keys(self) -> Iterator[tuple[str, str]]:
        """Document and digest of every version."""
        yield from self.connection.execute("SELECT document, digest FROM version ORDER BY document, digest").fetchall()

    # Documents.

    def last_change(self) -> int:
        """The change number of the document that changed last."""
        return int(self.connection.execute("SELECT coalesce(max(change), 0) FROM document").fetchone()[0])

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

    def known(self, document: str) -> Known | None:
        """What is known of a document, readable or not."""
        row = self.connection.execute(
            "SELECT id, source, locator, version, parent, gone, forgotten FROM document WHERE id = ?", (document,)
        ).fetchone()
        return known_of_row(row) if row else None

    def known_of(self, source: str) -> Iterator[Known]:
        """The documents of a source that are no parts and not forgotten, by locator."""
        for row in self.connection.execute(
            "SELECT id, source, locator, version, parent, gone, forgotten FROM document"
            " WHERE source = ? AND parent IS NULL AND NOT forgotten ORDER BY locator",
            (source,),
        ):
            yield known_of_row(row)

    def parts(self, document: str) -> list[str]:
        """The documents that came inside of a document, and in those, to any depth."""
        found = self.connection.execute(
            "WITH RECURSIVE part(id) AS (SELECT id FROM document WHERE parent = ? UNION"
            " SELECT d.id FROM document d JOIN part ON d.parent = part.id) SELECT id FROM part ORDER BY id",
            (document,),
        )
        return [row[0] for row in found]

    def first_seen(self, document: str) -> date:
        """The day on which a document was first observed, in UTC."""
        row = self.connection.execute(
            "SELECT observed FROM observation WHERE document = ? ORDER BY number LIMIT 1", (document,)
        ).fetchone()
        return date.fromisoformat(row[0][:10])

    def text_length(self, document: str) -> int | None:
        """Code points of the current version's text."""
        row = self.connection.execute(
            "SELECT length(v.text) FROM document d JOIN version v ON v.document = d.id AND v.digest = d.version"
            " WHERE d.id = ?",
            (document,),
        ).fetchone()
        return int(row[0]) if row else None

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
        documents = self.connection.execute(
            "SELECT id, '' FROM document WHERE id LIKE ? AND NOT forgotten LIMIT 10", (like,)
        ).fetchall()
        records = self.connection.execute(
            "SELECT d.id, r.id FROM record r JOIN document d ON d.id = r.document AND d.version = r.digest"
            " WHERE r.id LIKE ? LIMIT 10",
            (like,),
        ).fetchall()
        return [(str(document), str(record)) for document, record in [*documents, *records]]

    def twins(self, document: str) -> list[str]:
        """Other documents whose current version reads the same, letter by letter: copies, or the same newsletter with
        another tracking pixel."""
        found = self.connection.execute(
            "SELECT o.document FROM version v JOIN document d ON d.id = v.document AND d.version = v.digest"
            " JOIN version o ON o.text_sha256 = v.text_sha256 AND o.document != v.document"
            " JOIN document e ON e.id = o.document AND e.version = o.digest"
            " WHERE d.id = ? ORDER BY o.document LIMIT 100",
            (document,),
        )
        return [row[0] for row in found]

    def history(self, document: str) -> list[Sighting]:
        """The observations of a document, the oldest first."""
        found = self.connection.execute(
            "SELECT o.observed, o.digest, g.size, o.media_type, o.file, o.place,"
            " CASE WHEN v.digest IS NOT NULL THEN 'read' WHEN q.digest IS NOT NULL THEN 'quarantined'"
            " ELSE 'container' END, v.rules,"
            f" (SELECT count(*) FROM record r WHERE r.document = o.document AND r.digest = o.digest AND r.{COUNTED})"
            " FROM observation o JOIN original g ON g.digest = o.digest"
            " LEFT JOIN version v ON v.document = o.document AND v.digest = o.digest"
            " LEFT JOIN quarantine q ON q.document = o.document AND q.digest = o.digest"
            " WHERE o.document = ? ORDER BY o.number",
            (document,),
        )
        return [Sighting(*row) for row in found]

    # Mentions.

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

    # What it covers.

    def quarantined(self) -> list[Quarantined]:
        """The documents whose latest original could not be read, by source and locator."""
        found = self.connection.execute(
            "SELECT q.document, d.source, d.locator, q.digest, q.code, q.detail, q.rules FROM quarantine q"
            " JOIN document d ON d.id = q.document JOIN observation o ON o.number = d.last AND o.digest = q.digest"
            " WHERE d.gone IS NULL ORDER BY d.source, d.locator"
        )
        return [Quarantined(*row) for row in found]

    def coverage(self) -> tuple[int, int]:
        """The documents that can be read, and the different months in which they were published."""
        row = self.connection.execute(
            "SELECT count(*), count(DISTINCT CASE WHEN length(v.published) >= 7 THEN substr(v.published, 1, 7) END)"
            # Told which index, SQLite reads no texts: 25 times as quick with 17,000 documents.
            " FROM document d CROSS JOIN version v INDEXED BY version_published"
            " WHERE v.document = d.id AND v.digest = d.version"
        ).fetchone()
        return int(row[0]), int(row[1])

    def months(self) -> dict[str, dict[str, int]]:
        """The documents published in each month, by source; a date without a month is left out."""
        found = self.connection.execute(
            "SELECT d.source, substr(v.published, 1, 7), count(*) FROM document d"
            " JOIN version v ON v.document = d.id AND v.digest = d.version WHERE length(v.published) >= 7"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        )
        months: dict[str, dict[str, int]] = {}
        for source, month, count in found:
            months.setdefault(source, {})[month] = count
        return months

    def sources(self) -> dict[str, int]:
        """The sources with the documents of each that can be read."""
        found = self.connection.execute(
            "SELECT source, count(version) FROM document WHERE NOT forgotten GROUP BY source ORDER BY source"
        )
        return {row[0]: row[1] for row in found}

    def last_published(self, source: str) -> str | None:
        """The last day on which any document of a source was published."""
        row = self.connection.execute(
            "SELECT max(v.published_last) FROM document d"
            " JOIN version v ON v.document = d.id AND v.digest = d.version WHERE d.source = ?",
            (source,),
        ).fetchone()
        return row[0] if row else None

    def shapes(self, source: str, limit: int, but: Iterable[str] = ()) -> list[tuple[int, int, int, int]]:
        """Records, characters, characters in records and mentions of the documents of a source seen last."""
        mentions = " + ".join(
            f"(SELECT count(*) FROM {name}_mention m WHERE m.document = v.document AND m.digest = v.digest)"
            for name in ("kommune", "date", "amount")
        )
        found = self.connection.execute(
            "SELECT d.id, count(r.id), length(v.text), coalesce(sum(r.stop - r.start), 0),"
            f" {mentions} FROM document d JOIN version v ON v.document = d.id AND v.digest = d.version"
            f" LEFT JOIN record r ON r.document = v.document AND r.digest = v.digest AND r.{COUNTED}"
            " WHERE d.source = ? GROUP BY d.id ORDER BY d.last DESC LIMIT ?",
            (source, limit + len(set(but))),
        )
        left_out = set(but)
        return [tuple(row[1:]) for row in found if row[0] not in left_out][:limit]

    def older_than(self, rules: str, limit: int | None = None) -> list[str]:
        """The documents whose current version was read by other rules than these, at most `limit` of them."""
        found = self.connection.execute(
            "SELECT d.id FROM document d JOIN version v ON v.document = d.id AND v.digest = d.version"
            " WHERE v.rules != ? ORDER BY d.id LIMIT ?",
            (rules, -1 if limit is None else limit),
        )
        return [row[0] for row in found]

    def count_older_than(self, rules: str) -> int:
        """How many documents were read by other rules than these."""
        row = self.connection.execute(
            "SELECT count(*) FROM document d JOIN version v ON v.document = d.id AND v.digest = d.version"
            " WHERE v.rules != ?",
            (rules,),
        ).fetchone()
        return int(row[0])

    def counts(self) -> Counts:
        """How much the store holds."""
        current = "JOIN document d ON d.id = m.document AND d.version = m.digest"
        in_record = (
            f"{current} JOIN record r ON r.document = m.document AND r.digest = m.digest AND r.position = m.position"
            f" WHERE r.{COUNTED}"
        )
        queries = {
            "documents": "SELECT count(*) FROM document WHERE version IS NOT NULL",
            "versions": "SELECT count(*) FROM version",
            "originals": "SELECT count(*) FROM original",
            "original_bytes": "SELECT coalesce(sum(size), 0) FROM original",
            "records": f"SELECT count(*) FROM record m {current} WHERE m.{COUNTED}",
            "kommuner": f"SELECT count(*) FROM kommune_mention m {in_record}",
            "dates": f"SELECT count(*) FROM date_mention m {in_record}",
            "amounts": f"SELECT count(*) FROM amount_mention m {in_record}",
            "problems": f"SELECT coalesce(sum(json_array_length(m.problems)), 0) FROM version m {current}",
            "months": f"SELECT count(DISTINCT substr(m.published, 1, 7)) FROM version m {current}"
            " WHERE length(m.published) >= 7",
            "gone": "SELECT count(*) FROM document WHERE gone IS NOT NULL AND NOT forgotten",
        }
        values = {name: int(self.connection.execute(query).fetchone()[0]) for name, query in queries.items()}
        return Counts(**values, quarantined=len(self.quarantined()))


def original_of(row: rows.Row) -> Original:
    """An original from its row."""
    digest, size, media_type, file, place, part = row
    return Original(digest, size, media_type, file, place, tuple(json.loads(part)))


def known_of_row(row: rows.Row) -> Known:
    """What is known of a document, from its row."""
    id_, source, locator, version, parent, gone, forgotten = row
    return Known(id_, source, locator, version, parent, gone, bool(forgotten))
