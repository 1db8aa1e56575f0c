"""Amounts in sentences: a table of what is found and what is not, and why what is not is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kilde.danish.amounts import find_amounts, parse_amount, print_amount
from kilde.danish.mentions import AmountMention, Rejected
from tests.danish.tables import read_cases, spaced


def shown(mention: AmountMention) -> str:
    value = f"{mention.value:f}" + (f"..{mention.value_to:f}" if mention.value_to is not None else "")
    approximate = " ~" if mention.approximate else ""
    bound = {"min": " >=", "max": " <="}[mention.bound] if mention.bound else ""
    problem = f" !{mention.problem}" if mention.problem else ""
    return f"{mention.surface} = {value} {mention.unit}{approximate}{bound}{problem}"


@pytest.mark.parametrize(("text", "expected", "reason"), read_cases("amounts.tsv"))
def test_a_sentence_gives_its_amounts(text: str, expected: str, reason: str) -> None:
    text = spaced(text)
    found = find_amounts(text)
    assert (" | ".join(map(shown, found)) or "-") == spaced(expected), reason
    assert all(text[mention.start : mention.end] == mention.surface for mention in found)


def test_the_table_holds_what_must_match_beside_what_must_not() -> None:
    rows = read_cases("amounts.tsv")
    assert len(rows) >= 200
    assert sum(expected == "-" for _, expected, _ in rows) >= 40


@pytest.mark.parametrize(
    ("text", "surface", "rule"),
    [
        ("Ledigheden faldt 2 procentpoint.", "2 procentpoint", "percentage_points"),
        ("Der bor 5,9 millioner danskere her.", "5,9 millioner", "count_of_things"),
        ("Se covid-19 procent.", "19 procent", "inside_a_name"),
        ("Tal i 1.000 kr.", "1.000 kr.", "unit_of_a_table"),
        ("Budget 2025 mio. kr.", "2025 mio. kr.", "year_before_a_unit"),
        ("Det koster flere hundrede kroner.", "hundrede kroner", "vague"),
        ("De gav ikke en krone.", "en krone", "idiom"),
        ("Det koster 100000 billioner kr.", "100000 billioner kr.", "too_large"),
        ("Der kom 240 gæster.", "240", "no_unit"),
    ],
)
def test_what_is_refused_says_by_which_rule(text: str, surface: str, rule: str) -> None:
    rejected: list[Rejected] = []
    assert find_amounts(text, rejected) == []
    assert [(one.surface, one.kind, one.rule) for one in rejected] == [(surface, "amount", rule)]
    assert text[rejected[0].start : rejected[0].end] == surface


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("7 kr.", "unit_after"),
        ("kr. 7", "unit_before"),
        ("7,-", "money_mark"),
        ("7 pct.", "percent"),
        ("7-8 kr.", "range"),
        ("syv kroner", "number_words"),
        ("en pulje på 7 millioner", "millions_in_context"),
        ("Tilsagn: 7.000", "labelled"),
    ],
)
def test_what_is_found_says_by_which_rule(text: str, rule: str) -> None:
    assert [mention.rule for mention in find_amounts(text)] == [rule]


def test_the_first_of_a_list_says_that_it_shares_its_unit() -> None:
    assert [mention.rule for mention in find_amounts("7 og 8 kr.")] == ["shared_unit", "unit_after"]


def test_values_are_exact() -> None:
    assert find_amounts("0,1 mio. kr.")[0].value + find_amounts("0,2 mio. kr.")[0].value == Decimal(300000)
    assert find_amounts("0,123456 kr.")[0].value == Decimal("0.1235")
    assert str(find_amounts("9,99999 kr.")[0].value) == "10"


@pytest.mark.parametrize("text", ["", "kr.", "ca. 5 kr.", "5 kr. og 6 kr.", "5 kr. i alt", "femten", "15 kommuner"])
def test_what_is_not_one_amount_as_a_whole_is_not_parsed(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (" 2,5 mio. kr. ", "2.500.000 kr."),
        ("kr. -1.234,5", "-1.234,5 kr."),
        ("10-15.000 kr.", "10.000,0 til 15.000 kr."),
        ("16 procent", "16 pct."),
        ("€ 3", "3 EUR"),
        ("0,125 pct.", "0,1250 pct."),
    ],
)
def test_an_amount_is_printed_in_danish_and_read_back(text: str, printed: str) -> None:
    mention = parse_amount(text)
    assert mention is not None
    assert print_amount(mention) == printed
    again = parse_amount(printed)
    assert again is not None
    assert (again.value, again.value_to, again.unit) == (mention.value, mention.value_to, mention.unit)
