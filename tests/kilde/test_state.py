"""State: what runs and people decided survives, and is migrated."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kilde.errors import DamagedError, LockedError
from kilde.lock import write_lock
from kilde.state import MIGRATIONS, Run, State, Unreadable


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


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """The second is told who holds the lock, and the lock is free when the first is done."""
    with write_lock(tmp_path), pytest.raises(LockedError, match="process"), write_lock(tmp_path):
        pass
    with write_lock(tmp_path):
        pass
