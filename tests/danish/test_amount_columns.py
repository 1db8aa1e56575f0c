"""The unit that a table's head gives, and the bare numbers below it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kilde.danish.amounts import HeadUnit, cell_amounts, head_unit
from kilde.danish.mentions import AmountMention, Rejected
from tests.danish.tables import read_cases, spaced


def shown(mention: AmountMention) -> str:
    value = f"{mention.value:f}" + (f"..{mention.value_to:f}" if mention.value_to is not None else "")
    return f"{value} {mention.unit}" + (f" !{mention.problem}" if mention.problem else "")


@pytest.mark.parametrize(("head", "expected", "reason"), read_cases("column_heads.tsv"))
def test_a_head_gives_its_unit(head: str, expected: str, reason: str) -> None:
    unit = head_unit(head)
    assert (f"{unit.multiplier:f} {unit.unit}" if unit else "-") == expected, reason


@pytest.mark.parametrize(("cell", "head", "expected", "reason"), read_cases("cells.tsv"))
def test_a_cell_gives_its_amounts(cell: str, head: str, expected: str, reason: str) -> None:
    unit = head_unit(head)
    assert unit is not None
    cell = spaced(cell)
    found = cell_amounts(cell, unit)
    assert (" | ".join(map(shown, found)) or "-") == expected, reason
    assert all(cell[mention.start : mention.end] == mention.surface for mention in found)


def test_only_what_was_not_read_after_all_is_refused() -> None:
    rejected: list[Rejected] = []
    found = cell_amounts("1.250\n3 x 500", HeadUnit(Decimal(1), "DKK"), rejected)
    assert [mention.surface for mention in found] == ["1.250"]
    assert [(one.surface, one.rule) for one in rejected] == [("3", "no_unit"), ("500", "no_unit")]


def test_a_text_of_any_length_is_no_head() -> None:
    assert head_unit("Beløb (kr.) " * 10_000) is None
