"""XLSX: each sheet a table under its name, cells written as a Danish reader of the sheet sees them.

Sheets are streamed, so that neither a declared size nor empty styled cells cost memory. What openpyxl does not stream
(merged cells, formulas that were never calculated) is read from the sheet's own XML.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.cell import range_boundaries
from openpyxl.workbook import Workbook

from ingest.layout import Block, BlockKind, Layout, LayoutBuilder, normalise
from ingest.readers.office import open_package, read_properties
from ingest.readers.xlsx_values import show_value
from ingest.zip_limits import CheckedZip
from kilde.errors import UnreadableError
from kilde.model import Problem, Severity, Span

READER = "xlsx/1"
MOST_CELLS = 5_000_000
MOST_FILLED = 2_000_000
MOST_ROWS = 1_048_576
"""Rows of a sheet in Excel; a row that says it stands further down is not read."""
MOST_TEXT = 10_000_000
"""Characters: one shared string may stand in a million cells."""
MOST_MERGED = 20_000
MOST_ACTIVE = 1_000
"""Merged ranges that may reach into one row."""
MERGED = re.compile(rb"<(?:\w{1,20}:)?mergeCell\s[^>]{0,100}?ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
UNCALCULATED = re.compile(
    rb"(?:</(?:\w{1,20}:)?f>|<(?:\w{1,20}:)?f\b[^<>]{0,500}/>)\s{0,9}"
    rb"(?:<(?:\w{1,20}:)?v\s?/>|<(?:\w{1,20}:)?v></(?:\w{1,20}:)?v>)?\s{0,9}</(?:\w{1,20}:)?c>"
)
"""The end of a cell with a formula and no value."""
DEFAULT_NAMES = re.compile(r"(?:ark|sheet|tabel|table|data)\s?\d{0,3}", re.IGNORECASE)
"""Names that sheets have when nobody named them."""
BROKEN = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OSError)
"""What openpyxl raises over a file that is not as it should be."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, from 0 and half-open."""

    row: int
    column: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """The rows of a sheet as texts, by their number from 0; rows in which nothing stands are left out."""

    name: str
    rows: dict[int, list[str]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)


@dataclass(slots=True)
class Budget:
    """What is still to be spent on a workbook."""

    cells: int = MOST_CELLS
    filled: int = MOST_FILLED
    text: int = MOST_TEXT

    def spend(self, texts: Sequence[str]) -> None:
        """Take a row off; raises UnreadableError when nothing is left."""
        self.cells -= len(texts) + 1
        self.filled -= sum(map(bool, texts))
        self.text -= sum(map(len, texts))
        if self.cells < 0 or self.filled < 0:
            detail = f"more than {MOST_CELLS:,} cells, or {MOST_FILLED:,} with something in them; split the workbook"
            raise UnreadableError("too_many_cells", detail)
        if self.text < 0:
            raise UnreadableError("too_large", f"more than {MOST_TEXT:,} characters of text; split the workbook")


def read_xlsx(body: bytes) -> Layout:
    """Read a workbook; raises UnreadableError."""
    package = open_package(body, ("xl/styles", "xl/workbook", "docProps/"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out: styles, validations, charts
            workbook = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
            sheets, problems = read_sheets(workbook, package)
            meta = read_properties(workbook.properties)
    except BROKEN as error:
        raise UnreadableError("damaged_xlsx", f"no readable workbook ({type(error).__name__}: {error})") from error
    builder = LayoutBuilder()
    named = [sheet for sheet in sheets if sheet.rows]
    for table, sheet in enumerate(named, start=1):
        if not DEFAULT_NAMES.fullmatch(sheet.name) or len(named) > 1:
            builder.block(Block(BlockKind.HEADING, 0, 0, level=2), normalise(" ".join(sheet.name.split())))
        write_sheet(builder, sheet, table)
    if not builder.blocks:
        raise UnreadableError("no_text", "nothing stands in the workbook's cells")
    return Layout(builder.text(), tuple(builder.blocks), READER, meta, tuple(problems))


def read_sheets(workbook: Workbook, package: CheckedZip) -> tuple[list[Sheet], list[Problem]]:
    """The sheets in the order of the workbook, and what is to be said of them."""
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    budget = Budget()
    for worksheet in workbook.worksheets:
        worksheet.reset_dimensions()
        sheet = Sheet(worksheet.title)
        for number, cells in enumerate(worksheet.iter_rows(max_row=MOST_ROWS)):
            texts = [text_of(cell) for cell in cells]
            budget.spend(texts)
            if any(texts):
                sheet.rows[number] = trimmed(texts)
        source = package.read(part_name(worksheet))
        sheet.merges = find_merges(source)
        problems += sheet_problems(worksheet.title, worksheet.sheet_state, sheet, source)
        sheets.append(sheet)
    return sheets, problems


def text_of(cell: Cell | MergedCell) -> str:
    """The text of a cell; rich text and other values of openpyxl's own as the string they are."""
    value = cell.value
    if value is None:
        return ""
    plain = value if isinstance(value, str | int | float | date | time | timedelta) else str(value)
    return normalise(show_value(plain, cell.number_format))


def part_name(worksheet: object) -> str:
    """The name of a sheet's part; openpyxl keeps it to itself and gives no other way to it."""
    return str(getattr(worksheet, "_worksheet_path", "")).lstrip("/")


def trimmed(texts: list[str]) -> list[str]:
    """The cells of a row up to the last one in which something stands."""
    end = max(number for number, text in enumerate(texts) if text) + 1
    return texts[:end]


def find_merges(source: bytes) -> list[Merge]:
    """The merged ranges of a sheet's XML."""
    merges = []
    for number, match in enumerate(MERGED.finditer(source)):
        if number >= MOST_MERGED:
            break
        left, top, right, bottom = range_boundaries(match[1].decode("ascii"))
        if left and top and right and bottom:
            merges.append(Merge(top - 1, left - 1, bottom, right))
    return sorted(merges, key=lambda it: (it.row, it.column))


def sheet_problems(name: str, state: str, sheet: Sheet, source: bytes) -> Iterator[Problem]:
    """What a reader of the records should know of a sheet."""
    if state != "visible" and sheet.rows:
        yield Problem("hidden_sheet", Severity.NOTE, f"the sheet {name!r} is hidden in the workbook; it is read")
    uncalculated = sum(1 for _ in UNCALCULATED.finditer(source))
    if uncalculated:
        detail = (
            f"formulas without a value in the sheet {name!r}: {uncalculated}; save it anew in a spreadsheet program"
        )
        yield Problem("formula_without_value", Severity.WARNING, detail)
    errors = sum(text.startswith("#") and text.rstrip("!?").isupper() for row in sheet.rows.values() for text in row
                 if text[:1] == "#")  # fmt: skip
    if errors:
        yield Problem(
            "cell_errors", Severity.NOTE, f"cells in the sheet {name!r} that hold a formula's error: {errors}"
        )


def write_sheet(builder: LayoutBuilder, sheet: Sheet, table: int) -> None:
    """Write a sheet's rows; what stands alone above or below its tables is written as text."""
    columns = sorted({number for row in sheet.rows.values() for number, text in enumerate(row) if text})
    alone = lone_rows(sheet)
    spans: dict[tuple[int, int], Span] = {}
    merges, active = iter(sheet.merges), list[Merge]()
    upcoming = next(merges, None)
    before = -1
    for number, row in sheet.rows.items():
        while upcoming is not None and upcoming.row <= number:
            active.append(upcoming)
            upcoming = next(merges, None)
        active = [merge for merge in active if merge.bottom > number][:MOST_ACTIVE]
        gap = min(number - before - 1, 3) if before >= 0 else 1
        before = number
        if number in alone:
            builder.block(Block(BlockKind.LINE, 0, 0, gap=gap), next(text for text in row if text))
            continue
        cells = [place(row, number, column, columns, active, spans) for column in columns]
        written = builder.row(Block(BlockKind.ROW, 0, 0, gap=gap, table=table), cells)
        starts = {(merge.row, merge.column) for merge in active if merge.row == number}
        spans |= {(number, column): span for column, span in zip(columns, written, strict=True)
                  if (number, column) in starts}  # fmt: skip


def place(
    row: Sequence[str],
    number: int,
    column: int,
    columns: Sequence[int],
    active: Sequence[Merge],
    spans: dict[tuple[int, int], Span],
) -> str | Span | None:
    """What `LayoutBuilder.row` takes for one cell."""
    text = row[column] if column < len(row) else ""
    if text:
        return text
    merge = next(
        (it for it in active if it.column <= column < it.right and (it.row, it.column) != (number, column)), None
    )
    if merge is None or merge.column not in columns:
        return ""
    return None if merge.row == number else spans.get((merge.row, merge.column), "")


def lone_rows(sheet: Sheet) -> set[int]:
    """The rows with one filled cell that stand above the first, or below the last row of a table."""
    filled = {number: sum(map(bool, row)) for number, row in sheet.rows.items()}
    wide = [number for number, count in filled.items() if count > 1]
    if not wide:
        return set() if len(filled) > 1 else set(filled)
    return {number for number, count in filled.items() if count == 1 and not wide[0] <= number <= wide[-1]}
