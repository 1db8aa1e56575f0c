"""Tables with merged cells to rows of a layout: each cell stands once in the text and at each place that it covers.

Readers whose format knows cells over several columns or rows (Word, PDF) hand their cells over as a grid.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.layout import Block, BlockKind, LayoutBuilder
from kilde.model import Link, Problem, Severity, Span

MOST_COVERED = 500_000
"""Places of one document's tables in which no cell of its own begins. What is written grows with them, not with the
bytes of the document: two columns of 5,000 merged cells claim 25 million."""


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


@dataclass(slots=True)
class Cover:
    """What is left of the places that the merged cells of one document may cover."""

    left: int = MOST_COVERED
    refused: int = 0
    """Tables or cells that wanted more than was left."""

    def take(self, places: int) -> bool:
        """Whether so many places may be covered; they are gone then."""
        if places > self.left:
            self.refused += 1
            return False
        self.left -= places
        return True

    def problems(self) -> list[Problem]:
        """The Problem that merged cells were read as if they were not, where some were."""
        detail = (
            f"merged cells cover more than {MOST_COVERED:,} places; from there on each stands only where it begins, "
            "and a cell behind or below it may be under the wrong head: split the document"
        )
        return [Problem("merged_cells_not_read", Severity.WARNING, detail)] if self.refused else []


def write_grid(
    builder: LayoutBuilder, cells: Iterable[GridCell], table: int, cover: Cover, furniture: str | None = None
) -> None:
    """Append a table's rows; rows and columns in which nothing is said are left out.

    Where the table's merged cells cover more than `cover` has left, its rows have only the cells that begin in them.
    Takes time and memory in proportion to the cells and to the places that `cover` gave.
    """
    rows = filled_rows(cells)
    columns = sorted({cell.column for own in rows.values() for cell in own if cell.text})
    begun = sum(bool(cell.text) for own in rows.values() for cell in own)
    in_full = cover.take(len(rows) * len(columns) - begun)
    spans: dict[tuple[int, int], Span] = {}
    inside: dict[int, GridCell] = {}
    for number, (row, own) in enumerate(rows.items()):
        block = block_of(own, Block(BlockKind.ROW, 0, 0, gap=int(number == 0), table=table, furniture=furniture))
        if not in_full:
            builder.row(block, [cell.text for cell in own])
            continue
        inside = standing(row, own, columns, inside)
        written = builder.row(block, [place(inside.get(column), row, column, columns, spans) for column in columns])
        for column, span in zip(columns, written, strict=True):
            cell = inside.get(column)
            if cell is not None and cell.row == row and cell.rows > 1:
                spans[row, cell.column] = span


def filled_rows(cells: Iterable[GridCell]) -> dict[int, list[GridCell]]:
    """The rows in which something is said, in order, each with the cells that begin in it; of one place, as one."""
    rows: dict[int, dict[int, GridCell]] = {}
    for cell in cells:
        row = rows.setdefault(cell.row, {})
        row[cell.column] = joined(row[cell.column], cell) if cell.column in row else cell
    return {row: list(own.values()) for row, own in sorted(rows.items()) if any(cell.text for cell in own.values())}


def joined(one: GridCell, other: GridCell) -> GridCell:
    """Two cells that begin at one place, as a PDF with double lines may have them."""
    text = "\n".join(it.text for it in (one, other) if it.text)
    return replace(one, text=text, links=(*one.links, *other.links))


def block_of(own: Sequence[GridCell], row: Block) -> Block:
    """The block of a row with what the cells that begin in it say of it."""
    links = tuple(link for cell in own for link in cell.links)
    return replace(row, head=any(cell.head for cell in own), links=links)


def standing(
    row: int, own: Iterable[GridCell], columns: Sequence[int], above: Mapping[int, GridCell]
) -> dict[int, GridCell]:
    """The cell at each column of a row: those of the row `above` that go on, then the row's own.

    Where two claim a place the first has it, but no text is lost: a cell that says something stands where it begins.
    """
    inside = {column: cell for column, cell in above.items() if cell.row + cell.rows > row}
    for cell in own:
        first = bisect_left(columns, cell.column)
        if cell.text:
            inside[cell.column] = cell
        for column in columns[first : bisect_left(columns, cell.column + cell.columns)]:
            inside.setdefault(column, cell)
    return inside


def place(
    cell: GridCell | None, row: int, column: int, columns: Sequence[int], spans: dict[tuple[int, int], Span]
) -> str | Span | None:
    """What `LayoutBuilder.row` takes for one place: a text, the span of a cell above, or None after its left part."""
    if cell is None:
        return ""
    if cell.row < row:
        return spans.get((cell.row, cell.column), "")
    return cell.text if column == columns[bisect_left(columns, cell.column)] else None
