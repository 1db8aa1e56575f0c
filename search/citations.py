"""What a reference to a record, document or version rests on: found by its id; `citation_styles` writes it.

Who published what and when (no more of the date than is known), where it was and when it was fetched, the sha-256 of
the original, and Kilde's id, so that a reader can tell whether they see the same text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kilde.errors import MissingError, UsageError
from kilde.model import Document, DocumentKind, PartialDate, Record
from kilde.store import Store
from search.export_queries import versions
from search.table import shown

DANISH_TIME = ZoneInfo("Europe/Copenhagen")
SHORTEST_DIGEST = 12
"""Hexadecimal characters that name a version."""
EDITION = 8
"""Characters of a digest that tell versions of one document apart."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reference rests on; texts are on one line."""

    id: str
    """Kilde's id of the record or document."""
    kind: DocumentKind
    publisher: str | None
    title: str
    """Of the document."""
    heading: str | None
    """Of the record, where one is cited and has a heading of its own."""
    published: PartialDate | None
    url: str | None
    accessed: date | None
    """The day in Denmark on which the version was fetched."""
    place: str
    """Source and locator: what stands for an address where there is none."""
    digest: str
    language: str
    edition: str = ""
    """The beginning of the digest where a version was asked for by it: a document may be cited in several."""

    @property
    def key(self) -> str:
        """What tells this reference from all others."""
        return f"{self.id}-{self.edition}" if self.edition else self.id

    @property
    def name(self) -> str:
        """What the reference is to: the record's heading, else the document's title."""
        return self.heading or self.title or self.place

    @property
    def whole(self) -> str | None:
        """The document's title where the reference is to a part of it."""
        return self.title if self.heading else None

    @property
    def note(self) -> str:
        """What no style has a field for."""
        return f"Kilde-id: {self.id}; sha-256: {self.digest}"


def find_citation(store: Store, prefix: str) -> Citation:
    """The citation of a document, a record or a version (12 or more characters of its digest) by how its id begins.

    MissingError where there is none, UsageError where there are several.
    """
    prefix = prefix.lower()
    found: list[tuple[str, str, str | None]] = [(document, record, None) for document, record in store.find(prefix)]
    if len(prefix) >= SHORTEST_DIGEST and re.fullmatch("[0-9a-f]+", prefix):
        found += [(document, "", digest) for document, digest in versions(store, prefix)]
    found = [it for it in found if prefix in (it[1] or it[0], it[2])] or found
    if not found:
        raise MissingError(f"nothing has the id {prefix!r}; `kilde search` shows ids")
    if len(found) > 1:
        names = ", ".join(record or document for document, record, _ in found)
        raise UsageError(f"{prefix!r} names several: {names}; give more of the id, or the document's")
    document_id, record_id, version = found[0]
    document = store.document(document_id, version)
    if document is None:
        raise MissingError(f"document {document_id} could never be read; `kilde status` says why")
    record = next((it for it in document.records if it.id == record_id), None)
    citation = citation_of(document, record, fetched(store, document))
    return replace(citation, edition=version[:EDITION]) if version else citation


def fetched(store: Store, document: Document) -> date | None:
    """The day in Denmark on which a version was last fetched."""
    times = [it.observed for it in store.history(document.id) if it.digest == document.version]
    if not times:
        return None
    return datetime.fromisoformat(times[-1].replace("Z", "+00:00")).astimezone(DANISH_TIME).date()


def citation_of(document: Document, record: Record | None, accessed: date | None) -> Citation:
    """What is cited of a document, or of one of its records."""
    title = shown(document.title)
    heading = shown(record.heading) if record else ""
    return Citation(
        id=record.id if record else document.id,
        kind=document.kind,
        publisher=shown(document.publisher) if document.publisher else None,
        title=title,
        heading=heading if heading and heading != title else None,
        published=document.published.when if document.published else None,
        url=document.url,
        accessed=accessed,
        place=shown(f"{document.source}/{document.locator}"),
        digest=document.version,
        language=document.language,
    )
