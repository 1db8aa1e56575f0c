"""Observations of another archive, one after the other, each with the bytes of its records as they stand there.

So an observation moves from archive to archive byte for byte: heads of requests and answers, content encodings and all.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from ingest.archiving.archive import ArchiveWriter, Departed, Place, archive_files
from ingest.archiving.gzip_members import members
from ingest.archiving.reading import observation_of, observed_facts
from kilde.model import Observation


@dataclass(frozen=True, slots=True)
class Foreign:
    """An observation, or that something was gone, in another archive."""

    what: Observation | Departed
    place: Place
    """Where it stands there."""
    records: bytes
    """Its gzip members."""
    has_body: bool
    """The bytes of the original are among them; else they stand in an earlier observation."""


def foreign_observations(folder: Path) -> Iterator[Foreign]:
    """All observations of an archive in their order; a torn tail, which a run may be writing just now, is left out.

    Raises DamagedError where the facts of one cannot be read.
    """
    for path in archive_files(folder):
        for start, end in extents(path):
            with path.open("rb") as stream:
                stream.seek(start)
                records = stream.read(end - start)
            yield from foreign(records, path, start)


def extents(path: Path) -> Iterator[tuple[int, int]]:
    """Where the observations of a file begin and end."""
    start: int | None = None
    with path.open("rb") as stream:
        for member in members(stream):
            if not member.whole:
                return
            if b"WARC-Type: warcinfo" in member.head:
                continue
            start = member.start if start is None else start
            if member.ends_observation:
                yield start, member.end
                start = None


def foreign(records: bytes, path: Path, start: int) -> Iterator[Foreign]:
    """The observation that records hold."""
    place = Place(path.name, start)
    for facts, _, has_body in observed_facts(ArchiveIterator(io.BytesIO(records)), path):
        if "gone" in facts:
            yield Foreign(Departed(**facts["gone"]), place, records, has_body=False)
        else:
            yield Foreign(observation_of(facts, path), place, records, has_body)


def append_copy(archive: ArchiveWriter, foreign: Foreign) -> Place:
    """Write an observation's records to an archive as they are; it counts after `sync`. Returns where it stands."""
    stream, place = archive.next_place(len(foreign.records))
    stream.write(foreign.records)
    return place
