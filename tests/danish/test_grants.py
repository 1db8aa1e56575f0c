"""Kommuner and what they are given, in sentences and in rows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilde.danish.amounts import find_amounts
from kilde.danish.grants import find_grants, row_grants
from kilde.danish.mentions import GrantMention, KommuneMention, Rejected, Role
from kilde.danish.places import find_kommuner
from tests.danish.tables import read_cases, spaced
from tests.timing import least_seconds


def shown(grant: GrantMention) -> str:
    value = f"{grant.value:f}" + (f"..{grant.value_to:f}" if grant.value_to is not None else "")
    purpose = f" ({grant.purpose})" if grant.purpose else ""
    period = f" [{grant.period}]" if grant.period else ""
    return f"{grant.code} = {value} {grant.unit}{purpose}{period}"


def grants_of(text: str, rejected: list[Rejected] | None = None) -> list[GrantMention]:
    return find_grants(text, find_kommuner(text), find_amounts(text), rejected)


@pytest.mark.parametrize(("text", "expected", "reason"), read_cases("grants.tsv"))
def test_a_sentence_gives_its_grants(text: str, expected: str, reason: str) -> None:
    text = spaced(text)
    found = grants_of(text)
    assert (" | ".join(map(shown, found)) or "-") == expected, reason
    assert all(text[grant.start : grant.end] == grant.surface for grant in found)


def test_a_grant_has_its_sentence_for_a_span() -> None:
    text = "Det er nyt. Vejle Kommune får 2 mio. kr. til stier. Det er godt."
    assert [grant.surface for grant in grants_of(text)] == ["Vejle Kommune får 2 mio. kr. til stier."]


def test_of_a_long_list_each_grant_has_its_own_span() -> None:
    text = "Tilskud: " + ", ".join(["Vejle (1 mio. kr.)", "Odense (2 mio. kr.)"] * 20)
    assert {grant.surface for grant in grants_of(text)} == {"Vejle (1 mio. kr.", "Odense (2 mio. kr."}
    assert len(grants_of(text)) == 40


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Vejle og Odense kommuner får hver i alt 2 mio. kr.", "total"),
        ("Vejle Kommune får 500 kr. pr. elev.", "rate"),
        ("Vejle Kommune får en regning på 2 mio. kr.", "cost"),
        ("Vejle Kommune får ikke 2 mio. kr.", "negated"),
    ],
)
def test_what_is_refused_says_by_which_rule(text: str, rule: str) -> None:
    rejected: list[Rejected] = []
    assert grants_of(text, rejected) == []
    assert {(one.kind, one.rule) for one in rejected} == {("grant", rule)}
    assert all(text[one.start : one.end] == one.surface for one in rejected)


def named(code: str, role: Role = Role.AUTHORITY) -> KommuneMention:
    return KommuneMention(0, 5, "Vejle", code, role, "table")


def test_a_row_gives_its_kommune_its_sums() -> None:
    row = "Vejle\tStier\t2 mio. kr."
    (grant,) = row_grants([named("0630")], find_amounts(row), "Stier", "2024-2026", 7, 30, row)
    assert grant == GrantMention(7, 30, row, "0630", Decimal(2_000_000), None, "DKK", "Stier", "2024-2026", "row")


def test_a_row_pairs_as_many_kommuner_as_sums() -> None:
    found = row_grants([named("0630"), named("0461")], find_amounts("2 kr.\n3 kr."), None, None, 0, 1, "x")
    assert [(grant.code, int(grant.value)) for grant in found] == [("0630", 2), ("0461", 3)]


@pytest.mark.parametrize(
    ("codes", "amounts", "surface"),
    [
        (["0630", "0461"], "2 kr.", "Vejle, Odense\t2 kr."),
        (["0630"], "20 pct.", "Vejle\t20 pct."),
        (["0630"], "0 kr.", "Vejle\t0 kr."),
        (["0630"], "2 kr.", "I alt (Vejle)\t2 kr."),
        (["0630"], "2 kr.", "Total\t2 kr."),
        (["0630"], "2 kr.", "Sum\t2 kr."),
        ([], "2 kr.", "Klubben\t2 kr."),
    ],
)
def test_a_row_gives_nothing(codes: list[str], amounts: str, surface: str) -> None:
    assert row_grants([named(code) for code in codes], find_amounts(amounts), None, None, 0, 1, surface) == []


def test_an_institution_is_given_nothing() -> None:
    assert row_grants([named("0630", Role.INSTITUTION)], find_amounts("2 kr."), None, None, 0, 1, "x") == []


def test_a_kommune_that_a_row_names_twice_is_one() -> None:
    assert len(row_grants([named("0630"), named("0630")], find_amounts("2 kr."), None, None, 0, 1, "x")) == 1


FRAGMENTS = """
Vejle Odense Kommune Kommunes kommuner får fik har fået giver bevilges til og , ( ) : 2 mio. kr. 5.000 kr. hver
henholdsvis i alt stier mens ministeriet 2024-2026 . •
"""
WORDS = [*FRAGMENTS.split(), "\n", "\n\n"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)))
def test_grants_slice_and_stand_on_what_was_found(text: str) -> None:
    kommuner, amounts = find_kommuner(text), find_amounts(text)
    found = find_grants(text, kommuner, amounts)
    assert all(text[grant.start : grant.end] == grant.surface for grant in found)
    assert {grant.code for grant in found} <= {kommune.code for kommune in kommuner}
    assert {grant.value for grant in found} <= {amount.value for amount in amounts}
    assert all(grant.purpose is None or grant.purpose.strip() for grant in found)


@pytest.mark.parametrize(
    "piece",
    [
        "Vejle (2 kr.), ",
        "Vejle Kommune får 2 kr. og ",
        "til Vejle 2 kr. ",
        "2 kr. til Vejle, ",
        "Vejle, ",
        "fik Vejle ",
    ],
)
def test_the_work_grows_as_the_text_does(piece: str) -> None:
    def taken(times: int) -> float:
        text = piece * times + "2 kr."
        kommuner = [
            KommuneMention(at, at + 5, "Vejle", "0630", Role.AUTHORITY, "test")
            for at in range(piece.index("Vejle"), len(piece) * times, len(piece))
        ]
        amounts = find_amounts(text)
        return least_seconds(lambda: find_grants(text, kommuner, amounts))

    small, large = taken(100), taken(800)
    assert large < 24 * small + 0.01
