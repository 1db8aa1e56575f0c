"""Originals packed with their bytes, for readers on machines that do not see the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.archiving.archive import Archived
from ingest.limits import start_document
from ingest.readings import Reading, read_original, read_parts


@dataclass(frozen=True, slots=True)
class Parcel:
    """An original and its bytes."""

    archived: Archived
    body: bytes


def pack(folder: Path, batch: Sequence[Archived]) -> list[Parcel]:
    """A batch with its bytes; raises DamagedError where the archive does not hold what it should."""
    return [Parcel(it, read_original(folder, it.body, it.observation.digest)) for it in batch]


def read_parcels(parcels: Sequence[Parcel]) -> list[list[Reading]]:
    """What `read_batch` answers, from bytes that came along."""
    return [read_parcel(parcel) for parcel in parcels]


def read_parcel(parcel: Parcel) -> list[Reading]:
    """Read one original in the time that a document has."""
    start_document()
    return list(read_parts(parcel.archived, parcel.body, 0))
