"""A text that is one date, a date in print, and what a newsletter's title says of its publication."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilde.danish.date_periods import Moment, period
from kilde.danish.dates import find_title_date, parse_date, print_date
from kilde.danish.mentions import Basis, DateMention, Grain

LINES = [
    ("28.10.2019", "2019-10-28", "2019-10-28"),
    ("Sidst opdateret 07.02.2018", "2018-02-07", "2018-02-07"),
    ("Sidst opdateret: 28. oktober 2019.", "2019-10-28", "2019-10-28"),
    ("Publiceret onsdag den 3. marts 2021", "2021-03-03", "2021-03-03"),
    ("d. 3/3-21", "2021-03-03", "2021-03-03"),
    ("2020-01", "2020-01-01", "2020-01-31"),
    ("2020", "2020-01-01", "2020-12-31"),
    ("skoleåret 2020/21", "2020-08-01", "2021-07-31"),
    (" marts 2021 ", "2021-03-01", "2021-03-31"),
    ("fra 2016 til 2019", "2016-01-01", "2019-12-31"),
]
NO_LINES = [
    "",
    "3. marts",
    "i går",
    "Mødet er 3. marts 2021",
    "3. marts 2021 i Skive",
    "2019, 2020",
    "31.02.2020",
    "2020 " * 99,
]


@pytest.mark.parametrize(("text", "first", "last"), LINES)
def test_a_text_that_is_one_date(text: str, first: str, last: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert (str(found.first), str(found.last)) == (first, last)
    assert text[found.start : found.end] == found.surface


@pytest.mark.parametrize("text", NO_LINES)
def test_a_text_that_is_no_date_or_more_than_one(text: str) -> None:
    assert parse_date(text) is None


DAYS = st.dates(date(1800, 1, 1), date(2099, 12, 31))
NUMBERS = {Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.HALF: 2}


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    """Anything that a date can be, but for ranges."""
    grain = draw(st.sampled_from([grain for grain in Grain if grain is not Grain.RANGE]))
    year, number, day = draw(st.integers(1800, 2099)), draw(st.integers(1, NUMBERS.get(grain, 1))), 0
    if grain is Grain.DAY:
        chosen = draw(DAYS)
        year, number, day = chosen.year, chosen.month, chosen.day
    elif grain is Grain.PART:
        number, day = draw(st.integers(0, 12)), draw(st.integers(1, 3))
    elif grain is Grain.SEASON:
        number = draw(st.sampled_from([3, 6, 9, 12]))
    elif grain is Grain.DECADE:
        year -= year % 10
    return Moment(grain, year, number, day)


def mention(first: date | None, last: date | None, grain: Grain) -> DateMention:
    return DateMention(0, 1, "x", first, last, grain, Basis.EXPLICIT, "test")


@given(moments())
def test_a_printed_date_is_read_back(moment: Moment) -> None:
    days = period(moment, moment.year or 0)
    assert days is not None
    found = parse_date(print_date(mention(*days, moment.grain)))
    assert found is not None
    assert (found.first, found.last, found.grain) == (*days, moment.grain)


@given(DAYS, st.one_of(st.integers(0, 1000), st.just(0)), st.booleans())
def test_a_printed_range_is_read_back(first: date, length: int, whole_years: bool) -> None:
    last = min(first + timedelta(days=length), date(2099, 12, 31))
    if whole_years:
        first, last = first.replace(month=1, day=1), last.replace(month=12, day=31)
    found = parse_date(print_date(mention(first, last, Grain.RANGE)))
    assert found is not None
    assert (found.first, found.last, found.grain) == (first, last, Grain.RANGE)


def test_an_open_end_has_no_print() -> None:
    with pytest.raises(ValueError, match="open"):
        print_date(mention(date(2016, 1, 1), None, Grain.RANGE))


TITLES = [
    ("Skolenyt juni 2018", "juni 2018", 2018, 6, None),
    ("Skolenyt november", "november", None, 11, None),
    ("Nyhedsbrev Oktober – nyt fra skolerne", "Oktober", None, 10, None),
    ("Nyhedsbrev nr. 3, 2021", "2021", 2021, None, None),
    ("Nyhedsbrev nr. 3/2021", "2021", 2021, None, None),
    ("Nyhedsbrev 2021/3", "2021", 2021, None, None),
    ("Nyhedsbrev 2021-03", "2021-03", 2021, 3, None),
    ("Nyhedsbrev oktober, nr. 8, 2021", "oktober, nr. 8, 2021", 2021, 10, None),
    ("2021: nyt fra maj måned", "2021: nyt fra maj måned", 2021, 5, None),
    ("Nyhedsbrev 12. maj 2021", "12. maj 2021", 2021, 5, 12),
    ("Nyt den 12. maj", "12. maj", None, 5, 12),
    ("Nyhedsbrev 12.05.2021", "12.05.2021", 2021, 5, 12),
    ("Nyt fra Bæk – uge 14, 2022", "uge 14, 2022", 2022, 4, None),
    ("Nyhedsbrev uge 1 2021", "uge 1 2021", 2021, 1, None),
    ("Nyhedsbrev forår 2022", "forår 2022", 2022, None, None),
    ("Nyhedsbrev 2. kvartal 2022", "2. kvartal 2022", 2022, None, None),
    ("Nyhedsbrev marts/april 2021", "marts/april 2021", 2021, 3, None),
    ("MARTS 2021: Nyt", "MARTS 2021", 2021, 3, None),
    ("Ny\u00adheds\u00adbrev sep\u00adtember 2021", "sep\u00adtember 2021", 2021, 9, None),
    ("Træf 2019", "2019", 2019, None, None),
]


@pytest.mark.parametrize(("title", "surface", "year", "month", "day"), TITLES)
def test_what_a_title_says(title: str, surface: str, year: int | None, month: int | None, day: int | None) -> None:
    found = find_title_date(title)
    assert found is not None
    assert (found.surface, found.year, found.month, found.day) == (surface, year, month, day)
    assert title[found.start : found.end] == found.surface


@pytest.mark.parametrize(
    "title", ["", "Nyhedsbrev nr. 3", "Byråd 2022-2025", "Uge 14", "Om os", "2000 borgere", "Mød Maj Holm"]
)
def test_a_title_without_a_date(title: str) -> None:
    assert find_title_date(title) is None


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(["2021", "/", "-", "3", "maj", "Maj", "uge 53", " ", "31. "])).map("".join)
    )
)
def test_no_title_raises(title: str) -> None:
    found = find_title_date(title)
    assert found is None or title[found.start : found.end] == found.surface
    parse_date(title)
