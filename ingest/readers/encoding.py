"""Bytes to text: which encoding Danish bytes are in, decided the same way every time.

The order is: byte order mark, what the transport or the format declares, UTF-8, UTF-16 by where its zero bytes stand,
and then whichever reads most like Danish: one of the old eight-bit encodings of Danish offices, or UTF-8 with bytes of
Windows-1252 in it. Letters that were encoded twice ("Ã¸") are mended at the end.

A declaration is believed where it can be true. UTF-7 never is: it hides markup from every check before it.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from ingest.readers.mojibake import mend
from kilde.errors import UnreadableError
from kilde.model import Problem, Severity

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
EIGHT_BIT = ("cp1252", "mac_roman", "cp865", "cp850")
"""Windows, the older Macintosh, and DOS (two code pages): what Danish public files that are not Unicode are in."""
LATIN = frozenset({"ascii", "iso8859-1", "cp1252"})
"""What programs declare for whatever they write. ISO 8859-1 means Windows-1252 on the web (WHATWG Encoding)."""
HONOURED = re.compile(r"utf-8|utf-16|utf-32|cp\d+|iso8859-\d+|mac-|koi8|gb|big5|euc|shift_jis|ascii")

DANISH = re.compile(r"[æøåÆØÅéÉ§–’‘”“•½ ]")
ODD = re.compile(
    r"[^\x00-\x7fæøåÆØÅéÉäöüÄÖÜèáíóúàêôçñß§–—’‘”“„•½¼¾€£°´®©™²³«»…×\xa0\xad]"
    r"|(?<=[a-zæøå])[À-ÖØ-Þ‘“„•](?=[a-zæøå\s]|$)"
)
"""Signs that no Danish office writes, and capitals and opening marks inside a word."""
CONTROL = re.compile(r"[\x01-\x08\x0b\x0e-\x1f]")
HIGH = re.compile(rb"[\x80-\xff]")
SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
MOST_NUL = 0.2
"""A larger share of NULs is no text with some NULs in it."""
SAMPLE = 65_536

Decoded = tuple[str, str, list[Problem]]
"""The text, the name of its encoding, and what is to be said about it."""


def decode(body: bytes, *declared: str | None) -> Decoded:
    """Decode bytes; of several declarations the first counts most. Raises UnreadableError for binary data."""
    text, name, problems = decode_once(body, declared)
    mended, count = mend(text)
    if not count:
        return text, name, problems
    detail = f"{count} letters had been encoded twice; they are mended"
    return mended, name, [*problems, Problem("encoded_twice", Severity.NOTE, detail)]


def decode_once(body: bytes, declared: tuple[str | None, ...]) -> Decoded:
    """Decode bytes by the order of the module's docstring."""
    for bom, name in BOMS:
        if body.startswith(bom):
            return decode_as(body, name)
    for said in declared:
        found = declared_text(body, said)
        if found is not None:
            return found
    text = strictly(body, "utf-8")
    if text is not None:
        return without_nul(text, "utf-8", [])
    zeros = utf16_by_zeros(body)
    return decode_as(body, zeros) if zeros else decode_eight_bit(body)


def declared_text(body: bytes, declared: str | None) -> Decoded | None:
    """The text in a declared encoding; None where it cannot be that."""
    name = honoured(declared)
    if name is None or (name.startswith(("utf-16", "utf-32")) and utf16_by_zeros(body) is None):
        return None
    if name in LATIN:
        text = strictly(body, "utf-8")
        if text is not None:
            conflict = name != "ascii" and not body.isascii()
            detail = f"declared as {declared}, and valid UTF-8: read as UTF-8"
            said = [Problem("charset_conflict", Severity.NOTE, detail)] if conflict else []
            return without_nul(text, "utf-8", said)
        name = "cp1252"
    text = strictly(body, name)
    return None if text is None else without_nul(text, name, [])


def honoured(declared: str | None) -> str | None:
    """Python's name of a declared encoding of text; None for others, and for names that nobody knows."""
    try:
        name = codecs.lookup(declared.strip()).name if declared else None
    except (LookupError, ValueError):
        return None
    return name if name and HONOURED.match(name) else None


def decode_as(body: bytes, name: str) -> Decoded:
    """Decode what a byte order mark or the zeros name; broken parts become U+FFFD and a Problem."""
    text = strictly(body, name)
    if text is not None:
        return without_nul(text, name, [])
    text = body.decode(name, errors="replace")
    broken = text.count("\ufffd")
    said = warning("broken_encoding", f"{broken} places are no valid {name}; they are shown as \ufffd")
    return without_nul(text, name, [said])


def strictly(body: bytes, name: str) -> str | None:
    """The text, or None where the bytes are not of that encoding."""
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None


def without_nul(text: str, name: str, problems: list[Problem]) -> Decoded:
    """Refuse binary data; count the NULs of a text that has a few."""
    sample = text[:SAMPLE]
    controls = len(CONTROL.findall(sample))
    if controls > max(3, len(sample) // 100) or sample.count("\x00") > MOST_NUL * len(sample):
        raise UnreadableError("binary", "the bytes are no text (control characters); no reader reads them")
    nul = text.count("\x00")
    said = [warning("nul_bytes", f"{nul} NUL characters were left out of the text")] if nul else []
    return text, name, [*problems, *said]


def utf16_by_zeros(body: bytes) -> str | None:
    """UTF-16 without a byte order mark: Latin text has a zero in nearly every second byte, always on the same side."""
    sample = body[:SAMPLE]
    if len(sample) < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def decode_eight_bit(body: bytes) -> Decoded:
    """The reading that has most Danish letters and fewest odd signs; the first one on a tie."""
    first = HIGH.search(body)
    start = max(0, first.start() - 100) if first else 0
    sample = body[start : start + SAMPLE]
    scores = {name: likeness(sample.decode(name, errors="replace")) for name in EIGHT_BIT}
    name = max(EIGHT_BIT, key=lambda each: scores[each])
    if likeness(decode_mixed(sample)) > scores[name]:
        text = decode_mixed(body)
        said = warning("mixed_encoding", "mostly UTF-8; what is not was read as Windows-1252, or is shown as \ufffd")
        return without_nul(text, "utf-8", [said])
    text = body.decode(name, errors="replace")
    return without_nul(text, name, [Problem("encoding_guessed", Severity.NOTE, f"not UTF-8; read as {name}")])


def decode_mixed(body: bytes) -> str:
    """UTF-8 with bytes of Windows-1252 in it; halves of characters become U+FFFD."""
    return SURROGATE.sub(b"\xef\xbf\xbd", body).decode("utf-8", errors="surrogateescape").translate(strays())


@cache
def strays() -> dict[int, str]:
    """The sign of each byte that is no UTF-8, by the surrogate that Python puts for it."""
    signs = {byte: bytes([byte]).decode("cp1252", errors="replace") for byte in range(0x80, 0x100)}
    return {0xDC00 + byte: "\ufffd" if ODD.match(sign) else sign for byte, sign in signs.items()}


def likeness(text: str) -> int:
    """How much a text looks like Danish."""
    return len(DANISH.findall(text)) - 3 * len(ODD.findall(text))


def warning(code: str, detail: str) -> Problem:
    """A Problem of the severity warning."""
    return Problem(code, Severity.WARNING, detail)
