"""A mail as bytes: its parts by their place in those bytes, and their headers.

Written over offsets instead of Python's `email` parser, which ends in RecursionError on deep mails, takes time that
grows with depth times length, and cannot give back the bytes of an attached mail as they came. Only the parameters of
a header are read by the library.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from ingest.mail.headers import LONGEST_HEADER, decode_bytes
from kilde.errors import UnreadableError

MOST_DEPTH = 50
MOST_PARTS = 1_000
MOST_HEADERS = 1_000

HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*(?:\n[ \t].*)*)(?:\n|\Z)")
"""A header with its continuation lines."""
MAILBOX_LINE = re.compile(rb">?From .*(?:\n|\Z)")
"""The line before a mail that was cut out of an mbox file."""
BLANK = re.compile(rb"[ \t]*\r?(?:\n|\Z)")
DELIMITER_END = re.compile(rb"(?P<last>--)?[ \t]*\r?(?:\n|\Z)")
LIKE_A_DELIMITER = re.compile(rb"^--(\S[^\r\n]{0,69}?)[ \t]*\r?\n", re.MULTILINE)
MOST_GUESSES = 20
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


SURE_HEADERS = frozenset({"received", "message-id", "mime-version", "return-path", "delivered-to"})
"""Headers that programs write and people do not, unlike the "From:" and "Subject:" of a letter quoted in a text."""
USUAL_HEADERS = frozenset({"from", "to", "subject", "date", "sender", "reply-to"})
SNIFFED = 65_536


@dataclass(frozen=True, slots=True)
class Entity:
    """A part of a mail, or the mail itself: `source[start:end]` is its content, still encoded for transfer."""

    source: bytes
    start: int
    end: int
    headers: Message
    parts: tuple[Entity, ...] = ()

    @property
    def media_type(self) -> str:
        """Lower case; "text/plain" where none is named."""
        return self.headers.get_content_type()

    @property
    def disposition(self) -> str:
        """Mostly "inline", "attachment" or ""."""
        return self.headers.get_content_disposition() or ""

    def content(self) -> bytes:
        """The content with the encoding for transfer undone; an encoding that is not known is left as it is."""
        encoded = self.source[self.start : self.end]
        encoding = str(self.headers.get("content-transfer-encoding", "")).strip().lower()
        if encoding == "base64":
            return from_base64(encoded)
        return binascii.a2b_qp(encoded) if encoding == "quoted-printable" else encoded


@dataclass(frozen=True, slots=True)
class Delimiter:
    """A line that parts a multipart; the last one closes it."""

    start: int
    end: int
    last: bool


def parse_mail(source: bytes) -> Entity:
    """The tree of a mail's parts; raises UnreadableError (too_deep, too_many_parts)."""
    return Parser(source).entity(0, len(source), 0, "text/plain")


def begins_like_mail(body: bytes) -> bool:
    """Whether bytes begin with the headers of a mail, whatever their file is called."""
    if HEADER.match(body[:SNIFFED]) is None and MAILBOX_LINE.match(body[:SNIFFED]) is None:
        return False
    names = {name.lower() for name in read_headers(body, 0, min(len(body), SNIFFED), "text/plain")[0]}
    return not names.isdisjoint(SURE_HEADERS) and not names.isdisjoint(USUAL_HEADERS)


@dataclass(slots=True)
class Parser:
    """Reads one mail; it owns the count of its parts."""

    source: bytes
    parts: int = 0

    def entity(self, start: int, end: int, depth: int, default: str) -> Entity:
        """The entity at a span of the source; `default` is its media type where it names none."""
        self.parts += 1
        if depth > MOST_DEPTH:
            raise UnreadableError("too_deep", f"the mail's parts are nested deeper than {MOST_DEPTH}")
        if self.parts > MOST_PARTS:
            raise UnreadableError("too_many_parts", f"the mail has more than {MOST_PARTS:,} parts")
        headers, content = read_headers(self.source, start, end, default)
        parts: tuple[Entity, ...] = ()
        if headers.get_content_maintype() == "multipart":
            inside = "message/rfc822" if headers.get_content_type() == "multipart/digest" else "text/plain"
            spans = list(part_spans(self.source, headers, content, end))
            parts = tuple(self.entity(*span, depth + 1, inside) for span in spans)
        return Entity(self.source, content, end, headers, parts)


def part_spans(source: bytes, headers: Message, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of a multipart's parts; none where no line parts them."""
    boundary = headers.get_boundary()
    delimiters = find_delimiters(source, boundary.encode("utf-8", "replace"), start, end) if boundary else []
    delimiters = delimiters or guess_delimiters(source, start, end)
    for number, delimiter in enumerate(delimiters):
        if delimiter.last:
            return
        if number + 1 == len(delimiters):
            yield delimiter.end, end
        else:
            after = before_line_end(source, delimiters[number + 1].start)
            yield delimiter.end, max(delimiter.end, after)


def find_delimiters(source: bytes, boundary: bytes, start: int, end: int) -> list[Delimiter]:
    """The lines that part a multipart, up to the one that closes it."""
    marker = b"--" + boundary
    found: list[Delimiter] = []
    place = source.find(marker, start, end)
    while place >= 0 and len(found) <= MOST_PARTS + 1 and not (found and found[-1].last):
        rest = DELIMITER_END.match(source, place + len(marker), end)
        if rest and (place == start or source[place - 1] == ord("\n")):
            found.append(Delimiter(place, rest.end(), rest["last"] is not None))
        place = source.find(marker, place + len(marker), end)
    return found


def guess_delimiters(source: bytes, start: int, end: int) -> list[Delimiter]:
    """The delimiters of a multipart that does not name its own, or names another one.

    Only a line that is later closed counts, so that a signature or "-----Original Message-----" is none.
    """
    for _, match in zip(range(MOST_GUESSES), LIKE_A_DELIMITER.finditer(source, start, end), strict=False):
        found = find_delimiters(source, match[1], start, end)
        if found and found[-1].last:
            return found
    return []


def before_line_end(source: bytes, position: int) -> int:
    """The place before the line end that stands before a delimiter, and belongs to it."""
    if source[position - 1 : position] != b"\n":
        return position
    return position - 2 if source[position - 2 : position] == b"\r\n" else position - 1


def read_headers(source: bytes, start: int, end: int, default: str) -> tuple[Message, int]:
    """The headers at `start`, and where the content begins: after a blank line, or at a line that is no header."""
    headers = Message()
    headers.set_default_type(default)
    position, count = start, 0
    while position < end and count < MOST_HEADERS:
        mailbox = MAILBOX_LINE.match(source, position, end) if not count else None
        match = mailbox or HEADER.match(source, position, end)
        if match is None:
            break
        if not mailbox:
            count += 1
            headers[match[1].decode("ascii")] = header_text(match[2])
        position = match.end()
    blank = BLANK.match(source, position, end)
    return headers, blank.end() if blank else position


def header_text(value: bytes) -> str:
    """A header unfolded; its letters beyond ASCII are read as a text's, encoded words are left as they are."""
    return " ".join(decode_bytes(value[:LONGEST_HEADER]).replace("\r", "").split("\n")).strip()


def from_base64(encoded: bytes) -> bytes:
    """Base64 read as mail programs do: other characters are skipped, what lacks at the end is left out."""
    digits = NOT_BASE64.sub(b"", encoded.partition(b"=")[0])
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
