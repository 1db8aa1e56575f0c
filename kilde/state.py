"""What people and runs decide, in state.sqlite: never derived, so it is migrated and backed up, not rebuilt."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kilde.database import connect, keep_log, sync_names, trouble
from kilde.errors import DamagedError, KildeError

MIGRATIONS = (
    """
    CREATE TABLE run (
        number INTEGER PRIMARY KEY, command TEXT NOT NULL, started TEXT NOT NULL, finished TEXT, report TEXT
    );
    CREATE TABLE unreadable (
        source TEXT NOT NULL, locator TEXT NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL, observed TEXT NOT NULL,
        PRIMARY KEY (source, locator)
    );
    """,
    """
    CREATE TABLE fetched (       -- what a server said of a page when it was last fetched
        source TEXT NOT NULL, locator TEXT NOT NULL, etag TEXT, last_modified TEXT, checked TEXT NOT NULL,
        PRIMARY KEY (source, locator)
    );
    CREATE TABLE listing (       -- what a list of links said when it was last fetched; value is JSON
        key TEXT PRIMARY KEY, value TEXT NOT NULL
    );
    CREATE TABLE source_run (    -- one source in one run; report is JSON
        run INTEGER NOT NULL, source TEXT NOT NULL, started TEXT NOT NULL, finished TEXT NOT NULL,
        failing INTEGER NOT NULL, report TEXT NOT NULL, PRIMARY KEY (source, run)
    );
    CREATE TABLE tombstone (     -- a document that was forgotten
        document TEXT PRIMARY KEY, source TEXT NOT NULL, locator TEXT NOT NULL, forgotten TEXT NOT NULL,
        reason TEXT, erased TEXT
    );
    CREATE TABLE tombstone_digest (  -- bytes that are not taken in again under any name
        digest TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (digest, document)
    );
    CREATE TABLE dropped (       -- quarantine entries that somebody decided to leave as they are
        document TEXT NOT NULL, digest TEXT NOT NULL, decided TEXT NOT NULL, PRIMARY KEY (document, digest)
    );
    CREATE TABLE pending (       -- work that must be finished before anything else is written; data is JSON
        what TEXT PRIMARY KEY, data TEXT NOT NULL
    );
    CREATE TABLE saved_search (name TEXT PRIMARY KEY, question TEXT NOT NULL, created TEXT NOT NULL, last_run TEXT);
    CREATE TABLE saved_hit (name TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (name, record));
    """,
    """
    CREATE TABLE tombstone_record (  -- records that were forgotten with their document, so that their addresses say so
        record TEXT PRIMARY KEY, document TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE watched (       -- a saved search whose hits up to a change of the store were given
        name TEXT PRIMARY KEY, question TEXT NOT NULL, search_index TEXT NOT NULL, change INTEGER NOT NULL
    );
    CREATE TABLE waiting (       -- records of later documents that answer it
        name TEXT NOT NULL, document TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (name, document, record)
    );
    CREATE INDEX waiting_document ON waiting (document);
    """,
)
"""One script a version; `user_version` is the number of scripts that have run."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be archived: there are no bytes of it to keep."""

    source: str
    locator: str
    code: str
    detail: str
    observed: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run that wrote to the data folder; `finished` and `report` are None while it runs or where it was cut short."""

    command: str
    started: str
    finished: str | None
    report: dict[str, float] | None


class State:
    """An open state.sqlite."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        self.connection = connect(path, "ro" if readonly else "rwc")
        try:
            if readonly:
                self.read_as_newest()
            else:
                keep_log(self.connection, path)
                self.migrate()
            self.connection.execute("SELECT count(*) FROM run")
            if not readonly:
                sync_names(path)
        except sqlite3.DatabaseError as error:
            self.connection.close()
            raise trouble(error, path, "restore it from a backup") from error
        except (KildeError, OSError):
            self.connection.close()
            raise

    def migrate(self) -> None:
        """Run the scripts that have not run yet."""
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise DamagedError(
                f"{self.path} was written by a later version of Kilde (schema {version}); install that one"
            )
        scripts = " ".join(MIGRATIONS[version:])
        if scripts:
            self.connection.executescript(f"BEGIN; {scripts} PRAGMA user_version = {len(MIGRATIONS)}; COMMIT;")

    def read_as_newest(self) -> None:
        """Where the file has an older schema, read a copy in memory that has the newest: readers change no file."""
        if self.connection.execute("PRAGMA user_version").fetchone()[0] < len(MIGRATIONS):
            older, self.connection = self.connection, sqlite3.connect(":memory:")
            with closing(older):
                older.backup(self.connection)
            self.migrate()

    def start_run(self, command: str, started: str) -> int:
        """Note that a run begins; returns its number."""
        with self.connection:
            cursor = self.connection.execute("INSERT INTO run (command, started) VALUES (?, ?)", (command, started))
        return int(cursor.lastrowid or 0)

    def finish_run(self, number: int, finished: str, report: dict[str, float]) -> None:
        """Note how a run ended."""
        with self.connection:
            self.connection.execute(
                "UPDATE run SET finished = ?, report = ? WHERE number = ?", (finished, json.dumps(report), number)
            )

    def last_run(self) -> Run | None:
        """The run that began last."""
        row = self.connection.execute(
            "SELECT command, started, finished, report FROM run ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return Run(row[0], row[1], row[2], json.loads(row[3]) if row[3] else None) if row else None

    def add_unreadable(self, unreadable: Unreadable) -> None:
        """Note a file that could not be archived."""
        with self.connection:
            self.connection.execute(
                "INSERT OR REPLACE INTO unreadable VALUES (:source, :locator, :code, :detail, :observed)",
                asdict(unreadable),
            )

    def clear_unreadable(self, source: str, locator: str) -> None:
        """Forget that a file could not be archived: now it was."""
        with self.connection:
            self.connection.execute("DELETE FROM unreadable WHERE source = ? AND locator = ?", (source, locator))

    def drop(self, document: str, digest: str, decided: str) -> None:
        """Note that a quarantine entry is left as it is."""
        with self.connection:
            self.connection.execute("INSERT OR REPLACE INTO dropped VALUES (?, ?, ?)", (document, digest, decided))

    def dropped(self) -> set[tuple[str, str]]:
        """The quarantine entries, by document and digest, that somebody decided to leave as they are."""
        return set(self.connection.execute("SELECT document, digest FROM dropped"))

    def pending(self, what: str) -> Any | None:
        """Work that a run began and did not finish."""
        row = self.connection.execute("SELECT data FROM pending WHERE what = ?", (what,)).fetchone()
        return json.loads(row[0]) if row else None

    def set_pending(self, what: str, data: Any | None) -> None:
        """Note that work begins, or with None that it is done."""
        with self.connection:
            if data is None:
                self.connection.execute("DELETE FROM pending WHERE what = ?", (what,))
            else:
                self.connection.execute("INSERT OR REPLACE INTO pending VALUES (?, ?)", (what, json.dumps(data)))

    def unreadable(self) -> list[Unreadable]:
        """The files that could not be archived, by source and locator."""
        rows = self.connection.execute(
            "SELECT source, locator, code, detail, observed FROM unreadable ORDER BY source, locator"
        )
        return [Unreadable(*row) for row in rows]

    def __enter__(self) -> State:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
