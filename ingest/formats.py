"""Which reader reads a file: by what its bytes are first, by the ending of its name second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.layout import Layout
from ingest.readers.html import read_html
from ingest.readers.table import read_table
from ingest.readers.text import read_text
from kilde.errors import UnreadableError

Reader = Callable[[bytes], Layout]
"""Bytes to a layout; raises UnreadableError."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, the endings of its names, and its reader."""

    media_type: str
    endings: tuple[str, ...]
    read: Reader


FORMATS = (
    Format("text/html", (".html", ".htm", ".xhtml"), read_html),
    Format("text/plain", (".txt", ".text"), read_text),
    Format("text/csv", (".csv",), read_table),
    Format("text/tab-separated-values", (".tsv", ".tab"), read_table),
)
UNKNOWN = "application/octet-stream"

LARGEST = 256 * 1024 * 1024
"""Bytes of an original that is archived."""
LARGEST_TEXT = 10_000_000
"""Bytes of an original that is read: what the index takes of one record. A book has about one million characters."""


def media_type_of(locator: str) -> str:
    """The media type that the ending of a name stands for; UNKNOWN where no reader reads it.

    >>> media_type_of("2021/Nyhedsbrev.HTML")
    'text/html'
    """
    ending = PurePosixPath(locator).suffix.lower()
    return next((each.media_type for each in FORMATS if ending in each.endings), UNKNOWN)


def read_layout(body: bytes, media_type: str) -> Layout:
    """Read bytes of a media type; raises UnreadableError with the reason that the quarantine shows."""
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise UnreadableError("empty", "the file is empty")
    if len(body) > LARGEST_TEXT:
        raise UnreadableError(
            "too_large", f"{len(body):,} bytes; Kilde reads at most {LARGEST_TEXT:,} as one document: split it"
        )
    read = next((each.read for each in FORMATS if each.media_type == media_type.partition(";")[0].strip()), None)
    if read is None:
        endings = " ".join(ending for each in FORMATS for ending in each.endings)
        raise UnreadableError("unknown_type", f"no reader for this type of file; Kilde reads {endings}")
    if read is not read_html and body[:512].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        read = read_html
    return read(body)
