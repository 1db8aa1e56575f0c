"""Taking documents out of the raw archive: the only writer that changes what was written before.

Each file that holds an observation of theirs is written anew without it and takes the old one's place at once.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator

from ingest.archiving.archive import archive_files, sync_folder
from ingest.archiving.reading import parse_facts
from ingest.identity import document_id

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Erased:
    """A file that was written anew: how many observations it lost, and its size in bytes before and after."""

    file: str
    observations: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of a file that belong together: an observation, or the file's head."""

    start: int
    end: int
    document: str | None


def erase(folder: Path, documents: Collection[str]) -> list[Erased]:
    """Write the archive's files anew without these documents; returns what was changed.

    May be called again after an interruption. Bytes that other documents share must be archived for them before.
    """
    return [erased for path in archive_files(folder) if (erased := erase_from(path, documents))]


def erase_from(path: Path, documents: Collection[str]) -> Erased | None:
    """Write one file anew; None where it holds nothing of these documents."""
    stretches = list(stretches_of(path))
    kept = [it for it in stretches if it.document not in documents]
    if len(kept) == len(stretches):
        return None
    part = path.with_name(f".{path.name}.part")
    with path.open("rb") as old, part.open("wb") as new:
        for stretch in kept:
            old.seek(stretch.start)
            copy(old, new, stretch.end - stretch.start)
        new.flush()
        os.fsync(new.fileno())
    before, after = path.stat().st_size, part.stat().st_size
    part.replace(path)
    sync_folder(path.parent)
    return Erased(path.name, len(stretches) - len(kept), before, after)


def copy(old: BinaryIO, new: BinaryIO, size: int) -> None:
    """Copy bytes from one open file to another."""
    while size > 0:
        chunk = old.read(min(size, CHUNK))
        new.write(chunk)
        size -= len(chunk)


def stretches_of(path: Path) -> Iterator[Stretch]:
    """The observations of a file in their order, each with all of its records."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        begin, document, whole = 0, None, False
        records = ArchiveIterator(stream)
        for record in records:
            facts = parse_facts(record, path) if record.rec_type == "metadata" else {}
            offset = records.get_record_offset()  # reads the record to its end
            if whole:
                yield Stretch(begin, offset, document)
                begin, document, whole = offset, None, False
            if record.rec_type == "metadata":
                about = facts.get("gone", facts)
                document, whole = document_id(about["source"], about["locator"]), True
            elif record.rec_type == "warcinfo":
                whole = True
        if begin < size:
            yield Stretch(begin, size, document)
