"""CSV and TSV: the delimiter is found, each line becomes a row; cells are joined by a tab in the text."""

from __future__ import annotations

import csv
import io

from ingest.layout import Block, BlockKind, Layout, LayoutBuilder, normalise
from ingest.readers.encoding import decode
from ingest.readers.markup import has_markup, strip_markup
from ingest.readers.text import read_text
from kilde.errors import UnreadableError
from kilde.model import Problem, Severity

READER = "table/1"
DELIMITERS = ("\t", ";", ",", "|")
SAMPLE_LINES = 50
LONGEST_CELL = 1_000_000
MOST_CELLS = 5_000_000


def read_table(body: bytes, declared: str | None = None) -> Layout:
    """Read a file of delimited cells; raises UnreadableError for binary data.

    A file with text before or between its tab-separated rows is read as text, where such tables are known too.
    """
    decoded, _, problems = decode(body, declared)
    source = normalise(decoded)
    delimiter = find_delimiter(source)
    if delimiter is None or (delimiter == "\t" and has_prose(source)):
        return read_text(body, declared)
    builder, cells = LayoutBuilder(), 0
    csv.field_size_limit(LONGEST_CELL)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(source, newline=""), delimiter=delimiter)):
            cells += len(row)
            if cells > MOST_CELLS:
                raise UnreadableError("too_many_cells", f"more than {MOST_CELLS:,} cells; split the file")
            if any(cell.strip() for cell in row):
                builder.row(Block(BlockKind.ROW, 0, 0, gap=0, table=1), [clean(cell) for cell in row])
            elif number:
                problems.append(Problem("empty_row", Severity.NOTE, f"row {number + 1} is empty"))
    except csv.Error as error:
        problems.append(Problem("table_as_text", Severity.WARNING, f"not readable as a table ({error}); read as text"))
        return Layout(source, read_text(body, declared).blocks, READER, problems=tuple(problems))
    widths = {len(block.cells) for block in builder.blocks}
    if len(widths) > 1:
        problems.append(Problem("ragged_rows", Severity.NOTE, f"rows have {min(widths)} to {max(widths)} cells"))
    return Layout(builder.text(), tuple(builder.blocks), READER, problems=tuple(problems))


def clean(cell: str) -> str:
    """A cell without markup and padding."""
    return strip_markup(cell) if has_markup(cell) else cell.strip()


def find_delimiter(source: str) -> str | None:
    """The delimiter that stands equally often, and at least once, in most of the first lines; None where none does."""
    lines = [line for line in source.splitlines()[:SAMPLE_LINES] if line.strip()]
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
