"""Bytes to text: which encoding Danish bytes are in, decided the same way every time.

The order is: byte order mark, what the format declares, UTF-8, UTF-16 by where its zero bytes stand, and then the one
of the old eight-bit encodings of Danish offices that reads most like Danish.
"""

from __future__ import annotations

import codecs
import re

from kilde.errors import UnreadableError
from kilde.model import Problem, Severity

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
EIGHT_BIT = ("cp1252", "mac_roman", "cp865")
"""Windows, the older Macintosh, and DOS: what Danish public files that are not Unicode are in."""

DANISH = re.compile(r"[æøåÆØÅéÉ§–’‘”“•½ ]")
ODD = re.compile(r"[^\x00-\x7fæøåÆØÅéÉäöüÄÖÜèáíóúàêôçñß§–—’‘”“„•½¼¾€£°´®©™²³«»…×\xa0\xad]")
CONTROL = re.compile(r"[\x01-\x08\x0b\x0e-\x1f]")
MOST_NUL = 0.2
"""A larger share of NULs is no text with some NULs in it."""
SAMPLE = 65_536


def decode(body: bytes, declared: str | None = None) -> tuple[str, str, list[Problem]]:
    """The text, the name of its encoding, and what is to be said about it; raises UnreadableError for binary data."""
    for bom, name in BOMS:
        if body.startswith(bom):
            return decode_as(body, name)
    for likely in (declared, "utf-8", utf16_by_zeros(body)):
        text = strictly(body, likely)
        if text is not None and likely is not None:
            return without_nul(text, likely)
    return decode_eight_bit(body)


def decode_as(body: bytes, name: str) -> tuple[str, str, list[Problem]]:
    """Decode what a byte order mark names; broken parts become U+FFFD and a Problem."""
    text = strictly(body, name)
    if text is not None:
        return without_nul(text, name)
    text = body.decode(name, errors="replace")
    broken = text.count("\ufffd")
    return text, name, [warning("broken_encoding", f"{broken} places are no valid {name}; they are shown as \ufffd")]


def strictly(body: bytes, name: str | None) -> str | None:
    """The text, or None where the bytes are not of that encoding (or nobody knows the name)."""
    try:
        return body.decode(name) if name else None
    except (UnicodeDecodeError, LookupError):
        return None


def without_nul(text: str, name: str) -> tuple[str, str, list[Problem]]:
    """Refuse binary data; count the NULs of a text that has a few."""
    sample = text[:SAMPLE]
    controls = len(CONTROL.findall(sample))
    if controls > max(3, len(sample) // 100) or sample.count("\x00") > MOST_NUL * len(sample):
        raise UnreadableError("binary", "the bytes are no text (control characters); no reader reads them")
    nul = text.count("\x00")
    return text, name, [warning("nul_bytes", f"{nul} NUL characters were left out of the text")] if nul else []


def utf16_by_zeros(body: bytes) -> str | None:
    """UTF-16 without a byte order mark: Latin text has a zero in nearly every second byte, always on the same side."""
    sample = body[:SAMPLE]
    if len(sample) < 4 or len(body) % 2:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def decode_eight_bit(body: bytes) -> tuple[str, str, list[Problem]]:
    """The encoding of EIGHT_BIT whose text has most Danish letters and fewest odd signs; the first one on a tie."""
    name = max(EIGHT_BIT, key=lambda each: likeness(body[:SAMPLE].decode(each, errors="replace")))
    text = body.decode(name, errors="replace")
    text, name, problems = without_nul(text, name)
    return text, name, [*problems, Problem("encoding_guessed", Severity.NOTE, f"not UTF-8; read as {name}")]


def likeness(text: str) -> int:
    """How much a text looks like Danish."""
    return len(DANISH.findall(text)) - 3 * len(ODD.findall(text))


def warning(code: str, detail: str) -> Problem:
    """A Problem of the severity warning."""
    return Problem(code, Severity.WARNING, detail)
