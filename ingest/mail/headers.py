"""What the headers of a mail say: subject, sender, day, names of files, its own name.

Headers come in every encoding that a mail program ever wrote: encoded words (RFC 2047), percent signs (RFC 2231),
plain bytes. None of them is believed to be what it says.
"""

from __future__ import annotations

import binascii
import re
from datetime import UTC
from email.message import Message
from email.utils import collapse_rfc2231_value, parseaddr, parsedate_to_datetime
from functools import cache
from zoneinfo import ZoneInfo

from ingest.layout import normalise
from ingest.readers.encoding import decode
from ingest.wording import wording
from kilde.errors import UnreadableError

LONGEST_HEADER = 4_000
"""Bytes of one header that are looked at; the library's reading of parameters is not linear."""
LONGEST_NAME = 200
LONGEST_MESSAGE_ID = 250
FIRST_YEAR, LAST_YEAR = 1970, 2100
"""A date outside of these was written by a wrong clock."""

WORD = r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,4000}\?="
WORDS = re.compile(rf"{WORD}(?:\s{{1,9}}{WORD})*")
ENCODED = re.compile(r"=\?([^?*\s]{1,40})[^?\s]{0,20}\?([bBqQ])\?([^?]*)\?=")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
FORWARDED = re.compile(r"(?:(?:VS|FW|Fwd|Videresendt)\s*:\s*)+", re.IGNORECASE)
PARTS_TWO_NAMES = re.compile(r"[,;()@|/]")
MESSAGE_ID = re.compile(r"<([^<>\s]{3,})>")
COPENHAGEN = "Europe/Copenhagen"


def decode_bytes(raw: bytes, charset: str | None = None) -> str:
    """Bytes of a header as text, whatever they are."""
    if raw.isascii() and charset is None:
        return raw.decode("ascii")
    try:
        return decode(raw, charset)[0]
    except UnreadableError:
        return raw.decode("latin-1")


def decode_words(text: str) -> str:
    """A header's text with its encoded words read, and white space folded.

    >>> decode_words("=?iso-8859-1?Q?Sm=F8rrebr=F8d?= i =?utf-8?B?w4VyaHVz?=")
    'Smørrebrød i Århus'
    """
    text = WORDS.sub(lambda run: decode_run(run[0]), text)
    return " ".join(CONTROL.sub(" ", normalise(text)).split())


def decode_run(run: str) -> str:
    """Neighbouring encoded words; those of one charset are joined first, since some programs cut letters in two."""
    pieces: list[tuple[str, bytes]] = []
    for charset, encoding, encoded in ENCODED.findall(run):
        raw = decode_word(encoding.lower(), encoded)
        if pieces and pieces[-1][0] == charset.lower():
            pieces[-1] = (charset.lower(), pieces[-1][1] + raw)
        else:
            pieces.append((charset.lower(), raw))
    return "".join(decode_bytes(raw, charset) for charset, raw in pieces)


def decode_word(encoding: str, encoded: str) -> bytes:
    """The bytes of an encoded word; one that is damaged stays as it is written."""
    raw = encoded.encode("utf-8", "replace")
    if encoding == "q":
        return binascii.a2b_qp(raw, header=True)
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw.rstrip(b"=")) % 4)) or raw
    except binascii.Error:
        return raw


def subject_of(headers: Message) -> str | None:
    """The subject without the marks of a forwarded mail; None where there is none.

    The mark of an answer stays: "SV: Ansøgning" is another letter than the one that it answers.
    """
    subject = decode_words(str(headers.get("subject", "")))
    return FORWARDED.sub("", subject, count=1) or subject or None


def organisation_of(headers: Message) -> str | None:
    """The sender's name where it is an organisation's, not a person's.

    >>> mail = Message(); mail["From"] = "Nyt fra Styrelsen for Broer <nyt@broer.example>"; organisation_of(mail)
    'Styrelsen for Broer'
    >>> mail = Message(); mail["From"] = "Anne Broe (Vejle Kommune) <anne@vejle.example>"; organisation_of(mail)
    """
    name = decode_words(parseaddr(str(headers.get("from", "")))[0])
    name = sender_words().sub("", name).strip(" '\",-–|")
    alone = len(name) <= LONGEST_NAME and PARTS_TWO_NAMES.search(name) is None
    return name if alone and organisation().search(name) else None


@cache
def sender_words() -> re.Pattern[str]:
    """What stands before or behind an organisation's name where its newsletter is the sender."""
    words = "|".join(re.escape(word) for word in sorted(wording()["senders"], key=len, reverse=True))
    return re.compile(rf"^(?:{words})\s+|[\s,|–-]+(?:{words})$", re.IGNORECASE)


@cache
def organisation() -> re.Pattern[str]:
    """A word for an organisation, or one that ends in such a word."""
    words = "|".join(re.escape(word) for word in wording()["organisations"])
    return re.compile(rf"(?<!\w)\w{{0,40}}(?:{words})(?:en|et|n|er|s)?(?!\w)", re.IGNORECASE)


def day_of(headers: Message) -> str | None:
    """The day in Denmark on which a mail was sent, as ISO; where it does not say, on which it was first received."""
    received = [str(value).rpartition(";")[2] for value in headers.get_all("received", [])]
    days = (day_in_denmark(str(text)) for text in (headers.get("date", ""), *reversed(received)))
    return next((day for day in days if day), None)


def day_in_denmark(text: str) -> str | None:
    """The day of a header's time; None where it is none. A time without a zone is taken for UTC.

    >>> day_in_denmark("Sun, 31 Dec 2017 23:30:00 +0000")
    '2018-01-01'
    """
    try:
        sent = parsedate_to_datetime(text.strip()[:200])
        sent = (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).astimezone(ZoneInfo(COPENHAGEN))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return sent.date().isoformat() if FIRST_YEAR < sent.year < LAST_YEAR else None


def file_name_of(headers: Message) -> str | None:
    """The name of a part's file, without the folders before it; None where it has none."""
    try:
        name = headers.get_filename()
    except (ValueError, TypeError, LookupError):
        return None
    if not name:
        return None
    return re.split(r"[/\\]", decode_words(collapse_rfc2231_value(name)))[-1].strip() or None


def message_id_of(headers: Message) -> str | None:
    """The mail's own name without its angle brackets; None where it has none that can serve as a locator."""
    found = MESSAGE_ID.search(str(headers.get("message-id", "")))
    name = found[1] if found else ""
    return name.replace("#", "%23") if 0 < len(name) <= LONGEST_MESSAGE_ID and name.isprintable() else None
