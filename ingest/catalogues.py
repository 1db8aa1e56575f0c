"""Tables to rows: inspiration catalogues and lists of grants.

A table's head names the columns; where heads repeat with another first cell, that cell is the theme of the rows
below. Rows after a blank line go on under the theme above. A head is structure, unless something is said in it that a
reader may look for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.layout import Block, BlockKind
from ingest.outline import Column, Outline, Structure, starting, words
from ingest.pages import block_links
from ingest.wording import wording
from kilde.danish.amounts import find_amounts, head_unit
from kilde.danish.dates import find_dates
from kilde.danish.places import find_kommuner
from kilde.model import DocumentKind, RecordKind, Span, Stretch

FEWEST_ROWS = 2
SHARE_OF_ROWS = 0.5
LONGEST_HEAD_CELL = 80
NUMBER = re.compile(r"[\d\s.,:/%()+-]+(?:kr\.?|mio\.?|pct\.?)?", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Head:
    """A table's head.

    Its column names, the theme that its first cell gives, and whether that cell names a column too.
    """

    names: tuple[str, ...]
    theme: str | None


@dataclass(slots=True)
class RowReader:
    """Reads rows one by one and keeps the head and theme that they stand under."""

    text: str
    heads: dict[int, Head]
    """By the index of the block."""
    into: Structure
    head: Head | None = None
    theme: str | None = None
    heading: tuple[int, str] | None = field(default=None)
    """The table above which a line stands that is no row, and that line: a theme for the table below it."""

    def read(self, index: int, block: Block) -> None:
        """Add one row, or take its head or theme."""
        if index in self.heads:
            self.head = self.heads[index]
            self.theme = self.head.theme or self.theme
            self.into_structure(block, "table_head")
            return
        cells = row_cells(block)
        filled = [cell for cell in cells if cell.end > cell.start]
        if self.head and len(filled) == 1 and len(self.head.names) > 1 and is_theme_row(self.text, filled[0], cells):
            self.theme = words(self.text, filled[0])
            self.into_structure(block, "theme_row")
            return
        self.into.records.append(self.outline(block, cells, filled))

    def outline(self, block: Block, cells: Sequence[Span], filled: Sequence[Span]) -> Outline:
        """The record of a row."""
        heading = next((cell for cell in filled if not NUMBER.fullmatch(words(self.text, cell))), filled[0])
        columns = columns_of(cells, self.head)
        theme = cell_theme(self.text, columns) or self.theme
        return Outline(RecordKind.ROW, block.start, block.end, heading, theme, columns, links=block.links)

    def into_structure(self, block: Block, rule: str) -> None:
        """Keep a head as structure, or as a section where it mentions something."""
        if mentions_something(words(self.text, block)):
            self.into.records.append(starting(RecordKind.SECTION, block, heading=True))
        else:
            self.into.stretches.append(Stretch(block.start, block.end, rule))


def row_cells(block: Block) -> tuple[Span, ...]:
    """The cells of a row."""
    return block.cells or (Span(block.start, block.end),)


def columns_of(cells: Sequence[Span], head: Head | None) -> tuple[Column, ...]:
    """The filled cells of a row under the names of its head; a column without a name goes by its number."""
    names = head.names if head else ()
    first = 1 if head and head.theme else 0
    return tuple(
        Column(names[number] if number < len(names) else f"{number + 1}", cell)
        for number, cell in enumerate(cells)
        if number >= first and cell.end > cell.start
    )


def with_tables(text: str, blocks: Sequence[Block], records: Sequence[Outline]) -> list[Outline]:
    """The records of a document that is no table, with the rows of the tables that stand in them."""
    rows = list(embedded_rows(text, blocks))
    return [
        replace(it, rows=tuple(row for row in rows if it.start <= row[0].span.start < it.end)) if rows else it
        for it in records
    ]


def embedded_rows(text: str, blocks: Sequence[Block]) -> Iterator[tuple[Column, ...]]:
    """The rows of tables inside a text, under the names of their heads; a table without a head gives no names."""
    heads = find_heads(text, blocks)
    head: Head | None = None
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.ROW:
            head = None
        elif index in heads:
            head = heads[index]
        elif columns := columns_of(row_cells(block), head):
            yield columns


def is_table(blocks: Sequence[Block]) -> bool:
    """Whether a document is, for the most part, rows of a table."""
    rows = [block for block in blocks if block.kind is BlockKind.ROW]
    size = sum(block.end - block.start for block in blocks)
    if len(rows) == len(blocks) >= FEWEST_ROWS:
        return True
    return len(rows) > FEWEST_ROWS and sum(row.end - row.start for row in rows) >= SHARE_OF_ROWS * size


def read_rows(text: str, blocks: Sequence[Block], into: Structure) -> None:
    """Add a document of tables to a structure.

    What stands before them is the front, what stands between them are sections.
    """
    heads = find_heads(text, blocks)
    reader = RowReader(text, heads, into)
    before = True
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.ROW:
            before = False
            reader.read(index, block)
        elif block.kind is BlockKind.RULE:
            into.stretches.append(Stretch(block.start, block.end, "rule"))
        else:
            add_text(text, block, into, first=before)
    into.kind = DocumentKind.GRANTS if is_grants(text, heads, into.records) else DocumentKind.CATALOGUE


def add_text(text: str, block: Block, into: Structure, *, first: bool) -> None:
    """Add a block that is no row to the front or to a section of its own."""
    kind = RecordKind.FRONT if first else RecordKind.SECTION
    open_record = into.records[-1] if into.records else None
    if open_record and open_record.kind is kind and not open_record.columns and follows(into, open_record):
        into.records[-1] = open_record.extended(block, block_links(text, block))
    else:
        into.records.append(starting(kind, block, heading=first and not into.records))


def follows(into: Structure, record: Outline) -> bool:
    """Whether nothing of the structure stands behind a record yet."""
    return not into.stretches or into.stretches[-1].start < record.start


def find_heads(text: str, blocks: Sequence[Block]) -> dict[int, Head]:
    """The rows that are heads of tables, by index."""
    rows = [(index, [words(text, cell).strip() for cell in row_cells(block)], block)
            for index, block in enumerate(blocks) if block.kind is BlockKind.ROW]  # fmt: skip
    found: list[tuple[int, tuple[str, ...]]] = []
    table = -1
    for position, (index, cells, block) in enumerate(rows):
        starts = block.table != table or block.gap > 0
        table = block.table
        below = rows[position + 1][1] if position + 1 < len(rows) else None
        known = [names for _, names in found]
        if block.head or any(share_names(cells, names) for names in known) or (starts and is_head(cells, below, known)):
            found.append((index, tuple(cells)))
    themed = {names[0] for _, names in found}
    by_theme = len(found) > 1 and len(themed) > 1 and len({names[1:] for _, names in found}) == 1
    return {index: head_of(names, by_theme=by_theme) for index, names in found}


def is_head(cells: Sequence[str], below: Sequence[str] | None, known: Sequence[tuple[str, ...]]) -> bool:
    """Whether the first row of a table is its head: like one seen before, or names of columns over something else."""
    if below is None or not any(cells[1:]) or not all(is_head_cell(cell) for cell in cells):
        return False
    if known:
        return all(cell.isupper() for cell in cells if cell)
    if all(cell.isupper() or not cell for cell in cells) or known_columns(cells):
        return True
    return any(differs(cell, under) for cell, under in zip(cells, below, strict=False))


def is_head_cell(cell: str) -> bool:
    """Whether a cell can be a column's name."""
    return (
        len(cell) <= LONGEST_HEAD_CELL
        and "\n" not in cell
        and not (cell and NUMBER.fullmatch(cell) and not is_year(cell))
    )


def is_year(cell: str) -> bool:
    """Whether a cell is a bare year, which names a column as often as it fills one."""
    return len(cell) == 4 and cell.isdecimal() and cell[:2] in {"19", "20"}


def known_columns(cells: Sequence[str]) -> bool:
    """Whether a cell has one of the names that columns usually have."""
    names = wording()["columns"] + wording()["recipient_columns"] + wording()["theme_columns"]
    return any(cell.casefold() in names or (head_unit(cell) is not None and not find_amounts(cell)) for cell in cells)


def share_names(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Whether at least half of the columns have the names of an earlier head."""
    same = sum(cell.casefold() == name.casefold() and bool(cell) for cell, name in zip(cells, names, strict=False))
    return same * 2 >= len(names)


def differs(cell: str, under: str) -> bool:
    """Whether a cell is of another kind than the one under it: a word over a number or over a text."""
    return bool(NUMBER.fullmatch(under) and LETTERS.search(cell)) or len(under) > max(3 * len(cell), LONGEST_HEAD_CELL)


def head_of(names: tuple[str, ...], *, by_theme: bool) -> Head:
    """A head whose first cell is a theme where themes vary, or where it is written like one and names no column."""
    shouted = names[0].isupper() and names[0].casefold() not in wording()["columns"] + wording()["recipient_columns"]
    return Head(names, names[0] if by_theme or (shouted and all(name.isupper() for name in names if name)) else None)


def is_theme_row(text: str, filled: Span, cells: Sequence[Span]) -> bool:
    """Whether a row with one filled cell is a heading inside the table."""
    return filled == cells[0] and len(words(text, filled)) <= LONGEST_HEAD_CELL and len(cells) > 1


def cell_theme(text: str, columns: Sequence[Column]) -> str | None:
    """The theme that a row gives in a column of that name."""
    names = wording()["theme_columns"]
    return next((words(text, column.span) for column in columns if column.name.casefold() in names), None)


def mentions_something(text: str) -> bool:
    """Whether there is a mention in a head."""
    return bool(find_dates(text) or find_kommuner(text) or find_amounts(text))


def is_grants(text: str, heads: dict[int, Head], records: Sequence[Outline]) -> bool:
    """Whether the rows are grants: a column of money beside one of kommuner or of recipients."""
    names = {name for head in heads.values() for name in head.names}
    money = {name for name in names if (unit := head_unit(name)) is not None and unit.unit != "percent"}
    recipients = {name for name in names if name.casefold() in wording()["recipient_columns"]}
    return bool(money) and bool(recipients or first_cells_are_kommuner(text, records))


def first_cells_are_kommuner(text: str, records: Sequence[Outline]) -> bool:
    """Whether most rows have a kommune for a heading."""
    rows = [record for record in records if record.kind is RecordKind.ROW and record.heading]
    named = sum(bool(find_kommuner(words(text, row.heading))) for row in rows if row.heading)
    return named * 2 > len(rows)
