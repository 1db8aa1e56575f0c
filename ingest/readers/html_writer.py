"""The blocks of a page, put together as its elements open and close: paragraphs, points, headings, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.layout import Block, BlockKind, LayoutBuilder
from ingest.readers.html_names import HEADINGS, fold
from ingest.tables.grid import Cover, GridCell, write_grid
from kilde.model import Link

LINE_BREAK = "\x0b"
"""Stands for `<br>` until the white space of the source is folded.

Normalised text has no such character of its own use.
"""
LONGEST_BOLD_HEADING = 120
BLANK = " \xa0\xad\u200b"


@dataclass(slots=True)
class PageWriter:
    """Turns elements into blocks; it owns the paragraph that is being put together."""

    builder: LayoutBuilder = field(default_factory=LayoutBuilder)
    later: list[tuple[Block, str]] = field(default_factory=list)
    """Furniture that stands inside or behind the content: written after it, so that the content stays in one piece."""
    pieces: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    kind: BlockKind = BlockKind.LINE
    level: int = 0
    furniture: str | None = None
    bold: int = 0
    plain: int = 0
    tables: int = 0
    cover: Cover = field(default_factory=Cover)
    started: bool = False
    """Whether content has been written."""

    def text(self, text: str, *, bold: bool) -> None:
        """Add text to the paragraph."""
        if text.isspace():
            if self.pieces:
                self.pieces.append(text)
            return
        self.pieces.append(text)
        if bold:
            self.bold += 1
        else:
            self.plain += 1

    def line_break(self) -> None:
        """A line feed in the paragraph; behind bold words it ends the paragraph, which may be a heading."""
        if self.bold:
            self.flush()
        else:
            self.pieces.append(LINE_BREAK)

    def open(self, tag: str, furniture: str | None) -> None:
        """A block element opens: the paragraph before it ends."""
        self.flush()
        self.furniture = furniture
        self.level = HEADINGS.get(tag, 0)
        if self.level:
            self.kind = BlockKind.HEADING
        elif tag == "li":
            self.kind = BlockKind.POINT
        elif self.kind is not BlockKind.POINT:
            self.kind = BlockKind.LINE

    def close(self, furniture: str | None) -> None:
        """A block element closes; `furniture` is the rule of what stands around it."""
        self.flush()
        self.kind, self.level, self.furniture = BlockKind.LINE, 0, furniture

    def link(self, found: Sequence[Link]) -> None:
        """Links that close here: of the open paragraph, or of the block that was the link's last part."""
        if self.pieces or not self.builder.blocks or not self.started or self.later:
            self.links += found
            return
        last = self.builder.blocks[-1]
        self.builder.blocks[-1] = replace(last, links=(*last.links, *found))

    def flush(self) -> None:
        """End the paragraph."""
        if not self.pieces:
            return
        text = self.words()
        links, bold = tuple(self.links), self.bold > 0 and self.plain == 0
        self.pieces, self.links, self.bold, self.plain = [], [], 0, 0
        if not text.strip(BLANK):
            return
        kind, level, furniture = self.kind, self.level, self.furniture
        if not self.started and not furniture and is_skip_link(text, links):
            furniture = "skip_link"
        if kind is BlockKind.POINT:
            self.kind = BlockKind.LINE
        if bold and kind is BlockKind.LINE and len(text) <= LONGEST_BOLD_HEADING and text[-1] not in ".,;:!":
            kind, level = BlockKind.HEADING, 6
        self.put(Block(kind, 0, 0, level=level, links=links, furniture=furniture), text)

    def words(self) -> str:
        """The text of the paragraph, its white space folded."""
        text = "".join(self.pieces)
        if LINE_BREAK not in text:
            return fold(text)
        return "\n".join(line for line in map(fold, text.split(LINE_BREAK)) if line)

    def put(self, block: Block, text: str) -> None:
        """Write a block, or keep it for later where it is furniture after the content began."""
        if block.kind is BlockKind.POINT:
            text = f"• {text}"
        if block.furniture and self.started:
            self.later.append((block, text))
            return
        self.started = self.started or not block.furniture
        before = self.builder.blocks[-1].kind if self.builder.blocks else None
        self.builder.block(replace(block, gap=0) if block.kind is BlockKind.POINT is before else block, text)

    def table(self, rows: Sequence[Sequence[GridCell]], furniture: str | None) -> None:
        """Write a table; where it is furniture, as lines."""
        filled = [row for row in rows if any(cell.text for cell in row)]
        if furniture:
            for row in filled:
                self.put(Block(BlockKind.LINE, 0, 0, furniture=furniture), "\t".join(cell.text for cell in row))
            return
        if not filled:
            return
        self.tables += 1
        self.started = True
        if any(cell.rows > 1 or cell.columns > 1 for row in rows for cell in row):
            write_grid(self.builder, (cell for row in rows for cell in row), self.tables, self.cover)
            return
        for row in filled:
            found = tuple(link for cell in row for link in cell.links)
            block = Block(
                BlockKind.ROW, 0, 0, gap=int(row is filled[0]), table=self.tables, head=row[0].head, links=found
            )
            self.builder.row(block, [cell.text for cell in row])

    def finish(self) -> None:
        """Write what was kept for later."""
        self.flush()
        for block, text in self.later:
            self.builder.block(block, text)


def is_skip_link(text: str, links: Sequence[Link]) -> bool:
    """Whether a paragraph before the content is nothing but a link into the page: "Gå til indhold"."""
    return len(links) == 1 and links[0].text == text and (links[0].url or "").startswith("#")
