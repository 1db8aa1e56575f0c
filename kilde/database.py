"""Kilde's SQLite files: opened, given a log that makes every commit last, and asked whether the file or the disk fails.

What stands in them is for `kilde.store` and `kilde.state` to know.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from kilde.errors import DamagedError, KildeError, UnfinishedError

HELP = "is there room on the disk, and may this user write to its folder?"
OF_THE_DISK = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
})  # fmt: skip
"""What SQLite complains of where the file itself may be whole: https://www.sqlite.org/rescode.html."""


CUT_SHORT = frozenset({sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY})
"""That a write was cut short, which the next writer rolls back; who only reads cannot."""


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open a file; `mode` is "ro", or "rwc" to write and make it where it is not there.

    Raises KildeError where the system does not let it be opened.
    """
    try:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)
    except sqlite3.OperationalError as error:
        raise trouble(error, path, HELP) from error


def trouble(error: sqlite3.DatabaseError, path: Path, mend: str) -> KildeError:
    """What to tell of an error over a file: a DamagedError with what mends it only where the file itself is bad."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code in CUT_SHORT:
        return UnfinishedError(f"{path}: a run was cut short while it wrote here; the next `kilde ingest` mends it")
    if code & 0xFF in OF_THE_DISK:
        return KildeError(f"{path}: {error}; {HELP}")
    return DamagedError(f"{path} cannot be read: {error}; {mend}")


def keep_log(connection: sqlite3.Connection, path: Path) -> None:
    """Let writes go to a log that readers do not wait for, synced with every commit.

    SQLite does not say when it could not do that, but goes on in its older way, so it is asked.
    """
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise KildeError(f"{path}: SQLite could make no log beside it; {HELP}")
    connection.execute("PRAGMA synchronous = FULL")


def keep_no_log(connection: sqlite3.Connection, path: Path) -> None:
    """Let a database be whole in its file alone, for a copy of it; SQLite does not say when it could not do that."""
    if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
        raise KildeError(f"{path}: SQLite could not bring the copy to an end; {HELP}")


def sync_names(path: Path) -> None:
    """Make a file's name last, and its log's: SQLite does not tell where it could not."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
