"""What the elements of HTML are to a reader: headings, blocks, what nobody sees, and what is no content."""

from __future__ import annotations

import re

HEADINGS = {f"h{level}": level for level in range(1, 7)}
INVISIBLE = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "iframe", "select", "option", "button", "canvas"}
)
BLOCKS = frozenset({"p", "div", "section", "article", "main", "ul", "ol", "dl", "dt", "dd", "table", "blockquote",
    "figure", "figcaption", "address", "form", "fieldset", "header", "footer", "nav", "aside", "details", "summary",
    "body", "pre", "center", "tbody", "thead", "tfoot", "caption", "tr", "td", "th"})  # fmt: skip
PARTING = BLOCKS | HEADINGS.keys() | {"li"}
"""Elements that end the paragraph before them and behind them."""
SPACES = re.compile(r"[\t\n\r\f][ \t\n\r\f]*+| [ \t\n\r\f]++")
"""White space that is folded to one space; a single space is left as it is, and so found faster."""


def fold(text: str) -> str:
    """Text with its white space folded as a browser does; no-break spaces stay."""
    return SPACES.sub(" ", text).strip(" ")
