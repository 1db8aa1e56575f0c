"""From bytes to a document: dates in their context, masked numbers, problems, publication."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.reading import read_document
from kilde.model import Document, PublishedBasis, RecordKind
from tests.conftest import observation


def read(text: str, *, published: str | None = None, locator: str = "nyt.txt") -> Document:
    """A document of plain text."""
    body = text.encode("utf-8")
    return read_document(body, replace(observation(body, locator), published=published))


def test_cpr_numbers_are_in_nothing_that_is_derived() -> None:
    """Masked in the text with their length kept, told as a problem, and the mentions around them stay in place."""
    document = read("Sag\n\nBorgeren 010190-1234 i Vejle Kommune fik 500 kr. den 3. maj 2020.\n")
    assert "010190" not in repr(document)
    assert "1234" not in repr(document)
    assert "••••••-••••" in document.text
    assert [problem.code for problem in document.problems] == ["cpr_masked"]
    record = document.records[0]
    assert [it.surface for it in (*record.kommuner, *record.amounts, *record.dates)] == [
        "Vejle Kommune", "500 kr.", "3. maj 2020",
    ]  # fmt: skip


def test_trouble_in_the_text_becomes_problems_with_their_place() -> None:
    """A weekday that does not fit and an amount that is written oddly are kept as written."""
    document = read("Møde\n\nMødet er mandag den 4. maj 2021. Det koster 495.00 kr. at deltage, alt er med.\n")
    found = {it.code: document.text[it.where.start : it.where.end] for it in document.problems if it.where}
    assert found["weekday_mismatch"] == "4. maj 2021"
    assert found["ambiguous_separator"] == "495.00 kr."


def test_counts_without_names_are_groups() -> None:
    """With the amount that the sentence gives."""
    record = read("Ny pulje\n\n15 kommuner har fået i alt 69,9 mio. kr. til at støtte flere unge.\n").records[0]
    assert [(it.n, it.noun, int(it.value or 0)) for it in record.groups] == [(15, "kommuner", 69_900_000)]
    assert record.grants == ()


def letter(title: str, text: str = "", end: str = "", lead: str = "Nyheder om fritid.") -> str:
    """A newsletter of two items."""
    first = f"Første nyhed\n\nDer er nyt at fortælle. {text}\n"
    return f"Fritidsnyt {title}\n\n{lead}\n\n\n{first}\n\nAnden nyhed\n\nOg mere.\n{end}"


PUBLICATIONS = [
    ("its own title", letter("maj 2021"), None, "2021-05", "text"),
    ("its own title before what was given", letter("maj 2021"), "given:2020", "2021-05", "text"),
    ("an override before all", letter("maj 2021"), "override:2020-01-02", "2020-01-02", "override"),
    ("given, where it says nothing", letter("nr. 4"), "given:2020-03", "2020-03", "given"),
    ("the source's, where it says nothing", letter("nr. 4"), "source:2020", "2020", "source"),
    ("an imprint", letter("nr. 4", end="\nUdgivet 3. maj 2021\n"), None, "2021-05-03", "text"),
    ("the imprint's year", letter("maj", end="\nSidst opdateret 28.05.2019\n"), None, "2019-05", "inferred"),
    ("the year before the imprint's", letter("december", end="\nSidst opdateret 03.01.2020\n"), None,
     "2019-12", "inferred"),
    ("the year of what was given", letter("december"), "given:2020-01", "2019-12", "inferred"),
    ("the year of the text", letter("maj", "Mødet er den 3. maj 2018."), None, "2018-05", "inferred"),
    ("the line under the title", letter("", lead="Nr. 2, marts 2022"), None, "2022-03", "text"),
    ("no sentence under the title", letter("", lead="I Ribe, 3. maj 2021, var der fest."), None, None, None),
    ("nothing", letter("nr. 4"), None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "given", "expected", "basis"), [it[1:] for it in PUBLICATIONS], ids=[it[0] for it in PUBLICATIONS]
)
def test_publication(text: str, given: str | None, expected: str | None, basis: str | None) -> None:
    """What it rests on, in the order of CONTRACTS; an inferred year says from what."""
    document = read(text, published=given)
    published = document.published
    found = (str(published.when), published.basis.value) if published else (None, None)
    assert found == (expected, basis)
    if published and published.basis is PublishedBasis.INFERRED:
        assert "published_year_inferred" in {it.code for it in document.problems}


def test_the_title_gives_the_year_of_a_day() -> None:
    """As does the publication, where nothing nearer does."""
    document = read(
        "Sommertræf 2019\n\nOver 200 deltog i Odense den 10. sep. til årets træf.\n\nDet var godt. Alle var glade.\n"
    )
    assert [str(it.first) for it in document.records[0].dates] == ["2019-01-01", "2019-09-10"]
    newsletter = read(letter("maj 2021", "Mødet er den 3. juni."))
    assert "2021-06-03" in {str(it.first) for record in newsletter.records for it in record.dates}


def test_an_imprint_is_a_record_of_its_own() -> None:
    """Its date is among the dates found, and stands in no other record."""
    document = read(letter("maj 2021", end="\nSidst opdateret 28.05.2021\n"))
    assert [it.kind for it in document.records][-1] is RecordKind.IMPRINT
    assert [it.surface for it in document.records[-1].dates] == ["28.05.2021"]
    assert str(document.updated) == "2021-05-28"


def test_the_same_bytes_give_the_same_document() -> None:
    """Reading is a function of bytes and observation."""
    text = letter("maj 2021", "Vejle Kommune fik 2 mio. kr.")
    assert read(text) == read(text)


KINDS = [
    ("a head and one row", "a.csv", "Ansøger;Projekt;Bevilget beløb i kr.\nÆrø Kommune;Færge;99.000\n", "grants"),
    ("minutes by their title", "a.txt", "Referat\n\nPunkt 1: Valg\n\nOle blev valgt. Alle var enige.\n", "minutes"),
    ("an item about absence", "a.txt", letter("maj 2021").replace("Anden nyhed", "Afbud fra Lolland"), "newsletter"),
]


@pytest.mark.parametrize(("name", "text", "kind"), [it[1:] for it in KINDS], ids=[it[0] for it in KINDS])
def test_kinds(name: str, text: str, kind: str) -> None:
    """What a document is."""
    body = text.encode("utf-8")
    media_type = "text/csv" if name.endswith("csv") else "text/plain"
    document = read_document(body, observation(body, name, media_type=media_type))
    assert document.kind.value == kind
    assert "Afbud fra Lolland" not in text or "Afbud fra Lolland" in {it.heading for it in document.records}


LONG = "En lang og god tekst om noget andet, som fylder godt op. " * 4

PUBLISHERS = [
    ("the head's title", "<title>Nyhedsbrev maj 2021 | Svendborg Kommune</title>", "", "Svendborg Kommune"),
    ("the footer", "", "<footer><p>Odense Kommune<br>Flakhaven 2<br>5000 Odense C</p></footer>", "Odense Kommune"),
    ("a footer with its year", "", "<footer>© 2021 Styrelsen for Grøn Omstilling</footer>",
     "Styrelsen for Grøn Omstilling"),
    ("a footer that only mentions one", "", "<footer><p>Find vej til Odense Kommune her</p></footer>", None),
]  # fmt: skip


@pytest.mark.parametrize(("head", "foot", "expected"), [it[1:] for it in PUBLISHERS], ids=[it[0] for it in PUBLISHERS])
def test_a_publisher_that_only_the_frame_of_a_page_names(head: str, foot: str, expected: str | None) -> None:
    """The words of the page come first; these are weaker, and better than nobody."""
    body = f"<html><head>{head}</head><body><main><h1>Nyt</h1><p>{LONG}</p></main>{foot}</body></html>".encode()
    assert read_document(body, observation(body, "a.html")).publisher == expected


def test_an_impossible_date_is_said() -> None:
    """It is no date, and a Problem says where it stands."""
    body = "Fristen er den 31.02.2020, og mødet er den 30. februar 2021.\n".encode()
    document = read_document(body, observation(body))
    found = [it for it in document.problems if it.code == "impossible_date"]
    assert [document.text[it.where.start : it.where.end] for it in found if it.where] == [
        "31.02.2020",
        "30. februar 2021",
    ]
    assert not document.records[0].dates


COOKIES = "Vi bruger cookies til statistik. Accepter alle eller kun nødvendige."


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (f"{COOKIES}\n\nNyt fra Faxe\n\n{LONG}\n\n{LONG}\n", ["cookie_text"]),
        (f"Nyt fra Faxe\n\n{LONG}\n\n{LONG}\n\n{COOKIES}\n", ["cookie_text"]),
        (f"Sådan bruger vi cookies\n\n{LONG}\n\n{COOKIES}\n", []),
        (f"Nyt fra Faxe\n\n{LONG}\n\nBørnene bagte cookies i skolen.\n", []),
    ],
)
def test_a_banner_about_cookies_is_boilerplate(text: str, rules: list[str]) -> None:
    """In any format, at both ends; a page about cookies keeps its text."""
    document = read_document(text.encode(), observation(text.encode()))
    assert [it.rule for it in document.boilerplate] == rules
