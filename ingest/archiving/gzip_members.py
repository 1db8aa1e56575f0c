"""The gzip members of an archive file: where each begins and ends, whether it is whole, and a torn tail cut off."""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kilde.errors import DamagedError

CHUNK = 1 << 20
RESTORE = "`kilde check` lists all damage; restore the file from a backup"
HEAD = 2048
"""Bytes of a member's content that are kept to tell what it is."""


@dataclass(frozen=True, slots=True)
class Member:
    """One gzip member: offsets of its first byte and of the one behind its last, and the first bytes of its content."""

    start: int
    end: int
    head: bytes
    header: bytes
    """The ten bytes of its gzip header: the same in every member of one writer, and not covered by the checksum."""
    whole: bool

    @property
    def ends_observation(self) -> bool:
        """Whether what stands before its end is whole: it is the facts of an observation, or the head of the file."""
        return b"WARC-Type: metadata" in self.head or b"WARC-Type: warcinfo" in self.head


def members(stream: BinaryIO, start: int = 0) -> Iterator[Member]:
    """The members from an offset on; the last is not whole where the file is torn or damaged there.

    Linear in the bytes read; holds one chunk and what one chunk inflates to.
    """
    stream.seek(start)
    position, buffer = start, b""
    while buffer or (buffer := stream.read(CHUNK)):
        unzip, begin, head, header = zlib.decompressobj(31), position, b"", b""
        try:
            while not unzip.eof:
                buffer = buffer or stream.read(CHUNK)
                if not buffer:
                    yield Member(begin, position, head, header, whole=False)
                    return
                header += buffer[: max(0, 10 - len(header))]
                head += unzip.decompress(buffer, CHUNK)[: max(0, HEAD - len(head))]
                rest = unzip.unconsumed_tail or unzip.unused_data
                position += len(buffer) - len(rest)
                buffer = rest
        except zlib.error:
            yield Member(begin, position, head, header, whole=False)
            return
        yield Member(begin, position, head, header, whole=True)


def whole_end(path: Path, start: int = 0) -> int:
    """The offset behind the last member that ends an observation or is the file's head, looking from `start` on."""
    end = start
    with path.open("rb") as stream:
        for member in members(stream, start):
            if member.whole and member.ends_observation:
                end = member.end
    return end


def cut_torn_tail(path: Path, start: int = 0) -> int:
    """Cut off what an interrupted run left behind the last whole observation; returns the number of bytes cut.

    `start` is where an observation begins that was acknowledged, so that a large file need not be read again;
    DamagedError where it is not whole, and nothing is cut then.
    """
    end = whole_end(path, start)
    if start and end == start:
        raise DamagedError(f"{path}: the record at byte {start} is damaged; {RESTORE}")
    size = path.stat().st_size
    if end < size:
        with path.open("r+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            stream.truncate(end)
            os.fsync(stream.fileno())
    return size - end
