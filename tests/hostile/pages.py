"""HTML pages that no one wrote by hand (I2, I4)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.corpus import Hostile, hostile

WORDS = "Vejle Kommune har fået en bro"
PAGE = "<!doctype html><html lang=da><head><meta charset=utf-8><title>T</title></head><body>{}</body></html>"
MANY = 9_000_000
"""Bytes of a page that is as long as pages may be."""


def page(body: str, repeat: str = "", size: int = 0) -> bytes:
    """A page whose body is a text, with `%` in it replaced by as many repetitions as the size takes."""
    filling = repeat * (size // max(len(repeat.encode()), 1))
    return PAGE.format(body.replace("%", filling, 1)).encode()


def raw(*pieces: str | bytes) -> bytes:
    """Bytes as they are."""
    return b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)


def deep(element: str, depth: int, closed: bool) -> bytes:
    """Words within elements within elements."""
    names = element.split()
    opening = "".join(f"<{name}>" for name in names) * depth
    closing = "".join(f"</{name}>" for name in reversed(names)) * depth if closed else ""
    return PAGE.format(f"<p>Over.</p>{opening}{WORDS}{closing}").encode()


def attributes(count: int) -> bytes:
    """An element with many attributes."""
    return page("<p " + " ".join(f"a{number}={number}" for number in range(count)) + f">{WORDS}</p>")


def laughs(levels: int) -> bytes:
    """Entities that grow tenfold each."""
    entities = "".join(f'<!ENTITY e{level + 1} "{f"&e{level};" * 10}">' for level in range(levels))
    return raw(
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "ha">{entities}]>',
        f"<html><body><p>&e{levels};</p><p>{WORDS}</p>",
    )


UNCLOSED = ["<!-- ", "<![CDATA[", "<script>", "<style>", "<title>", "<textarea>", "<template>", "<noscript>", "<svg>",
    "<select>",
    "<plaintext>", "<iframe>", "<a href='", "<p class=\"", "<", "<!", "</", "<?", "&", "<object>", "<xmp>",
    "<frameset>"]  # fmt: skip
REPEATED = ["<p>", "<br>", "<li>", "<td>", "<tr>", "<table>", "<a href=x>", "<b>", "<i><b>", "</p>", "</div>", "<hr>",
    "&amp;", "&#0;",
    "&#xD800;", "&#x110000;", "&unknown;", "<!---->", "<h1>", "<form>", "<body>", "<html>", "<ul><li>", "<option>",
    "<x-y>",
    "<input>", "<img src=x>", "<nav>", "<main>", "<article>", "<p hidden>", "<a><p>", "<font><p>", "<table><td>",
    "<b></p>"]  # fmt: skip


def pages() -> Iterator[Hostile]:
    """All of them."""
    yield from deep_pages()
    yield from tables()
    yield from long_pages()
    yield from charsets()


def deep_pages() -> Iterator[Hostile]:
    """Elements within elements, attributes, what is never closed."""
    for element in ("div", "b", "span", "font", "ul li", "table tr td", "blockquote", "section p", "a", "h1"):
        for depth in (300, 5_000, 100_000):
            small = element in {"div", "table tr td"} and depth != 5_000
            outcomes = "" if depth == 300 else "document too_deep lost_text"
            yield hostile("I4", f"deep-{element.replace(' ', '-')}-{depth}.html", deep, element, depth, depth == 5_000,
                          words="har fået en bro", outcomes=outcomes, quick=small)  # fmt: skip
    for count in (10_000, 600_000):
        yield hostile("I4", f"attributes-{count}.html", attributes, count, words=WORDS)
    for opening in UNCLOSED:
        yield hostile("I4", f"unclosed-{UNCLOSED.index(opening)}.html", page, f"<p>{WORDS}</p>{opening}%", "a ",
            200_000,
                      words=WORDS, quick=opening in {"<!-- ", "<script>"})  # fmt: skip
    for number, repeat in enumerate(REPEATED):
        yield hostile("I4", f"repeated-{number}.html", page, f"<p>{WORDS}</p>%", repeat, 400_000, words=WORDS)


def tables() -> Iterator[Hostile]:
    """Tables beyond all measure."""
    row = "<tr><td>Vejle</td><td>2 mio. kr.</td></tr>"
    yield hostile("I4", "table-rows.html", page, "<table>%</table>", row, 1_000_000)
    yield hostile("I4", "table-rows-many.html", page, "<table>%</table>", row, MANY, outcomes="too_many_records")
    yield hostile("I4", "table-cells.html", page, "<table><tr>%</tr></table>", "<td>Vejle</td>", 400_000)
    yield hostile(
        "I4",
        "table-cells-many.html",
        page,
        "<table><tr>%</tr></table>",
        "<td>Vejle</td>",
        MANY,
        outcomes="document timeout",
    )
    for span in ("colspan", "rowspan"):
        for value in ("1000", "100000", "999999999", "-1", "0", "x"):
            cells = f"<td {span}={value}>{WORDS}</td><td>b</td>"
            yield hostile("I4", f"{span}-{value}.html", page, f"<table>{f'<tr>{cells}</tr>' * 50}</table>", words=WORDS,
                          quick=value == "999999999")  # fmt: skip
    for count in (100, 5_000):
        tables_ = f"<table>{f'<tr><td rowspan=1000>{WORDS}</td><td>b</td></tr>' * count}</table>"
        yield hostile(
            "I4", f"spans-{count}.html", page, tables_, words=WORDS, outcomes="document", quick=count == 5_000
        )
    both = "<td colspan=1000 rowspan=65534>x</td>"
    yield hostile(
        "I4",
        "spans.html",
        page,
        f"<p>{WORDS}</p><table>{f'<tr>{both * 20}</tr>' * 200}</table>",
        words=WORDS,
        outcomes="document",
    )


def long_pages() -> Iterator[Hostile]:
    """One thing again and again."""
    for what in ("a", " ", "å", "&nbsp;", "\u200b", "a\u0301\u0327"):
        yield hostile(
            "I4",
            f"paragraph-{ord(what[0]):x}-{len(what)}.html",
            page,
            f"<p>{WORDS}</p><p>%</p>",
            what,
            2_000_000,
            words=WORDS,
        )
    yield hostile("I4", "attribute.html", page, f"<p title='%'>{WORDS}</p>", "a", MANY, words=WORDS)
    yield hostile("I4", "title.html", raw, "<title>", "a" * 2_000_000, f"</title><p>{WORDS}", words=WORDS)
    yield hostile(
        "I4",
        "links.html",
        page,
        f"<p>{WORDS}</p>%",
        "<a href='https://a.example/b'>Læs mere</a> ",
        2_000_000,
        words=WORDS,
    )
    yield hostile("I4", "selectors.html", page, f"<p>{WORDS}</p>%",
        "<div class='cookie nav menu' id='share-social'>x</div>", 1_000_000,
                  words=WORDS)  # fmt: skip


def charsets() -> Iterator[Hostile]:
    """Pages in no charset, or in several."""
    yield hostile("I4", "nul.html", raw, "<p>Vejle\x00 Kommune\x00</p>" * 50, words="Vejle Kommune", quick=True)
    for charset in (
        "utf-7",
        "utf-16",
        "idna",
        "punycode",
        "rot13",
        "unicode_escape",
        "undefined",
        "hex",
        "klingon",
        "utf-8\x00",
        "ibm865",
    ):
        yield hostile("I4", f"charset-{charset.strip(chr(0))}.html", raw, f"<meta charset='{charset}'><p>{WORDS}</p>",
            words="Vejle Kommune",
                      quick=charset in {"idna", "utf-7"})  # fmt: skip
    yield hostile(
        "I4", "charsets.html", raw, b"\xff\xfe", f"<meta charset=ascii><p>{WORDS}</p>".encode("utf-16-le"), words=WORDS
    )
    yield hostile("I4", "base.html", page, f"<base href='file:///etc/'><a href='passwd'>{WORDS}</a>", words=WORDS)
    for levels in (5, 9, 20):
        yield hostile("I2", f"laughs-{levels}.xhtml", laughs, levels, words=WORDS, quick=levels == 9)
