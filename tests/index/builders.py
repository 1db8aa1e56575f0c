"""Documents for the tests of index and search, made of a few words each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from index.writer import IndexWriter, open_writer
from kilde.danish.mentions import AmountMention, Basis, DateMention, Grain, KommuneMention, PartialDate, Role
from kilde.errors import MissingError
from kilde.model import Document, DocumentKind, Publication, PublishedBasis, Record, RecordKind

FETCHED = date(2024, 5, 1)


@dataclass(frozen=True, slots=True)
class Part:
    """What a record is made of: kommuner as (code, role), amounts in kroner, dates as pairs of days."""

    text: str
    heading: str = ""
    theme: str | None = None
    kind: RecordKind = RecordKind.ITEM
    kommuner: tuple[tuple[str, Role], ...] = ()
    amounts: tuple[tuple[str, str | None], ...] = ()
    dates: tuple[tuple[date | None, date | None], ...] = ()


def document(
    name: str,
    parts: Sequence[Part | str],
    *,
    version: str = "v1",
    title: str = "Nyt",
    published: str | None = "2020-01",
    publisher: str | None = "Styrelsen",
    source: str = "prøver",
    kind: DocumentKind = DocumentKind.NEWSLETTER,
) -> Document:
    """A document; record ids are the document's id and a letter."""
    identity = sha256(name.encode()).hexdigest()[:16]
    digest = sha256((name + version).encode()).hexdigest()
    records = []
    text = ""
    for number, each in enumerate(parts):
        part = Part(each) if isinstance(each, str) else each
        start = len(text)
        text += part.text + "\n\n"
        records.append(_record(identity, digest, number, part, start))
    when = Publication(PartialDate.parse(published), PublishedBasis.TEXT) if published else None
    return Document(
        id=identity,
        version=digest,
        source=source,
        locator=name,
        kind=kind,
        title=title,
        publisher=publisher,
        published=when,
        updated=None,
        language="da",
        url=None,
        text=text,
        text_sha256=sha256(text.encode()).hexdigest(),
        reader="test 1",
        records=tuple(records),
    )


def _record(identity: str, version: str, number: int, part: Part, start: int) -> Record:
    return Record(
        id=f"{identity}{number:04}",
        document=identity,
        version=version,
        position=number + 1,
        kind=part.kind,
        heading=part.heading,
        theme=part.theme,
        start=start,
        end=start + len(part.text),
        text=part.text,
        kommuner=tuple(KommuneMention(0, 1, part.text[:1], code, role, "test") for code, role in part.kommuner),
        dates=tuple(
            DateMention(0, 1, part.text[:1], first, last, Grain.RANGE, Basis.EXPLICIT, "test")
            for first, last in part.dates
        ),
        amounts=tuple(
            AmountMention(0, 1, part.text[:1], Decimal(low), Decimal(high) if high else None, "DKK", False, None, "t")
            for low, high in part.amounts
        ),
    )


class Texts:
    """The texts of documents, by record and version."""

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self._texts: dict[tuple[str, str], str] = {}
        self.add(documents)

    def add(self, documents: Iterable[Document]) -> None:
        for each in documents:
            self._texts |= {(record.id, record.version): record.text for record in each.records}

    def text(self, record_id: str, version: str) -> str:
        try:
            return self._texts[record_id, version]
        except KeyError:
            raise MissingError(f"no record {record_id} in {version}") from None


def writer(folder: Path) -> IndexWriter:
    """A writer with a fixed day of fetching."""
    return open_writer(folder, lambda _: FETCHED)


def built(folder: Path, documents: Sequence[Document], change: int = 1) -> Path:
    """An index of these documents."""
    writer(folder).rebuild(documents, change)
    return folder
