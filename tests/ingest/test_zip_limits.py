"""Zips as untrusted input: what is refused, with its reason, and what an honest one gives."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from ingest import zip_limits
from ingest.zip_limits import open_zip
from kilde.errors import UnreadableError


def zip_of(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def code_of(body: bytes) -> str:
    """The reason for which a zip is refused."""
    with pytest.raises(UnreadableError) as raised:
        open_zip(body).read_all()
    return raised.value.code


def test_an_honest_zip() -> None:
    """Names without folders, and their bytes; a name that climbs is a name like any other."""
    body = zip_of({"mappe/": b"", "mappe/nyt.txt": b"Vejle", "../ud.txt": b"Aarhus"})
    opened = open_zip(body)
    assert opened.names == ("mappe/nyt.txt", "../ud.txt")
    assert opened.read("mappe/nyt.txt") == b"Vejle"
    opened.read_all()
    assert opened.inflated == len(b"Vejle") + len(b"Aarhus")


def test_a_part_that_is_read_twice_counts_once() -> None:
    """The limit is on what a zip holds."""
    opened = open_zip(zip_of({"a": b"12345"}))
    opened.read("a")
    opened.read("a")
    assert opened.inflated == 5


NAMES = [("utf-8", "Nyt om ørene.txt"), ("cp865", "Nyt på Ærø.txt")]


@pytest.mark.parametrize(("encoding", "name"), NAMES, ids=[it[0] for it in NAMES])
def test_names_that_are_not_marked(encoding: str, name: str) -> None:
    """macOS writes UTF-8 without saying so, Windows the code page of DOS."""
    written = name.encode(encoding)
    body = zip_of({"x" * len(written): b"a"}).replace(b"x" * len(written), written)
    assert open_zip(body).names == (name,)


def lying() -> bytes:
    """A zip whose entry says that it is smaller than it is."""
    body = zip_of({"a": b"0" * 5000})
    return body.replace(struct.pack("<I", 5000), struct.pack("<I", 5))


def overlapping() -> bytes:
    """A zip whose two entries share their bytes."""
    body = zip_of({"a": b"0" * 500, "b": b"1" * 500})
    second = body.index(b"PK\x01\x02", body.index(b"PK\x01\x02") + 4)
    return body[: second + 42] + struct.pack("<I", 1) + body[second + 46 :]


def encrypted() -> bytes:
    """A zip with an entry that is marked as encrypted."""
    body = bytearray(zip_of({"a": b"12345"}))
    body[6] |= 1
    body[body.index(b"PK\x01\x02") + 8] |= 1
    return bytes(body)


REFUSED = [
    ("a flat bomb", zip_of({"a": bytes(30_000_000)}), "zip_bomb"),
    ("many small bombs", zip_of({str(number): bytes(1_000_000) for number in range(40)}), "zip_bomb"),
    ("too many entries", zip_of({str(number): b"" for number in range(10_001)}), "zip_bomb"),
    ("entries that overlap", overlapping(), "zip_bomb"),
    ("a size that lies", lying(), "damaged_zip"),
    ("a method that inflates all at once", zip_of({"a": b"1"}, zipfile.ZIP_BZIP2), "zip_method"),
    ("a password", encrypted(), "encrypted_zip"),
    ("cut off", zip_of({"a": b"12345"})[:-10], "damaged_zip"),
    ("no zip", b"PK\x03\x04" + bytes(100), "damaged_zip"),
]


@pytest.mark.parametrize(("body", "code"), [it[1:] for it in REFUSED], ids=[it[0] for it in REFUSED])
def test_what_is_refused(body: bytes, code: str) -> None:
    """Each with its reason, and before much of it is inflated."""
    assert code_of(body) == code


def test_zeros_up_to_a_limit_are_no_bomb() -> None:
    """A small file of zeros inflates a thousand times and is honest."""
    assert len(open_zip(zip_of({"a": bytes(zip_limits.FREE_INFLATED)})).read("a")) == zip_limits.FREE_INFLATED


def test_a_bomb_is_left_at_its_limit() -> None:
    """What is inflated before the refusal is a chunk more than is allowed."""
    opened = open_zip(zip_of({"a": bytes(50_000_000)}))
    with pytest.raises(UnreadableError):
        opened.read("a")
    assert opened.inflated <= zip_limits.MOST_RATIO * opened.size + zip_limits.CHUNK
