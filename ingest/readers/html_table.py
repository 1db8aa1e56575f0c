"""Tables of a page: their cells with the rows and columns that each covers, and which tables only lay out a page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lxml import etree

from ingest.readers.html_links import Links
from ingest.readers.html_names import INVISIBLE, PARTING, fold
from ingest.readers.html_scope import is_hidden
from ingest.readers.html_tree import Element
from ingest.tables.grid import Cover, GridCell

PARTS = frozenset({"thead", "tbody", "tfoot"})
CELLS = frozenset({"td", "th"})
MOST_SPANNED = 1_000
"""Columns or rows that one cell covers: HTML allows no more columns."""
PRESENTATION = frozenset({"presentation", "none"})


def is_layout(table: Element) -> bool:
    """Whether a table only sets out a page, as those of mails do.

    It says so, holds another table and no heads of its own, or has a single cell.
    """
    if table.get("role", "").strip().lower() in PRESENTATION:
        return True
    rows = list(islice((row for row, _ in table_rows(table)), 2))
    if len(rows) == 1 and sum(cell.tag in CELLS for cell in rows[0]) <= 1:
        return True
    return table.find(".//table") is not None and not any(cell.tag == "th" for row in rows for cell in row)


def read_rows(table: Element, links: Links, cover: Cover) -> list[list[GridCell]]:
    """The cells of a table, row by row; one that reaches down over more places than `cover` has left does not."""
    rows = list(table_rows(table))
    below = Below({}, cover)
    return [
        place_cells(row, Place(number, len(rows) - number, head), below, links)
        for number, (row, head) in enumerate(rows)
    ]


class Place(NamedTuple):
    """Where a row stands: its number, how many rows there are from it on, and whether it is in the table's head."""

    number: int
    rest: int
    head: bool


class Below(NamedTuple):
    """Where cells reach into the rows below: by column the first row that is free again; and what they may cover."""

    taken: dict[int, int]
    cover: Cover


def place_cells(row: Element, place: Place, below: Below, links: Links) -> list[GridCell]:
    """The cells of one row, each in the first column that no cell above reaches into; `below` is brought up to date.

    Each column that is passed over is a place that a cell above was allowed to cover, so all rows of a document take
    time in proportion to their cells and to what `below.cover` gave.
    """
    cells = [cell for cell in row if cell.tag in CELLS and not is_hidden(cell.attrib)]
    number = place.number
    is_head = (place.head or all(cell.tag == "th" for cell in cells)) and len(cells) > 1
    placed, column = [], 0
    for cell in cells:
        while below.taken.get(column, 0) > number:
            column += 1
        rows, columns = min(spanned(cell, "rowspan"), place.rest), spanned(cell, "colspan")
        if rows > 1 and not below.cover.take((rows - 1) * columns):
            rows = 1
        if rows > 1:
            below.taken.update(dict.fromkeys(range(column, column + columns), number + rows))
        placed.append(GridCell(number, column, cell_text(cell), rows, columns, is_head, tuple(links.inside(cell))))
        column += columns
    return placed


def spanned(cell: Element, name: str) -> int:
    """How many rows or columns a cell covers: one where it does not say, or says nonsense."""
    written = cell.get(name, "1").strip()
    return min(max(int(written), 1), MOST_SPANNED) if written.isdecimal() and len(written) < 10 else 1


def table_rows(table: Element) -> Iterator[tuple[Element, bool]]:
    """The rows of a table, and whether each stands in its head."""
    for part in table:
        if part.tag == "tr":
            yield part, False
        elif part.tag in PARTS:
            yield from ((row, part.tag == "thead") for row in part if row.tag == "tr")


def stray_text(table: Element) -> Iterator[str]:
    """What stands in a table and in none of its rows: its caption, and what should not be there."""
    for node in (table, *(part for part in table if part.tag in PARTS | {"tr"})):
        if node.tag != "tr":
            yield fold(node.text or "")
        for child in node:
            if child.tag not in PARTS | CELLS | INVISIBLE | {"tr", "colgroup"}:
                yield cell_text(child)
            yield fold(child.tail or "")


def cell_text(cell: Element) -> str:
    """The text of a table's cell: paragraphs joined by a line feed, list items behind a bullet."""
    lines: list[str] = [cell.text or ""]
    walker = etree.iterwalk(cell, events=("start", "end"))
    for event, node in walker:
        if node is cell:
            continue
        if event == "start":
            if node.tag in INVISIBLE or (node.attrib and is_hidden(node.attrib)):
                walker.skip_subtree()
                continue
            if node.tag in PARTING or node.tag == "br":
                in_row = node.tag in CELLS and node.getprevious() is not None
                lines.append("• " if node.tag == "li" else "") if not in_row else lines.append(lines.pop() + " ")
            lines[-1] += node.text or ""
        else:
            if node.tag in PARTING and node.tag not in CELLS:
                lines.append("")
            lines[-1] += node.tail or ""
    return "\n".join(line for line in map(fold, lines) if line not in {"", "•"})
