"""A page read tag by tag, without a tree: for pages so broken or so deep that lxml loses their text.

Every word that is no markup comes out, in order; what is navigation or hidden is not known here. One pass over the
source, whatever is in it.
"""

from __future__ import annotations

import html
import re

from ingest.readers.html_names import INVISIBLE, PARTING
from ingest.readers.html_writer import PageWriter

CODE = re.compile(r"<(script|style|noscript|template|svg)\b.*?(?:</\1\s*+>|\Z)|<!--.*?-->", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30}+)[^<>]*+>?|<[!?][^<>]*+>?|</[^<>]*+>?")


def write_flat(writer: PageWriter, source: str) -> None:
    """Write the text of a page; block elements part paragraphs."""
    position = 0
    code = CODE.sub(" ", source)
    for tag in TAG.finditer(code):
        write_text(writer, code[position : tag.start()])
        position = tag.end()
        name = (tag[2] or "").lower()
        if name == "br":
            writer.line_break()
        elif name in PARTING and tag[1]:
            writer.close(None)
        elif name in PARTING or name in INVISIBLE:
            writer.open(name, None)
    write_text(writer, code[position:])
    writer.finish()


def write_text(writer: PageWriter, text: str) -> None:
    """Add the text between two tags."""
    if text:
        writer.text(html.unescape(text), bold=False)


def visible(source: str) -> str:
    """A source without its markup, scripts and styles: what a page shows, hidden parts and menus included."""
    return TAG.sub(" ", CODE.sub(" ", source))
