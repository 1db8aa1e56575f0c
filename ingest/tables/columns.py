"""The cells of a table's rows under the names of its columns, and what is to be said where they do not fit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.layout import Block
from ingest.outline import Column
from ingest.tables.heads import Head, Row, find_heads, row_cells, table_rows
from ingest.tables.ragged import align, profile_of
from ingest.tables.units import find_units, with_unit
from kilde.model import Problem, Severity, Span

FEWEST_CELLS = 2
"""A row with one cell is a note or a theme, and is not ragged."""


@dataclass(slots=True)
class Tables:
    """The heads of a document's tables and what is known of their columns; it collects the rows that do not fit."""

    heads: dict[int, Head]
    """By the index of the block."""
    unit_rows: frozenset[int]
    """Rows that say nothing but the unit of their table."""
    first_heads: dict[int, int]
    """By table: the index of its first head."""
    last_wide: dict[int, int]
    """By table: the index of its last row with more than one filled cell."""
    shared: frozenset[Span]
    """Cells that stand beside several rows."""
    by_table: dict[int, list[Row]]
    profiles: dict[tuple[int, int], list[bool | None]] = field(default_factory=dict)
    ragged: list[Block] = field(default_factory=list)

    def columns(self, row: Row, head: Head | None) -> tuple[Column, ...]:
        """The filled cells of a row under the names of its head; a column without a name goes by its number."""
        names = head.names if head else ()
        first = 1 if head and head.theme else 0
        cells = row_cells(row.block)
        numbers = self.places(row, len(names)) if names else list(range(len(cells)))
        return tuple(
            Column(name_of(names, place, number), cell, cell in self.shared)
            for number, (place, cell) in enumerate(zip(numbers, cells, strict=True))
            if (place is None or place >= first)
            and cell.end > cell.start
            and (number == 0 or cells[number - 1] != cell)
        )

    def places(self, row: Row, count: int) -> Sequence[int | None]:
        """The column of each cell of a row in a table with so many columns."""
        cells = row.cells
        if len(cells) == count or sum(map(bool, cells)) < FEWEST_CELLS:
            return list(range(len(cells)))
        self.ragged.append(row.block)
        key = (row.block.table, count)
        if key not in self.profiles:
            whole = [it.cells for it in self.by_table[row.block.table] if it.index not in self.heads]
            self.profiles[key] = profile_of(whole, count)
        return align(cells, self.profiles[key])

    def problems(self) -> list[Problem]:
        """The Problem of ragged rows, which names the first of them."""
        if not self.ragged:
            return []
        first = self.ragged[0]
        detail = (
            f"rows with more or fewer cells than their head: {len(self.ragged)}; a cell of no certain column has none"
        )
        return [Problem("ragged_rows", Severity.WARNING, detail, Span(first.start, first.end))]


def name_of(names: Sequence[str], place: int | None, number: int) -> str:
    """The name of a cell's column; its number in the row where it has none."""
    return names[place] if place is not None and place < len(names) and names[place] else f"{number + 1}"


def find_tables(text: str, blocks: Sequence[Block]) -> Tables:
    """What there is to know of the tables among the blocks before their rows are read."""
    rows = table_rows(text, blocks)
    units, unit_rows = find_units(text, blocks, rows)
    found = find_heads([row for row in rows if row.index not in unit_rows])
    by_table: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_table[row.block.table].append(row)
    below = {table: [it.cells for it in inside if it.index not in found] for table, inside in by_table.items()}
    tables = {index: blocks[index].table for index in found}
    heads = {
        index: Head(with_unit(head.names, units.get(tables[index]), below[tables[index]]), head.theme)
        for index, head in found.items()
    }
    places = Counter(cell for row in rows for cell in set(row_cells(row.block)) if cell.end > cell.start)
    return Tables(
        heads=heads,
        unit_rows=frozenset(unit_rows),
        first_heads={blocks[index].table: index for index in sorted(heads, reverse=True)},
        last_wide={row.block.table: row.index for row in rows if filled(row) > 1},
        shared=frozenset(cell for cell, count in places.items() if count > 1),
        by_table=by_table,
    )


def filled(row: Row) -> int:
    """How many cells of a row have something in them; a merged one counts once."""
    return len({cell for cell in row_cells(row.block) if cell.end > cell.start})
