"""What fetched bytes are, whatever the server calls them: the media type that the reader is chosen by.

The bytes win over the header, the header over the ending of the address. The charset of the header is kept as a
parameter where it is an encoding that exists: a reader needs it.
"""

from __future__ import annotations

import codecs
import re
from urllib.parse import urlsplit

from ingest.formats import PACKAGES, PDF, UNKNOWN, ZIP, media_type_of

HTML = "text/html"
XML = "application/xml"
TEXT = "text/plain"
SIGNATURES = (
    (b"%PDF-", PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
"""First bytes, and what they begin."""
HTML_START = re.compile(rb"(?:<!--.*?-->|<\?xml[^>]*\?>|\s)*<(?:!doctype\s+html|html|head|body|title)\b", re.I | re.S)
XML_START = re.compile(rb"\s*<(?:\?xml|rss|feed|urlset|sitemapindex)\b", re.IGNORECASE)
TAG = re.compile(rb"</?(?:p|div|h[1-6]|table|a|br|span|ul|li|main|article|meta|form)\b[^<>]{0,500}>", re.IGNORECASE)
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:+-]{2,40})", re.IGNORECASE)
SAMPLE = 4_096
VAGUE = frozenset({"", UNKNOWN, "binary/octet-stream", "application/x-download", "application/download", TEXT,
    "application/force-download", "application/vnd.ms-excel", "application/csv", "text/x-csv"})  # fmt: skip
"""Declared types that say little, so that the ending of the address is asked."""
SAME = {"application/xhtml+xml": HTML, "text/xml": XML, "application/rss+xml": XML, "application/atom+xml": XML,
    "application/x-pdf": PDF, "application/x-zip-compressed": ZIP}  # fmt: skip
"""Other names of one type."""


def media_type(body: bytes, content_type: str, url: str) -> str:
    """The media type of a fetched body, with the charset where one was given and exists.

    >>> media_type(b"%PDF-1.7", "text/html; charset=utf-8", "https://example.dk/nyt")
    'application/pdf'
    """
    declared = SAME.get(name := content_type.partition(";")[0].strip().lower(), name)
    kind = by_bytes(body, declared) or by_name(body, declared, urlsplit(url).path)
    charset = charset_of(content_type) if kind.startswith("text/") else None
    return f"{kind}; charset={charset}" if charset else kind


def by_bytes(body: bytes, declared: str) -> str | None:
    """The type where the bytes leave no doubt."""
    start = body[:SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    for signature, kind in SIGNATURES:
        if start.startswith(signature):
            return kind
    if b"%PDF-" in body[:1024]:
        return PDF
    if start.startswith(b"PK\x03\x04"):
        return zip_kind(body)
    if HTML_START.match(start):
        return HTML
    if XML_START.match(start):
        return declared if declared.endswith("xml") else XML
    return None


def zip_kind(body: bytes) -> str:
    """What kind of zip file it is, by the names of its parts."""
    return next((kind for part, kind in PACKAGES if part.encode("ascii") in body), ZIP)


def by_name(body: bytes, declared: str, path: str) -> str:
    """The type by what the server says and how the address ends, where the bytes are open to both."""
    if declared == HTML:
        return HTML if TAG.search(body[:SAMPLE]) or not is_text(body) else TEXT
    if declared not in VAGUE:
        return declared
    ending = media_type_of(path)
    if ending != UNKNOWN and (ending == HTML or not ending.startswith("text/") or is_text(body)):
        return ending
    if TAG.search(body[:SAMPLE]) and declared != TEXT:
        return HTML
    return TEXT if is_text(body) else UNKNOWN


def is_text(body: bytes) -> bool:
    """Whether bytes look like text in an encoding that keeps ASCII, or UTF-16 with its mark."""
    sample = body[:SAMPLE]
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    controls = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    return controls <= len(sample) // 100


def charset_of(content_type: str) -> str | None:
    """The encoding that a Content-Type names, in lower case; None where there is no such encoding.

    >>> charset_of("text/html; charset=ISO-8859-1"), charset_of("text/html; charset=foo")
    ('iso-8859-1', None)
    """
    found = CHARSET.search(content_type)
    if found is None:
        return None
    try:
        codecs.lookup(found[1])
    except LookupError:
        return None
    return found[1].lower()
