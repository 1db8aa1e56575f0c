"""CSV and TSV: the delimiter is found, each line becomes a row; cells are joined by a tab in the text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from ingest.layout import Block, BlockKind, Layout, LayoutBuilder, normalise
from ingest.readers.encoding import decode
from ingest.readers.markup import has_markup, strip_markup
from ingest.readers.text import read_text
from kilde.errors import UnreadableError
from kilde.model import Problem, Severity, Span

READER = "table/2"
DELIMITERS = ("\t", ";", ",", "|")
SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?[ \t]*\n", re.IGNORECASE)
"""The line by which Excel is told the delimiter; it is no row."""
SAMPLE_LINES = 50
SAMPLE = 200_000
"""Characters in which the delimiter is looked for: a line may be ten million columns wide."""
LONGEST_CELL = 1_000_000
MOST_CELLS = 2_000_000
MOST_COLUMNS = 20_000
"""Excel has 16,384."""
UNEVEN = 0.9
"""Share of rows of one width below which a reading of odd quotes is given up."""


def read_table(body: bytes, declared: str | None = None) -> Layout:
    """Read a file of delimited cells; raises UnreadableError for binary data and for more than MOST_CELLS cells.

    A file with text before or between its tab-separated rows is read as text, where such tables are known too.
    """
    csv.field_size_limit(LONGEST_CELL)
    decoded, _, problems = decode(body, declared)
    source = normalise(decoded)
    said = SEPARATOR_LINE.match(source)
    source = source[said.end() :] if said else source
    delimiter = said[1] if said else find_delimiter(source)
    if delimiter is None or (delimiter == "\t" and not said and has_prose(source)):
        return read_text(body, declared)
    try:
        rows, odd = read_rows(source, delimiter)
    except csv.Error as error:
        problems.append(Problem("table_as_text", Severity.WARNING, f"not readable as a table ({error}); read as text"))
        return Layout(source, read_text(body, declared).blocks, READER, problems=tuple(problems))
    problems += odd
    builder = LayoutBuilder()
    for number, row in enumerate(rows, start=1):
        if any(cell.strip() for cell in row):
            builder.row(Block(BlockKind.ROW, 0, 0, gap=0, table=1), [clean(cell) for cell in row])
        elif number > 1:
            problems.append(Problem("empty_row", Severity.NOTE, f"row {number} is empty"))
    problems += ragged_rows(builder.blocks)
    return Layout(builder.text(), tuple(builder.blocks), READER, problems=tuple(problems))


def read_rows(source: str, delimiter: str) -> tuple[list[list[str]], list[Problem]]:
    """The rows, and a Problem where quotes are not as they should be: then each line is a row, unless that is worse."""
    try:
        return list(bounded(source, delimiter, strict=True)), []
    except csv.Error as error:
        problem = Problem(
            "odd_quotes", Severity.WARNING, f"quotes that do not pair up ({error}); check the rows around them"
        )
    plain = [[cell.strip(' "') for cell in row] for row in bounded(source, delimiter, plain=True)]
    lenient = list(bounded(source, delimiter))
    return (lenient if evenness(lenient) >= max(UNEVEN, evenness(plain)) else plain), [problem]


def bounded(source: str, delimiter: str, *, strict: bool = False, plain: bool = False) -> Iterator[list[str]]:
    """The rows of a source; raises UnreadableError where there are too many cells."""
    cells = 0
    quoting: Literal[0, 3] = csv.QUOTE_NONE if plain else csv.QUOTE_MINIMAL
    for row in csv.reader(io.StringIO(source, newline=""), delimiter=delimiter, strict=strict, quoting=quoting):
        cells += len(row)
        if cells > MOST_CELLS or len(row) > MOST_COLUMNS:
            detail = f"more than {MOST_CELLS:,} cells, or {MOST_COLUMNS:,} columns; split the file"
            raise UnreadableError("too_many_cells", detail)
        yield row


def evenness(rows: Sequence[Sequence[str]]) -> float:
    """The share of rows that have the most usual number of cells."""
    widths = Counter(len(row) for row in rows if row)
    return max(widths.values(), default=0) / max(widths.total(), 1)


def ragged_rows(blocks: Sequence[Block]) -> list[Problem]:
    """The Problem that some rows have another number of cells than most, with the first of them."""
    widths = Counter(len(block.cells) for block in blocks)
    if len(widths) < 2:
        return []
    usual = max(widths, key=lambda width: (widths[width], width))
    odd = [(number, block) for number, block in enumerate(blocks, start=1) if len(block.cells) != usual]
    number, first = odd[0]
    detail = (
        f"{len(odd)} of {len(blocks)} rows have {min(widths)} to {max(widths)} cells, the others {usual}; "
        f"the first is row {number}; a cell whose column is not certain is under none"
    )
    return [Problem("ragged_rows", Severity.WARNING, detail, Span(first.start, first.end))]


def clean(cell: str) -> str:
    """A cell without markup and padding."""
    return strip_markup(cell) if has_markup(cell) else cell.strip()


def find_delimiter(source: str) -> str | None:
    """The delimiter that stands equally often, and at least once, in most of the first lines; None where none does."""
    lines = [line for line in source[:SAMPLE].splitlines()[:SAMPLE_LINES] if line.strip()]
    best = max(DELIMITERS, key=lambda delimiter: steadiness(lines, delimiter))
    return best if lines and steadiness(lines, best) > (0.0, 0) else None


def steadiness(lines: list[str], delimiter: str) -> tuple[float, int]:
    """The share of lines that have the most usual number of cells, and that number, 0 where it is a single cell."""
    counts = [len(row) - 1 for row in csv.reader(lines, delimiter=delimiter)] if lines else []
    usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
    return (round(counts.count(usual) / len(counts), 1), usual) if usual else (0.0, 0)


def has_prose(source: str) -> bool:
    """Whether lines without a tab stand among the rows."""
    lines = [line for line in source.splitlines() if line.strip()]
    return sum("\t" not in line for line in lines) > 0
