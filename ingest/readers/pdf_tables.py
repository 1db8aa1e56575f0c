"""Tables on a PDF's pages: those with ruling lines by pdfplumber, those of aligned columns by the lines of text.

pdfplumber is slow, so it sees only pages on which lines are drawn.
"""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from ingest.readers.hyphens import join_lines
from ingest.readers.pdf_lines import Line, find_lines
from ingest.readers.pdf_pages import Page
from ingest.readers.pdf_words import Word
from ingest.readers.text import BULLET
from ingest.tables.grid import GridCell

FEWEST_RULES = 3
MOST_DRAWINGS = 5_000
"""Drawn objects on a page with tables; a map or a chart has more, and would take minutes."""
MOST_PLUMBED = 200
"""Pages of one document in which ruled tables are looked for."""
MOST_CELLS = 20_000
"""Cells of one table on one page."""
FEWEST_ROWS = 3
ROW_GAP = 1.6
"""Heights of a line between two rows of one table."""
SHARE_OF_NUMBERS = 0.6
EDGE = 2.0
"""Points by which two edges may differ and still be one."""
SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}
BROKEN = (
    PDFException,
    PSException,
    PdfminerException,
    MalformedPDFException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    NotImplementedError,
    struct.error,
    zlib.error,
)
"""What pdfminer, which pdfplumber stands on, raises over pages that PDFium reads."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, word: Word) -> bool:
        """Whether the middle of a word lies inside."""
        across, down = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        return self.left <= across < self.right and self.top <= down < self.bottom


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a page: where it stands, and its cells."""

    box: Box
    cells: tuple[GridCell, ...]
    columns: int


def needs_plumbing(page: Page) -> bool:
    """Whether ruled tables are worth looking for on a page."""
    return bool(page.words) and page.rules >= FEWEST_RULES and page.drawings <= MOST_DRAWINGS


def ruled_boxes(body: bytes, numbers: Sequence[int]) -> Iterator[tuple[int, list[list[Box]] | None]]:
    """The cells of the ruled tables of pages, by the page's number from 1; None where a page could not be read."""
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # what is broken is told as a Problem
    waiting = list(numbers)
    try:
        with pdfplumber.open(io.BytesIO(body), pages=waiting, password="") as document:
            for page in document.pages:
                waiting = [number for number in waiting if number != page.page_number]
                yield page.page_number, page_boxes(page)
    except BROKEN:
        yield from ((number, None) for number in waiting)


def page_boxes(page: pdfplumber.page.Page) -> list[list[Box]] | None:
    """The cells of the ruled tables of one page."""
    try:
        return [list(boxes(table.cells, page.bbox)) for table in page.find_tables(SETTINGS)]
    except BROKEN:
        return None
    finally:
        page.close()


def boxes(cells: Iterable[tuple[float, float, float, float]], frame: tuple[float, ...]) -> Iterator[Box]:
    """Cells as boxes that count from the page's visible corner."""
    for left, top, right, bottom in cells:
        yield Box(left - frame[0], top - frame[1], right - frame[0], bottom - frame[1])


def ruled_table(cells: Sequence[Box], words: Sequence[Word]) -> Table | None:
    """The table of ruled cells with the words in them; None for a frame around text and the like."""
    if not 1 < len(cells) <= MOST_CELLS:
        return None
    columns, rows = edges(it.left for it in cells), edges(it.top for it in cells)
    whole = Box(min(it.left for it in cells), min(it.top for it in cells), max(it.right for it in cells),
                max(it.bottom for it in cells))  # fmt: skip
    inside = [word for word in words if whole.holds(word)]
    found = [
        GridCell(
            row := nearest(rows, cell.top),
            column := nearest(columns, cell.left),
            cell_text(word for word in inside if cell.holds(word)),
            sum(cell.top - EDGE <= edge < cell.bottom - EDGE for edge in rows[row:]) or 1,
            sum(cell.left - EDGE <= edge < cell.right - EDGE for edge in columns[column:]) or 1,
        )
        for cell in sorted(cells, key=lambda it: (it.top, it.left))
    ]
    filled = [cell for cell in found if cell.text]
    if len({cell.column for cell in filled}) < 2 or len({cell.row for cell in filled}) < 2:
        return None
    return Table(whole, tuple(found), len(columns))


def edges(places: Iterable[float]) -> list[float]:
    """The distinct places, those nearer to each other than EDGE as one."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > EDGE:
            found.append(place)
    return found


def nearest(edges_: Sequence[float], place: float) -> int:
    """The index of the edge nearest to a place."""
    return min(range(len(edges_)), key=lambda index: abs(edges_[index] - place))


def cell_text(words: Iterable[Word]) -> str:
    """The text of a cell: its lines as one, list points on lines of their own."""
    parts: list[list[str]] = []
    for line in find_lines(words):
        bullet = BULLET.match(line.text)
        text = f"• {line.text[bullet.end() :]}" if bullet else line.text
        if bullet or not parts:
            parts.append([])
        parts[-1].append(text)
    return "\n".join(join_lines(part) for part in parts)


def aligned_tables(lines: Sequence[Line]) -> Iterator[Table | Line]:
    """The lines of a flow, those that make up tables of aligned columns as tables."""
    index = 0
    while index < len(lines):
        end = table_end(lines, index)
        table = aligned_table(lines[index:end]) if end - index >= FEWEST_ROWS else None
        if table:
            yield table
            index = end
        else:
            yield lines[index]
            index += 1


def table_end(lines: Sequence[Line], start: int) -> int:
    """The index behind the last line from `start` on that could be a row of one table."""
    end = start
    while end < len(lines):
        line = lines[end]
        near = end == start or line.top - lines[end - 1].bottom <= ROW_GAP * line.size
        if not near or (len(line.segments) < 2 and not continues(lines, start, end)):
            break
        end += 1
    while end > start and len(lines[end - 1].segments) < 2 and not continues(lines, start, end - 1):
        end -= 1
    return end


def continues(lines: Sequence[Line], start: int, index: int) -> bool:
    """Whether a line with one segment goes on a cell of the row above: it begins under one that is not the first."""
    if index == start:
        return False
    segment = lines[index].segments[0]
    above = lines[index - 1].segments
    under = any(abs(segment.left - it.left) <= EDGE for it in above[1:])
    return under or (len(above) == 1 and index - 1 > start and abs(segment.left - above[0].left) <= EDGE)


def aligned_table(lines: Sequence[Line]) -> Table | None:
    """The table that lines make; None where their segments do not stand under each other, or hold no numbers.

    Two columns are a table only where one of them is of numbers: a label and its value are none.
    """
    columns = column_spans(lines)
    rows: list[list[list[str]]] = []
    for line in lines:
        if len(line.segments) > 1 or not rows:
            rows.append([[] for _ in columns])
        for segment in line.segments:
            rows[-1][column_of(columns, segment.left, segment.right)].append(segment.text)
    full = [row for row in rows if sum(map(bool, row)) > 1]
    numeric = any(
        sum(row[column] != [] and row[column][0][:1].isdigit() for row in rows) >= SHARE_OF_NUMBERS * len(rows)
        for column in range(1, len(columns))
    )
    if len(full) < FEWEST_ROWS or len(columns) < 2 or not (numeric or len(columns) > 3):
        return None
    cells = [
        GridCell(row, column, join_lines(texts)) for row, found in enumerate(rows) for column, texts in enumerate(found)
    ]
    box = Box(min(it.left for it in lines), lines[0].top, max(it.right for it in lines), lines[-1].bottom)
    return Table(box, tuple(cells), len(columns))


def column_spans(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The columns of aligned lines: what overlaps from line to line stands in one column."""
    spans: list[tuple[float, float]] = []
    for left, right in sorted((segment.left, segment.right) for line in lines for segment in line.segments):
        if spans and left < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], right))
        else:
            spans.append((left, right))
    return spans


def column_of(columns: Sequence[tuple[float, float]], left: float, right: float) -> int:
    """The column in which the middle of a segment lies."""
    middle = (left + right) / 2
    return next(index for index, (first, last) in enumerate(columns) if first <= middle <= last)
