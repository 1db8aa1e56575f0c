"""Tables become rows with the names of their columns, whatever the format and however their cells are merged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.reading import read_document
from kilde.model import Document, DocumentKind, Record, RecordKind
from tests.conftest import observation
from tests.ingest.grants_forms import GRANTS, NAMES, ROWS, TITLE, as_docx, as_html, as_pdf, as_xlsx

FORMS = {"html": as_html, "docx": as_docx, "xlsx": as_xlsx, "pdf": as_pdf}


def read(body: bytes, media_type: str = "application/octet-stream") -> Document:
    """A document, as ingested."""
    return read_document(body, observation(body, "bevillinger", media_type=media_type))


def rows_of(document: Document) -> list[Record]:
    """The rows of a document."""
    return [it for it in document.records if it.kind is RecordKind.ROW]


def grants_of(document: Document) -> list[tuple[str, int]]:
    """Kommuner and what they are given, in the order of the text."""
    return [(it.code, int(it.value)) for record in document.records for it in record.grants]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_list_of_grants(form: Callable[[], bytes]) -> None:
    """Merged cells, a head of two levels, the unit in a caption and a total are read as a person reads them."""
    document = read(form())
    rows = rows_of(document)
    assert document.kind is DocumentKind.GRANTS
    assert document.title == TITLE
    assert [[it.name for it in row.fields] for row in rows[:4]] == [NAMES] * 4
    assert [[row.fields[0].value, row.fields[1].value] for row in rows[:4]] == [list(row[:2]) for row in ROWS]
    assert [row.heading for row in rows] == [row[0] for row in ROWS] + ["I alt"]
    assert grants_of(document) == GRANTS


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_merged_cell_stands_once(form: Callable[[], bytes]) -> None:
    """Its field points to the same words in each row; its kommune is mentioned in the first row only."""
    document = read(form())
    first, second = rows_of(document)[:2]
    assert document.text.count("Aarhus") == 1
    assert [it.code for it in first.kommuner] == ["0751"]
    assert second.kommuner == ()
    for record in document.records:
        for field in record.fields:
            assert document.text[record.start + field.start : record.start + field.end] == field.value


def test_the_head_of_each_page_is_structure() -> None:
    """A table over several pages has one head, and the repeats are no rows."""
    document = read(as_pdf(copies=30))
    rows = rows_of(document)
    assert len(rows) == 30 * len(ROWS) + 1
    assert sum(it.rule == "table_head" for it in document.structure) > 2
    assert sum(value for _, value in grants_of(document)) == 30 * sum(value for _, value in GRANTS)


def csv_of(*lines: str) -> Document:
    """A document of delimited lines."""
    return read("\n".join(lines).encode(), "text/csv")


WHOLE = (
    "Kommune;Projekt;Beløb;Bemærkning",
    "Aarhus;Haver;500.000;ny",
    "Odense;Stier;250.000;ny",
    "Vejle;Broer;75.000;ny",
)

RAGGED: list[tuple[str, str, dict[str, str]]] = [
    (
        "the last cell is missing",
        "Ribe Kommune;Sø;90.000",
        {"Kommune": "Ribe Kommune", "Projekt": "Sø", "Beløb": "90.000"},
    ),
    (
        "a cell in the middle is missing",
        "Esbjerg;90.000;ny",
        {"Kommune": "Esbjerg", "Beløb": "90.000", "Bemærkning": "ny"},
    ),
    ("nothing says which is missing", "Esbjerg;ny", {"Kommune": "Esbjerg", "2": "ny"}),
    (
        "a delimiter in the text",
        "Esbjerg;Sø; mole;90.000;ny",
        {"1": "Esbjerg", "2": "Sø", "3": "mole", "Beløb": "90.000", "Bemærkning": "ny"},
    ),
]
"""What was lost, the line, and what is certain all the same."""


@pytest.mark.parametrize(("line", "fields"), [it[1:] for it in RAGGED], ids=[it[0] for it in RAGGED])
def test_a_ragged_row_shifts_no_column(line: str, fields: dict[str, str]) -> None:
    """A cell is under the name of a column only where that is certain, and the document says where to look."""
    document = csv_of(*WHOLE, line)
    assert {it.name: it.value for it in rows_of(document)[-1].fields} == fields
    problem = next(it for it in document.problems if it.code == "ragged_rows")
    assert problem.where is not None
    assert document.text[problem.where.start : problem.where.end].startswith(line.split(";")[0])


def test_a_ragged_row_gives_no_false_grant() -> None:
    """A number that slid under the money column's neighbour is still the money."""
    assert grants_of(csv_of(*WHOLE, "Esbjerg;90.000;ny"))[-1] == ("0561", 90000)


def test_a_sum_for_several_rows_is_nobodys() -> None:
    """A sum that several kommuner share is given to none of them."""
    page = (
        "<html><body><table><tr><th>Kommune</th><th>Tilskud i kr.</th></tr>"
        "<tr><td>Aarhus</td><td rowspan=2>500.000</td></tr><tr><td>Odense</td></tr>"
        "<tr><td>Vejle</td><td>75.000</td></tr></table></body></html>"
    )
    assert grants_of(read(page.encode())) == [("0630", 75000)]


def test_notes_below_a_table_are_no_theme() -> None:
    """What stands alone under the last row is text, and what stands alone between rows is their theme."""
    document = csv_of("Kommune;Tilskud i kr.", "Jylland;", "Aarhus;500", "Fyn;", "Odense;250", "Tallene er foreløbige;")
    assert [(it.heading, it.theme) for it in rows_of(document)] == [("Aarhus", "Jylland"), ("Odense", "Fyn")]
    assert any(it.text.startswith("Tallene er foreløbige") for it in document.records)


def test_each_table_has_its_own_head() -> None:
    """Sheets and tables with other columns are not read under the head of the first."""
    page = (
        "<html><body><h1>To tabeller</h1><h2>Tilskud</h2><table><tr><td>Kommune</td><td>Tilskud i kr.</td></tr>"
        "<tr><td>Aarhus</td><td>500.000</td></tr></table><h2>Afslag</h2><table><tr><td>Ansøger</td><td>Ansøgt beløb"
        "</td></tr><tr><td>Vejle</td><td>90.000</td></tr></table></body></html>"
    )
    rows = rows_of(read(page.encode()))
    assert [[it.name for it in row.fields] for row in rows] == [
        ["Kommune", "Tilskud i kr."],
        ["Ansøger", "Ansøgt beløb"],
    ]
    assert [row.theme for row in rows] == ["Tilskud", "Afslag"]
