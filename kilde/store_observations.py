"""The record store, asked what was observed: originals, where the archive holds them, and what was seen when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from kilde import rows
from kilde.model import Observation
from kilde.store_file import StoreFile
from kilde.store_tables import COUNTED, LastSeen, Original, Sighting


class Observations(StoreFile):
    """What the archive holds, as far as the store knows it."""

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

    def last_places(self) -> dict[str, int]:
        """The offset of the last observation in each file of the archive."""
        return dict(self.connection.execute("SELECT file, max(place) FROM observation GROUP BY file"))

    def first_seen(self, document: str) -> date:
        """The day on which a document was first observed, in UTC."""
        row = self.connection.execute(
            "SELECT observed FROM observation WHERE document = ? ORDER BY number LIMIT 1", (document,)
        ).fetchone()
        return date.fromisoformat(row[0][:10])

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


def original_of(row: rows.Row) -> Original:
    """An original from its row."""
    digest, size, media_type, file, place, part = row
    return Original(digest, size, media_type, file, place, tuple(json.loads(part)))
