"""Delimited text: which delimiter, odd quotes, rows of uneven width, limits."""

from __future__ import annotations

import pytest

from ingest.layout import Layout
from ingest.readers.table import read_table
from kilde.errors import UnreadableError


def cells(layout: Layout) -> list[list[str]]:
    """The cells of the rows."""
    return [[layout.text[cell.start : cell.end] for cell in block.cells] for block in layout.blocks]


PLAIN = "Kommune;Tilskud\nÆrø;1,5\nVejle;2,5\n"
ROWS = [["Kommune", "Tilskud"], ["Ærø", "1,5"], ["Vejle", "2,5"]]
ENCODED = [
    ("cp1252", PLAIN.encode("cp1252")),
    ("UTF-8 with a mark", PLAIN.encode("utf-8-sig")),
    ("UTF-16", PLAIN.encode("utf-16")),
    ("commas in quotes", 'Kommune,Tilskud\nÆrø,"1,5"\nVejle,"2,5"\n'.encode()),
    ("tabs", PLAIN.replace(";", "\t").encode()),
    ("a line for Excel", f"sep=;\n{PLAIN}".encode()),
    ("a line for Excel that alone tells", "sep=:\nKommune:Tilskud\nÆrø:1,5\nVejle:2,5\n".encode()),
]


@pytest.mark.parametrize("body", [it[1] for it in ENCODED], ids=[it[0] for it in ENCODED])
def test_delimiters_and_encodings(body: bytes) -> None:
    """The same rows, however they are written."""
    assert cells(read_table(body)) == ROWS


def test_a_quote_that_is_never_closed() -> None:
    """It does not swallow the rows below, and is told."""
    layout = read_table(b'Kommune;Projekt;Tilskud\nAarhus;"Sti;5\nVejle;Bro;6\nRibe;Hus;7\n')
    assert [len(row) for row in cells(layout)] == [3, 3, 3, 3]
    assert [it.code for it in layout.problems] == ["odd_quotes"]


def test_quotes_inside_quotes() -> None:
    """A cell with bare quotes in it keeps its line breaks, and is told."""
    layout = read_table(b'Kommune;Projekt\nAarhus;"Sti "ny" her"\nVejle;"a\nb"\n')
    assert [row[0] for row in cells(layout)] == ["Kommune", "Aarhus", "Vejle"]
    assert [it.code for it in layout.problems] == ["odd_quotes"]


def test_ragged_rows_say_where() -> None:
    """The problem stands on the first row that is too short or too long."""
    layout = read_table(b"a;b;c\n1;2;3\n4;5\n6;7;8;9\n")
    (problem,) = layout.problems
    assert problem.code == "ragged_rows"
    assert problem.where is not None
    assert layout.text[problem.where.start : problem.where.end] == "4\t5"


WIDE = [("ten million columns", b"a," * 4_900_000), ("columns", b"a;" * 25_000 + b"\n" + b"b;" * 25_000)]


@pytest.mark.parametrize("body", [it[1] for it in WIDE], ids=[it[0] for it in WIDE])
def test_what_is_too_wide_is_refused(body: bytes) -> None:
    """A line of more columns than any spreadsheet has is no table."""
    with pytest.raises(UnreadableError) as raised:
        read_table(body)
    assert raised.value.code == "too_many_cells"
