"""What Word and Excel files share: a zip of XML parts, checked before any library opens it, and their properties."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ingest.layout import Meta, normalise
from ingest.zip_limits import CheckedZip, open_zip
from kilde.errors import UnreadableError

MOST_TAGS = 6_000_000
"""Tags in the parts that are held in memory as trees; a document of 1,000 pages has some 600,000."""
DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
"""Office writes no document type declaration; entities, the stuff of XML bombs, need one."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the binary files of Office 97-2003 begin, and the files that newer ones keep behind a password."""
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
LONGEST = 1000


class Properties(Protocol):
    """The core properties of a document, by the names that python-docx and openpyxl share."""

    @property
    def title(self) -> str | None: ...  # noqa: D102
    @property
    def language(self) -> str | None: ...  # noqa: D102
    @property
    def modified(self) -> datetime | None: ...  # noqa: D102


def open_package(body: bytes, trees: tuple[str, ...]) -> CheckedZip:
    """The zip of an Office document, every part inflated once within the limits; raises UnreadableError.

    `trees` are the beginnings of the names of parts that are going to be held in memory as trees.
    """
    package = open_zip(body)
    tags = 0
    for name in package.names:
        part = package.read(name)
        if not name.endswith((".xml", ".rels")):
            continue
        if any(doctype in part for doctype in DOCTYPES):
            raise UnreadableError("xml_dtd", f"{name!r} declares a document type, which Office files do not: not read")
        tags += part.count(b"<") if name.startswith(trees) else 0
        if tags > MOST_TAGS:
            raise UnreadableError("too_large", f"more than {MOST_TAGS:,} tags of XML; split the document")
    return package


def refuse_old_office(body: bytes) -> None:
    """Raise UnreadableError for a file of Office 97-2003, or one behind a password."""
    if not body.startswith(OLE):
        return
    if ENCRYPTED_PACKAGE in body:
        raise UnreadableError("encrypted_office", "the document needs a password; save it without one")
    raise UnreadableError("old_office", "a file of Office 97-2003; save it as .docx or .xlsx")


def read_properties(properties: Properties) -> Meta:
    """The title and the day of the last change.

    When an Office document was last saved is nearer to its publication than when it was begun, which may have been
    years before in another document.
    """
    modified = properties.modified
    title = normalise(" ".join((properties.title or "").split()))[:LONGEST]
    language = (properties.language or "")[:2].lower()
    return Meta(
        title=title or None,
        published=modified.date().isoformat() if modified else None,
        language=language if language.isalpha() and len(language) == 2 else None,
    )
