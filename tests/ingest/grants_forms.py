"""One list of grants in four formats: a caption with the unit, a head of two levels, merged cells, a total."""

from __future__ import annotations

import io

from docx import Document
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace
from openpyxl import Workbook

TITLE = "Bevillinger fra puljen til mødesteder"
CAPTION = "Tabel 1. Tilskud pr. projekt (1.000 kr.)"
HEADS = (("Kommune", "Projekt", "Tilskud", "Tilskud"), ("Kommune", "Projekt", "2021", "2022"))
ROWS = (
    ("Aarhus", "Fælles haver", 1250, 400),
    ("Aarhus", "Værksteder for unge", 300, 150),
    ("Odense", "Madklubber ved havnen", 475, 220),
    ("Ribe Turistforening", "Guidede ture", 90, 45),
)
TOTAL = ("I alt", "", 2115, 815)
GRANTS = [("0751", 1250000), ("0751", 400000), ("0751", 300000), ("0751", 150000), ("0461", 475000), ("0461", 220000)]
"""Kommune and kroner. The association is given nothing as a kommune, and the total is nobody's."""
NAMES = ["Kommune", "Projekt", "Tilskud 2021 (1.000 kr.)", "Tilskud 2022 (1.000 kr.)"]


def as_html() -> bytes:
    """The list as a page."""
    heads = (
        "<tr><th rowspan=2>Kommune</th><th rowspan=2>Projekt</th><th colspan=2>Tilskud</th></tr>"
        "<tr><th>2021</th><th>2022</th></tr>"
    )
    rows = "".join(
        "<tr>" + ("" if number == 1 else f"<td{' rowspan=2' if number == 0 else ''}>{kommune}</td>")
        + f"<td>{project}</td><td>{first:,}</td><td>{second}</td></tr>".replace(",", ".")
        for number, (kommune, project, first, second) in enumerate((*ROWS, TOTAL))
    )  # fmt: skip
    return f"<html><body><h1>{TITLE}</h1><p>{CAPTION}</p><table>{heads}{rows}</table></body></html>".encode()


def as_docx() -> bytes:
    """The list as a Word document."""
    document = Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph(CAPTION)
    body = [*HEADS, *((*row[:2], dotted(row[2]), dotted(row[3])) for row in (*ROWS, TOTAL))]
    table = document.add_table(len(body), 4)
    for number, texts in enumerate(body):
        for column, text in enumerate(texts):
            table.cell(number, column).text = text
    for first, last in (((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((2, 0), (3, 0))):
        text = table.cell(*first).text
        merged = table.cell(*first).merge(table.cell(*last))
        merged.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_xlsx() -> bytes:
    """The list as a workbook."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Ark1"
    sheet.append([TITLE])
    sheet.append([CAPTION])
    sheet.append([])
    for row in (*HEADS, *ROWS, TOTAL):
        sheet.append([int(cell) if str(cell).isdecimal() and row is HEADS[1] else cell for cell in row])
    for cells in ("A4:A5", "B4:B5", "C4:D4", "A6:A7"):
        sheet.merge_cells(cells)
    for row in sheet["C6:D10"]:
        for cell in row:
            cell.number_format = "#,##0"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_pdf(copies: int = 1) -> bytes:
    """The list as a PDF; the rows `copies` times, so that the table goes over pages with its head repeated."""
    pages = FPDF()
    pages.add_page()
    pages.set_font("helvetica", "B", 18)
    pages.multi_cell(0, 9, TITLE, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pages.set_font("helvetica", size=10)
    pages.ln(3)
    pages.multi_cell(0, 6, CAPTION, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    with pages.table(num_heading_rows=2, headings_style=FontFace(emphasis="BOLD")) as table:
        head = table.row()
        head.cell("Kommune", rowspan=2)
        head.cell("Projekt", rowspan=2)
        head.cell("Tilskud", colspan=2)
        table.row(["2021", "2022"])
        for _ in range(copies):
            for number, (kommune, project, first, second) in enumerate(ROWS):
                row = table.row()
                if number != 1:
                    row.cell(kommune, rowspan=2 if number == 0 else 1)
                for text in (project, dotted(first), dotted(second)):
                    row.cell(text)
        table.row([TOTAL[0], TOTAL[1], dotted(TOTAL[2]), dotted(TOTAL[3])])
    return bytes(pages.output())


def dotted(number: int) -> str:
    """A number with points between its thousands."""
    return f"{number:,}".replace(",", ".")
