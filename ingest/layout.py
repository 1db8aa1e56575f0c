"""What a reader hands on: one fixed text and the blocks that stand in it.

A block is a span of the text with what the format says of it. Deciding which blocks are items, rows or sections
is not a reader's work: see `ingest.newsletters`, `ingest.tables.catalogues` and `ingest.pages`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from kilde.model import Link, Problem, Span


class BlockKind(StrEnum):
    """What the format says a block is."""

    HEADING = "heading"
    """Only where markup says so; plain text has none."""
    LINE = "line"
    """A paragraph, or a line that stands by itself."""
    POINT = "point"
    """A list item; its text includes the bullet."""
    ROW = "row"
    RULE = "rule"
    """A line of dashes or the like."""


@dataclass(frozen=True, slots=True)
class Block:
    """A span of the text and its form."""

    kind: BlockKind
    start: int
    end: int
    gap: int = 1
    """Blank lines between the block before and this one; 0 for the next line of the same paragraph."""
    level: int = 0
    """1 to 6 for headings of a format that has levels."""
    cells: tuple[Span, ...] = ()
    """Of a row, in the document's text; empty cells are spans of no length.

    A merged cell stands once in the text, and its span at each place that it covers: several times in its row, and in
    the rows below, where it lies outside of the block.
    """
    table: int = 0
    """The number of the row's table in the document, from 1."""
    head: bool = False
    """The format says that this row is a table's head."""
    links: tuple[Link, ...] = ()
    furniture: str | None = None
    """The rule by which the format itself says that this is no content: navigation, a page's footer, consent."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What a format's metadata says of the document; None where it says nothing."""

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    language: str | None = None
    kind: str | None = None
    hinted: frozenset[str] = frozenset()
    """Names of the values that the source's definition points out: they win over what the text says."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of a document, its blocks in order, and its metadata."""

    text: str
    blocks: tuple[Block, ...]
    reader: str
    meta: Meta = Meta()
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class LayoutBuilder:
    """Puts text together piece by piece and keeps the spans of its blocks. It owns the text that grows."""

    pieces: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0

    def write(self, text: str) -> Span:
        """Append text as it is."""
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        return Span(start, self.length)

    def separate(self, gap: int) -> None:
        """End the line and leave `gap` blank lines, except at the very beginning."""
        if self.length:
            self.write("\n" * (gap + 1))

    def block(self, block: Block, text: str) -> None:
        """Append a block's text with its separator; `block` needs no span."""
        self.separate(block.gap)
        span = self.write(text)
        self.blocks.append(placed(block, span, block.cells))

    def row(self, block: Block, cells: Sequence[str | Span | None]) -> tuple[Span, ...]:
        """Append a row; its cells are joined by a tab. What comes back are the spans of its cells.

        None is a cell that the one to its left goes on in, a Span one that a cell of a row above goes on in.
        """
        self.separate(block.gap)
        start = self.length
        spans: list[Span] = []
        last = max((number for number, cell in enumerate(cells) if isinstance(cell, str)), default=-1)
        for number, cell in enumerate(cells):
            if 0 < number <= last:
                self.write("\t")
            if isinstance(cell, str):
                spans.append(self.write(cell.replace("\t", " ")))
            else:
                spans.append(cell or (spans[-1] if spans else Span(start, start)))
        self.blocks.append(placed(block, Span(start, self.length), tuple(spans)))
        return tuple(spans)

    def text(self) -> str:
        """The text so far."""
        return "".join(self.pieces)


def placed(block: Block, span: Span, cells: tuple[Span, ...]) -> Block:
    """A block where it came to stand; written out, since `replace` takes three times as long."""
    return Block(
        block.kind,
        span.start,
        span.end,
        block.gap,
        block.level,
        cells,
        block.table,
        block.head,
        block.links,
        block.furniture,
    )


USUAL_SIGNS = "–—‘’‚“”„•…€"
"""Signs beyond Latin-1 that Danish texts have, and that NFC leaves as they are."""


def is_stable(text: str) -> bool:
    """Whether NFC plainly changes nothing: there is only Latin-1 and a few signs, as in nearly all Danish texts."""
    for sign in USUAL_SIGNS:
        text = text.replace(sign, "")
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def normalise(text: str) -> str:
    """Unicode NFC and LF line ends, and no NUL or byte order mark: the form in which every text is read.

    >>> normalise("a\\r\\nb\\rc")
    'a\\nb\\nc'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\ufeff", "")
    if is_stable(text):
        return text
    if PERHAPS_A_STORM.search(text):
        return compose(text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


MOST_MARKS = 30
"""Accents and the like on one letter; Unicode's stream-safe text (UAX 15) has no more either."""
PERHAPS_A_STORM = re.compile(rf"[\u0300-\U0010ffff][\u0300-\U0010ffff]{{{MOST_MARKS}}}")
"""Written with its first character apart, which `re` looks for ten times as fast."""
STORM = re.compile(rf"(?:(?!\w)[^\x00-\u02ff]){{{MOST_MARKS + 1},}}")


def compose(text: str) -> str:
    """NFC of a text that may have thousands of accents on one letter; each MOST_MARKS of those by themselves.

    Putting accents in order takes time that grows with the square of their number.
    """
    cuts = [at for storm in STORM.finditer(text) for at in range(storm.start() + MOST_MARKS, storm.end(), MOST_MARKS)]
    return "".join(unicodedata.normalize("NFC", text[start:end]) for start, end in pairwise([0, *cuts, len(text)]))
