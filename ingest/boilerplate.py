"""What every page of a site repeats and no record should hold: a page's footer, subscription forms and their small
print.

The rules look at the end of a document only, so that no content before it can be lost to them. Each has a name, which
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
REACH = 6
"""Blocks after a subscription's first line within which its small print is looked for."""


def mark_boilerplate(text: str, blocks: Sequence[Block], imprints: Sequence[int]) -> list[Block]:
    """The blocks, those of a footer with the rule that took them."""
    start, rule = footer(text, blocks, imprints)
    return [replace(block, furniture=rule) if index >= start and not block.furniture else block
            for index, block in enumerate(blocks)]  # fmt: skip


def footer(text: str, blocks: Sequence[Block], imprints: Sequence[int]) -> tuple[int, str]:
    """The index of a footer's first block and the rule that found it; an index behind the last where there is none."""
    for index, block in enumerate(blocks):
        if block.furniture or block.start < LAST_PART * len(text) - 1:
            continue
        small_print = has_small_print(text, blocks[index : index + 1 + REACH])
        if index - 1 in imprints and (small_print or opening("footers").match(words(text, block))):
            return index, "footer_after_imprint"
        if small_print and opening("subscriptions").match(words(text, block)):
            return index, "subscription"
    return len(blocks), ""


def has_small_print(text: str, blocks: Sequence[Block]) -> bool:
    """Whether at least two words of consent stand in these blocks."""
    small_print = " ".join(words(text, block) for block in blocks).casefold()
    return sum(word in small_print for word in wording()["consent"]) >= 2
