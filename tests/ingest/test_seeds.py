"""The real documents are read as a person reads them, where they are at hand.

The samples hold the same expectations.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.formats import media_type_of
from ingest.reading import read_document
from kilde.model import Document, RecordKind
from tests.conftest import observation

pytestmark = pytest.mark.seeds


@dataclass(frozen=True)
class Expected:
    """What a person reads in a document."""

    number: str
    kind: str
    title: str
    published: str | None
    basis: str | None
    updated: str | None
    kinds: dict[str, int]
    beginnings: tuple[str, ...]
    """The first words of the headings of items, sections and rows, in order."""


EXPECTED = (
    Expected("000", "newsletter", "Integrationsnyt januar 2020", "2020-01", "text", "2020-09-16",
             {"front": 1, "item": 8, "imprint": 1},
             ("SIRI's nyhedsbrev", "Forældrekompetencerne", "Ny evaluering", "Få inspiration", "Temadag", "Styrket",
              "SIRI går", "Deltag i SIRIs")),
    Expected("001", "newsletter", "Integrationsnyt oktober", "2019-10", "inferred", "2019-10-28",
             {"front": 1, "item": 7, "imprint": 1},
             ("Indsats skal", "Vejledning", "Netværksmøde", "Nyetableret", "Repatriering", "Kommunalt",
              "Integrationstræf")),
    Expected("002", "page", "Formål med området", None, None, None, {"section": 7},
             ("Formål", "Hvem gør hvad", "Nydanske", "Understøttelse", "Modelprojekt", "Kvinder", "Forebyggelse")),
    Expected("003", "catalogue", "Strømninger i den kommunale integrationsindsats", None, None, None,
             {"front": 1, "row": 15, "reference": 9},
             ("Tværgående", "Dialogbaseret", "Samarbejde", "Sprogundervisning", "Tidlig", "Branchepakker", "Fritidsjob",
              "Boligsociale", "Højskoleophold", "Helhedsindsats", "Sprogkufferter", "Sundhed", "Frivillige",
              "Flygtninge", "Repatriering")),
    Expected("004", "article", "Integrationstræf 2019", None, None, "2020-09-16", {"section": 1, "imprint": 1},
             ("Integrationstræf 2019",)),
)  # fmt: skip


def read(folder: Path, number: str) -> Document:
    """A real document by its number."""
    path = next(folder.glob(f"{number}_*"))
    body = path.read_bytes()
    return read_document(body, observation(body, path.name, media_type=media_type_of(path.name)))


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda it: it.number)
def test_document(seeds: Path, expected: Expected) -> None:
    """Kind, title, dates and records."""
    document = read(seeds, expected.number)
    published = document.published
    assert (document.kind.value, document.title) == (expected.kind, expected.title)
    assert (
        (str(published.when), published.basis.value)
        if published
        else (
            expected.published,
            expected.basis,
        )
        == (None, None)
    )
    assert (document.updated.isoformat() if document.updated else None) == expected.updated
    assert Counter(record.kind.value for record in document.records) == expected.kinds
    named = [it.heading for it in document.records if it.kind in {RecordKind.ITEM, RecordKind.SECTION, RecordKind.ROW}]
    assert len(named) == len(expected.beginnings)
    assert all(heading.startswith(begin) for heading, begin in zip(named, expected.beginnings, strict=True))


def test_the_year_of_a_title_without_one_is_explained(seeds: Path) -> None:
    """The words it comes from, and a problem that says so."""
    document = read(seeds, "001")
    published = document.published
    assert published is not None
    assert published.span is not None
    assert document.text[published.span.start : published.span.end] == "oktober"
    assert ["28.10.2019" in it.detail for it in document.problems if it.code == "published_year_inferred"] == [True]


def test_links_of_items(seeds: Path) -> None:
    """All items but the editorial lead on to something."""
    items = [it for it in read(seeds, "000").records if it.kind is RecordKind.ITEM]
    assert [len(it.links) for it in items] == [0, 1, 1, 1, 1, 1, 1, 1]


def test_rows_of_the_catalogue(seeds: Path) -> None:
    """Themes, columns, lists as lists, and no tag left in any text."""
    document = read(seeds, "003")
    rows = [it for it in document.records if it.kind is RecordKind.ROW]
    assert Counter(row.theme for row in rows) == {"NY I DANMARK": 7, "LIVET I DANMARK": 7, "REPATRIERING": 1}
    assert all([it.name for it in row.fields] == ["INDSATSER", "ANBEFALINGER/ERFARINGER"] for row in rows)
    assert [len(row.fields[0].items or ()) for row in rows] == [0, 3, 0, 2, 0, 0, 8, 8, 0, 0, 0, 0, 0, 5, 0]
    assert not any(tag in document.text for tag in ("<p>", "</p>", "<ul", "style="))
    assert not any("-----" in record.text for record in document.records)


def test_references_of_the_catalogue(seeds: Path) -> None:
    """Publisher, year and title, or address and date of access."""
    references = [it for it in read(seeds, "003").records if it.kind is RecordKind.REFERENCE]
    fields = [{it.name: it.value for it in record.fields} for record in references]
    assert [sorted(it) for it in fields] == [["publisher", "title", "year"]] * 7 + [["accessed", "address"]] * 2
    assert [it["year"] for it in fields[:7]] == ["2016", "2018", "2020", "2018", "2020", "2018", "2019"]
    assert fields[7]["accessed"] == "10.03.2021"


@pytest.mark.parametrize("number", ["000", "001", "004"])
def test_the_footer_is_in_no_record(seeds: Path, number: str) -> None:
    """In the document's text, with the rule that took it."""
    document = read(seeds, number)
    assert [document.text[it.start :][:7] for it in document.boilerplate] == ["Abonnér"]
    assert document.boilerplate[0].end == len(document.text)
    assert not any("samtykke" in record.text for record in document.records)
