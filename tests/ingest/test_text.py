"""Plain text and tables: lines, wrapped paragraphs, rows, markup in cells."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.layout import Layout
from ingest.readers.markup import strip_markup
from ingest.readers.table import read_table
from ingest.readers.text import read_text
from kilde.errors import UnreadableError


def blocks(layout: Layout) -> list[tuple[str, int, str]]:
    """Kind, blank lines before, and text of each block."""
    return [(it.kind.value, it.gap, layout.text[it.start : it.end]) for it in layout.blocks]


def cells(layout: Layout) -> list[list[str]]:
    """The cells of each row."""
    return [[layout.text[it.start : it.end] for it in block.cells] for block in layout.blocks if block.cells]


WRAPPED = (
    "Vi mener, at kommunerne skal have bedre tid til at forberede den nye ordning,\n"
    "og derfor foreslår vi, at den først begynder til næste år, når de nye regler\n"
    "er kendt af alle, der skal bruge dem i hverdagen.\n"
    "   Det er også en fordel for de borgere, som i dag venter meget længe på at få\n"
    "en afgørelse i deres sag.\n"
)

CASES = [
    ("lines", "a b\nc d\n", [("line", 0, "a b"), ("line", 0, "c d")]),
    ("blank lines are counted", "a\n\n\nb\n\nc", [("line", 0, "a"), ("line", 2, "b"), ("line", 1, "c")]),
    ("points", "Liste:\n• en\n- to\n* tre",
     [("line", 0, "Liste:"), ("point", 0, "• en"), ("point", 0, "- to"), ("point", 0, "* tre")]),
    ("an indented bullet", "x\n\n  •\xa0\xa0 Den 12. maj", [("line", 0, "x"), ("point", 1, "•\xa0\xa0 Den 12. maj")]),
    ("a dash inside a line is none", "a - b", [("line", 0, "a - b")]),
    ("a minus before a number is none", "-5 grader", [("line", 0, "-5 grader")]),
    ("a rule", "a\n-----\t---\nb", [("line", 0, "a"), ("rule", 0, "-----\t---"), ("line", 0, "b")]),
    ("wrapped paragraphs", WRAPPED, [
        ("line", 0, WRAPPED.split("\n   ")[0]), ("line", 0, WRAPPED.split("\n   ")[1].rstrip("\n"))]),
    ("rows", "a\tb\nc\td", [("row", 0, "a\tb"), ("row", 0, "c\td")]),
    ("a tab that only indents", "\tIndrykket", [("line", 0, "Indrykket")]),
    ("other line ends", "a\r\nb\rc", [("line", 0, "a"), ("line", 0, "b"), ("line", 0, "c")]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), [it[1:] for it in CASES], ids=[it[0] for it in CASES])
def test_blocks(source: str, expected: list[tuple[str, int, str]]) -> None:
    """Blocks with their kinds and the blank lines before them."""
    assert blocks(read_text(source.encode())) == expected


def test_the_text_stays_as_it_came() -> None:
    """No-break spaces, soft hyphens and runs of spaces are the document's own."""
    source = "To\xa0 ord,  ind\xadsats\n\n\n slut \n"
    assert read_text(source.encode()).text == source


def test_text_is_composed() -> None:
    """NFC: a letter and its ring become one."""
    assert read_text("A\u030arhus".encode()).text == "Århus"


MARKUP = [
    ("<p>a</p> <p>b</p>", "a\nb"),
    ("<p>Liste:</p> <ul style='x: y'> • én • to ", "Liste:\n• én\n• to"),
    ("<ul><li>én</li><li>to</li></ul>", "• én\n• to"),
    ("a <b>fed</b> &amp; b&nbsp;c", "a fed & b\xa0c"),
    ("1 < 2 og 3 > 2", "1 < 2 og 3 > 2"),
    ("før<br/>efter", "før\nefter"),
    ("se <https://a.dk>", "se <https://a.dk>"),
]


@pytest.mark.parametrize(("cell", "expected"), MARKUP)
def test_markup(cell: str, expected: str) -> None:
    """No tag is left in a cell; what only looks like one stays."""
    assert strip_markup(cell) == expected


def test_cells_of_markup_are_one_row() -> None:
    """A cell with paragraphs in it does not end its row."""
    layout = read_text(b"Hoved\tA\tB\nx\t<p>en</p> <p>to</p>\ttre\n\nefter\n")
    assert cells(layout) == [["Hoved", "A", "B"], ["x", "en\nto", "tre"]]
    assert layout.text == "Hoved\tA\tB\nx\ten\nto\ttre\n\nefter\n"


TABLES = [
    ("semicolons", "Kommune;Beløb\nAarhus;1.000,50\n", [["Kommune", "Beløb"], ["Aarhus", "1.000,50"]]),
    ("commas", "a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("tabs", "a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
    ("quotes", 'a;b\n"x;y";"to\nlinjer"\n', [["a", "b"], ["x;y", "to\nlinjer"]]),
    ("empty cells", "a;b;c\n1;;3\n", [["a", "b", "c"], ["1", "", "3"]]),
    ("markup", "a;b\n<p>x</p>;<ul><li>y</li></ul>\n", [["a", "b"], ["x", "• y"]]),
    ("decimal commas do not part cells", "a;b\n1,5;2,5\n3,5;4,5\n", [["a", "b"], ["1,5", "2,5"], ["3,5", "4,5"]]),
]


@pytest.mark.parametrize(("source", "expected"), [it[1:] for it in TABLES], ids=[it[0] for it in TABLES])
def test_tables(source: str, expected: list[list[str]]) -> None:
    """The delimiter is found, and cells come out whole."""
    assert cells(read_table(source.encode())) == expected


def test_a_table_with_text_around_it_is_read_as_text() -> None:
    """A catalogue saved as .tsv has an introduction above its rows."""
    layout = read_table(b"Titel\n\nIndledning her.\n\nA\tB\n1\t2\n")
    assert [it.kind.value for it in layout.blocks] == ["line", "line", "row", "row"]


def test_ragged_rows_are_said() -> None:
    """Rows of different lengths are read, and noted."""
    assert [it.code for it in read_table(b"a;b;c\n1;2;3\n1;2\n").problems] == ["ragged_rows"]


@given(st.text(alphabet='a \t\n•-;,"<p>/&\xa0', max_size=120))
@example("\xa0<a\t>")
def test_spans_lie_in_the_text_in_order(source: str) -> None:
    """For any text, as text and as a table."""
    for read in (read_text, read_table):
        try:
            layout = read(source.encode())
        except UnreadableError:
            continue
        ends = [0]
        for block in layout.blocks:
            assert ends[-1] <= block.start < block.end <= len(layout.text)
            assert all(block.start <= it.start <= it.end <= block.end for it in block.cells)
            ends.append(block.end)
