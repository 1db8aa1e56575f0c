"""Pages as JSON, JSON Lines, CSV, and on a terminal."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from search.page import By, Coverage, FacetValue, Hit, Page, Query, Segment
from search.render import COLUMNS, page_json, print_page, safe_cell, to_csv, to_jsonl
from search.table import MOST_VALUES, coverage_line, print_kroner

HIT = Hit(
    id="abcdefgh23456789",
    document="docdocdocdoc2345",
    version="0" * 64,
    title="Nyt om unge januar 2020",
    heading="Ny pulje",
    kind="newsletter",
    record_kind="item",
    publisher="Styrelsen for Eksempler",
    published="2020-01",
    url=None,
    score=4.21239,
    snippet=(
        Segment("Ny pulje\nDer er afsat 69,9 mio. kr. til en\nsærlig ", marked=False),
        Segment("indsats", marked=True),
        Segment(" for\u00adunge…", marked=False),
    ),
    kommuner=("0751", "0169"),
    amounts=(6_990_000_000, 50_050),
)
BARE = replace(
    HIT, id="bare", title="", heading="", publisher=None, published=None, snippet=(), kommuner=(), amounts=(), score=1.0
)
AARHUS = FacetValue("0751", "Aarhus", 9, selected=True)
PAGE = Page(
    query=Query("indsats kommune:Aarhus"),
    total=12,
    hits=(HIT, BARE),
    facets={"kommune": (AARHUS, FacetValue("0461", "Odense", 1200, selected=False)), "year": ()},
    next="bmV4dA",
    suggestion="indsatser",
    notes=("the stop word og was ignored",),
    coverage=Coverage(210, 48, late=("prøver",), failing=("træg",), quarantined=2),
)


def printed(page: Page, width: int) -> str:
    """What a terminal of this width shows, without colours and without spaces at the ends of lines."""
    console = Console(width=width, file=io.StringIO(), color_system=None, highlight=False)
    print_page(page, console)
    stream = console.file
    assert isinstance(stream, io.StringIO)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def test_json_is_that_of_the_contract() -> None:
    """Keys, their order and their values are those of CONTRACTS; amounts are kroner, exact."""
    found = page_json(PAGE)
    assert list(found) == ["query", "total", "hits", "facets", "next", "suggestion", "coverage"]
    assert found["query"] == "indsats kommune:Aarhus"
    assert found["total"] == 12
    assert found["facets"] == {
        "kommune": [
            {"value": "0751", "label": "Aarhus", "count": 9, "selected": True},
            {"value": "0461", "label": "Odense", "count": 1200, "selected": False},
        ],
        "year": [],
    }
    assert (found["next"], found["suggestion"]) == ("bmV4dA", "indsatser")
    assert found["coverage"] == {
        "documents": 210, "months": 48, "late": ["prøver"], "failing": ["træg"], "quarantined": 2
    }  # fmt: skip
    assert found["hits"][0] == {
        "id": "abcdefgh23456789",
        "document": "docdocdocdoc2345",
        "version": "0" * 64,
        "title": "Nyt om unge januar 2020",
        "heading": "Ny pulje",
        "kind": "newsletter",
        "record_kind": "item",
        "publisher": "Styrelsen for Eksempler",
        "published": "2020-01",
        "url": None,
        "score": 4.2124,
        "snippet": [{"text": piece.text, "marked": piece.marked} for piece in HIT.snippet],
        "kommuner": ["0751", "0169"],
        "amounts": [69900000, 500.5],
    }
    assert json.loads(json.dumps(found)) == found


def test_jsonl_is_one_hit_a_line() -> None:
    """Each line is the JSON of one hit, with Danish letters as they are."""
    lines = to_jsonl(PAGE).splitlines()
    assert [json.loads(line) for line in lines] == page_json(PAGE)["hits"]
    assert "særlig" in lines[0]
    assert to_jsonl(replace(PAGE, hits=())) == ""


def test_csv_has_a_head_and_a_line_for_each_hit() -> None:
    """Several values are parted by a semicolon, and no cell has a line break."""
    text = to_csv(PAGE)
    assert len(text.splitlines()) == 3
    first, bare = csv.DictReader(io.StringIO(text))
    assert tuple(first) == COLUMNS
    assert first["snippet"] == "Ny pulje Der er afsat 69,9 mio. kr. til en særlig indsats forunge…"
    assert first["kommuner"] == "0751; 0169"
    assert first["kommune_names"] == "Aarhus; Høje-Taastrup"
    assert first["amounts"] == "69900000; 500.5"
    assert (first["score"], first["published"], first["url"]) == ("4.2124", "2020-01", "")
    assert (bare["title"], bare["publisher"], bare["kommuner"], bare["amounts"]) == ("", "", "", "")


# How spreadsheets take a cell: OWASP, "CSV Injection"; full-width signs are folded by some of them.
@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+45 12 34 56 78", "'+45 12 34 56 78"),
        ("-5", "'-5"),
        ("@navn", "'@navn"),
        ("\tord", "'\tord"),
        ("\rord", "'\rord"),
        ("\nord", "'\nord"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠navn", "'＠navn"),
        (" =1+1", "' =1+1"),
        ("\u200b\u00a0=1+1", "'\u200b\u00a0=1+1"),
        ("Århus = ø", "Århus = ø"),
        ("1-2", "1-2"),
        ("– ord", "– ord"),
        ("'=1", "'=1"),
        ("", ""),
        (-5, -5),
        (None, None),
    ],
)
def test_safe_cells(value: object, cell: object) -> None:
    """Text that may run as a formula gets an apostrophe, all else is left."""
    assert safe_cell(value) == cell


@given(st.text(max_size=30), st.text(max_size=30))
def test_csv_is_safe_and_whole(title: str, heading: str) -> None:
    """Whatever a document is called, its line has all cells, and none begins like a formula."""
    hit = replace(HIT, title=title, heading=heading)
    rows = list(csv.reader(io.StringIO(to_csv(replace(PAGE, hits=(hit,))))))
    assert [len(row) for row in rows] == [len(COLUMNS)] * 2
    assert not [cell for cell in rows[1] if cell.strip("\u200b\u00ad\ufeff ")[:1] in (*"=+-@＝＋－＠\t\r\n",)]


def test_terminal_of_80_columns() -> None:
    """The whole page: the heading is taken out of the snippet, empty facets are left out, coverage comes last."""
    assert printed(PAGE, 80) == (
        """\
1. Nyt om unge januar 2020                                               2020-01
   Ny pulje
   Der er afsat 69,9 mio. kr. til en særlig indsats forunge…
   Aarhus, Høje-Taastrup · 69,9 mio. kr., 500,5 kr. · Styrelsen for Eksempler,
   newsletter · abcdefgh23456789

2. untitled                                                              undated
   newsletter · bare

kommune
✓ Aarhus     9
Odense   1,200

note: the stop word og was ignored
did you mean: indsatser
more: --cursor bmV4dA
12 records (2 shown); searched 210 documents of 48 months; late: prøver;
failing: træg; 2 in quarantine"""
    )


def test_terminal_of_120_columns() -> None:
    """Wider terminals need fewer lines."""
    lines = printed(PAGE, 120).splitlines()
    assert lines[0] == "1. Nyt om unge januar 2020" + " " * 87 + "2020-01"
    assert lines[3].endswith("Styrelsen for Eksempler, newsletter · abcdefgh23456789")
    assert lines[-1].endswith("late: prøver; failing: træg; 2 in quarantine")


def test_marks_are_bold() -> None:
    """What was searched for stands out, and nothing else of the snippet."""
    console = Console(width=80, file=io.StringIO(), force_terminal=True, color_system="standard", highlight=False)
    print_page(PAGE, console)
    stream = console.file
    assert isinstance(stream, io.StringIO)
    assert "særlig \x1b[1;33mindsats\x1b[0m forunge…" in stream.getvalue()


def test_facets_are_cut_and_keep_what_is_chosen() -> None:
    """A long facet shows its largest values and all that are chosen, and how many more there are."""
    values = tuple(FacetValue(str(it), f"emne {it}", 100 - it, selected=it == 40) for it in range(50))
    text = printed(replace(PAGE, facets={"theme": values}), 80)
    assert "✓ emne 40" in text
    assert text.count("emne ") == MOST_VALUES
    assert "and 40 more" in text


@pytest.mark.parametrize(
    ("page", "line"),
    [
        (
            Page(Query("x"), 0, (), {}, None, None, (), Coverage(210, 48)),
            "nothing found; searched 210 documents of 48 months",
        ),
        (
            Page(Query(), 1, (HIT,), {}, None, None, (), Coverage(1, 1)),
            "1 record; searched 1 document of 1 month",
        ),
        (
            Page(Query(by=By.DOCUMENT), 1234, (HIT,), {}, None, None, (), Coverage(5000, 0, quarantined=1)),
            "1,234 documents (1 shown); searched 5,000 documents of 0 months; 1 in quarantine",
        ),
    ],
)
def test_coverage_line(page: Page, line: str) -> None:
    """One line says how many hits out of what."""
    assert coverage_line(page) == line


@pytest.mark.parametrize(
    ("øre", "written"),
    [
        (6_990_000_000, "69,9 mio. kr."),
        (700_000_000, "7 mio. kr."),
        (100_000_000, "1 mio. kr."),
        (99_999_900, "999.999 kr."),
        (123_456_700_000, "1.234.567.000 kr."),
        (125_000_000_000, "1,25 mia. kr."),
        (12_345_678_900, "123.456.789 kr."),
        (50_000_000, "500.000 kr."),
        (50, "0,5 kr."),
        (0, "0 kr."),
        (-250_000_000, "-2,5 mio. kr."),
    ],
)
def test_kroner(øre: int, written: str) -> None:
    """Amounts are written as Danes do, and never rounded."""
    assert print_kroner(øre) == written


def test_documents_cannot_act_on_the_terminal() -> None:
    """Neither control sequences nor markup nor a change of direction comes through."""
    nasty = "\x1b[31mrød\x1b]0;titel\x07 [bold]fed[/bold] \u202eomvendt\x9b2J\r\n"
    hit = replace(HIT, title=nasty, heading=nasty, publisher=nasty, snippet=(Segment(nasty, marked=True),))
    page = replace(
        PAGE, hits=(hit,), notes=(nasty,), suggestion=nasty, facets={"theme": (replace(AARHUS, label=nasty),)}
    )
    text = printed(page, 120)
    assert "[bold]fed[/bold]" in text
    assert not [character for character in text if character in "\x1b\x07\x9b\r\u202e"]


@given(st.text(max_size=60), st.text(max_size=60), st.integers(30, 130))
def test_any_page_fits_any_terminal(title: str, snippet: str, width: int) -> None:
    """Nothing raises, every line fits, and coverage is said."""
    hit = replace(HIT, title=title, heading=snippet, snippet=(Segment(snippet, marked=True),))
    page = replace(PAGE, hits=(hit,), facets={"theme": (replace(AARHUS, label=title),)})
    lines = printed(page, width).splitlines()
    assert not [line for line in lines if cell_len(line) > width]
    assert "searched 210 documents" in " ".join(" ".join(lines).split())
