"""A table of a Word document to a grid of cells, with those merged across columns and down rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ingest.readers.docx_styles import number_of
from ingest.readers.docx_text import Element, W, switched_on
from ingest.tables.grid import GridCell
from kilde.model import Link

WIDEST = 1000
"""Columns that one cell covers, or that a row leaves free before it; Word itself allows 63 in all."""
WRAPPERS = {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo", f"{W}smartTag"}
"""Elements around paragraphs, rows and cells that are no such things themselves."""
CellText = Callable[[Element], tuple[str, tuple[Link, ...]]]
"""The text and the links of a cell."""


def children(element: Element, *tags: str) -> Iterator[Element]:
    """The children of these kinds, those inside wrappers too, in order."""
    stack = list(reversed(element))
    while stack:
        node = stack.pop()
        if node.tag in tags:
            yield node
        elif node.tag in WRAPPERS:
            stack.extend(reversed(node))


def read_table(table: Element, text_of: CellText) -> list[GridCell]:
    """The cells of a table."""
    cells: list[GridCell] = []
    open_below: dict[int, int] = {}
    """By column: the index of the cell that goes on into the rows below."""
    for number, row in enumerate(row for row in children(table, f"{W}tr") if not is_deleted(row)):
        properties = row.find(f"{W}trPr")
        column = min(number_of(properties.find(f"{W}gridBefore"), 0), WIDEST) if properties is not None else 0
        for cell in children(row, f"{W}tc"):
            look = cell.find(f"{W}tcPr")
            width = min(max(1, number_of(look.find(f"{W}gridSpan"), 1)), WIDEST) if look is not None else 1
            merge = look.find(f"{W}vMerge") if look is not None else None
            if merge is not None and merge.get(f"{W}val") != "restart" and column in open_below:
                index = open_below[column]
                cells[index] = replace(cells[index], rows=number - cells[index].row + 1)
            else:
                text, links = text_of(cell)
                open_below.pop(column, None)
                if merge is not None:
                    open_below[column] = len(cells)
                cells.append(GridCell(number, column, text, 1, width, switched_on(properties, "tblHeader"), links))
            column += width
    return cells


def is_deleted(row: Element) -> bool:
    """Whether a tracked change took a row away."""
    properties = row.find(f"{W}trPr")
    return properties is not None and properties.find(f"{W}del") is not None


def is_layout(cells: list[GridCell]) -> bool:
    """Whether a table only places text on the page: no row has two cells with text in them."""
    filled: dict[int, int] = {}
    for cell in cells:
        filled[cell.row] = filled.get(cell.row, 0) + bool(cell.text)
    return max(filled.values(), default=0) <= 1
