"""What a source's definition says of its pages: CSS selectors of content, title and date, and the kind."""

from __future__ import annotations

import pytest

from ingest.reading import read_document
from kilde.model import Document, DocumentKind, Hints, Observation, PublishedBasis

PAGE = """<!doctype html><html lang="da"><head><title>Siden</title>
<meta property="article:published_time" content="2019-01-01"></head><body>
<div class="top">Menu <a href="/a">Andet</a></div>
<div class="art"><h1>Overskrift</h1><h3 class="ti">Den rigtige titel</h3>
<p>Faxe Kommune har åbnet et værested.</p><div class="quote">Et godt ord.</div></div>
<p class="dt" datetime="{machine}">{date}</p><div class="art">Og et stykke til.</div>
<div class="bund">Udgivet 3. marts 2018</div></body></html>"""


def read(hints: Hints, date: str = "den 12. maj 2021", machine: str = "") -> Document:
    """The page read with hints."""
    body = PAGE.format(date=date, machine=machine).encode()
    return read_document(
        body, Observation("s", "a.html", "0" * 64, len(body), "text/html", "2026-01-01T00:00:00Z", hints=hints)
    )


def codes(document: Document) -> list[str]:
    """The problems of the hints."""
    return [it.code for it in document.problems if it.code.startswith("hint")]


def test_content_is_what_the_selector_names() -> None:
    """Everything else is furniture, whether it stands before, between or behind; all of it stays in the text."""
    document = read(Hints(content=".art, .quote"))
    assert [document.text[it.start : it.end] for it in document.boilerplate if it.rule == "outside_content"] == [
        "Menu Andet",
        "den 12. maj 2021\n\nUdgivet 3. marts 2018",
    ]
    shown = "\n\n".join(record.text for record in document.records)
    assert shown.startswith("Overskrift")
    assert "Et godt ord." in shown
    assert "Og et stykke til." in shown
    assert not codes(document)


def test_title() -> None:
    """It wins over the heading, and stays where it stands in the text."""
    document = read(Hints(title="h3.ti"))
    assert document.title == "Den rigtige titel"
    assert "Den rigtige titel" in document.text


@pytest.mark.parametrize(
    ("date", "machine", "expected", "basis"),
    [
        ("den 12. maj 2021", "", "2021-05-12", PublishedBasis.TEXT),
        ("Nyt fra maj 2021 om børn", "", "2021-05", PublishedBasis.TEXT),
        ("for tre dage siden", "2021-05-12T10:00:00+02:00", "2021-05-12", PublishedBasis.META),
    ],
)
def test_date(date: str, machine: str, expected: str, basis: PublishedBasis) -> None:
    """It wins over the metadata and over "Udgivet ..."; machine-made dates count before words."""
    published = read(Hints(date=".dt"), date, machine).published
    assert published is not None
    assert (str(published.when), published.basis) == (expected, basis)


def test_kind() -> None:
    """It wins over what the text looks like."""
    assert read(Hints()).kind is DocumentKind.PAGE
    assert read(Hints(kind="minutes")).kind is DocumentKind.MINUTES
    newsletter = read(Hints(kind="newsletter"))
    assert newsletter.kind is DocumentKind.NEWSLETTER
    assert newsletter.records[0].kind.value == "front"


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        (Hints(content="#nix"), ["hint_without_match"]),
        (Hints(title="h1 + h6", date="time"), ["hint_without_match"] * 2),
        (Hints(content="div[["), ["hint_without_match"]),
        (Hints(date="h1"), ["hint_without_date"]),
    ],
)
def test_a_selector_that_gives_nothing_is_said(hints: Hints, expected: list[str]) -> None:
    """The page is read as without it, and a Problem says so: a site was changed."""
    document = read(hints)
    assert codes(document) == expected
    assert document.title == "Overskrift"
    assert document.text == read(Hints()).text
