"""The raw archive: WARC files that are only ever appended to, and the only reader and writer of them.

One observation is two records, each a gzip member of its own: the bytes as they came (`resource`), or a `revisit`
where the archive has them already, and behind it a `metadata` record in JSON with the facts that are not in the bytes
(source, locator, publisher, dates given, time). An observation counts once both are written and file and folder are
synced; a torn tail is cut off when the archive is next opened for writing. The bytes' sha-256 is checked on every
read.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import io
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

from kilde.errors import DamagedError
from kilde.model import Observation

FILE_PATTERN = "kilde-*.warc.gz"
LARGEST_FILE = 1_000_000_000
METADATA_TYPE = "application/json"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: file name, and the offset of its gzip member in bytes."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Archived:
    """An observation in the archive; `body` is where the record with its bytes stands, which may be an older one."""

    observation: Observation
    place: Place
    body: Place


class ArchiveWriter:
    """Appends observations.

    It owns the last file of the archive; open one at a time (the data folder's lock sees to it).
    """

    def __init__(self, folder: Path, *, largest_file: int = LARGEST_FILE) -> None:
        self.folder = folder
        self.largest_file = largest_file
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        files = archive_files(folder)
        if files:
            cut_torn_tail(files[-1])
        self.number = int(files[-1].name[6:11]) if files else 0
        self.stream: BinaryIO | None = None
        self.fresh = False

    def append(self, observation: Observation, body: bytes, known: Place | None) -> Archived:
        """Write one observation; `known` is where its bytes stand already, if they do. It counts after `sync`."""
        stream = self.open_stream()
        place = Place(Path(stream.name).name, stream.tell())
        writer = WARCWriter(stream, gzip=True, warc_version="WARC/1.1")
        writer.curr_warc_date = lambda: observation.observed  # one clock for both records
        target = target_uri(observation)
        record = body_record(writer, observation, target, body, revisit=known is not None)
        writer.write_record(record)
        facts = json.dumps(asdict(observation), ensure_ascii=False, sort_keys=True).encode("utf-8")
        about = {"WARC-Concurrent-To": record.rec_headers.get_header("WARC-Record-ID")}
        writer.write_record(
            writer.create_warc_record(
                target, "metadata", io.BytesIO(facts), len(facts), METADATA_TYPE, warc_headers_dict=about
            )
        )
        return Archived(observation, place, known or place)

    def open_stream(self) -> BinaryIO:
        """The file to append to; a new one where the last is full."""
        if self.stream is not None and self.stream.tell() < self.largest_file:
            return self.stream
        path = self.folder / f"kilde-{max(self.number, 1):05}.warc.gz"
        if self.stream is not None or (path.exists() and path.stat().st_size >= self.largest_file):
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


def body_record(writer: Any, observation: Observation, target: str, body: bytes, *, revisit: bool) -> ArcWarcRecord:
    """A `resource` record with the bytes, or a `revisit` record that names their digest."""
    digest = payload_digest(observation.digest)
    if not revisit:
        return writer.create_warc_record(
            target, "resource", io.BytesIO(body), len(body), observation.media_type,
            warc_headers_dict={"WARC-Payload-Digest": digest},
        )  # fmt: skip
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    return writer.create_warc_record(
        target, "revisit", io.BytesIO(b""), 0, observation.media_type,
        warc_headers_dict={"WARC-Payload-Digest": digest, "WARC-Profile": profile},
    )  # fmt: skip


def write_warcinfo(stream: BinaryIO, name: str) -> None:
    """The record that a file opens with."""
    writer = WARCWriter(stream, gzip=True, warc_version="WARC/1.1")
    writer.write_record(writer.create_warcinfo_record(name, {"software": "Kilde", "format": "WARC File Format 1.1"}))


def target_uri(observation: Observation) -> str:
    """The address of what was observed: its URL, or one made of source and locator.

    A colon, a line feed or a space in a file's name is percent-encoded, so that no name can break a header.
    """
    if observation.url:
        return quote(observation.url, safe=":/?#[]@!$&'()*+,;=%-._~")
    return f"kilde:{quote(observation.source, safe='')}/{quote(observation.locator)}"


def payload_digest(digest: str) -> str:
    """A sha-256 as WARC files write it.

    >>> payload_digest("00" * 32)[:15]
    'sha256:AAAAAAAA'
    """
    return "sha256:" + base64.b32encode(bytes.fromhex(digest)).decode("ascii")


def archive_files(folder: Path) -> list[Path]:
    """The files of the archive, oldest first."""
    return sorted(folder.glob(FILE_PATTERN))


def read_body(folder: Path, place: Place, digest: str) -> bytes:
    """The bytes of an original; raises DamagedError where they are not what was archived."""
    path = folder / place.file
    try:
        with path.open("rb") as stream:
            stream.seek(place.offset)
            record = next(iter(ArchiveIterator(stream)))
            body: bytes = record.content_stream().read()
    except (OSError, StopIteration, ArchiveLoadFailed, zlib.error, EOFError) as error:
        raise DamagedError(
            f"the original cannot be read from {path} at byte {place.offset}: {error}; restore it from a backup"
        ) from error
    if hashlib.sha256(body).hexdigest() != digest:
        where = f"{path} at byte {place.offset}"
        raise DamagedError(
            f"the original in {where} does not have the sha-256 {digest[:12]}…; restore it from a backup"
        )
    return body


def read_archive(
    folder: Path, bodies: dict[str, Place] | None = None, after: Place | None = None
) -> Iterator[Archived]:
    """All observations, in the order in which they were made; with `after`, those behind the one that starts there.

    `bodies` says where the bytes of a digest stand, for digests seen before `after`; what is met is added to it.
    """
    bodies = {} if bodies is None else bodies
    for path in archive_files(folder):
        if after is not None and path.name < after.file:
            continue
        place: Place | None = None
        with path.open("rb") as stream:
            stream.seek(after.offset if after is not None and path.name == after.file else 0)
            records = ArchiveIterator(stream)
            for record in records:
                kind = record.rec_type
                if kind in {"resource", "revisit"}:
                    place = Place(path.name, records.get_record_offset())
                    record.content_stream().read()
                elif kind == "metadata" and place is not None:
                    observation = parse_facts(record.content_stream().read(), path)
                    body = bodies.setdefault(observation.digest, place)
                    if place != after:
                        yield Archived(observation, place, body)
                    place = None


def parse_facts(facts: bytes, path: Path) -> Observation:
    """The observation of a metadata record."""
    try:
        values = json.loads(facts)
        known = {field.name for field in fields(Observation)}
        return Observation(**{name: value for name, value in values.items() if name in known})
    except (ValueError, TypeError) as error:
        raise DamagedError(
            f"a metadata record in {path} cannot be read: {error}; restore the file from a backup"
        ) from error


def cut_torn_tail(path: Path) -> int:
    """Cut off what an interrupted run left behind the last whole observation; returns the number of bytes cut."""
    end = whole_end(path)
    size = path.stat().st_size
    if end < size:
        with path.open("r+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            stream.truncate(end)
            os.fsync(stream.fileno())
    return size - end


def whole_end(path: Path) -> int:
    """The offset behind the last gzip member that ends an observation (metadata) or the file's head (warcinfo).

    Reads the file member by member: linear in its size, which is bounded by the size of one file of the archive.
    """
    end = 0
    with path.open("rb") as stream:
        for start, stop, head in members(stream):
            if stop < 0:
                return end
            if b"WARC-Type: metadata" in head or b"WARC-Type: warcinfo" in head:
                end = stop
            del start
    return end


def members(stream: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """Start, end and first bytes of each gzip member; the end of one that is torn is -1."""
    position, buffer = 0, b""
    while buffer or (buffer := stream.read(CHUNK)):
        unzip, start, head = zlib.decompressobj(31), position, b""
        try:
            while not unzip.eof:
                buffer = buffer or stream.read(CHUNK)
                if not buffer:
                    yield start, -1, head
                    return
                head += unzip.decompress(buffer)[: max(0, 2048 - len(head))]
                position += len(buffer) - len(unzip.unused_data)
                buffer = unzip.unused_data
        except zlib.error:
            yield start, -1, head
            return
        yield start, position, head


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
