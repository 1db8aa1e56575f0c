"""Workbooks: values as they are shown, hidden sheets, formulas without values, sheets that claim to be huge."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ingest.formats import read_layout
from ingest.readers.xlsx import Budget, read_xlsx
from ingest.readers.xlsx_values import show_value
from kilde.errors import UnreadableError

KRONER = '_-* #,##0.00 "kr."_-;-* #,##0.00 "kr."_-;_-* "-"?? "kr."_-;_-@_-'
SHOWN: list[tuple[Any, str, str]] = [
    (1250.5, "General", "1250,5"),
    (1250.5, "#,##0.00", "1.250,50"),
    (1250.5, "0", "1251"),
    (1250000, "#,##0", "1.250.000"),
    (1250000, "#,##0,", "1.250"),
    (1250000, '#,##0.0,,"mio. kr."', "1,3 mio. kr."),
    (1250.5, KRONER, "1.250,50 kr."),
    (-1250.5, KRONER, "-1.250,50 kr."),
    (12, "[$kr.-406] #,##0", "kr. 12"),
    (12, "#,##0 [$€-1]", "12 €"),
    (0.125, "0.0%", "12,5 %"),
    (0.1 + 0.2, "General", "0,3"),
    (1 / 3, "General", "0,3333333333"),
    (751, "0000", "0751"),
    (2021, "General", "2021"),
    (-0.001, "0.0", "0,0"),
    (0.5, "# ?/?", "0,5"),
    (1e20, "General", "1e+20"),
    (True, "General", "SAND"),
    (" 1.250,00 ", "General", "1.250,00"),
    (date(2020, 12, 31), "mm-dd-yy", "31.12.2020"),
    (datetime(2020, 12, 31), "d. mmm", "31.12.2020"),
    (datetime(2020, 12, 31, 14, 5), "dd-mm-yyyy hh:mm", "31.12.2020 14.05"),
    (datetime(2021, 5, 1), "mmmm yyyy", "maj 2021"),
    (datetime(2021, 5, 1), "yyyy", "2021"),
    (time(9, 30), "hh:mm", "9.30"),
    (None, "General", ""),
]


@pytest.mark.parametrize(("value", "number_format", "text"), SHOWN, ids=[f"{it[0]} {it[1]}" for it in SHOWN])
def test_values_as_a_danish_sheet_shows_them(value: Any, number_format: str, text: str) -> None:
    """Numbers and days in Danish notation, by the number format; a day keeps its year."""
    assert show_value(value, number_format) == text


def body_of(book: Workbook) -> bytes:
    """The file of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def book_of(*rows: list[Any], title: str = "Tilskud") -> Workbook:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return book


@pytest.mark.parametrize("mac", [False, True], ids=["1900", "1904"])
def test_both_calendars(mac: bool) -> None:
    """Days are counted from 1900 or, in files from old Macs, from 1904."""
    book = book_of(["Kommune", "Dato"], ["Vejle", date(2021, 5, 1)])
    if mac:
        book.epoch = CALENDAR_MAC_1904
    assert read_xlsx(body_of(book)).text.endswith("Vejle\t01.05.2021")


def test_sheets_under_their_names() -> None:
    """Each sheet is a table under its name; a hidden one is read and told."""
    book = book_of(["Kommune", "Tilskud"], ["Vejle", 500], title="2021")
    hidden = book.create_sheet("2022")
    hidden.append(["Kommune", "Tilskud"])
    hidden.append(["Aarhus", 250])
    hidden.sheet_state = "hidden"
    layout = read_xlsx(body_of(book))
    assert layout.text == "2021\n\nKommune\tTilskud\nVejle\t500\n\n2022\n\nKommune\tTilskud\nAarhus\t250"
    assert [it.code for it in layout.problems] == ["hidden_sheet"]
    assert [it.table for it in layout.blocks] == [0, 1, 1, 0, 2, 2]


def test_the_name_that_nobody_gave_is_left_out() -> None:
    """ "Ark1" says nothing."""
    assert read_xlsx(body_of(book_of(["Kommune", "Tilskud"], ["Vejle", 500], title="Ark1"))).text.startswith("Kommune")


def test_formulas() -> None:
    """A formula is its last value; one that was never calculated is told, and so is an error."""
    body = body_of(book_of(["Kommune", "Tilskud"], ["Vejle", 500], ["I alt", "=SUM(B2:B2)"], ["Fejl", "#REF!"]))
    layout = read_xlsx(body)
    assert [it.code for it in layout.problems] == ["formula_without_value", "cell_errors"]
    assert "I alt" in layout.text
    calculated = sheet_changed(body, lambda part: re.sub(rb"(</f>)<v ?/>|(</f>)<v></v>", rb"</f><v>500</v>", part))
    assert read_xlsx(calculated).text.count("500") == 2


def sheet_changed(body: bytes, change: Any) -> bytes:
    """A workbook with the XML of its first sheet changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name == "xl/worksheets/sheet1.xml" else part)
    return stream.getvalue()


def test_a_declared_size_is_not_believed() -> None:
    """A sheet that says it has 17 billion cells has those that are in it."""
    body = body_of(book_of(["Kommune", "Tilskud"], ["Vejle", 500]))
    huge = sheet_changed(body, lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part))
    assert read_xlsx(huge).text == read_xlsx(body).text


def test_cells_far_away_cost_only_themselves() -> None:
    """One cell in the last row and one in the last column."""
    book = book_of(["Kommune", "Tilskud"], ["Vejle", 500])
    book.active.cell(1_048_576, 1, "Kilde: puljen")
    book.active["XFD2"] = "langt væk"
    assert "Vejle\t500\tlangt væk" in read_xlsx(body_of(book)).text


def test_a_merged_range_as_large_as_the_sheet() -> None:
    """It is not spread out."""
    body = body_of(book_of(["Kommune", "Tilskud"], ["Vejle", 500]))
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert "Vejle" in read_xlsx(sheet_changed(body, lambda part: part.replace(b"</sheetData>", merged))).text


BROKEN = [
    ("nothing in it", body_of(Workbook()), "no_text"),
    ("no XML", sheet_changed(body_of(book_of(["a", "b"])), lambda _: b"<worksheet><sheetData><row><c"), "damaged_xlsx"),
    ("a document type", sheet_changed(body_of(book_of(["a"])), lambda part: b"<!DOCTYPE a []>" + part), "xml_dtd"),
]


@pytest.mark.parametrize(("body", "code"), [it[1:] for it in BROKEN], ids=[it[0] for it in BROKEN])
def test_files_that_cannot_be_read(body: bytes, code: str) -> None:
    """Each has its reason."""
    with pytest.raises(UnreadableError) as raised:
        read_layout(body, "text/plain")
    assert raised.value.code == code


def test_too_many_cells() -> None:
    """More cells than the limit are refused as a whole, not cut."""
    budget = Budget(cells=10, filled=4, text=100)
    budget.spend(["a", "b", ""])
    with pytest.raises(UnreadableError) as raised:
        budget.spend(["a", "b", "c"])
    assert raised.value.code == "too_many_cells"
