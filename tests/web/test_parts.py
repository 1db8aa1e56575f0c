"""The parts of the pages on their own: words, addresses, bars, map, marks, and the colours of numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search.web
from kilde.danish.kommuner import kommuner
from kilde.model import AmountMention, KommuneMention, Record, RecordKind, Role
from kilde.source_runs import SourceReport, Visit
from search.page import Segment
from search.web.addresses import Address, kommune_address
from search.web.asked import Asked, pairs_of
from search.web.denmark import denmark, outlines, shade_bounds
from search.web.operations import moment, said_of
from search.web.prose import body, marked
from search.web.query_string import SEARCH, read_asked, read_parameters
from search.web.results import split_heading
from search.web.sources import heat, missing
from search.web.timeline import MOST_BARS, timeline
from search.web.words import LANGUAGES, money, number, wording, words

PACKAGE = Path(search.web.__file__).parent
TEMPLATES = "".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.glob("templates/*.html")))
MODULES = "".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.glob("*.py")))
SAY = wording("da")


def test_every_word_is_there_and_is_used() -> None:
    """The keys of the templates are in the table, and the table has none that nobody uses."""
    source = TEMPLATES + MODULES
    whole = set(re.findall(r"""(?:\bt|\bsay|wording\([^()]*\))\(\s*f?["']([a-z_.0-9]+)["']""", source))
    whole |= set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)+)["']""", TEMPLATES))
    open_ends = {each for each in whole if each.endswith(".")} | set(re.findall(r"""f["']([a-z_]+\.)\{""", MODULES))
    found = {key.removesuffix(".one").removesuffix(".many") for key in words()}
    named = {each for each in whole if not each.endswith((".", ".html", ".css", ".js", ".svg"))}
    assert {each for each in named if each.split(".")[0] in {key.split(".")[0] for key in found}} - found <= {"x.t"}
    unused = {key for key in found if key not in source and not key.startswith(tuple(open_ends))}
    assert unused <= {"found_documents"}


@pytest.mark.parametrize("key", sorted(words()))
def test_languages_say_the_same(key: str) -> None:
    """Both languages have something, and the same places to fill in."""
    danish, english = (words()[key][language] for language in LANGUAGES)
    assert danish
    assert english
    assert set(re.findall(r"\{\w+\}", danish)) == set(re.findall(r"\{\w+\}", english))


@pytest.mark.parametrize(
    ("value", "danish", "english"),
    [
        (1_234_500_00, "1.234.500 kr.", "DKK 1,234,500"),
        (69_900_000_00, "69,9 mio. kr.", "DKK 69.9 million"),
        (7_000_000_00, "7 mio. kr.", "DKK 7 million"),
        (1_500_000_000_00, "1,5 mia. kr.", "DKK 1.5 billion"),
        (10_000_000_00, "10 mio. kr.", "DKK 10 million"),
        (1250_50, "1.250,50 kr.", "DKK 1,250.50"),
        (0, "0 kr.", "DKK 0"),
    ],
)
def test_money(value: int, danish: str, english: str) -> None:
    """Exact in both languages."""
    assert (money(value, "da"), money(value, "en")) == (danish, english)


@given(st.integers(-(10**15), 10**15))
def test_numbers_keep_their_digits(value: int) -> None:
    """Only marks of thousands are put in."""
    assert int(number(value, "da").replace(".", "")) == int(number(value, "en").replace(",", "")) == value


def test_kommuner_have_addresses_of_their_own() -> None:
    """Plain letters, and each another."""
    paths = {kommune_address(each).path for each in kommuner().values()}
    assert len(paths) == 98
    assert all(re.fullmatch(r"/kommune/\d{4}-[a-z-]+", path) for path in paths)


def test_toggling_twice_changes_nothing() -> None:
    """A value comes and goes, and the page begins anew."""
    address = Address("/soeg", (("q", "a"), ("kommune", "0101"), ("cursor", "x")))
    once = address.toggled("kommune", "0751")
    assert once.text() == "/soeg?q=a&kommune=0101&kommune=0751"
    assert once.toggled("kommune", "0751").text() == "/soeg?q=a&kommune=0101"


asked = st.fixed_dictionaries(
    {},
    optional={
        "q": st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        "kommune": st.lists(st.sampled_from(sorted(kommuner())), max_size=4),
        "publisher": st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), max_size=3),
        "year": st.lists(st.integers(1000, 2999).map(str), max_size=3),
        "from": st.sampled_from(["", "1999", "2019-02", "2020-02-29"]),
        "sort": st.sampled_from(["", "relevance", "newest", "amount"]),
        "limit": st.integers(1, 100),
    },
)


@given(asked)
def test_an_address_says_what_was_asked(values: dict[str, object]) -> None:
    """Written as an address and read again it asks the same, and is written the same."""
    first = Asked.model_validate(values)
    address = Address("/soeg", pairs_of(first)).text()
    again = read_asked(read_parameters(address.partition("?")[2].encode(), SEARCH))
    assert again == first
    assert Address("/soeg", pairs_of(again)).text() == address


def test_the_map_has_every_kommune_and_its_attribution() -> None:
    """98 outlines that say where they come from, in few bytes."""
    assert set(outlines()["paths"]) == set(kommuner())
    assert outlines()["source"] == "Indeholder data fra Geodatastyrelsen"
    assert len((PACKAGE / "map.json").read_bytes()) < 60_000


@given(st.lists(st.integers(0, 10**6), max_size=98))
def test_shades_rise_and_cover_all(counts: list[int]) -> None:
    """Each number above none has one of the five colours, the largest the darkest that is used."""
    bounds = shade_bounds(counts)
    assert bounds == sorted(set(bounds))
    assert len(bounds) <= 5
    assert bounds[0] == 1 or max(counts, default=0) == 0
    drawn = denmark({"0101": max(counts, default=0)}, lambda code: Address(f"/{code}"))
    assert max(area.shade for area in drawn.areas) == (len(drawn.shades) if any(counts) else 0)


@given(st.dictionaries(st.integers(1000, 2999), st.integers(0, 10**6), max_size=30))
def test_bars_stand_in_a_run_of_years(counts: dict[int, int]) -> None:
    """No year is left out between the first and the last that are shown, and each bar is inside of the picture."""
    line = timeline(counts, lambda year: Address(f"/{year}"))
    if not counts:
        assert line is None
        return
    assert line is not None
    years = [bar.year for bar in line.bars]
    assert years == list(range(years[0], max(counts) + 1))
    assert len(years) <= MOST_BARS
    assert all(0 <= bar.y <= line.height and bar.x + bar.width <= line.width + 1 for bar in line.bars)


def record(text: str, *mentions: KommuneMention | AmountMention, heading: str = "") -> Record:
    """A record with mentions."""
    return Record(
        "r", "d", "v", 1, RecordKind.ITEM, heading, None, 0, len(text), text,
        kommuner=tuple(it for it in mentions if isinstance(it, KommuneMention)),
        amounts=tuple(it for it in mentions if isinstance(it, AmountMention)),
    )  # fmt: skip


def kommune_mention(text: str, surface: str) -> KommuneMention:
    """A mention where its words stand first."""
    start = text.index(surface)
    return KommuneMention(start, start + len(surface), surface, "0751", Role.PLACE, "test")


def test_marks_never_change_the_text() -> None:
    """The pieces are the text; of two marks that overlap the first stands."""
    text = "Aarhus Kommune får 5 mio. kr.\n• Ny pulje\n• Mere"
    start = text.index("5 mio")
    amount = AmountMention(start, start + 10, "5 mio. kr.", Decimal(5_000_000), None, "DKK", False, None, "test")
    found = record(text, kommune_mention(text, "Aarhus Kommune"), kommune_mention(text, "Kommune"), amount)
    pieces = marked(found, SAY, "da")
    assert "".join(piece.text for piece in pieces) == text
    assert [(piece.text, piece.reading) for piece in pieces if piece.kind] == [
        ("Aarhus Kommune", "Aarhus Kommune (0751), sted"),
        ("5 mio. kr.", "5 mio. kr."),
    ]
    assert [line.point for line in body(found, SAY, "da")] == [False, True, True]


@given(st.text("Ny pulje\n ", max_size=30), st.integers(0, 29), st.integers(1, 9))
def test_headings_keep_their_marks(text: str, start: int, width: int) -> None:
    """Heading and snippet together are the text, whatever is marked."""
    heading = " ".join(text[:10].split())
    pieces = [
        Segment(text[:start], False),
        Segment(text[start : start + width], True),
        Segment(text[start + width :], False),
    ]
    first, rest = split_heading([piece for piece in pieces if piece.text], heading)
    joined = "".join(piece.text for piece in (*first, *rest))
    assert joined.replace(" ", "").startswith(heading.replace(" ", ""))
    assert "".join(piece.text for piece in first) == heading or not heading


def test_a_heat_map_shows_empty_years_between_others() -> None:
    """Rows from the last to the first year, months without documents counted as missing."""
    months = {"2018-12": 2, "2021-01": 5}
    rows = heat("uim", months)
    assert [row.year for row in rows] == [2021, 2020, 2019, 2018]
    assert [row.total for row in rows] == [5, 0, 0, 2]
    assert rows[0].months[0].address.text() == "/soeg?source=uim&from=2021-01&to=2021-01"
    now = datetime(2022, 3, 1, tzinfo=UTC)
    assert missing(months, None, now) == 24
    visit = Visit(now, SourceReport("uim", "website", cadence="yearly"))
    assert missing(months, visit, now) == 2  # of the years 2018 to 2021 those of 2019 and 2020
    assert heat("uim", {}) == ()


def test_times_are_those_of_copenhagen() -> None:
    """UTC in the state, the clock on the wall on the page, in summer and in winter."""
    assert moment("2026-11-23T03:19:00Z", "da") == "23. november 2026 kl. 4.19"
    assert moment("2026-07-01T22:05:00Z", "en") == "2 July 2026 0:05"


def test_a_failure_is_said_once() -> None:
    """An alarm that only repeats why a source failed is left out."""
    report = SourceReport(
        "borte", "folder", failing="there is no /x", alarms=["failing: there is no /x", "no mentions"]
    )
    assert said_of(Visit(datetime(2026, 1, 1, tzinfo=UTC), report), "da") == [
        ("da", "/x findes ikke"),
        ("en", "no mentions"),
    ]
