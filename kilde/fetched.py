"""What servers said of pages when they were last fetched: table `fetched` of state.sqlite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.sources.seen import Seen, Sight, Unchanged, Validators
from kilde.state import State

MOST_LISTINGS = 10_000


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


def fetched_locators(state: State, source: str) -> list[str]:
    """What was fetched of a source, asked for the longest time ago first."""
    rows = state.connection.execute("SELECT locator FROM fetched WHERE source = ? ORDER BY checked, locator", (source,))
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class Listings:
    """What lists of links said, kept between visits; at most MOST_LISTINGS of them."""

    state: State

    def get(self, key: str) -> str | None:
        """What is kept of a list."""
        row = self.state.connection.execute("SELECT value FROM listing WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def put(self, key: str, value: str) -> None:
        """Keep what a list said; the oldest is dropped where there are too many."""
        with self.state.connection:
            self.state.connection.execute("DELETE FROM listing WHERE key = ?", (key,))
            self.state.connection.execute("INSERT INTO listing VALUES (?, ?)", (key, value))
            self.state.connection.execute(
                "DELETE FROM listing WHERE rowid <= (SELECT max(rowid) FROM listing) - ?", (MOST_LISTINGS,)
            )


def forget_fetched(state: State, source: str, locator: str) -> None:
    """Take out what servers said of a page."""
    with state.connection:
        state.connection.execute("DELETE FROM fetched WHERE source = ? AND locator = ?", (source, locator))
