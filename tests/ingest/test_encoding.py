"""Bytes to text: a table of encodings with their traps."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.encoding import decode
from kilde.errors import UnreadableError

DANISH = "Kære læser – på Ærø får 12 børn 7,5 mio. kr. til “særlig” støtte i Ålborg.\n" * 3

CASES = [
    ("utf-8", DANISH.encode("utf-8"), "utf-8"),
    ("utf-8 with a mark", codecs.BOM_UTF8 + DANISH.encode("utf-8"), "utf-8-sig"),
    ("utf-16 with a mark", DANISH.encode("utf-16"), "utf-16"),
    ("utf-16 big with a mark", codecs.BOM_UTF16_BE + DANISH.encode("utf-16-be"), "utf-16"),
    ("utf-16 little without", DANISH.encode("utf-16-le"), "utf-16-le"),
    ("utf-16 big without", DANISH.encode("utf-16-be"), "utf-16-be"),
    ("windows", DANISH.encode("cp1252"), "cp1252"),
    ("macintosh", DANISH.encode("mac_roman"), "mac_roman"),
    ("dos", "På Ærø får 12 børn støtte i Ålborg.".encode("cp865"), "cp865"),
    ("latin-1", "På Ærø får 12 børn støtte i Ålborg.".encode("latin-1"), "cp1252"),
    ("ascii", b"Ingen saerlige bogstaver.", "utf-8"),
]


@pytest.mark.parametrize(("body", "name"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_encodings(body: bytes, name: str) -> None:
    """The Danish text comes out as it went in, whatever it was written in."""
    text, found, _ = decode(body)
    assert found == name
    assert text in {DANISH, "På Ærø får 12 børn støtte i Ålborg.", "Ingen saerlige bogstaver."}


def test_a_declared_encoding_comes_first() -> None:
    """What an HTML page declares is believed as long as it holds."""
    assert decode("blåbær".encode("cp1252"), "iso-8859-1")[:2] == ("blåbær", "cp1252")
    assert decode("blåbær".encode(), "ascii")[:2] == ("blåbær", "utf-8")
    assert decode("blåbær".encode(), "no-such-encoding")[:2] == ("blåbær", "utf-8")


def test_nul_bytes_are_said() -> None:
    """A text with a few NULs is read, and the NULs are counted."""
    assert [problem.code for problem in decode(b"en tekst\x00 med to\x00 nuller")[2]] == ["nul_bytes"]


@pytest.mark.parametrize(
    "body", [b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 50, b"PK\x03\x04" + b"\x00\x01\x02\x05" * 200]
)
def test_binary_is_refused(body: bytes) -> None:
    """Images and archives are no text."""
    with pytest.raises(UnreadableError) as error:
        decode(body)
    assert error.value.code == "binary"


def test_broken_utf16_is_read_as_far_as_it_goes() -> None:
    """Half a character at the end costs that character, and is said."""
    text, _, problems = decode(DANISH.encode("utf-16") + b"\xd8")
    assert text.startswith("Kære læser")
    assert [problem.code for problem in problems] == ["broken_encoding"]


@given(st.binary(max_size=300))
def test_never_raises_anything_else(body: bytes) -> None:
    """Any bytes are text or are refused."""
    try:
        decode(body)
    except UnreadableError as error:
        assert error.code == "binary"
