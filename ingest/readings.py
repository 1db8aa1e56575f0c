"""What comes of an archived original: its document, and the documents inside of it (attachments, files of a .zip).

The task of a reading process: a batch of originals in, their readings out. What cannot be read becomes a Failure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.archiving.archive import Archived, Place, whole_original
from ingest.archiving.gzip_members import RESTORE
from ingest.archiving.reading import read_body
from ingest.formats import UNKNOWN
from ingest.limits import start_document
from ingest.parts import DEEPEST, BadPart, Part, is_container, part_body, parts_of, reads_as_document
from ingest.reading import read_document
from kilde.errors import DamagedError, UnreadableError
from kilde.model import Document, Observation


@dataclass(frozen=True, slots=True)
class Failure:
    """An original that could not be read, with the reason for the quarantine."""

    observation: Observation
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Container:
    """An original that has no text of its own, only parts."""

    observation: Observation


Outcome = Document | Failure | Container


@dataclass(frozen=True, slots=True)
class Reading:
    """An original or a part of one, and what came of it."""

    archived: Archived
    outcome: Outcome
    parent: str | None = None
    """The locator of what it is a part of."""


def read_batch(folder: Path, batch: Sequence[Archived]) -> list[list[Reading]]:
    """Read a batch of originals from the archive: for each its own reading first, then those of its parts."""
    return [list(read_one(folder, archived)) for archived in batch]


def read_one(folder: Path, archived: Archived) -> Iterator[Reading]:
    """Read one original; raises DamagedError where the archive does not hold what it should."""
    start_document()
    return read_parts(archived, read_original(folder, archived.body, archived.observation.digest), 0)


def read_original(folder: Path, place: Place, digest: str) -> bytes:
    """The bytes of an original, or of a part of one; raises DamagedError as `read_body`."""
    if not place.part:
        return read_body(folder, place, digest)
    whole = read_body(folder, whole_original(place), None)
    body = part_body(whole, UNKNOWN, place.part)
    if hashlib.sha256(body).hexdigest() != digest:
        where = f"{'#'.join(place.part)} in {place.file} at byte {place.offset}"
        raise DamagedError(f"{where} is not what was read; {RESTORE}")
    return body


def read_parts(archived: Archived, body: bytes, depth: int, parent: str | None = None) -> Iterator[Reading]:
    """The reading of a body that `depth` containers stand around, then of all that stands inside of it."""
    seen = archived.observation
    if reads_as_document(body, seen.media_type):
        yield Reading(archived, read_bytes(body, seen), parent)
    else:
        yield Reading(archived, Container(seen), parent)
    if not is_container(body, seen.media_type):
        return
    if depth == DEEPEST:
        detail = f"it stands in {DEEPEST} files inside of each other, and what is in it is not read; unpack it"
        yield Reading(archived, Failure(seen, "too_deep", detail), parent)
        return
    try:
        for part in parts_of(body, seen.media_type):
            inside = part_archived(archived, part)
            if isinstance(part, BadPart):
                yield Reading(inside, Failure(inside.observation, part.code, part.detail), seen.locator)
            else:
                start_document()
                yield from read_parts(inside, part.body, depth + 1, seen.locator)
    except UnreadableError as error:
        yield Reading(archived, Failure(seen, error.code, str(error)), parent)


def part_archived(archived: Archived, part: Part | BadPart) -> Archived:
    """Where a part stands, and the facts that it has from what it is a part of.

    A part that cannot be taken out goes by the bytes of the whole.
    """
    seen, bad = archived.observation, isinstance(part, BadPart)
    observation = replace(
        seen,
        locator=f"{seen.locator}#{part.name}",
        digest=seen.digest if isinstance(part, BadPart) else hashlib.sha256(part.body).hexdigest(),
        size=seen.size if isinstance(part, BadPart) else len(part.body),
        media_type=seen.media_type if isinstance(part, BadPart) else part.media_type,
        url=None,
    )
    body = archived.body if bad else replace(archived.body, part=(*archived.body.part, part.name))
    return Archived(observation, archived.place, body)


def read_bytes(body: bytes, seen: Observation) -> Document | Failure:
    """Read the bytes of an observation; what cannot be read becomes a Failure with the reason."""
    try:
        return read_document(body, seen)
    except UnreadableError as error:
        return Failure(seen, error.code, str(error))
    except RecursionError:
        return Failure(seen, "too_deep", "the original is nested too deeply to be read")
