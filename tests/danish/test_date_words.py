"""The tables behind dates: every row has its columns, no key stands twice, and values are what the code expects."""

from __future__ import annotations

from datetime import date

import pytest

from kilde.danish.date_words import before_days, before_years, counts, decades, months, seasons, weekdays, words_before
from kilde.danish.lexicon_rows import read_rows

TABLES = {
    "months.tsv": 3,
    "weekdays.tsv": 2,
    "seasons.tsv": 2,
    "decades.tsv": 2,
    "before_years.tsv": 2,
    "before_days.tsv": 2,
    "before_months.tsv": 1,
    "counted.tsv": 2,
    "small_words.tsv": 1,
    "tense.tsv": 2,
    "plan_words.tsv": 1,
    "imprint_words.tsv": 1,
    "year_holders.tsv": 1,
    "date_leads.tsv": 1,
    "relative_dates.tsv": 3,
    "numerals.tsv": 3,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_its_columns_and_no_key_twice(name: str) -> None:
    rows = read_rows(name)
    keys = [row[0] for row in rows]
    assert {len(row) for row in rows} == {TABLES[name]}
    assert sorted(keys) == sorted(set(keys))
    assert all(cell == cell.strip() != "" for row in rows for cell in row)


def test_values() -> None:
    assert set(months().values()) == set(range(1, 13))
    assert set(weekdays().values()) == set(range(1, 8))
    assert set(seasons().values()) == {3, 6, 9, 12}
    assert all(date(year, 1, 1).year % 10 == 0 for year in decades().values())
    assert set(before_days().values()) == {"dot", "padded", "slash"}
    assert {"dating", "about", "counted", "phone"} < set(before_years().values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 kr.", True),
        ("12 plejehjemspladser", True),
        ("12 m2", True),
        ("12 kr. 500", False),
        ("12 m. henblik", False),
        ("12 Børn", False),
        ("12\n\nbørn", False),
        ("12\tbørn", False),
        ("12, børn", False),
        ("12 er", False),
        ("12", False),
    ],
)
def test_what_a_number_counts(text: str, expected: bool) -> None:
    assert counts(text, 2) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mødet er Den ", ["mødet", "er", "den"]),
        ("et to tre fire fem seks syv ", ["tre", "fire", "fem", "seks", "syv"]),
        ("før\n\nefter ", ["efter"]),
        ("før\nefter ", ["før", "efter"]),
        ("", []),
    ],
)
def test_words_before(text: str, expected: list[str]) -> None:
    assert words_before(text, len(text)) == expected
