"""Documents for measuring index and search, made without reading files: newsletters whose mentions are known.

The texts are those of `benchmarks.author`: more than 50,000 different forms in 20,000 records, by Zipf's law.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import accumulate, islice
from pathlib import Path
from typing import Final

from benchmarks.author import Author, Fact
from benchmarks.corpus import FEWEST_ITEMS, MOST_ITEMS, Item, compose_item
from benchmarks.vocabulary import read_vocabulary
from kilde.danish.kommuner import kommuner
from kilde.danish.mentions import AmountMention, Basis, DateMention, Grain, KommuneMention, PartialDate, Role
from kilde.model import Document, DocumentKind, Observation, Publication, PublishedBasis, Record, RecordKind
from kilde.store_writer import StoreWriter

PUBLISHERS: Final = tuple(f"Styrelsen for {name}" for name in (
    "Bolig", "Børn", "Dagtilbud", "Digitalisering", "Energi", "Erhverv", "Forskning", "Fødevarer", "Idræt",
    "Integration", "Kirker", "Klima", "Kultur", "Kyster", "Landbrug", "Medier", "Miljø", "Natur", "Patienter",
    "Planer", "Slotte", "Statistik", "Sundhed", "Trafik", "Uddannelse", "Undervisning", "Veje", "Ældre",
))  # fmt: skip
SOURCES: Final = ("ministerier", "styrelser", "regioner", "kommuner", "foreninger")
_WEIGHTS: Final = tuple(accumulate(1 / rank for rank in range(2, len(PUBLISHERS) + 2)))


def made_documents(records: int, seed: int) -> Iterator[Document]:
    """Documents with so many records together; document i is the same whatever the number."""
    made = 0
    for number in range(records):
        document = _document(Author(read_vocabulary(), seed, number), number, records - made)
        made += len(document.records)
        yield document
        if made == records:
            return


def fill_store(path: Path, documents: Iterator[Document]) -> int:
    """Write documents to a new record store as if they had been ingested, without archive; returns the records."""
    records = 0
    with StoreWriter(path) as store:
        while batch := list(islice(documents, 500)):
            for number, document in enumerate(batch):
                seen = Observation(
                    document.source, document.locator, document.version, len(document.text), "text/plain",
                    "2026-01-02T03:04:05Z",
                )  # fmt: skip
                place = ("made", records + number)
                store.add_observation(document.id, seen, place, (*place, ()))
                store.add_version(document)
                store.make_current(document.id, document.version)
            records += sum(len(document.records) for document in batch)
            store.commit()
    return records


def _document(author: Author, number: int, most: int) -> Document:
    name = f"made/{number:08}.txt"
    identity, version = sha256(name.encode()).hexdigest()[:16], sha256(f"{name} 1".encode()).hexdigest()
    records: list[Record] = []
    texts: list[str] = []
    start = 0
    for position in range(1, min(author.rng.randint(FEWEST_ITEMS, MOST_ITEMS), most) + 1):
        author.facts.clear()
        item = compose_item(author)
        text = "\n\n".join((item.heading, *item.paragraphs, *item.points, item.link))
        records.append(_record(identity, version, position, item, text, start, author.facts))
        texts.append(text)
        start += len(text) + 2
    text = "\n\n".join(texts)
    return Document(
        id=identity,
        version=version,
        source=author.rng.choice(SOURCES),
        locator=name,
        kind=author.rng.choice((DocumentKind.NEWSLETTER, DocumentKind.ARTICLE, DocumentKind.MINUTES)),
        title=f"Nyt om {author.topics[0].definite_plural} {author.dated}",
        publisher=author.rng.choices(PUBLISHERS, cum_weights=_WEIGHTS)[0],
        published=Publication(PartialDate(author.year, author.month, author.rng.randint(1, 28)), PublishedBasis.TEXT),
        updated=None,
        language="da",
        url=f"https://example.org/{name}",
        text=text,
        text_sha256=sha256(text.encode()).hexdigest(),
        reader="made 1",
        records=tuple(records),
    )


def _record(
    document: str, version: str, position: int, item: Item, text: str, start: int, facts: list[Fact]
) -> Record:  # fmt: skip
    here = (0, 1, text[:1])
    days = [date.fromisoformat(value) for kind, value in facts if kind == "day"]
    return Record(
        id=f"{document}{position:04}",
        document=document,
        version=version,
        position=position,
        kind=RecordKind.ITEM,
        heading=item.heading,
        theme=None,
        start=start,
        end=start + len(text),
        text=text,
        kommuner=tuple(
            KommuneMention(*here, _codes()[value], Role.AUTHORITY, "made") for kind, value in facts if kind == "kommune"
        ),
        dates=tuple(DateMention(*here, day, day, Grain.DAY, Basis.EXPLICIT, "made") for day in days),
        amounts=tuple(
            AmountMention(*here, Decimal(value), None, "DKK", False, None, "made")
            for kind, value in facts if kind == "DKK"
        ),
    )  # fmt: skip


@cache
def _codes() -> dict[str, str]:
    return {kommune.official: code for code, kommune in kommuner().items()}
