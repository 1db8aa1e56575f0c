"""HTML pages: what a reader of the page sees, in one piece; what is no content apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.layout import BlockKind, Layout
from ingest.readers.html import read_html
from kilde.errors import UnreadableError


def page(body: str, head: str = "") -> Layout:
    """A page read."""
    return read_html(f"<!doctype html><html lang=da><head>{head}</head><body>{body}</body></html>".encode())


def shown(layout: Layout) -> list[tuple[str, str]]:
    """Kind and text of each block that is content."""
    return [(it.kind.value, layout.text[it.start : it.end]) for it in layout.blocks if it.furniture is None]


def furniture(layout: Layout) -> list[tuple[str, str]]:
    """Rule and text of each block that is not."""
    return [(it.furniture, layout.text[it.start : it.end]) for it in layout.blocks if it.furniture is not None]


CONTENT = [
    ("white space is folded", "<p>To \n  ord\t her</p>", [("line", "To ord her")]),
    ("inline elements do not part words", "<p>ind<b>sats</b>en</p>", [("line", "indsatsen")]),
    ("a break is a line feed", "<p>Vej 1<br>8000 Aarhus C</p>", [("line", "Vej 1\n8000 Aarhus C")]),
    ("no-break spaces stay", "<p>7&nbsp;mio.</p>", [("line", "7\xa0mio.")]),
    ("headings", "<h1>A</h1><p>b</p>", [("heading", "A"), ("line", "b")]),
    ("a bold paragraph is a heading", "<h1>T</h1><p><strong>Fed linje</strong></p><p>Tekst.</p>",
     [("heading", "T"), ("heading", "Fed linje"), ("line", "Tekst.")]),
    ("a bold word is none", "<p><b>Husk</b> fristen</p>", [("line", "Husk fristen")]),
    ("points", "<ul><li>én</li><li><p>to</p></li></ul>", [("point", "• én"), ("point", "• to")]),
    ("a list in a list", "<ul><li>a<ul><li>b</li></ul></li></ul>", [("point", "• a"), ("point", "• b")]),
    ("rows", "<table><tr><th>K</th><th>B</th></tr><tr><td>Aarhus</td><td>1</td></tr></table>",
     [("row", "K\tB"), ("row", "Aarhus\t1")]),
    ("paragraphs and lists in cells",
     "<table><tr><td>x</td><td><p>a</p><ul><li>b</li><li>c</li></ul></td></tr></table>", [("row", "x\ta\n• b\n• c")]),
    ("text beside elements", "før<p>midt</p>efter", [("line", "før"), ("line", "midt"), ("line", "efter")]),
    ("scripts, styles and comments are not text", "<p>a<script>x</script><!-- y --></p><style>p{}</style>",
     [("line", "a")]),
    ("hidden elements are not text", "<p hidden>x</p><p style='display: none'>y</p><p>z</p>",
     [("line", "z")]),
    ("unclosed elements", "<p>a<p>b<div>c", [("line", "a"), ("line", "b"), ("line", "c")]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [it[1:] for it in CONTENT], ids=[it[0] for it in CONTENT])
def test_content(body: str, expected: list[tuple[str, str]]) -> None:
    """Blocks of the content with their kinds."""
    assert shown(page(body)) == expected


LONG = "<p>" + "En lang og god tekst om noget. " * 8 + "</p>"

FURNITURE = [
    ("navigation", f"<nav>Forside</nav>{LONG}", [("nav", "Forside")]),
    ("a footer", f"{LONG}<footer>Kontakt</footer>", [("page_footer", "Kontakt")]),
    ("a header without a heading", f"<header>Logo</header>{LONG}", [("page_header", "Logo")]),
    ("a header with the heading is content", f"<header><h1>T</h1></header>{LONG}", []),
    ("beside the main element", f"<div><div>Menu</div><main>{LONG}</main></div>", [("outside_main", "Menu")]),
    ("cookies", f"<div id='cookie-banner'>Vi bruger cookies</div>{LONG}", [("furniture_name", "Vi bruger cookies")]),
    ("a skip link", f"<a href='#x'>Gå til indhold</a>{LONG}", [("skip_link", "Gå til indhold")]),
    ("a name that only begins alike", f"<div class='navn'>Navn</div>{LONG}", []),
]


@pytest.mark.parametrize(("body", "expected"), [it[1:] for it in FURNITURE], ids=[it[0] for it in FURNITURE])
def test_furniture(body: str, expected: list[tuple[str, str]]) -> None:
    """What is no content is in the text, with the rule that says so."""
    assert furniture(page(body)) == expected


def test_furniture_in_the_middle_comes_after_the_content() -> None:
    """So that the records before and behind an aside stay in one piece."""
    layout = page(f"<main>{LONG}<aside>Reklame</aside><p>Slut.</p></main>")
    assert [text for _, text in shown(layout)][-1] == "Slut."
    assert layout.text.endswith("Slut.\n\nReklame")


def test_metadata() -> None:
    """Dates, publisher, address; a date with parts missing is none."""
    head = (
        "<title>Siden</title><meta property='og:site_name' content='Styrelsen for Prøver'>"
        "<meta property='article:published_time' content='2021-05-03T10:00:00+02:00'>"
        "<meta property='article:modified_time' content='maj 2021'><link rel=canonical href='https://prøver.example/a'>"
    )
    meta = page(LONG, head).meta
    assert (meta.title, meta.publisher, meta.published, meta.updated, meta.language) == (
        "Siden", "Styrelsen for Prøver", "2021-05-03", None, "da",
    )  # fmt: skip
    assert meta.url == "https://prøver.example/a"


def test_links() -> None:
    """A link keeps its text and address."""
    links = page("<p>Se <a href='/b'>rapporten <b>her</b></a>.</p>").blocks[0].links
    assert [(link.text, link.url) for link in links] == [("rapporten her", "/b")]


@pytest.mark.parametrize("element", ["div", "b", "ul><li", "table><tr><td"])
def test_deep_pages_lose_nothing(element: str) -> None:
    """lxml drops the text of very deep pages without a word."""
    opening = "".join(f"<{part}>" for part in [element] * 5_000)
    layout = read_html(f"<html><body>{opening}teksten dybt nede i siden".encode())
    assert "teksten dybt nede i siden" in layout.text


def test_many_rows_are_read_in_linear_time() -> None:
    """Twice the rows cost about twice the work: counted in blocks, which each row must give once."""
    rows = "".join(f"<tr><td>{number}</td><td>x</td></tr>" for number in range(3_000))
    layout = page(f"<table><tbody>{rows}</tbody></table>")
    assert sum(it.kind is BlockKind.ROW for it in layout.blocks) == 3_000
    assert {it.table for it in layout.blocks} == {1}


@given(st.text(alphabet="<>/abdivpulthr='\" &;!-\n", max_size=200))
@settings(max_examples=150, deadline=None)
def test_never_raises_and_spans_slice(source: str) -> None:
    """Any tag soup gives blocks that lie in the text in order."""
    try:
        layout = read_html(source.encode())
    except UnreadableError:
        return
    ends = [0]
    for block in layout.blocks:
        assert ends[-1] <= block.start <= block.end <= len(layout.text)
        ends.append(block.end)
