"""Merged cells as rows of a layout: nothing is lost where they overlap, and nothing grows where they multiply."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from ingest.layout import LayoutBuilder
from ingest.readers.html import read_html
from ingest.tables.grid import MOST_COVERED, Cover, GridCell, write_grid
from tests.timing import least_seconds

MANY = 4_000

GRIDS = [
    ("nothing", [], ""),
    ("a column in which nothing is said", [GridCell(0, 0, "a"), GridCell(0, 1, ""), GridCell(0, 5, "b")], "a\tb"),
    ("a row in which nothing is said", [GridCell(0, 0, "a"), GridCell(1, 0, ""), GridCell(2, 0, "b")], "a\nb"),
    ("over two rows", [GridCell(0, 0, "a", rows=2), GridCell(0, 1, "b"), GridCell(1, 1, "c")], "a\tb\n\tc"),
    ("a cell under one that reaches down", [GridCell(0, 0, "a", 2, 2), GridCell(1, 1, "b")], "a\n\tb"),
    ("two cells in one place, as double lines in a PDF make", [GridCell(0, 0, "a"), GridCell(0, 0, "b")], "a\nb"),
]


@pytest.mark.parametrize(("cells", "expected"), [it[1:] for it in GRIDS], ids=[it[0] for it in GRIDS])
def test_rows(cells: list[GridCell], expected: str) -> None:
    """What each place says, and that no text is lost."""
    builder, cover = LayoutBuilder(), Cover()
    write_grid(builder, cells, 1, cover)
    assert builder.text() == expected
    assert cover.problems() == []


def test_more_than_may_be_covered_is_told_and_no_text_is_lost() -> None:
    """Two long heads over nothing make as many empty places as they have cells, squared."""
    cells = [GridCell(0, column, f"a{column}") for column in range(MANY)]
    cells += [GridCell(row, 0, f"b{row}", rows=2) for row in range(1, MANY)]
    builder, cover = LayoutBuilder(), Cover()
    write_grid(builder, cells, 1, cover)
    assert builder.text().split() == [cell.text for cell in cells]
    assert [it.code for it in cover.problems()] == ["merged_cells_not_read"]


def test_what_may_be_covered_is_counted_over_all_tables() -> None:
    """A document of many tables costs no more than one of few."""
    cover = Cover()
    assert cover.take(MOST_COVERED - 1)
    write_grid(LayoutBuilder(), [GridCell(0, 0, "a"), GridCell(0, 1, "b"), GridCell(1, 0, "c")], 1, cover)
    assert (cover.left, cover.problems()) == (0, [])
    write_grid(LayoutBuilder(), [GridCell(0, 0, "a"), GridCell(0, 1, "b"), GridCell(1, 0, "c")], 2, cover)
    assert len(cover.problems()) == 1


def spans_in_a_row(count: int) -> str:
    """Cells that reach down in one row, and a row of cells below."""
    return "<table><tr>" + "<td rowspan=1000 colspan=1000>x" * count + "<tr>" + "<td>y" * count + "</table>"


def spans_in_tables(count: int) -> str:
    """Tables of a cell that claims a million places."""
    return ("<table><tr><td rowspan=1000 colspan=1000>x<td>z" + "<tr><td>y" * 1_000 + "</table>") * (count // 250)


def spans_in_each_row(count: int) -> str:
    """Cells that reach down to the end of the table, a row of its own for each."""
    return "<table>" + "<tr><td rowspan=1000>x<td>y" * count + "</table>"


def staircase(count: int) -> str:
    """Cells of ever other widths, so that each row has columns of its own."""
    rows = (f"<tr><td colspan={1 + number % 999}>x<td rowspan=2>y" for number in range(count))
    return f"<table>{''.join(rows)}</table>"


@pytest.mark.parametrize("shape", [spans_in_a_row, spans_in_tables, spans_in_each_row, staircase])
def test_thousands_of_merged_cells_take_time_in_proportion(shape: Callable[[int], str]) -> None:
    """Twice as many take about twice as long, and all that is written is there."""
    pages = [f"<main><p>Tekst</p>{shape(count)}</main>".encode() for count in (MANY // 2, MANY)]
    for page in pages:
        read = read_html(page)
        assert read.text.count("x") == page.count(b"x")
        assert read.text.count("y") == page.count(b"y")
        assert "merged_cells_not_read" in [it.code for it in read.problems]
    taken = [least_seconds(partial(read_html, page)) for page in pages]
    assert taken[1] < 3 * taken[0], taken
