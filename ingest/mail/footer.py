"""The end of a mailing list's mail: why one gets it and how to leave. It is no content, and the mail itself says so."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import Message

from ingest.layout import Block, Layout
from ingest.wording import wording

RULE = "unsubscribe"
ADDRESS = re.compile(r"<([^<>\s]{1,2000})>")
LAST_PART = 0.5
"""A footer starts in the second half of a mail."""
LONGEST = 1_500
"""Characters from the first line of a footer to the end of its mail; more is taken for content behind it."""
FEWEST_WORDS = 2


def mark_footer(layout: Layout, headers: Message) -> Layout:
    """The layout with its blocks from the first line of a footer on as furniture.

    Only a mail with the header List-Unsubscribe (RFC 2369) has one: letters that people write have not.
    """
    addresses = frozenset(ADDRESS.findall(str(headers.get("list-unsubscribe", ""))))
    if not addresses:
        return layout
    earliest = max(len(layout.text) * LAST_PART, len(layout.text) - LONGEST)
    start = next(
        (it.start for it in layout.blocks if it.start >= earliest and is_footer(layout.text, it, addresses)), None
    )
    if start is None:
        return layout
    marked = (replace(it, furniture=it.furniture or RULE) if it.start >= start else it for it in layout.blocks)
    return replace(layout, blocks=tuple(marked))


def is_footer(text: str, block: Block, addresses: frozenset[str]) -> bool:
    """Whether a block leads out of the list, or tells of it in words."""
    if any(link.url in addresses for link in block.links):
        return True
    words = text[block.start : block.end].casefold()
    return sum(word in words for word in wording()["consent"]) >= FEWEST_WORDS
