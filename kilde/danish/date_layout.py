"""Where sentences, list items, list heads and headings of a text lie, as far as a missing year needs to know.

Made once for a text and asked by bisection, so that looking up the context of every date stays linear.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, TypeAlias

Span: TypeAlias = tuple[int, int]

_MARK = re.compile(r"[^\S\n]*(?:[•*·▪◦‣–-]|[0-9]{1,2}[.)]|[a-z]\))[^\S\n]")
_SENTENCE = re.compile(
    r"[.!?\t](?:(?<=\t)|[.!?]{0,2}+[\"”»)]{0,2}+\s{1,3}+(?=[\"”„»(–-]?[A-ZÆØÅ])"
    r"(?<!\bkl\.\s)(?<!\bnr\.\s)(?<!\bpr\.\s)(?<!\bca\.\s)(?<!\bhr\.\s)(?<!\bfr\.\s)(?<!\bdr\.\s)(?<!\.[a-z]\.\s))"
)
"""A full stop before a capital, unless it ends one of the abbreviations that names and figures follow."""

_LONGEST_HEADING = 120
_SHORT_LINE = 60
_ENDS_SENTENCE = (".", "!", "?", ":", ";", ",")


class Kind(Enum):
    """What a block of lines is."""

    TEXT = "text"
    ITEM = "item"
    HEADING = "heading"


class Block(NamedTuple):
    """Lines that belong together: a paragraph, a list item, a heading."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a text in their order, and the places where its sentences start."""

    blocks: list[Block]
    starts: list[int]
    heads: list[Block | None]
    """By block: of a list item the block that introduces the list."""
    headings: list[Block | None]
    """By block: the nearest heading above."""
    sentences: list[int]
    length: int

    def sentence(self, place: int) -> Span:
        """Start and end of the sentence or cell there; no sentence leaves its block."""
        index = bisect_right(self.sentences, place)
        end = self.sentences[index] if index < len(self.sentences) else self.length
        return self.sentences[index - 1], end

    def block(self, place: int) -> Span:
        """Start and end of the paragraph, list item or heading there."""
        block = self.blocks[self._index(place)]
        return block.start, block.end

    def list_head(self, place: int) -> Span | None:
        """The paragraph that introduces the list that this place is in; None outside of a list."""
        head = self.heads[self._index(place)]
        return None if head is None else (head.start, head.end)

    def heading(self, place: int) -> Span | None:
        """The nearest heading above this place in the text."""
        heading = self.headings[self._index(place)]
        return None if heading is None else (heading.start, heading.end)

    def _index(self, place: int) -> int:
        return max(0, bisect_right(self.starts, place) - 1)


def lay_out(text: str) -> Layout:
    """The layout of a text."""
    blocks = list(_blocks(text)) or [Block(0, len(text), Kind.TEXT)]
    heads: list[Block | None] = []
    headings: list[Block | None] = []
    outside: Block | None = None
    heading: Block | None = None
    for block in blocks:
        heads.append(outside if block.kind is Kind.ITEM else None)
        headings.append(heading)
        outside = outside if block.kind is Kind.ITEM else block
        heading = block if block.kind is Kind.HEADING else heading
    starts = [block.start for block in blocks]
    sentences = sorted({0, *starts, *(match.end() for match in _SENTENCE.finditer(text))})
    return Layout(blocks, starts, heads, headings, sentences, len(text))


def _blocks(text: str) -> Iterator[Block]:
    """A list mark, a heading and an empty line each end the block before them."""
    lines = text.split("\n")
    open_block: Block | None = None
    place, above = 0, ""
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        end = place + len(line)
        kind = _kind(above, line, below)
        if open_block is not None and (kind is not Kind.TEXT or not line.strip()):
            yield open_block
            open_block = None
        if kind is Kind.HEADING:
            yield Block(place, end, kind)
        elif line.strip():
            open_block = Block(place, end, kind) if open_block is None else open_block._replace(end=end)
        place, above = end + 1, line
    if open_block is not None:
        yield open_block


def _kind(above: str, line: str, below: str) -> Kind:
    """A heading is a short line of its own that does not end as a sentence does."""
    if _MARK.match(line):
        return Kind.ITEM
    if not line or len(line) > 2 * _LONGEST_HEADING:
        return Kind.TEXT
    stripped, before = line.strip(), above.strip()
    if not stripped or stripped.endswith(_ENDS_SENTENCE) or len(stripped) > _LONGEST_HEADING:
        return Kind.TEXT
    if not before and not below.strip():
        return Kind.HEADING
    leads = below.lstrip()[:1].isupper() and (not before or before.endswith(_ENDS_SENTENCE))
    return Kind.HEADING if leads and len(stripped) <= _SHORT_LINE else Kind.TEXT
