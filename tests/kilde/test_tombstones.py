"""Tombstones in state.sqlite: the ids of records that were forgotten with their documents."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kilde.state import MIGRATIONS, State
from kilde.tombstones import Stone, Tombstone, add_tombstone, copy_tombstones, forgotten_record, records_of, stone_of

GRAVE = Tombstone("doc", "kilden", "a.txt", "2026-01-02T03:04:05Z", None, None)


def test_a_forgotten_record_has_the_tombstone_of_its_document(tmp_path: Path) -> None:
    """Also after it was noted twice, and in another state that it was copied to, as when a backup is restored."""
    with State(tmp_path / "one.sqlite") as one, State(tmp_path / "other.sqlite") as other:
        for _ in range(2):
            add_tombstone(one, GRAVE, ["digest"], ["r1", "r2"])
        assert copy_tombstones(other, one) == 1
        for state in (one, other):
            assert records_of(state, "doc") == ["r1", "r2"]
            assert forgotten_record(state, "r2") == GRAVE
            assert forgotten_record(state, "r3") is None


def test_a_state_of_an_older_version_knows_none(tmp_path: Path) -> None:
    """One that is only read is not migrated: nothing was noted there, and that is no error."""
    path = tmp_path / "state.sqlite"
    connection = sqlite3.connect(path)
    for script in MIGRATIONS[:2]:
        connection.executescript(script)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    with State(path, readonly=True) as state:
        assert forgotten_record(state, "r1") is None
        assert records_of(state, "doc") == []


def test_a_pending_stone_of_an_older_version_has_no_records() -> None:
    """A run that was cut short by an update is finished by the new version."""
    values = {"document": "doc", "source": "s", "locator": "l", "forgotten": "t", "reason": None, "erased": None}
    assert stone_of({"tombstone": values, "digests": ["d"]}) == Stone(Tombstone(**values), ("d",))
