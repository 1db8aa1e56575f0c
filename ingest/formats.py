"""Which reader reads a file: by what its bytes are first, by the ending of its name second."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.layout import Layout
from ingest.mail.mime import begins_like_mail
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.mail import read_mail
from ingest.readers.office import refuse_old_office
from ingest.readers.pdf import read_pdf
from ingest.readers.table import read_table
from ingest.readers.text import read_text
from ingest.readers.xlsx import read_xlsx
from ingest.zip_limits import open_zip
from kilde.errors import UnreadableError
from kilde.model import Hints

Reader = Callable[[bytes], Layout]
"""Bytes to a layout; raises UnreadableError."""

LARGEST = 256 * 1024 * 1024
"""Bytes of an original that is archived."""
LARGEST_TEXT = 10_000_000
"""Bytes of a text that is read, and characters that come out of any format: what the index takes of one record.

A book has about one million characters.
"""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, the endings of its names, its reader, and the largest file in bytes that is read."""

    media_type: str
    endings: tuple[str, ...]
    read: Reader
    largest: int = LARGEST_TEXT


PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML = Format("text/html", (".html", ".htm", ".xhtml"), read_html)
MAIL = Format("message/rfc822", (".eml",), read_mail, LARGEST)
ZIP = "application/zip"


def read_zip(body: bytes) -> Layout:
    """A zip is no document itself; raises UnreadableError, also where it is damaged or a bomb."""
    count = len(open_zip(body).names)
    raise UnreadableError("no_document", f"a zip has no text of its own; `kilde ingest` reads the {count} files in it")


FORMATS = (
    HTML,
    Format("text/plain", (".txt", ".text"), read_text),
    Format("text/csv", (".csv",), read_table),
    Format("text/tab-separated-values", (".tsv", ".tab"), read_table),
    Format(PDF, (".pdf",), read_pdf, LARGEST),
    Format(WORD, (".docx", ".docm"), read_docx, LARGEST),
    Format(SHEET, (".xlsx", ".xlsm"), read_xlsx, LARGEST),
    MAIL,
    Format(ZIP, (".zip",), read_zip, LARGEST),
)
UNKNOWN = "application/octet-stream"
CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]{2,40})", re.IGNORECASE)
NO_HINTS = Hints()
PACKAGES = (("word/document.xml", WORD), ("xl/workbook.xml", SHEET))
"""The part by which an Office document is known, and its media type."""
PACKAGE_PARTS = {"[Content_Types].xml", "mimetype"}
"""A zip with one of these is a document of some office program, not a folder of documents."""


BY_ENDING = {ending: each.media_type for each in FORMATS for ending in each.endings}


def media_type_of(locator: str) -> str:
    """The media type that the ending of a name stands for; UNKNOWN where no reader reads it.

    >>> media_type_of("2021/Nyhedsbrev.HTML")
    'text/html'
    """
    return BY_ENDING.get(locator[locator.rfind(".") :].lower(), UNKNOWN)


def read_layout(body: bytes, media_type: str, hints: Hints = NO_HINTS) -> Layout:
    """Read bytes of a media type; raises UnreadableError with the reason that the quarantine shows.

    `media_type` may say the charset, as HTTP does; `hints` are what the source's definition says of its pages.
    """
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise UnreadableError("empty", "the file is empty")
    form = format_of(body, media_type)
    if len(body) > form.largest:
        raise too_large(f"{len(body):,} bytes; Kilde reads at most {form.largest:,}")
    layout = read_html(body, charset_of(media_type), hints) if form is HTML else form.read(body)
    if len(layout.text) > LARGEST_TEXT:
        raise too_large(f"{len(layout.text):,} characters of text; Kilde reads at most {LARGEST_TEXT:,}")
    return layout


def charset_of(media_type: str) -> str | None:
    """The charset that a media type says.

    >>> charset_of("text/html; Charset='ISO-8859-1'")
    'ISO-8859-1'
    """
    found = CHARSET.search(media_type)
    return found[1] if found else None


def too_large(detail: str) -> UnreadableError:
    """The error that a document is too large."""
    return UnreadableError("too_large", f"{detail} as one document: split it")


def format_of(body: bytes, media_type: str) -> Format:
    """The format of bytes: what they show themselves to be, else what they were said to be."""
    refuse_old_office(body)
    known = seen_type(body) or media_type.partition(";")[0].strip().lower()
    form = next((each for each in FORMATS if each.media_type == known), None)
    if form is None:
        endings = " ".join(ending for each in FORMATS for ending in each.endings)
        raise UnreadableError("unknown_type", f"no reader for this type of file; Kilde reads {endings}")
    return form


def seen_type(body: bytes) -> str | None:
    """The media type that the first bytes show; None where they could be of several text formats."""
    start = body[:1024].lstrip(b" \t\r\n\xef\xbb\xbf")
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(b"PK\x03\x04"):
        return zip_type(frozenset(open_zip(body).names))
    if begins_like_mail(body):
        return MAIL.media_type
    return HTML.media_type if start.lower().startswith((b"<!doctype html", b"<html")) else None


def zip_type(names: frozenset[str]) -> str:
    """What a zip with entries of these names is."""
    for part, media_type in PACKAGES:
        if part in names:
            return media_type
    return UNKNOWN if names & PACKAGE_PARTS else ZIP
