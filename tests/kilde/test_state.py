"""State: what runs and people decided survives, and is migrated."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kilde.database import keep_log
from kilde.errors import DamagedError, KildeError, LockedError
from kilde.lock import write_lock
from kilde.state import MIGRATIONS, Run, State, Unreadable
from kilde.store_writer import StoreWriter


def test_runs(tmp_path: Path) -> None:
    """A run that was cut short has no end."""
    state = State(tmp_path / "state.sqlite")
    assert state.last_run() is None
    number = state.start_run("ingest", "2026-01-02T03:04:05Z")
    assert state.last_run() == Run("ingest", "2026-01-02T03:04:05Z", None, None)
    state.finish_run(number, "2026-01-02T03:04:06Z", {"seen": 1})
    assert state.last_run() == Run("ingest", "2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z", {"seen": 1})
    state.connection.close()


def test_unreadable_files(tmp_path: Path) -> None:
    """Noted once each, and forgotten when they are read."""
    state = State(tmp_path / "state.sqlite")
    file = Unreadable("s", "a", "not_a_file", "x", "2026-01-02T03:04:05Z")
    state.add_unreadable(file)
    state.add_unreadable(file)
    assert state.unreadable() == [file]
    state.clear_unreadable("s", "a")
    assert state.unreadable() == []
    state.connection.close()


def test_migrations_run_once(tmp_path: Path) -> None:
    """An old file gets what it lacks and keeps what it has; a file of a later version is left alone."""
    path = tmp_path / "state.sqlite"
    with State(path):
        pass
    with State(path):
        pass
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DamagedError, match="later version"):
        State(path)


def test_a_file_that_the_system_does_not_open_is_not_called_damaged(tmp_path: Path) -> None:
    """Nothing has to be restored or made anew because a disk is full or a folder may not be written to."""
    for opened in (State, StoreWriter):
        with pytest.raises(KildeError, match="is there room on the disk") as raised:
            opened(tmp_path / "nowhere" / "file.sqlite")
        assert not isinstance(raised.value, DamagedError)


def test_a_file_that_can_have_no_log_is_refused(tmp_path: Path) -> None:
    """SQLite would go on without one in silence, and searches would wait for runs."""
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(KildeError, match="no log"):
        keep_log(connection, tmp_path / "file.sqlite")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """The second is told who holds the lock, and the lock is free when the first is done."""
    with write_lock(tmp_path), pytest.raises(LockedError, match="process"), write_lock(tmp_path):
        pass
    with write_lock(tmp_path):
        pass
