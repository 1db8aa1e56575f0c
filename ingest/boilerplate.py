"""What every page of a site repeats and no record should hold: a page's footer, subscription forms and their small
print.

The rules look at the ends of a document only, so that no content between them can be lost. Each has a name, which
stands on what it takes; what is taken stays in the document's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.layout import Block
from ingest.outline import words
from ingest.wording import opening, wording

LAST_PART = 0.5
"""A footer starts in the second half of a document."""
LONGEST_BANNER = 1_500
REACH = 6
"""Blocks after a subscription's first line within which its small print is looked for."""


def mark_boilerplate(text: str, blocks: Sequence[Block], imprints: Sequence[int]) -> list[Block]:
    """The blocks, those of a footer and of a banner about cookies with the rule that took them."""
    start, rule = footer(text, blocks, imprints)
    banner = cookie_banner(text, blocks)
    if start == len(blocks) and not banner:
        return list(blocks)
    return [
        replace(block, furniture="cookie_text" if index in banner else rule)
        if (index >= start or index in banner) and not block.furniture
        else block
        for index, block in enumerate(blocks)
    ]


def cookie_banner(text: str, blocks: Sequence[Block]) -> set[int]:
    """The blocks at both ends of a document that ask for consent to cookies; none where its title speaks of them."""
    if "ookie" not in text or not blocks:
        return set()
    shown = [index for index, block in enumerate(blocks) if not block.furniture]
    ends = {*shown[:REACH], *shown[-REACH:]}
    found = {index for index in ends if is_cookie_text(words(text, blocks[index]))}
    titles = [index for index in shown if index not in found][:1]
    return set() if any("ookie" in words(text, blocks[index]) for index in titles) else found


def is_cookie_text(line: str) -> bool:
    """Whether a paragraph asks for consent to cookies."""
    small = line.casefold()
    return len(line) <= LONGEST_BANNER and "cookie" in small and any(word in small for word in wording()["cookies"])


def footer(text: str, blocks: Sequence[Block], imprints: Sequence[int]) -> tuple[int, str]:
    """The index of a footer's first block and the rule that found it; an index behind the last where there is none."""
    for index, block in enumerate(blocks):
        if block.furniture or block.start < LAST_PART * len(text) - 1:
            continue
        line, below = words(text, block), blocks[index : index + 1 + REACH]
        if index - 1 in imprints and (opening("footers").match(line) or has_small_print(text, below)):
            return index, "footer_after_imprint"
        if opening("subscriptions").match(line) and has_small_print(text, below):
            return index, "subscription"
    return len(blocks), ""


def has_small_print(text: str, blocks: Sequence[Block]) -> bool:
    """Whether at least two words of consent stand in these blocks."""
    small_print = " ".join(words(text, block) for block in blocks).casefold()
    return sum(word in small_print for word in wording()["consent"]) >= 2
