"""A zip as untrusted input: its entries, inflated only within limits that are counted while they inflate.

Nothing is ever written out by name; names are data. What a zip says of its own sizes is checked before anything is
inflated and again by what comes out, so that a lying size costs no more than an honest one.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from itertools import pairwise

from kilde.errors import UnreadableError

MOST_ENTRIES = 10_000
MOST_INFLATED = 200 * 1024 * 1024
"""Bytes that all entries of a zip may inflate to."""
FREE_INFLATED = 1024 * 1024
"""Bytes that may come out before the ratio counts: a small file of zeros is no bomb."""
MOST_RATIO = 100
"""Inflated bytes for each byte of the zip; spreadsheets of repeated rows reach 40."""
CHUNK = 64 * 1024
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""zipfile inflates these two in steps; the others it inflates a whole chunk at once, however large that becomes."""
ENCRYPTED = 0x1
NAME_ENCODINGS = ("utf-8", "cp865")
"""Of names that are not marked as UTF-8: macOS writes UTF-8 all the same, Windows the Nordic code page of DOS."""


@dataclass(slots=True)
class CheckedZip:
    """An open zip that counts what it has inflated. It owns the open archive, which holds no file."""

    archive: zipfile.ZipFile
    size: int
    """Bytes of the zip itself."""
    names: tuple[str, ...]
    """The entries that are no folders, in the order of the zip; no name stands twice."""
    inflated: int = 0
    _counted: set[str] = field(default_factory=set)

    def read(self, name: str) -> bytes:
        """The bytes of an entry; raises UnreadableError (zip_bomb, damaged_zip, encrypted_zip) and KeyError."""
        return b"".join(self._chunks(name))

    def read_all(self) -> None:
        """Inflate every entry once and keep nothing: what comes after may open the zip with another library."""
        for name in self.names:
            for _ in self._chunks(name):
                pass

    def _chunks(self, name: str) -> list[bytes]:
        entry = self.archive.getinfo(name)
        if entry.flag_bits & ENCRYPTED:
            raise UnreadableError("encrypted_zip", f"{name!r} in the zip needs a password")
        if entry.compress_type not in METHODS:
            raise UnreadableError(
                "zip_method", f"{name!r} in the zip is compressed by a method that Kilde does not read"
            )
        chunks = []
        try:
            with self.archive.open(entry) as stream:
                while chunk := stream.read(CHUNK):
                    if name not in self._counted:
                        self._count(len(chunk))
                    chunks.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError) as error:
            raise UnreadableError("damaged_zip", f"{name!r} in the zip is damaged ({error})") from error
        self._counted.add(name)
        return chunks

    def _count(self, size: int) -> None:
        self.inflated += size
        allowed = min(MOST_INFLATED, max(FREE_INFLATED, MOST_RATIO * self.size))
        if self.inflated > allowed:
            raise bomb(f"it inflates to more than {allowed:,} bytes")


def open_zip(body: bytes) -> CheckedZip:
    """A zip whose table of contents has been checked; raises UnreadableError (zip_bomb, damaged_zip)."""
    archive = open_archive(body)
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise bomb(f"it has {len(entries):,} entries; Kilde reads at most {MOST_ENTRIES:,}")
    if sum(entry.file_size for entry in entries) > MOST_INFLATED:
        raise bomb(f"its entries are said to inflate to more than {MOST_INFLATED:,} bytes")
    check_overlaps(entries)
    names = tuple(entry.filename for entry in entries if not entry.is_dir())
    if len(set(names)) < len(names):
        raise UnreadableError("damaged_zip", "two entries of the zip have the same name")
    return CheckedZip(archive, len(body), names)


def open_archive(body: bytes) -> zipfile.ZipFile:
    """The zip with its names decoded."""
    for encoding in NAME_ENCODINGS:
        try:
            return zipfile.ZipFile(io.BytesIO(body), metadata_encoding=encoding)
        except UnicodeDecodeError:
            continue
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
            raise UnreadableError("damaged_zip", f"no readable zip ({error})") from error
    raise UnreadableError("damaged_zip", "the names in the zip are in no known encoding")


def check_overlaps(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that share their compressed bytes, as bombs do that are small for what they say."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    for entry, after in pairwise(ordered):
        if entry.header_offset + entry.compress_size > after.header_offset:
            raise bomb("entries overlap")


def bomb(detail: str) -> UnreadableError:
    """The error that a zip is a bomb."""
    return UnreadableError("zip_bomb", f"the zip is not read: {detail}")
