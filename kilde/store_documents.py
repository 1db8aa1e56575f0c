"""The record store, asked for documents: their versions, with the records and mentions that were read in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kilde import rows
from kilde.model import Document, Record
from kilde.store_file import StoreFile
from kilde.store_tables import COUNTED, TABLES, Known


class Documents(StoreFile):
    """What was read. "Current" is the version that searches find; a document that cannot be read has none."""

    def change(self) -> int:
        """A number that grows with every change of what is current."""
        return int(self.connection.execute("SELECT value FROM counter WHERE name = 'change'").fetchone()[0])

    def last_change(self) -> int:
        """The change number of the document that changed last."""
        return int(self.connection.execute("SELECT coalesce(max(change), 0) FROM document").fetchone()[0])

    def changed(self, since: int = 0) -> Iterator[tuple[str, bool]]:
        """The documents that changed after a change number, and whether each can be read; all of them for 0."""
        yield from (
            (row[0], row[1] is not None)
            for row in self.connection.execute(
                "SELECT id, version FROM document WHERE change > ? ORDER BY change, id", (since,)
            )
        )

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

    def root(self, document: str) -> str:
        """The document that was archived: what a part came in, else the document itself."""
        while (known := self.known(document)) is not None and known.parent:
            document = known.parent
        return document

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

    def version_keys(self) -> Iterator[tuple[str, str]]:
        """Document and digest of every version."""
        yield from self.connection.execute("SELECT document, digest FROM version ORDER BY document, digest").fetchall()

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

    def documents(self, ids: Iterable[str]) -> Iterator[Document]:
        """The current versions of documents that can be read."""
        for id_ in ids:
            document = self.document(id_)
            if document is not None:
                yield document

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


def known_of_row(row: rows.Row) -> Known:
    """What is known of a document, from its row."""
    id_, source, locator, version, parent, gone, forgotten = row
    return Known(id_, source, locator, version, parent, gone, bool(forgotten))
