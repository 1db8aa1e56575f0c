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
    ("text behind furniture is content", "<p>a</p><nav>menu</nav>b", [("line", "a"), ("line", "b")]),
    ("text behind the end of the page", "<p>a</p></body></html><p>b</p>", [("line", "a"), ("line", "b")]),
    ("a table that only lays out a page", "<table role=presentation><tr><td><h1>T</h1><p>a</p></td></tr></table>",
     [("heading", "T"), ("line", "a")]),
    ("a table in a table", "<table><tr><td>Nyt<table><tr><td>K</td><td>1</td></tr></table></td></tr></table>",
     [("line", "Nyt"), ("row", "K\t1")]),
    ("the caption of a table", "<table><caption>Puljen</caption><tr><td>K</td><td>1</td></tr></table>",
     [("line", "Puljen"), ("row", "K\t1")]),
    ("an invisible class of style", "<p style='VISIBILITY:hidden'>x</p><p>z</p>", [("line", "z")]),
    ("an unclosed comment hides nothing", "<p>a</p><!-- oh <p>langt og vigtigt indhold om noget</p>",
     [("line", "a"), ("line", "langt og vigtigt indhold om noget")]),
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
    (
        "cookies of a well-known program",
        f"<div id='CybotCookiebotDialog'>Vi bruger cookies</div>{LONG}",
        [("furniture_name", "Vi bruger cookies")],
    ),
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


def cells(layout: Layout) -> list[list[str]]:
    """The cells of each row."""
    return [[layout.text[it.start : it.end] for it in block.cells] for block in layout.blocks if block.cells]


SPANNED = [
    ("a cell over two columns", "<tr><th>K</th><th colspan=2>Beløb</th></tr><tr><td>Faxe</td><td>1</td><td>2</td></tr>",
     [["K", "Beløb", "Beløb"], ["Faxe", "1", "2"]]),
    ("a cell over two rows", "<tr><td rowspan=2>Faxe</td><td>1</td></tr><tr><td>2</td></tr>",
     [["Faxe", "1"], ["Faxe", "2"]]),
    ("both", "<tr><td rowspan=2 colspan=2>A</td><td>1</td></tr><tr><td>2</td></tr><tr><td>B</td><td>C<td>3</td></tr>",
     [["A", "A", "1"], ["A", "A", "2"], ["B", "C", "3"]]),
    ("nonsense", "<tr><td colspan=-3 rowspan=x>A</td><td colspan=''>1</td></tr>", [["A", "1"]]),
    ("an absurd number", "<tr><td colspan=99999999>A</td></tr><tr><td>1</td><td>2</td></tr>", [["A", "A"], ["1", "2"]]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [it[1:] for it in SPANNED], ids=[it[0] for it in SPANNED])
def test_merged_cells(rows: str, expected: list[list[str]]) -> None:
    """A merged cell stands once in the text and in each row and column that it covers."""
    layout = page(f"<table>{rows}</table>")
    assert cells(layout) == expected


def test_heads_of_tables() -> None:
    """A row of `th`, or one in `thead`, is a head."""
    layout = page("<table><thead><tr><td>K</td><td>B</td></tr></thead><tr><th>Faxe</th><td>1</td></tr></table>")
    assert [block.head for block in layout.blocks] == [True, False]


CHARSETS = [
    ("the header is stronger than the page", "cp1252", "windows-1252", "utf-16"),
    ("a byte order mark is strongest", "utf-8-sig", "windows-1252", "iso-8859-1"),
    ("UTF-8 under a Latin name", "utf-8", None, "iso-8859-1"),
    ("a page that names UTF-16 in ASCII", "utf-8", None, "utf-16"),
    ("UTF-7 is never honoured", "utf-8", "utf-7", "utf-7"),
    ("an unknown name", "utf-8", "martian", "martian"),
]


@pytest.mark.parametrize(("encoding", "header", "meta"), [it[1:] for it in CHARSETS], ids=[it[0] for it in CHARSETS])
def test_conflicting_charsets(encoding: str, header: str | None, meta: str) -> None:
    """Header, page and bytes may each say something else."""
    body = f"<html><head><meta charset='{meta}'></head><body><p>Rødgrød på Ærø</p></body></html>".encode(encoding)
    assert read_html(body, header).text == "Rødgrød på Ærø"


def test_addresses_start_from_the_base() -> None:
    """A relative address is put together with the page's base; what is no address is none."""
    layout = page(
        "<p><a href='b.pdf'>b</a> <a href='javascript:x()'>j</a> <a href='https://c.example/'>c</a></p>",
        "<base href='https://a.example/nyt/'>",
    )
    assert [it.url for it in layout.blocks[0].links] == ["https://a.example/nyt/b.pdf", None, "https://c.example/"]


def test_a_link_around_blocks_is_the_link_of_the_last() -> None:
    """Cards of pages: the whole of heading and text is a link."""
    blocks = page("<a href='/x'><h2>Overskrift</h2><p>Tekst.</p></a><p>Andet.</p>").blocks
    assert [[it.url for it in block.links] for block in blocks] == [[], ["/x"], []]


HOSTILE = [
    ("nested elements", "<div>" * 100_000 + "teksten" + "</div>" * 100_000),
    ("attributes", "<p " + " ".join(f"a{number}=x" for number in range(200_000)) + ">teksten</p>"),
    ("attributes behind a quoted sign", "<p a='>' " + " ".join(f"a{it}" for it in range(200_000)) + ">teksten</p>"),
    ("a very long attribute", f"<p title='{'x' * 3_000_000}'>teksten</p>"),
    ("a very long text", "<p>" + "ord " * 500_000 + "teksten</p>"),
    ("open brackets", "<" * 200_000 + "p>teksten</p>"),
    ("open quotes", "<a b=\"" * 100_000 + "\">teksten"),
    ("unclosed cells", "<table>" + "<tr><td>a<td>b" * 20_000 + "</table>teksten"),
    ("spans that multiply", "<table>" + "<tr><td rowspan=1000 colspan=1000>a" * 40 + "</table>teksten"),
    ("NUL and control characters", "<p>\0\0te\0ksten\x0b\x1f</p>"),
]  # fmt: skip


@pytest.mark.parametrize("body", [it[1] for it in HOSTILE], ids=[it[0] for it in HOSTILE])
def test_hostile_pages_are_bounded(body: str) -> None:
    """Each is read, at once and without its text being lost: what would run for minutes is cut before."""
    layout = page(f"<p>Et afsnit.</p>{body}")
    assert "teksten" in layout.text.replace("\x1f", "")


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
