"""What must hold of amounts in any text, and the work of finding them, which grows as the text does."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilde.danish.amounts import HeadUnit, cell_amounts, find_amounts, head_unit, parse_amount, print_amount
from kilde.danish.mentions import AmountMention, Rejected
from tests.timing import least_seconds

FRAGMENTS = """
5 10 15 2025 500 1.250 1.250.000 2,5 495.00 0,5 ½ 1/2 -9,4 −2 12.000,50 300,- kr kr. kroner mio. mio mia. millioner
milliard pct. % procent point tkr. DKK EUR € øre og til eller samt , - – . : ; ( ) ca. op mindst mellem fra på minus fem
halvanden en halv hundrede tusind flere borgere danskere pulje bevilling budget Budget får Punkt § Kr. i 1.000
"""
PIECES = FRAGMENTS.split()
BLANKS = (" ", "  ", "\u00a0", "\u2009", "\u202f ", " \u00a0 ", "")
LINES = ("\n", " \n ", "\n\n", "\t")

fragments = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(BLANKS + LINES)), max_size=14).map(
    lambda pairs: "".join(piece + blank for piece, blank in pairs)
)

texts = st.one_of(fragments, st.text(), st.text(alphabet="0123456789 .,-%krmio\u00ad\u00a0½\n\tpct", max_size=60))


def values(mentions: list[AmountMention]) -> list[tuple[Decimal, Decimal | None, str, bool, str]]:
    return [(one.value, one.value_to, one.unit, one.approximate, one.rule) for one in mentions]


@given(texts)
def test_mentions_are_sorted_apart_and_slice(text: str) -> None:
    found = find_amounts(text)
    assert all(text[one.start : one.end] == one.surface for one in found)
    assert all(one.surface.strip() == one.surface != "" for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(one.value_to is None or one.value < one.value_to for one in found)
    assert all(-4 <= int(one.value.as_tuple().exponent) <= 0 for one in found)


@given(texts)
def test_the_same_text_gives_the_same_whoever_asks_for_refusals(text: str) -> None:
    rejected: list[Rejected] = []
    assert find_amounts(text, rejected) == find_amounts(text)
    assert all(text[one.start : one.end] == one.surface for one in rejected)


@given(fragments)
def test_blanks_may_be_normalised(text: str) -> None:
    normalised = re.sub(r"[^\S\n\t]+", " ", text)
    assert values(find_amounts(normalised)) == values(find_amounts(text))


@given(fragments)
def test_soft_hyphens_count_as_nothing(text: str) -> None:
    assert values(find_amounts("\u00ad".join(text))) == values(find_amounts(text))


@given(fragments, fragments)
def test_a_paragraph_is_read_alike_whatever_surrounds_it(one: str, other: str) -> None:
    found = find_amounts(f"{one}\n\n{other}")
    apart = find_amounts(one) + find_amounts(other)
    assert values(found) == values(apart)


decimals = st.decimals(min_value=-(10**14), max_value=10**14, places=4, allow_nan=False, allow_infinity=False)
units = st.sampled_from(["DKK", "percent", "EUR", "SEK", "USD"])


@given(decimals, units)
def test_a_printed_amount_is_read_back(value: Decimal, unit: str) -> None:
    mention = AmountMention(0, 1, "", value, None, unit, False, None, "")
    again = parse_amount(print_amount(mention))
    assert again is not None
    assert (again.value, again.value_to, again.unit, again.problem) == (value, None, unit, None)


@given(decimals, decimals.filter(lambda one: one > 0), units)
def test_a_printed_range_is_read_back(value: Decimal, width: Decimal, unit: str) -> None:
    mention = AmountMention(0, 1, "", value, value + width, unit, False, None, "")
    again = parse_amount(print_amount(mention))
    assert again is not None
    assert (again.value, again.value_to, again.unit) == (value, value + width, unit)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["1", "1000", "0.01"]))
def test_heads_and_cells_never_raise(head: str, cell: str, multiplier: str) -> None:
    unit = head_unit(head) or HeadUnit(Decimal(multiplier), "DKK")
    found = cell_amounts(cell, unit)
    assert all(cell[one.start : one.end] == one.surface for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


HOSTILE = [
    *("9", "1.1", "1,", ", ", "1 ", " 000", "1 og ", "kr. ", "1 kr ", "kr.1", "mio. ", "fem ", "kroner ", "ca. ", "½"),
    *("1/2 ", "5 mio. og ", "5 millioner ", "5,-", "- ", "1-", "mellem 1 og ", "\n", "1\n", " ", "\u00ad", "1\u00ad"),
    *("1. ", "x1", "en en ", "kommuner og ", "to og en halv ", "§ 1 og ", "Beløb: 1", "minus 1 ", "1 1/2 ", "- 1 "),
]


def seconds(text: str) -> float:
    """What a text takes."""
    return least_seconds(lambda: find_amounts(text))


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_grows_as_the_text_does(piece: str) -> None:
    """What is quadratic would take 64 times as long for eight times the text."""
    text = piece * (8_000 // len(piece))
    assert seconds(text * 8) < 24 * seconds(text) + 0.01


PROSE = (
    "Kommunen har i samarbejde med lokale foreninger åbnet et nyt værested, hvor unge kan få hjælp til lektier og job. "
    "Der er afsat 2,5 mio. kr. til indsatsen i 2024, og omkring 40 frivillige har meldt sig. Forvaltningen mener, at "
    "ordningen kan udvides til flere bydele, hvis erfaringerne er gode, og udvalget følger op til maj.\n\n"
)


@pytest.mark.parametrize("piece", ["9", "1.1", ", ", " 000", "kr. ", "kommuner og ", "mio. ", "1 ", "- ", "½"])
def test_hostile_text_takes_at_most_twice_the_time_of_prose(piece: str) -> None:
    size = 200_000
    prose, hostile = (one * (size // len(one)) for one in (PROSE, piece))
    assert seconds(hostile) < 2 * seconds(prose)
