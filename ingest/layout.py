"""What a reader hands on: one fixed text and the blocks that stand in it.

A block is a span of the text with what the format says of it. Deciding which blocks are items, rows or sections
is not a reader's work: see `ingest.newsletters`, `ingest.catalogues` and `ingest.pages`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from enum import StrEnum

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
    """Of a row, in the document's text; empty cells are spans of no length."""
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
        self.blocks.append(replace(block, start=span.start, end=span.end))

    def row(self, block: Block, cells: list[str]) -> None:
        """Append a row; its cells are joined by a tab."""
        self.separate(block.gap)
        start = self.length
        spans = []
        for number, cell in enumerate(cells):
            if number:
                self.write("\t")
            spans.append(self.write(cell.replace("\t", " ")))
        self.blocks.append(replace(block, start=start, end=self.length, cells=tuple(spans)))

    def text(self) -> str:
        """The text so far."""
        return "".join(self.pieces)


def normalise(text: str) -> str:
    """Unicode NFC and LF line ends, and no NUL or byte order mark: the form in which every text is read.

    >>> normalise("a\\r\\nb\\rc")
    'a\\nb\\nc'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\ufeff", "")
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
