"""What servers said of pages when they were last fetched: table `fetched` of state.sqlite."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.sources.seen import Seen, Sight, Unchanged, Validators
from kilde.state import State


def note_fetched(state: State, sights: Iterable[Sight], checked: str) -> None:
    """Keep the validators of pages that are safe in the archive, and that they were looked at."""
    rows = []
    for sight in sights:
        if isinstance(sight, Seen | Unchanged) and sight.validators is not None:
            key = (
                (sight.source, sight.locator)
                if isinstance(sight, Unchanged)
                else (sight.observation.source, sight.observation.locator)
            )
            rows.append((*key, sight.validators.etag, sight.validators.last_modified, checked))
    if rows:
        with state.connection:
            state.connection.executemany("INSERT OR REPLACE INTO fetched VALUES (?, ?, ?, ?, ?)", rows)


def validators_of(state: State, source: str, locator: str) -> Validators | None:
    """What the server said of a page when it was last fetched."""
    row = state.connection.execute(
        "SELECT etag, last_modified FROM fetched WHERE source = ? AND locator = ?", (source, locator)
    ).fetchone()
    return Validators(*row) if row else None


def forget_fetched(state: State, source: str, locator: str) -> None:
    """Take out what servers said of a page."""
    with state.connection:
        state.connection.execute("DELETE FROM fetched WHERE source = ? AND locator = ?", (source, locator))
