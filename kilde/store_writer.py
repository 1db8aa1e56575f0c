"""The record store, written: by one run at a time, under the data folder's lock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from kilde import rows
from kilde.database import keep_log, sync_names
from kilde.model import Document, Observation
from kilde.store import Store
from kilde.store_tables import MENTION_TABLES, SCHEMA, TABLES, VERSION_TABLES

Place = tuple[str, int]
"""The archive's file, and the offset in it."""


LOG_PAGES = 8_000
"""Pages of SQLite's log, 32 MB, after which they are moved into the file: each time costs two syncs."""
CACHE_KB = 64_000
"""Pages that are kept in memory, in kB. Ids are spread over the whole of each index, so a commit touches pages
everywhere: with less, each is written to the log and read again many times."""


class StoreWriter(Store):
    """An open kilde.sqlite that is written to; made where it is not there. `commit` makes what was written count."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.open("rwc")

    def prepare(self) -> None:
        """Make the tables of a new file; keep a log, and make its name last."""
        keep_log(self.connection, self.path)
        self.connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        self.connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        if self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self.check()
        else:
            script = files("kilde").joinpath("schema.sql").read_text(encoding="utf-8")
            self.connection.executescript(f"BEGIN; {script} PRAGMA user_version = {SCHEMA}; COMMIT;")
        sync_names(self.path)

    def clear(self) -> None:
        """Empty the store for a rebuild; readers see the old rows until the commit."""
        for name in ("original", "reached", "observation", "document", "quarantine", *VERSION_TABLES):
            self.connection.execute(f"DELETE FROM {name}")

    def next_change(self) -> int:
        """Count one change."""
        counted = self.connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'change' RETURNING value")
        return int(counted.fetchone()[0])

    def commit(self) -> None:
        """Make what was written count."""
        self.connection.commit()

    def reach(self, place: Place) -> None:
        """Note how far the archive is known."""
        self.connection.execute("INSERT OR REPLACE INTO reached VALUES (1, ?, ?)", place)

    def add_observation(
        self, document: str, seen: Observation, place: Place, body: tuple[str, int, tuple[str, ...]],
        parent: str | None = None,
    ) -> None:  # fmt: skip
        """Note an observation, its document and its original; what is current changes with `make_current`."""
        execute = self.connection.execute
        file, offset, part = body
        execute(
            # Bytes that stand alone are the better place than bytes inside of a mail or a .zip.
            "INSERT INTO original VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE"
            " SET file = excluded.file, place = excluded.place, part = '[]'"
            " WHERE original.part != '[]' AND excluded.part = '[]'",
            (seen.digest, seen.size, seen.media_type, file, offset, json.dumps(part)),
        )
        number = execute(
            "INSERT INTO observation (document, digest, observed, media_type, publisher, published, url, hints, file,"
            " place) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (document, *rows.observation_row(seen), *place),
        ).lastrowid
        execute(
            "INSERT OR IGNORE INTO document (id, source, locator, parent, container, forgotten, change)"
            " VALUES (?, ?, ?, ?, 0, 0, ?)",
            (document, seen.source, seen.locator, parent, self.next_change()),
        )
        execute("UPDATE document SET last = ?, gone = NULL WHERE id = ?", (number, document))

    def make_current(self, document: str, digest: str) -> None:
        """Let a version be what searches find."""
        self.connection.execute(
            "UPDATE document SET version = ?, container = 0, change = ? WHERE id = ?",
            (digest, self.next_change(), document),
        )

    def make_container(self, document: str) -> None:
        """Note that a document has no text of its own, only parts."""
        self.connection.execute(
            "UPDATE document SET version = NULL, container = 1, change = ? WHERE id = ?",
            (self.next_change(), document),
        )

    def make_gone(self, documents: Iterable[str], when: str) -> int:
        """Flag documents as gone that were not; their last versions stay. Returns how many."""
        return sum(
            self.connection.execute(
                "UPDATE document SET gone = ?, change = ? WHERE id = ? AND gone IS NULL",
                (when, self.next_change(), document),
            ).rowcount
            for document in documents
        )

    def add_quarantined(self, document: str, digest: str, code: str, detail: str, rules: str) -> None:
        """Note that a body could not be read as a document by these rules."""
        self.connection.execute(
            "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?)", (document, digest, code, detail, rules)
        )

    def clear_quarantined(self, document: str, digest: str) -> None:
        """Note that a body can be read after all."""
        self.connection.execute("DELETE FROM quarantine WHERE document = ? AND digest = ?", (document, digest))

    def add_version(self, document: Document, *, instead: bool = True) -> None:
        """Write a version with its records and mentions, `instead` of rows that may be there already."""
        key = (document.id, document.version)
        for name in VERSION_TABLES if instead else ():
            self.connection.execute(f"DELETE FROM {name} WHERE document = ? AND digest = ?", key)
        self.insert("version", [rows.version_row(document)])
        self.insert("record", [rows.record_row(record) for record in document.records])
        for name, table in zip(MENTION_TABLES, TABLES, strict=True):
            self.insert(
                name,
                [(*key, record.position, *table.to_row(mention))
                 for record in document.records for mention in getattr(record, table.attribute)],
            )  # fmt: skip

    def insert(self, table: str, values: Sequence[rows.Row]) -> None:
        """Insert whole rows."""
        if values:
            marks = ", ".join("?" * len(values[0]))
            self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)

    def forget(self, documents: Iterable[str]) -> None:
        """Take documents out: of each only a row is left that says so, without its name."""
        for document in documents:
            for name in (*VERSION_TABLES, "quarantine", "observation"):
                self.connection.execute(f"DELETE FROM {name} WHERE document = ?", (document,))
            self.connection.execute(
                "INSERT INTO document (id, source, locator, container, forgotten, change) VALUES (?1, '', ?1, 0, 1, ?2)"
                " ON CONFLICT (id) DO UPDATE SET source = '', locator = ?1, version = NULL, parent = NULL, gone = NULL,"
                " last = NULL, forgotten = 1, change = ?2",
                (document, self.next_change()),
            )
        self.connection.execute("DELETE FROM original WHERE digest NOT IN (SELECT digest FROM observation)")

    def remember(self, document: str) -> None:
        """Undo what `forget` left, so that the document may be read again."""
        self.connection.execute("DELETE FROM document WHERE id = ? AND forgotten", (document,))

    def scrub(self) -> None:
        """Leave no bytes of what was deleted in the file or its log; what was written is committed first."""
        self.connection.commit()
        self.connection.execute("VACUUM")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
