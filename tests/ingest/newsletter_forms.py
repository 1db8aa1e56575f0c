"""One newsletter in three formats: what it says stands here once, and is printed as HTML, Word and PDF."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from docx import Document
from fpdf import FPDF
from fpdf.enums import XPos, YPos

TITLE = "Medborgernyt april 2021"
LEAD = (
    "I dette nummer kan du læse om nye stier i Vejle, om årets boligtræf i Svendborg og om de by- og landdistrikter, "
    "der får del i puljen i 2021."
)
PUBLISHER = "Styrelsen for Medborgerskab og Beskæftigelse"


@dataclass(frozen=True)
class Item:
    """An item of the newsletter: paragraphs, points and a table."""

    heading: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


ITEMS = (
    Item(
        "Ny pulje til stier og mødesteder",
        (
            "Vejle Kommune får 2,5 mio. kr. til stier mellem bydelene. Pengene kommer fra puljen til fællesskaber, som "
            "ministeriet åbnede den 12. marts 2021, og arbejdet begynder til sommer.",
            "EU-midlerne dækker 12-18 måneder. Derefter skal kommunen selv finde pengene, og it-systemet bag "
            "bevillingerne lukker, når året er omme.",
        ),
        (
            "Ansøgningsfristen er den 1. maj 2021 klokken 12, og ansøgningen sendes til styrelsens postkasse",
            "Op til 500.000 kr. pr. projekt",
        ),
    ),
    Item(
        "Fire kommuner deler bevillingen",
        (
            "Aarhus, Randers og Silkeborg er med i år. Tabellen viser, hvad de har fået, og hvad pengene går til i "
            "de enkelte byer.",
        ),
        table=(
            ("Kommune", "Tilskud i 1.000 kr.", "Projekt"),
            ("Aarhus", "1.250", "Fælles haver i Gellerup"),
            ("Randers", "800", "Værksteder for unge"),
            ("Silkeborg", "475", "Madklubber ved søerne"),
        ),
    ),
    Item(
        "Boligtræf i Svendborg",
        (
            "Årets boligtræf holdes i Svendborg den 9. september 2021. Der er plads til 120 deltagere, og det koster "
            "350 kr. at være med. Programmet er sat sammen af beboere, boligforeninger og kommunens egne medarbejdere, "
            "og der er oplæg, rundvisninger og tid til at tale sammen om, hvad der virker i boligområderne, og hvad "
            "der ikke gør.",
            "Træffet er det niende i rækken. Det første blev holdt i Odense i 2012, og siden har det været i både "
            "Esbjerg og Aalborg.",
        ),
    ),
    Item(
        "Nyt fra styrelsen",
        (
            "Styrelsen flytter den 1. juni 2021. Den nye adresse er i Køge, og telefonerne er lukket i to dage, mens "
            "flytningen står på. Skriv i stedet til os, så svarer vi, så snart vi er på plads igen.",
        ),
    ),
)


def as_html() -> bytes:
    """The newsletter as a page."""
    parts = [f"<html lang='da'><head><title>{TITLE}</title></head><body><main><h1>{TITLE}</h1><p>{LEAD}</p>"]
    for item in ITEMS:
        parts.append(f"<h2>{item.heading}</h2>")
        parts += [f"<p>{text}</p>" for text in item.paragraphs]
        parts.append("<ul>" + "".join(f"<li>{text}</li>" for text in item.points) + "</ul>" if item.points else "")
        rows = [html_row(row, "td" if number else "th") for number, row in enumerate(item.table)]
        parts.append(f"<table>{''.join(rows)}</table>" if rows else "")
    return "".join([*parts, "</main></body></html>"]).encode()


def html_row(cells: tuple[str, ...], tag: str) -> str:
    """A row of a table."""
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def as_docx() -> bytes:
    """The newsletter as a Word document with a header and a footer."""
    document = Document()
    document.core_properties.modified = datetime(2021, 4, 6)
    document.sections[0].header.paragraphs[0].text = PUBLISHER
    document.sections[0].footer.paragraphs[0].text = "Side 1"
    document.add_heading(TITLE, 0)
    document.add_paragraph(LEAD)
    for item in ITEMS:
        document.add_heading(item.heading, 1)
        for text in item.paragraphs:
            document.add_paragraph(text)
        for text in item.points:
            document.add_paragraph(text, style="List Bullet")
        if item.table:
            table = document.add_table(len(item.table), len(item.table[0]))
            for row, texts in zip(table.rows, item.table, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


class Pages(FPDF):
    """Pages with the publisher above and a number below."""

    def header(self) -> None:
        """What stands above each page."""
        self.set_font("helvetica", size=8)
        self.cell(0, 5, PUBLISHER, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(4)

    def footer(self) -> None:
        """What stands below each page."""
        self.set_y(-15)
        self.set_font("helvetica", size=8)
        self.cell(0, 5, f"Side {self.page_no()} af {{nb}}", align="C")


HYPHENATED = {
    "fællesskaber": "fælles-\nskaber",
    "by- og": "by-\nog",
    "EU-midlerne": "EU-\nmidlerne",
    "12-18": "12-\n18",
    "medarbejdere": "medar-\nbejdere",
    "it-systemet": "it-\nsystemet",
}
"""Words as a typesetter breaks them at the end of a line."""


def as_pdf(*, compress: bool = True) -> bytes:
    """The newsletter on two pages, with words broken at the end of lines; the page breaks inside an item."""
    pages = Pages(format=(210, 190))
    pages.set_compression(compress)
    pages.set_title(TITLE)
    pages.set_creation_date(datetime(2021, 4, 6))
    pages.add_page()
    heading(pages, TITLE, 20)
    body(pages, LEAD)
    for item in ITEMS:
        heading(pages, item.heading, 14)
        for text in item.paragraphs:
            body(pages, text)
        for text in item.points:
            body(pages, f"\x95 {text}", space=1)
        if item.table:
            pages.set_font("helvetica", size=10)
            with pages.table() as table:
                for texts in item.table:
                    table.row(list(texts))
            pages.ln(4)
    return bytes(pages.output())


def heading(pages: FPDF, text: str, size: int) -> None:
    """A heading."""
    pages.set_font("helvetica", "B", size)
    pages.multi_cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
    pages.ln(1.5)


def body(pages: FPDF, text: str, space: float = 3) -> None:
    """A paragraph, set flush on both sides, with hyphens where a line had no room for the word."""
    pages.set_font("helvetica", size=10.5)
    for word, broken in HYPHENATED.items():
        text = text.replace(word, broken)
    pages.multi_cell(0, 5.2, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
    pages.ln(space)
