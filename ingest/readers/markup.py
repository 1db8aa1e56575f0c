"""Markup that stands inside the cells of plain tables: `<p>…</p>`, `<ul> • …`, `&nbsp;`.

Catalogues are often pasted from a web editor, so a cell of a text file can hold HTML. What comes out has no tag in it:
paragraphs joined by a line feed, list items on lines of their own that start with a bullet.
"""

from __future__ import annotations

import html
import re

NAMES = r"p|ul|ol|li|br|b|i|u|em|strong|span|div|a|h[1-6]|sup|sub|font"
TAG = re.compile(rf"<(/?)({NAMES})\b[^<>]{{0,500}}>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6});", re.IGNORECASE)
PARAGRAPH_TAGS = frozenset({"p", "div", "br", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
BULLET = re.compile(r"[ \t]*•[ \t]*")
SPACES = re.compile(r"[ \t\n]+")
POINT = "\n• "


def has_markup(cell: str) -> bool:
    """Whether a cell holds tags or entities of HTML."""
    return ("<" in cell and TAG.search(cell) is not None) or ("&" in cell and ENTITY.search(cell) is not None)


def strip_markup(cell: str) -> str:
    """The text of a cell of HTML.

    >>> strip_markup("<p>To ting:</p> <ul> • én • <b>to</b> ")
    'To ting:\\n• én\\n• to'
    """
    out: list[str] = []
    position, listing = 0, False
    for tag in TAG.finditer(cell):
        out.append(plain(cell[position : tag.start()], listing))
        position, name, closing = tag.end(), tag[2].lower(), bool(tag[1])
        if name in {"ul", "ol"}:
            listing = not closing
        if name == "li":
            out.append("" if closing else POINT)
        elif name in PARAGRAPH_TAGS:
            out.append("\n")
    out.append(plain(cell[position:], listing))
    lines = (line.strip(" \t") for line in "".join(out).split("\n"))
    return "\n".join(line for line in lines if line and line != "•")


def plain(piece: str, listing: bool) -> str:
    """Text between two tags: white space folded as HTML folds it, bullets of a list on lines of their own."""
    text = SPACES.sub(" ", html.unescape(piece))
    return BULLET.sub(POINT, text) if listing else text
