"""Which lines of a text are headings, and how deep they stand.

Where the format has headings (HTML), those are the headings. In plain text a heading is recognised as a reader does
it: it is short, stands on a line of its own, begins like a sentence but does not end like one, and has something to
say about what follows. What follows and the blank lines around it decide between a heading, the line that leads on
("Læs mere her") and the lines of a signature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from ingest.imprints import read_imprint
from ingest.layout import Block, BlockKind
from ingest.outline import words
from ingest.wording import opening
from kilde.danish.dates import parse_date

LONGEST_HEADING = 140
MOST_WORDS = 20
LONGEST_LINK = 130
LONGEST_ISSUE = 70
LATEST_TITLE = 4
"""Blocks that may stand above a title: a publisher's name, a date, the number of the issue."""
OPENS = re.compile(r"[\"“”»'’‘(]?[A-ZÆØÅÉÄÖÜ0-9§]")
SENTENCE_BREAK = re.compile(r"[a-zæøåé)]{2}[.!?][\"”]? +[A-ZÆØÅ]")
DATED = re.compile(r"\d{1,2}[-./]\d{1,2}[-./]\d{2,4}\b")
"""An entry of a list of dates: "14-03-2023 Byrådet"."""


class Form(StrEnum):
    """What a block looks like by itself."""

    SHORT = "short"
    """A line that could be a heading: short, and no full stop."""
    SENTENCE = "sentence"
    """One short sentence with its full stop; a heading only where the position says so."""
    LEAD_ON = "lead on"
    """A line that begins with "Læs", "Se", "Tilmeld" ...: mostly a link."""
    CLOSING = "closing"
    DATE = "date"
    BODY = "body"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: the index of its block, and its depth; 1 is the title's."""

    index: int
    level: int


def form(text: str, block: Block) -> Form:
    """What a block looks like by itself."""
    if block.kind in {BlockKind.POINT, BlockKind.ROW, BlockKind.RULE}:
        return Form.LIST
    line = words(text, block)
    if "\n" in line or len(line) > LONGEST_HEADING or len(line.split()) > MOST_WORDS or not OPENS.match(line):
        return Form.BODY
    return line_form(line)


@lru_cache(maxsize=4096)
def line_form(line: str) -> Form:
    """What a short line looks like by its words."""
    if opening("closings").match(line):
        return Form.CLOSING
    issue = len(line) <= LONGEST_ISSUE and opening("issues").match(line)
    if issue or parse_date(line) is not None or read_imprint(line, 0):
        return Form.DATE
    if opening("salutations").match(line) or opening("attendance").match(line) or DATED.match(line):
        return Form.BODY
    if opening("link_verbs").match(line) and line[-1] not in "!?:" and len(line) <= LONGEST_LINK:
        return Form.LEAD_ON
    return form_by_end(line)


def form_by_end(line: str) -> Form:
    """What a short line looks like by its end."""
    if line[-1] in ",;:!" or SENTENCE_BREAK.search(line) or len(line) < 2:
        return Form.BODY
    return Form.SENTENCE if line[-1] == "." and not line.endswith("...") else Form.SHORT


def find_headings(text: str, blocks: Sequence[Block], *, items: bool) -> list[Heading]:
    """The headings among the blocks, the title first.

    `items` where the text is a row of items, each with its heading.
    """
    if any(block.kind is BlockKind.HEADING for block in blocks):
        return marked_headings(blocks)
    forms = [form(text, block) for block in blocks]
    for index, (block, after) in enumerate(pairwise(blocks)):
        if forms[index] is Form.SHORT and (
            text[block.end - 1] in "-–" or (after.gap == 0 and text[after.start].islower())
        ):
            forms[index] = Form.BODY  # a line that goes on in the next one
    found = [Heading(0, 1)] if forms and is_title(text, blocks, forms) else []
    for index in range(len(found), len(blocks)):
        if is_heading(blocks, forms, index, items=items):
            found.append(Heading(index, depth(blocks, forms, index, items=items)))
    return gap_levels(blocks, forms, found) if items else nested_levels(found)


def marked_headings(blocks: Sequence[Block]) -> list[Heading]:
    """The headings that the format gives: the title, and all others below it.

    The title is the first one, unless the only one of a higher rank follows soon: what stood above it is no heading
    then. Where others have the title's own rank, as on a page whose every item is an `h1`, all of them move down.
    """
    found = [Heading(index, block.level) for index, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    rank = min(it.level for it in found)
    highest = [it for it in found if it.level == rank]
    if len(highest) == 1 and highest[0].index <= LATEST_TITLE:
        found = found[found.index(highest[0]) :]
    title, below = found[0], found[1:]
    lower = max((title.level + 1 - it.level for it in below), default=0)
    shift = max(lower, 2 - min((it.level for it in below), default=2), 0)
    return [Heading(title.index, 1), *(Heading(it.index, it.level + shift) for it in below)]


def is_title(text: str, blocks: Sequence[Block], forms: Sequence[Form]) -> bool:
    """Whether the first block is a title: a line by itself with something after it."""
    if len(blocks) < 2 or forms[0] not in {Form.SHORT, Form.SENTENCE, Form.LEAD_ON}:
        return False
    line = words(text, blocks[0])
    return forms[0] is not Form.SENTENCE or (blocks[1].gap > 0 and forms[1] is Form.BODY and len(line) < 120)


def is_heading(blocks: Sequence[Block], forms: Sequence[Form], index: int, *, items: bool) -> bool:
    """Whether a block that is not the title is a heading."""
    if blocks[index].kind is not BlockKind.LINE or index + 1 >= len(blocks):
        return False
    looks = forms[index]
    if looks is Form.LEAD_ON:
        return leads_in(blocks, forms, index)
    if looks is Form.SENTENCE:
        return items and is_sentence_heading(blocks, forms, index)
    return (
        looks is Form.SHORT and not is_signature(forms, blocks, index) and introduces(blocks, forms, index, items=items)
    )


def introduces(blocks: Sequence[Block], forms: Sequence[Form], index: int, *, items: bool) -> bool:
    """Whether what follows a short line is what it is the heading of."""
    before, after, following = blocks[index].gap, blocks[index + 1].gap, forms[index + 1]
    if following in {Form.BODY, Form.LIST, Form.SENTENCE, Form.DATE}:
        return after <= max(before, 1)
    if following is Form.SHORT and index + 2 < len(blocks) and after <= before - items:
        return before > 0 and forms[index + 2] in {Form.BODY, Form.LIST, Form.SENTENCE}
    return following is Form.LEAD_ON and before > after


def leads_in(blocks: Sequence[Block], forms: Sequence[Form], index: int) -> bool:
    """Whether a line that begins like a link is a heading.

    It is set off from what stands before, and a body follows.
    """
    before, after = blocks[index].gap, blocks[index + 1].gap
    set_off = before > after or (index > 0 and forms[index - 1] in {Form.LEAD_ON, Form.CLOSING})
    return forms[index + 1] is Form.BODY and set_off


def is_sentence_heading(blocks: Sequence[Block], forms: Sequence[Form], index: int) -> bool:
    """Whether a short sentence is an item's heading: something ended before it, and more than itself follows."""
    before, after = blocks[index], blocks[index + 1]
    ended = (
        forms[index - 1] is Form.LEAD_ON or before.gap > 1 or (index == 2 and forms[1] in {Form.BODY, Form.SENTENCE})
    )
    follows = forms[index + 1] in {Form.BODY, Form.SENTENCE} and after.gap == 1
    return ended and follows and after.end - after.start > before.end - before.start


def is_signature(forms: Sequence[Form], blocks: Sequence[Block], index: int) -> bool:
    """Whether a short line belongs to a signature: it follows a closing, and no heading's blank line sets it off."""
    for back in range(1, 4):
        if index - back < 0:
            return False
        if forms[index - back] is Form.CLOSING:
            same_run = all(blocks[i].gap == 0 for i in range(index - back + 1, index + 1))
            return same_run or forms[index + 1] is Form.SHORT
        if forms[index - back] is not Form.SHORT:
            return False
    return False


def depth(blocks: Sequence[Block], forms: Sequence[Form], index: int, *, items: bool) -> int:
    """3 for a line that heads the next line, or a list inside an item; 2 for one that stands free."""
    before, after = blocks[index].gap, blocks[index + 1].gap
    list_head = items and forms[index + 1] is Form.LIST and before <= 1
    return 3 if list_head or (after == 0 and before > 0) else 2


def nested_levels(found: Sequence[Heading]) -> list[Heading]:
    """Depths as they are where two are in use; one depth below the title where all are alike, or one alone is not."""
    levels = [heading.level for heading in found if heading.level > 1]
    alike = 2 not in levels or levels.count(3) == 1
    return [Heading(it.index, 2 if it.level == 3 and alike else it.level) for it in found]


def gap_levels(blocks: Sequence[Block], forms: Sequence[Form], found: list[Heading]) -> list[Heading]:
    """Depths in a row of items.

    Where most headings have more blank lines before them, the others are inside an item.
    """
    if all(heading.level != 2 for heading in found):
        found = nested_levels(found)
    rest = [heading for heading in found if heading.level == 2]
    wide = [heading for heading in rest if blocks[heading.index].gap > 1]
    if len(wide) * 2 <= len(rest):
        return found
    first = rest[0].index
    ended = {Form.LEAD_ON, Form.CLOSING, Form.SHORT}
    return [
        Heading(it.index, 3)
        if it.level == 2 and it.index != first and blocks[it.index].gap <= 1 and forms[it.index - 1] not in ended
        else it
        for it in found
    ]
