"""Cells of exports: nothing in a document becomes a formula, nothing of it is lost but white space."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.export_cells import Column, Kind, columns, csv_cell, is_formula, safe_cell
from search.export_text import csv_text
from tests.search.payloads import PAYLOADS

STARTS = "=+-@＝＋－＠\t\r\n"
UNSEEN = " \u00a0\u00ad\u200b\u2060\ufeff"
PARTERS = (",", ";", "\t", "|")


def cells_as_parted_by(text: str, parter: str) -> list[str]:
    """The cells that a spreadsheet makes of a CSV which it parts at a sign of its own."""
    return [cell for row in csv.reader(io.StringIO(text), delimiter=parter) for cell in row]


def dangerous(cell: str) -> bool:
    """Whether a spreadsheet may run a cell; a number is none."""
    bare = cell.lstrip(UNSEEN)
    return bare[:1] in (*STARTS,) and not re.fullmatch("-[0-9]+([.,][0-9]+)?", bare)


@pytest.mark.parametrize("payload", PAYLOADS, ids=repr)
def test_payloads_are_text_in_a_csv(payload: str) -> None:
    """As a cell between others and at both ends of the line, whatever sign the spreadsheet parts cells at."""
    line = {"a": payload, "b": 5, "c": payload}
    text = csv_text([line], columns("a b c", b=Kind.INTEGER))
    assert len(text.splitlines()) == 2
    for parter in PARTERS:
        assert not [cell for cell in cells_as_parted_by(text, parter) if dangerous(cell)]


def runs(cell: str) -> bool:
    """As `dangerous`; a line break that a quotation mark takes in with the line below runs nothing by itself."""
    return dangerous(cell.lstrip(UNSEEN + "\t\r\n"))


@given(st.lists(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(STARTS + ";|\"', a1")))))
@example([",;"])
def test_any_texts_are_safe_and_stay_in_their_cells(texts: list[str]) -> None:
    """However they are parted; by commas there are as many cells as there were, on one line."""
    names = [Column(str(number)) for number in range(len(texts) + 1)]
    line = {column.name: value for column, value in zip(names, [1, *texts], strict=True)}
    text = csv_text([line], names)
    rows = list(csv.reader(io.StringIO(text)))
    assert [len(row) for row in rows] == [len(names)] * 2
    for parter in PARTERS:
        assert not [cell for cell in cells_as_parted_by(text, parter) if runs(cell)]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-5, -5),
        (-0.5, -0.5),
        (None, None),
        ([], ""),
        ([100, -5], "100; -5"),
        ([-5], "-5"),
        (["0751", "0169"], "0751; 0169"),
        (["=1", "b"], "'=1; b"),
        (["a", "=1"], "a; '=1"),
        ("Høje\nTaastrup", "Høje Taastrup"),
        ("ja; - nej", "ja; '- nej"),
        ("5; -3 grader", "5; -3 grader"),
        ("a = b; c-d", "a = b; c-d"),
    ],
)
def test_cells_of_a_csv(value: object, cell: object) -> None:
    """Numbers that we write are left as they are, lists of them too."""
    assert csv_cell(value) == cell


def test_only_the_beginning_makes_a_formula() -> None:
    """A sign within a text is just that."""
    assert not is_formula("1-2")
    assert safe_cell("Århus = ø") == "Århus = ø"
