"""The gzip members of an archive file: where each begins and ends, whether it is whole, and a torn tail cut off."""

from __future__ import annotations

import fcntl
import mmap
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kilde.errors import DamagedError

CHUNK = 1 << 20
RESTORE = "`kilde check` lists all damage; restore the file from a backup"
MAGIC = b"\x1f\x8b\x08"
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


def whole_end(path: Path, acknowledged: int | None, start: int = 0) -> int:
    """The offset behind the last whole observation, looking from `start` on: what an interrupted run left begins there.

    `acknowledged` is where the last observation of this file begins that counts, -1 where none does, None where nobody
    knows. DamagedError where it is not whole; and, where nobody knows, if something whole stands behind what is not:
    then it is damage, and no tail that may be cut off.
    """
    end, broken = start, None
    with path.open("rb") as stream:
        for member in members(stream, start):
            if not member.whole:
                broken = member.start
            elif member.ends_observation:
                end = member.end
    lost = broken is not None and goes_on(path, broken) if acknowledged is None else acknowledged >= end
    if lost:
        raise DamagedError(f"{path}: the record at byte {end if broken is None else broken} is damaged; {RESTORE}")
    return end


def goes_on(path: Path, broken: int) -> bool:
    """Whether a whole member stands behind one that is broken. Linear in the bytes behind it."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        place = broken
        while (place := content.find(MAGIC, place + 1)) >= 0:
            if next(members(stream, place)).whole:
                return True
    return False


def cut_torn_tail(path: Path, acknowledged: int | None) -> int:
    """Cut off what an interrupted run left behind the last whole observation; returns the number of bytes cut.

    Looks from the last observation on that was acknowledged, so that a large file need not be read again. DamagedError
    where what is not whole is damage; nothing is cut then.
    """
    end = whole_end(path, acknowledged, max(acknowledged or 0, 0))
    size = path.stat().st_size
    if end < size:
        with path.open("r+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            stream.truncate(end)
            os.fsync(stream.fileno())
    return size - end
