"""The raw archive: WARC files that are only ever appended to, and the writer of them.

One observation is two records or three, each a gzip member of its own: the bytes as they came (`resource`, for what
was fetched `response` and `request`), or a `revisit` where the archive has them already, and behind it a `metadata`
record in JSON with the facts that are not in the bytes (source, locator, publisher, dates given, time). That a page
is gone is a `metadata` record alone. An observation counts once all are written and file and folder are synced; a torn
tail is cut off when the archive is next opened for writing. `ingest.archiving.reading` reads it.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from warcio.warcwriter import WARCWriter

from ingest.archiving.gzip_members import RESTORE, cut_torn_tail
from ingest.archiving.warc_records import body_records, facts_of, metadata_record, target_uri
from ingest.sources.seen import Exchange
from kilde.errors import DamagedError
from kilde.model import Observation

FILE_PATTERN = "kilde-*.warc.gz"
LARGEST_FILE = 1_000_000_000
EMPTY = 600
"""Bytes of a file that holds its own head only, at most."""
OVERHEAD = 8_000
"""Bytes that the records of one observation take beside its body and the heads of its messages, at most."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an original stands: the archive's file, the offset of its gzip member in bytes, and for a part of it
    (an attachment, a file in a .zip) the names that lead there."""

    file: str
    offset: int
    part: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Archived:
    """An observation in the archive; `body` is where the record with its bytes stands, which may be an older one."""

    observation: Observation
    place: Place
    body: Place


@dataclass(frozen=True, slots=True)
class Departed:
    """That a locator was found gone."""

    source: str
    locator: str
    observed: str
    """UTC, ISO 8601 with seconds."""
    detail: str


@dataclass(frozen=True, slots=True)
class ArchivedDeparture:
    """A departure in the archive."""

    departed: Departed
    place: Place


class ArchiveWriter:
    """Appends observations.

    It owns the last file of the archive; open one at a time (the data folder's lock sees to it). `acknowledged` is
    where the last observation stands that counts: what is not whole behind it is a torn tail, and cut off. DamagedError
    where the archive is damaged.
    """

    def __init__(self, folder: Path, *, acknowledged: Place | None = None, largest_file: int = LARGEST_FILE) -> None:
        self.folder = folder
        self.largest_file = largest_file
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        files = archive_files(folder)
        if acknowledged is not None and acknowledged.file not in {path.name for path in files}:
            raise DamagedError(f"{folder / acknowledged.file} is gone; {RESTORE}")
        if files:
            here = acknowledged is not None and acknowledged.file == files[-1].name
            cut_torn_tail(files[-1], None if acknowledged is None else acknowledged.offset if here else -1)
        self.number = int(files[-1].name[6:11]) if files else 0
        self.stream: BinaryIO | None = None
        self.fresh = False

    def append(
        self, observation: Observation, body: bytes, known: Place | None, exchange: Exchange | None = None
    ) -> Archived:
        """Write one observation; `known` is where its bytes stand already, if they do. It counts after `sync`."""
        heads = len(exchange.request_head) + len(exchange.response_head) + len(exchange.payload) if exchange else 0
        stream, place = self.next_place(max(len(body), heads))
        writer = self.writer(stream, observation.observed)
        records = body_records(writer, observation, body, exchange, revisit=known is not None)
        for record in records:
            writer.write_record(record)
        about = records[0].rec_headers.get_header("WARC-Record-ID")
        target = target_uri(observation.source, observation.locator, observation.url)
        writer.write_record(metadata_record(writer, target, facts_of(observation), about))
        return Archived(observation, place, known or place)

    def append_departure(self, departed: Departed) -> ArchivedDeparture:
        """Write that a locator is gone. It counts after `sync`."""
        stream, place = self.next_place(0)
        writer = self.writer(stream, departed.observed)
        target = target_uri(departed.source, departed.locator, None)
        writer.write_record(metadata_record(writer, target, {"gone": asdict(departed)}, None))
        return ArchivedDeparture(departed, place)

    def next_place(self, size: int) -> tuple[BinaryIO, Place]:
        """The file to append to, and where in it the next record begins."""
        stream = self.open_stream(size)
        return stream, Place(Path(stream.name).name, stream.tell())

    def writer(self, stream: BinaryIO, observed: str) -> WARCWriter:
        """A writer of records with one clock for all of an observation."""
        writer = WARCWriter(stream, gzip=True, warc_version="WARC/1.1")
        writer.curr_warc_date = lambda: observed
        return writer

    def open_stream(self, size: int) -> BinaryIO:
        """The file to append `size` bytes to; a new one where the last has no room for them."""
        if self.stream is not None and self.has_room(self.stream.tell(), size):
            return self.stream
        path = self.folder / f"kilde-{max(self.number, 1):05}.warc.gz"
        if self.stream is not None or (path.exists() and not self.has_room(path.stat().st_size, size)):
            self.sync()
            self.close_stream()
            self.number = max(self.number, 1) + 1
            path = self.folder / f"kilde-{self.number:05}.warc.gz"
        self.number = max(self.number, 1)
        self.fresh = not path.exists()
        self.stream = path.open("ab")
        self.stream.seek(0, os.SEEK_END)
        if self.stream.tell() == 0:
            write_warcinfo(self.stream, path.name)
        return self.stream

    def has_room(self, taken: int, size: int) -> bool:
        """Whether a body fits behind what a file holds; a file takes at least one, however large."""
        return taken < EMPTY or taken + size + OVERHEAD <= self.largest_file

    def sync(self) -> None:
        """Make everything written so far survive a power cut; raises OSError where the disk says no."""
        if self.stream is None:
            return
        self.stream.flush()
        os.fsync(self.stream.fileno())
        if self.fresh:
            sync_folder(self.folder)
            self.fresh = False

    def close_stream(self) -> None:
        """Close the current file."""
        if self.stream is not None:
            self.stream.close()
            self.stream = None

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close_stream()


def write_warcinfo(stream: BinaryIO, name: str) -> None:
    """The record that a file opens with."""
    writer = WARCWriter(stream, gzip=True, warc_version="WARC/1.1")
    writer.write_record(writer.create_warcinfo_record(name, {"software": "Kilde", "format": "WARC File Format 1.1"}))


def archive_files(folder: Path) -> list[Path]:
    """The files of the archive, oldest first."""
    return sorted(folder.glob(FILE_PATTERN))


def whole_original(place: Place) -> Place:
    """Where the original stands that a part belongs to."""
    return replace(place, part=())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
