"""Exports as an Excel workbook: text is text, never a formula; further sheets where one is full; a sheet `manifest`.

Rows go to disk as they come, so that memory does not grow with them.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from search.export_cells import About, Column, Counts, Line, flat, is_formula, row

MOST_ROWS = 1_048_576
"""Of a sheet, its head included: a limit of the format."""
LONGEST_CELL = 32_767
"""Characters of a cell: a limit of the format; longer text ends in `…`."""
CUT = "…"

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file can hold."""
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Excel reads `_x0041_` as a character's number; this underscore is then written as its own number."""
_BOLD = Font(bold=True)


def write_xlsx(
    lines: Iterable[Line], columns: Sequence[Column], stream: BinaryIO, about: About, most_rows: int = MOST_ROWS
) -> Counts:
    """A sheet with a head, `most_rows` in each, and a sheet with the manifest."""
    book = Workbook(write_only=True)
    with _errors_of_the_disk():
        counts = _write_sheets(book, lines, [column.name for column in columns], most_rows)
        _write_manifest(book, about(counts))
        book.save(stream)
    return counts


def _write_sheets(book: Any, lines: Iterable[Line], names: Sequence[str], most_rows: int) -> Counts:
    count = 0
    sheet = _sheet(book, names)
    for line in lines:
        if count and count % (most_rows - 1) == 0:
            sheet.close()
            sheet = _sheet(book, names)
        sheet.append([_cell(sheet, flat(value)) for value in row(line, names)])
        count += 1
    return {"rows": count, "sheets": len(book.sheetnames)}


@contextmanager
def _errors_of_the_disk() -> Iterator[None]:
    """A full disk as what it is: the XML writer below openpyxl has an error of its own for it, named `IO_ENOSPC`."""
    try:
        yield
    except Exception as error:
        code = getattr(errno, str(error).removeprefix("IO_"), None)
        if code is None:
            raise
        raise OSError(code, os.strerror(code)) from error


def _sheet(book: Any, names: Sequence[str]) -> Any:
    """A sheet with a head that stays in sight."""
    sheet = book.create_sheet(f"data {len(book.sheetnames) + 1}" if book.sheetnames else "data")
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, name) for name in names]
    for cell in head:
        cell.font = _BOLD
    sheet.append(head)
    return sheet


def _cell(sheet: Any, value: Any) -> Any:
    """A value as the writer takes it; text that looks like a formula or an error is marked as text."""
    if not isinstance(value, str):
        return value
    text = _ESCAPE.sub("_x005F_", _NOT_XML.sub("\ufffd", value))
    text = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + CUT
    if not is_formula(text) and text[:1] != "#":
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True  # so that it stays text when somebody edits it
    return cell


def _write_manifest(book: Any, manifest: dict[str, Any]) -> None:
    """Its entries one below the other, parts of parts as JSON."""
    sheet = book.create_sheet("manifest")
    sheet.column_dimensions["A"].width = 16
    sheet.column_dimensions["B"].width = 100
    for name, value in manifest.items():
        shown = value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
        sheet.append([name, _cell(sheet, shown)])
