"""Records to be: what `newsletters`, `catalogues` and `pages` make of a layout, before anything is extracted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.layout import Block
from kilde.model import DocumentKind, Link, Problem, RecordKind, Span, Stretch


@dataclass(frozen=True, slots=True)
class Column:
    """A named cell of a row, in the document's text."""

    name: str
    span: Span
    shared: bool = False
    """The cell stands beside several rows: its text is in the first of them only."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table that stands inside a record: where it stands in the document's text, and its cells."""

    start: int
    end: int
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A record to be; all spans are in the document's text."""

    kind: RecordKind
    start: int
    end: int
    heading: Span | None = None
    theme: str | None = None
    columns: tuple[Column, ...] = ()
    """Of a row, or the parts of a reference."""
    rows: tuple[TableRow, ...] = ()
    """The rows of tables that stand inside the record."""
    links: tuple[Link, ...] = ()

    def extended(self, block: Block, links: Iterable[Link] = ()) -> Outline:
        """The record with one more block in it."""
        return Outline(
            self.kind,
            self.start,
            block.end,
            self.heading,
            self.theme,
            self.columns,
            self.rows,
            (*self.links, *links),
        )


@dataclass(slots=True)
class Structure:
    """What a document is made of: its records in order, and the stretches that belong to none."""

    kind: DocumentKind
    title: Span | None
    records: list[Outline] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def starting(kind: RecordKind, block: Block, *, heading: bool, theme: str | None = None) -> Outline:
    """A record that begins with a block."""
    span = Span(block.start, block.end) if heading else None
    return Outline(kind, block.start, block.end, span, theme, links=() if heading else block.links)


def words(text: str, block: Block | Span) -> str:
    """The text of a block."""
    return text[block.start : block.end]


def content(blocks: Sequence[Block]) -> list[Block]:
    """The blocks that are no furniture."""
    return [block for block in blocks if block.furniture is None]
