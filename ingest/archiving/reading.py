"""The raw archive, read: the bytes of an original, and all observations in their order.

The bytes' sha-256 is checked on every read. Nothing here writes.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from ingest.archiving.archive import Archived, ArchivedDeparture, Departed, Place, archive_files
from ingest.archiving.gzip_members import RESTORE
from ingest.formats import LARGEST
from kilde.errors import DamagedError
from kilde.model import Hints, Observation

CHUNK = 1 << 20
BODIES = frozenset({"resource", "response"})


def read_body(folder: Path, place: Place, digest: str | None) -> bytes:
    """The bytes of an original; raises DamagedError where they are not what was archived.

    `digest` is None only where the caller checks what it takes out of them.
    """
    path = folder / place.file
    try:
        with path.open("rb") as stream:
            stream.seek(place.offset)
            record = next(iter(ArchiveIterator(stream)))
            body: bytes = record.content_stream().read(LARGEST + 1)
    except (OSError, StopIteration, ArchiveLoadFailed, zlib.error, EOFError) as error:
        raise DamagedError(
            f"the original cannot be read from {path} at byte {place.offset}: {error}; {RESTORE}"
        ) from error
    if digest is not None and hashlib.sha256(body).hexdigest() != digest:
        where = f"{path} at byte {place.offset}"
        raise DamagedError(f"the original in {where} does not have the sha-256 {digest[:12]}…; {RESTORE}")
    return body


def read_archive(
    folder: Path, known: Callable[[str], Place | None] = lambda _: None, after: Place | None = None
) -> Iterator[Archived | ArchivedDeparture]:
    """All observations, in the order in which they were made; with `after`, those behind the one that starts there.

    `known` says where the bytes of a digest stand that were seen before `after`.
    """
    bodies: dict[str, Place] = {}
    for path in archive_files(folder):
        if after is not None and path.name < after.file:
            continue
        start = after.offset if after is not None and path.name == after.file else 0
        for facts, place, has_body in file_facts(path, start):
            if place == after:
                continue
            if "gone" in facts:
                yield ArchivedDeparture(Departed(**facts["gone"]), place)
                continue
            observation = observation_of(facts, path)
            if has_body:
                bodies.setdefault(observation.digest, place)
            yield Archived(observation, place, body_place(folder, bodies, known, observation, path))


def body_place(
    folder: Path, bodies: dict[str, Place], known: Callable[[str], Place | None], observation: Observation, path: Path
) -> Place:
    """Where the bytes of an observation stand; raises DamagedError where the archive does not hold them.

    They may stand behind it, where the document that brought them first was erased: then all files are looked through,
    once.
    """
    place = bodies.get(observation.digest) or known(observation.digest)
    if place is None:
        bodies |= find_bodies(folder)
        place = bodies.get(observation.digest)
    if place is None:
        raise DamagedError(
            f"{path} names bytes with the sha-256 {observation.digest[:12]}… that no file of the archive holds;"
            f" {RESTORE}"
        )
    return place


def find_bodies(folder: Path) -> dict[str, Place]:
    """Where the bytes of all digests stand: for observations older than the record that holds their bytes."""
    found: dict[str, Place] = {}
    for path in archive_files(folder):
        for facts, place, has_body in file_facts(path, 0):
            if has_body:
                found.setdefault(str(facts["digest"]), place)
    return found


def file_facts(path: Path, start: int) -> Iterator[tuple[dict[str, Any], Place, bool]]:
    """The facts in a file from an offset on, where each observation stands, and whether its bytes stand there too."""
    try:
        with path.open("rb") as stream:
            stream.seek(start)
            records = ArchiveIterator(stream)
            yield from observed_facts(records, path)
    except (OSError, ArchiveLoadFailed, zlib.error, EOFError) as error:
        raise DamagedError(f"{path} cannot be read to its end: {error}; {RESTORE}") from error


def observed_facts(records: ArchiveIterator, path: Path) -> Iterator[tuple[dict[str, Any], Place, bool]]:
    """As `file_facts`, over the records of an open file."""
    place: Place | None = None
    has_body = False
    for record in records:
        if record.rec_type in BODIES or record.rec_type == "revisit":
            place, has_body = Place(path.name, records.get_record_offset()), record.rec_type in BODIES
        elif record.rec_type == "metadata":
            facts = parse_facts(record, path)
            if "gone" in facts:
                yield facts, Place(path.name, records.get_record_offset()), False
            elif place is not None:
                yield facts, place, has_body
            place = None


def parse_facts(record: ArcWarcRecord, path: Path) -> dict[str, Any]:
    """The facts of a metadata record."""
    try:
        facts: dict[str, Any] = json.loads(record.content_stream().read())
    except ValueError as error:
        raise DamagedError(f"a metadata record in {path} cannot be read: {error}; {RESTORE}") from error
    return facts


def observation_of(facts: dict[str, Any], path: Path) -> Observation:
    """The observation of a metadata record's facts; names that are not known are left out."""
    known = {field.name for field in fields(Observation)}
    kept = {name: value for name, value in facts.items() if name in known}
    try:
        return Observation(**kept | {"hints": Hints(**kept.get("hints", {}))})
    except TypeError as error:
        raise DamagedError(f"a metadata record in {path} cannot be read: {error}; {RESTORE}") from error


def file_bodies(path: Path) -> Iterator[tuple[int, str]]:
    """Offset and sha-256 of every body in a file, as it is without its content encoding; streams."""
    try:
        with path.open("rb") as stream:
            records = ArchiveIterator(stream, check_digests="raise")
            for record in records:
                if record.rec_type in BODIES:
                    digest = hashlib.sha256()
                    content = record.content_stream()
                    while chunk := content.read(CHUNK):
                        digest.update(chunk)
                    yield records.get_record_offset(), digest.hexdigest()
                else:
                    record.raw_stream.read()
    except (OSError, ArchiveLoadFailed, zlib.error, EOFError) as error:
        raise DamagedError(f"{path} cannot be read to its end: {error}; {RESTORE}") from error
