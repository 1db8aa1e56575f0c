"""An .mbox file cut into its mails, line by line: one mail is in memory at a time, however large the file is."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from pathlib import Path
from typing import BinaryIO

from ingest.formats import LARGEST

LONGEST_LINE = 1024 * 1024
"""Bytes of a line that are read at a time."""
SEPARATOR = re.compile(
    rb"From (?:\S.*)?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{0,40}\d\d?:\d\d.{0,40}\b(?:19|20)\d\d\b"
    rb"|From (?:\S.*)?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), .{0,20}\b(?:19|20)\d\d \d\d?:\d\d"
)
"""The line that begins a mail: a day of the week, a time and a year, as no sentence that begins with "From" has."""
QUOTED = re.compile(rb">+From ")
HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:|>From ")
LONGEST_SEPARATOR = 400


def split_mbox(path: Path) -> Iterator[bytes]:
    """The mails of an mbox file with their lines unquoted; of one larger than LARGEST just so much that it shows.

    Raises OSError, and ValueError for what is no regular file.
    """
    with open_regular(path) as stream:
        yield from split_lines(read_lines(stream))


def split_lines(lines: Iterable[tuple[bytes, bool]]) -> Iterator[bytes]:
    """The mails in the lines of an mbox; what stands before the first separator is one too."""
    mail = bytearray()
    for (line, whole), (following, _) in pairwise(chain(lines, [(b"", True)])):
        if whole and is_separator(line) and HEADER_LINE.match(following):
            if mail.strip():
                yield finished(mail)
            mail = bytearray()
        elif len(mail) <= LARGEST:
            mail += line[1:] if whole and QUOTED.match(line) else line
    if mail.strip():
        yield finished(mail)


def is_separator(line: bytes) -> bool:
    """Whether a line begins a mail of an mbox."""
    return line.startswith(b"From ") and SEPARATOR.match(line[:LONGEST_SEPARATOR].partition(b"\n")[0]) is not None


def finished(mail: bytearray) -> bytes:
    """A mail without the blank line that the mbox puts behind it."""
    for end in (b"\r\n", b"\n"):
        if mail.endswith(end + end):
            return bytes(mail[: -len(end)])
    return bytes(mail)


def read_lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Lines, and whether they are the beginning of one: a line longer than LONGEST_LINE comes in pieces."""
    whole = True
    while line := stream.readline(LONGEST_LINE):
        yield line, whole
        whole = line.endswith(b"\n")


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file; raises ValueError for pipes and the like, on which opening would wait."""
    stream = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")
    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        return stream
    stream.close()
    raise ValueError("not a regular file")
