"""Tables with merged cells to rows of a layout: each cell stands once in the text and at each place that it covers.

Readers whose format knows cells over several columns or rows (Word, PDF) hand their cells over as a grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.layout import Block, BlockKind, LayoutBuilder
from kilde.model import Link, Span

MOST_PLACES = 1_000_000
"""Places of one table's grid; a table that claims more is cut there, since no page shows it."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: its place (from 0), how many rows and columns it covers, and what it says."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    head: bool = False
    """The format says that its row is a table's head."""
    links: tuple[Link, ...] = ()


def write_grid(builder: LayoutBuilder, cells: Sequence[GridCell], table: int, furniture: str | None = None) -> None:
    """Append a table's rows; rows and columns in which nothing is said are left out."""
    places = cover(cells)
    columns = sorted({column for (_, column), cell in places.items() if cell.text and cell.column == column})
    spans: dict[tuple[int, int], Span] = {}
    first = True
    for row, inside in rows_of(places):
        own = [cell for cell in inside.values() if cell.row == row]
        if not any(cell.text for cell in own):
            continue
        block = Block(
            BlockKind.ROW,
            0,
            0,
            gap=int(first),
            table=table,
            head=any(cell.head for cell in own),
            links=tuple(link for cell in own for link in cell.links if cell.column in inside),
            furniture=furniture,
        )
        written = builder.row(block, [place(inside.get(column), row, column, columns, spans) for column in columns])
        spans |= {
            (cell.row, cell.column): span
            for column, span in zip(columns, written, strict=True)
            if (cell := inside.get(column)) is not None and cell.row == row
        }
        first = False


def cover(cells: Iterable[GridCell]) -> dict[tuple[int, int], GridCell]:
    """The cell at each place of the grid; where two claim a place, the first has it."""
    places: dict[tuple[int, int], GridCell] = {}
    for cell in cells:
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                if len(places) >= MOST_PLACES:
                    return places
                places.setdefault((row, column), cell)
    return places


def rows_of(places: dict[tuple[int, int], GridCell]) -> Iterator[tuple[int, dict[int, GridCell]]]:
    """The rows in order, each with its cells by column."""
    rows: dict[int, dict[int, GridCell]] = {}
    for (row, column), cell in places.items():
        rows.setdefault(row, {})[column] = cell
    yield from sorted(rows.items())


def place(
    cell: GridCell | None, row: int, column: int, columns: Sequence[int], spans: dict[tuple[int, int], Span]
) -> str | Span | None:
    """What `LayoutBuilder.row` takes for one place: a text, the span of a cell above, or None after its left part."""
    if cell is None:
        return ""
    if cell.row < row:
        return spans.get((cell.row, cell.column), "")
    first = next(each for each in columns if each >= cell.column)
    return cell.text if column == first else None
