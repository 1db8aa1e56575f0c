"""Zips that are larger inside than outside, lie, point out of themselves, or are cut (I1, I7)."""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator

from tests.hostile.corpus import Hostile, hostile

TEXT = "Goddag. Vejle Kommune har fået 2 mio. kr. til en bro den 3. maj 2021.\n".encode()
MEGABYTE = 1024 * 1024


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method, compresslevel=9 if method == zipfile.ZIP_DEFLATED else None) as archive:
        for name, body in files:
            archive.writestr(name, body)
    return buffer.getvalue()


def flat(megabytes: int, files: int = 1) -> bytes:
    """Files of zeros."""
    return zipped(*((f"{number}.txt", bytes(megabytes * MEGABYTE)) for number in range(files)))


def nested(depth: int, width: int) -> bytes:
    """Zips in zips, as 42.zip."""
    body = zipped(("a.txt", bytes(MEGABYTE)))
    for _ in range(depth):
        body = zipped(*((f"{number}.zip", body) for number in range(width)))
    return body


def many(count: int) -> bytes:
    """A zip of empty entries."""
    return zipped(*((f"{number}.txt", b"") for number in range(count)), method=zipfile.ZIP_STORED)


def lying(field: int, value: int) -> bytes:
    """A zip whose table of contents says another number than is so; `field` counts bytes from the entry's start."""
    body = bytearray(zipped(("a.txt", TEXT * 1_000)))
    struct.pack_into("<I", body, body.index(b"PK\x01\x02") + field, value)
    return bytes(body)


def overlapping(count: int) -> bytes:
    """Many entries that share the compressed bytes of one."""
    data = zlib.compress(bytes(10 * MEGABYTE), 9)[2:-4]
    crc = zlib.crc32(bytes(10 * MEGABYTE))
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(data), 10 * MEGABYTE, 5, 0)
    local = b"PK\x03\x04" + common + b"0.txt" + data
    central = b"".join(
        b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"%05d" % number
        for number in range(count)
    )
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(local), 0)
    return local + central + end


def named(*names: str) -> bytes:
    """Texts under names."""
    return zipped(*((name, TEXT) for name in names))


def special(kind: int) -> bytes:
    """An entry that is no regular file."""
    info = zipfile.ZipInfo("a.txt")
    info.external_attr = kind << 16
    return zipped((info, b"/etc/passwd"))


def quine_like() -> bytes:
    """A zip whose entry is said to begin where the zip itself begins."""
    body = bytearray(zipped(("a.zip", zipped(("b.txt", TEXT)))))
    struct.pack_into("<I", body, body.rindex(b"PK\x01\x02") + 42, 0)
    return bytes(body)


def cut(share: float) -> bytes:
    """A zip of which only the beginning is there."""
    body = zipped(*((f"{number}.txt", TEXT * 20) for number in range(20)))
    return body[: int(len(body) * share)]


def compressed(method: int) -> bytes:
    """Files of zeros by methods that are not inflated in steps."""
    return zipped(("a.txt", bytes(100 * MEGABYTE)), method=method)


NAMES = ["../../../etc/passwd.txt", "/etc/passwd.txt", "C:\\Windows\\a.txt", "..\\..\\a.txt", "a/../../b.txt",
    "//a/b.txt",
    "CON.txt", "a\nb.txt", "a\x1b[31m.txt", "\u202etxt.exe.txt", "a" * 4_096 + ".txt", "a/" * 2_000 + "b.txt",
    " .txt", ".txt",
    "~/a.txt", "$(reboot).txt", "a.txt/b.txt", "%2e%2e%2fa.txt", "blåbær.txt", unicodedata.normalize("NFD",
    "blåbær.txt")]  # fmt: skip


def archives() -> Iterator[Hostile]:
    """All of them."""
    yield from bombs()
    yield from liars()
    yield from oddities()


def bombs() -> Iterator[Hostile]:
    """Larger inside than outside."""
    bomb = "zip_bomb"
    for megabytes, files in ((10, 1), (100, 1), (190, 1), (100, 3), (1, 300)):
        yield hostile(
            "I1", f"flat-{megabytes}x{files}.zip", flat, megabytes, files, outcomes=bomb, quick=megabytes == 10
        )
    for depth, width in ((3, 2), (4, 2), (5, 3), (3, 16)):
        yield hostile("I1", f"nested-{depth}-{width}.zip", nested, depth, width, quick=depth == 3)
    for count in (10_001, 65_535, 100_000):
        yield hostile("I1", f"entries-{count}.zip", many, count, outcomes=bomb, quick=count == 10_001)
    for count in (2, 100, 9_000):
        yield hostile("I1", f"overlapping-{count}.zip", overlapping, count, outcomes=bomb, quick=count == 100)


def liars() -> Iterator[Hostile]:
    """Tables of contents that are not so, and names that lead out."""
    for field, what in ((16, "crc"), (20, "compressed"), (24, "size"), (28, "name"), (30, "extra"), (42, "offset")):
        for value in (0, 1, 0x7FFFFFFF, 0xFFFFFFFF):
            yield hostile(
                "I1", f"lying-{what}-{value:x}.zip", lying, field, value, quick=value == 1 and field in {24, 42}
            )
    for number, name in enumerate(NAMES):
        words = "Vejle" if not name.startswith((".", "..")) else ""
        yield hostile(
            "I7", f"name-{number}.zip", named, name, words="" if name == ".txt" else words, quick=number in {0, 2}
        )
    yield hostile("I7", "collision.zip", named, "a.txt", "A.TXT", "a.Txt", words="Vejle")
    yield hostile("I7", "forms.zip", named, "å.txt", unicodedata.normalize("NFD", "å.txt"), words="Vejle")


def oddities() -> Iterator[Hostile]:
    """Entries that are no files, zips that are cut."""
    for kind, what in (
        (stat.S_IFLNK, "link"),
        (stat.S_IFBLK, "device"),
        (stat.S_IFIFO, "pipe"),
        (stat.S_IFSOCK, "socket"),
    ):
        yield hostile("I7", f"{what}.zip", special, kind, outcomes="not_a_file", quick=what == "link")
    yield hostile("I1", "itself.zip", quine_like)
    for share in (0.01, 0.1, 0.5, 0.9, 0.99, 0.999):
        yield hostile("I1", f"cut-{share}.zip", cut, share, outcomes="damaged_zip", quick=share == 0.5)
    for method, what in ((zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")):
        yield hostile("I1", f"{what}.zip", compressed, method, outcomes="zip_method zip_bomb")
