"""Which rows of a table are its head, and what its columns are called.

A head may have two levels ("Tilskud" over "2021" and "2022"): each column then has both names. It may be repeated, as
at the top of each page; where heads repeat with another first cell, that cell is the theme of the rows below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.layout import Block, BlockKind
from ingest.outline import words
from ingest.wording import wording
from kilde.danish.amounts import find_amounts, head_unit
from kilde.model import Span

LONGEST_HEAD_CELL = 80
MOST_LEVELS = 3
NUMBER = re.compile(r"[\d\s.,:/%()+-]+(?:kr\.?|mio\.?|pct\.?)?", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Head:
    """A table's head.

    Its column names, the theme that its first cell gives, and whether that cell names a column too.
    """

    names: tuple[str, ...]
    theme: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the index of its block, the block, and the words of its cells."""

    index: int
    block: Block
    cells: tuple[str, ...]


def row_cells(block: Block) -> tuple[Span, ...]:
    """The cells of a row."""
    return block.cells or (Span(block.start, block.end),)


def table_rows(text: str, blocks: Sequence[Block]) -> list[Row]:
    """The rows among the blocks."""
    return [
        Row(index, block, tuple(words(text, cell).strip() for cell in row_cells(block)))
        for index, block in enumerate(blocks)
        if block.kind is BlockKind.ROW
    ]


def find_heads(rows: Sequence[Row]) -> dict[int, Head]:
    """The rows that are heads of tables, by index; all rows of a head with several levels have the joined names."""
    found: list[tuple[list[Row], tuple[str, ...]]] = []
    known: list[tuple[int, tuple[str, ...]]] = []
    position = 0
    while position < len(rows):
        if not starts_head(rows, position, known):
            position += 1
            continue
        levels = head_levels(rows, position)
        found.append((levels, join_levels(levels)))
        known += [(row.block.table, row.cells) for row in levels]
        position += len(levels)
    themed = {names[0] for _, names in found}
    by_theme = len(found) > 1 and len(themed) > 1 and len({names[1:] for _, names in found}) == 1
    heads = {levels[-1].index: head_of(names, by_theme=by_theme) for levels, names in found}
    return heads | {row.index: heads[levels[-1].index] for levels, _ in found for row in levels[:-1]}


def starts_head(rows: Sequence[Row], position: int, known: Sequence[tuple[int, tuple[str, ...]]]) -> bool:
    """Whether a row is a head, or the upper level of one."""
    row = rows[position]
    if row.block.head or any(share_names(row.cells, names) for _, names in known):
        return True
    if row.block.gap == 0 and not opens_table(rows, position):
        return False
    below = rows[position + 1].cells if position + 1 < len(rows) else None
    return is_head(row.cells, below, [names for table, names in known if table == row.block.table])


def opens_table(rows: Sequence[Row], position: int) -> bool:
    """Whether a row is the first of its table; rows with one cell above it are the table's title."""
    table = rows[position].block.table
    while position and rows[position - 1].block.table == table:
        position -= 1
        if len(set(filter(None, rows[position].cells))) > 1 or len(rows[position].cells) < 2:
            return False
    return True


def head_levels(rows: Sequence[Row], position: int) -> list[Row]:
    """The rows of the head that begins with a row."""
    levels = [rows[position]]
    for lower in rows[position + 1 : position + MOST_LEVELS]:
        upper = levels[-1]
        if lower.block.table != upper.block.table or lower.block.gap > 0:
            break
        both_marked = lower.block.head and upper.block.head and len(lower.cells) == len(upper.cells)
        below = rows[position + len(levels) + 1] if position + len(levels) + 1 < len(rows) else None
        if not (both_marked or (below is not None and is_lower_level(upper, lower, below))):
            break
        levels.append(lower)
    return levels


def is_lower_level(upper: Row, lower: Row, below: Row) -> bool:
    """Whether a row splits the columns of the head above it, and the rows below are another matter.

    Each column has its name in one of the two rows, and a name of the lower row stands under one that spans it.
    """
    if len(upper.cells) != len(lower.cells) or not all(is_head_cell(cell) for cell in lower.cells):
        return False
    spanned = [spans_further(upper, column) for column in range(len(upper.cells))]
    split = [
        column
        for column, spans in enumerate(spanned)
        if spans and lower.cells[column] and not same(upper, lower, column)
    ]
    apart = all(spans or not lower.cells[column] or same(upper, lower, column) for column, spans in enumerate(spanned))
    alike = all(is_head_cell(cell) for cell in below.cells) and not any(map(differs, lower.cells, below.cells))
    return len(split) > 1 and apart and not alike


def same(upper: Row, lower: Row, column: int) -> bool:
    """Whether a cell reaches down into the next row."""
    return row_cells(upper.block)[column] == row_cells(lower.block)[column]


def spans_further(row: Row, column: int) -> bool:
    """Whether a cell of an upper head spans several columns: it is merged with a neighbour, or blanks follow it."""
    cells = row_cells(row.block)
    if row.cells[column]:
        after = column + 1
        return (after < len(cells) and (cells[after] == cells[column] or not row.cells[after])) or (
            column > 0 and cells[column - 1] == cells[column]
        )
    return any(row.cells[:column])


def join_levels(levels: Sequence[Row]) -> tuple[str, ...]:
    """The names of the columns: those of the levels above and the column's own."""
    names = inherited(levels[0]) if len(levels) > 1 else list(levels[0].cells)
    for upper, lower in pairwise(levels):
        own = inherited(lower) if lower is not levels[-1] else list(lower.cells)
        names = [
            name if not cell or same(upper, lower, column) else " ".join(filter(None, (name, cell)))
            for column, (name, cell) in enumerate(zip(names, own, strict=True))
        ]
    return tuple(names)


def inherited(row: Row) -> list[str]:
    """The cells of an upper level, blanks with the name to their left."""
    names: list[str] = []
    for cell in row.cells:
        names.append(cell or (names[-1] if names else ""))
    return names


def is_head(cells: Sequence[str], below: Sequence[str] | None, known: Sequence[tuple[str, ...]]) -> bool:
    """Whether the first row of a table is its head: like one seen before, or names of columns over something else."""
    if below is None or not any(cells[1:]) or not all(is_head_cell(cell) for cell in cells):
        return False
    if known:
        return all(cell.isupper() for cell in cells if cell)
    if all(cell.isupper() or not cell for cell in cells) or known_columns(cells):
        return True
    return any(differs(cell, under) for cell, under in zip(cells, below, strict=False))


def is_head_cell(cell: str) -> bool:
    """Whether a cell can be a column's name."""
    return (
        len(cell) <= LONGEST_HEAD_CELL
        and "\n" not in cell
        and not (cell and NUMBER.fullmatch(cell) and not is_year(cell))
    )


def is_year(cell: str) -> bool:
    """Whether a cell is a bare year, which names a column as often as it fills one."""
    return len(cell) == 4 and cell.isdecimal() and cell[:2] in {"19", "20"}


def known_columns(cells: Sequence[str]) -> bool:
    """Whether a cell has one of the names that columns usually have."""
    names = wording()["columns"] + wording()["recipient_columns"] + wording()["theme_columns"]
    return any(cell.casefold() in names or (head_unit(cell) is not None and not find_amounts(cell)) for cell in cells)


def share_names(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Whether at least half of the columns have the names of an earlier head."""
    same = sum(cell.casefold() == name.casefold() and bool(cell) for cell, name in zip(cells, names, strict=False))
    return same * 2 >= len(names)


def differs(cell: str, under: str) -> bool:
    """Whether a cell is of another kind than the one under it: a word over a number or over a text."""
    return bool(NUMBER.fullmatch(under) and LETTERS.search(cell)) or len(under) > max(3 * len(cell), LONGEST_HEAD_CELL)


def head_of(names: tuple[str, ...], *, by_theme: bool) -> Head:
    """A head whose first cell is a theme where themes vary, or where it is written like one and names no column."""
    shouted = names[0].isupper() and names[0].casefold() not in wording()["columns"] + wording()["recipient_columns"]
    return Head(names, names[0] if by_theme or (shouted and all(name.isupper() for name in names if name)) else None)
