"""Tables to rows: inspiration catalogues and lists of grants.

A table's head names the columns; where heads repeat with another first cell, that cell is the theme of the rows
below. Rows after a blank line go on under the theme above. A head is structure, unless something is said in it that a
reader may look for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.layout import Block, BlockKind
from ingest.outline import Column, Outline, Structure, TableRow, starting, words
from ingest.pages import block_links
from ingest.tables.columns import Tables, filled, find_tables
from ingest.tables.heads import LONGEST_HEAD_CELL, NUMBER, Head, Row, row_cells, table_rows
from ingest.wording import wording
from kilde.danish.amounts import find_amounts, head_unit, is_given
from kilde.danish.dates import find_dates
from kilde.danish.places import find_kommuner
from kilde.model import DocumentKind, RecordKind, Stretch

FEWEST_ROWS = 2
SHARE_OF_ROWS = 0.5


@dataclass(slots=True)
class RowReader:
    """Reads rows one by one and keeps the head and theme that they stand under."""

    text: str
    tables: Tables
    into: Structure
    head: Head | None = None
    theme: str | None = None

    def read(self, row: Row) -> None:
        """Add one row, or take its head or theme."""
        index, block = row.index, row.block
        if index in self.tables.unit_rows:
            self.into.stretches.append(Stretch(block.start, block.end, "table_unit"))
        elif index in self.tables.heads:
            self.head = self.tables.heads[index]
            self.theme = self.head.theme or self.theme
            self.into_structure(block, "table_head")
        elif self.is_lone(row) and index > self.tables.last_wide.get(block.table, index):
            add_text(self.text, block, self.into, first=False)
        elif self.is_lone(row) and (self.head or self.tables.first_heads.get(block.table, -1) > index):
            self.theme = words(self.text, row_cells(block)[0])
            self.into_structure(block, "theme_row")
        else:
            self.into.records.append(self.outline(row))

    def is_lone(self, row: Row) -> bool:
        """Whether a row is a heading inside its table, or a note below it: its first cell is its only one."""
        cells = row_cells(row.block)
        columns = len(self.head.names) if self.head else len(cells)
        return (
            filled(row) == 1
            and min(columns, len(cells)) > 1
            and cells[0].end > cells[0].start >= row.block.start
            and len(words(self.text, cells[0])) <= LONGEST_HEAD_CELL
        )

    def outline(self, row: Row) -> Outline:
        """The record of a row."""
        said = [cell for cell in row_cells(row.block) if cell.end > cell.start]
        heading = next((cell for cell in said if not NUMBER.fullmatch(words(self.text, cell))), said[0])
        columns = self.tables.columns(row, self.head)
        theme = cell_theme(self.text, columns) or self.theme
        block = row.block
        return Outline(RecordKind.ROW, block.start, block.end, heading, theme, columns, links=block.links)

    def into_structure(self, block: Block, rule: str) -> None:
        """Keep a head as structure, or as a section where it mentions something."""
        if mentions_something(words(self.text, block)):
            self.into.records.append(starting(RecordKind.SECTION, block, heading=True))
        else:
            self.into.stretches.append(Stretch(block.start, block.end, rule))


def with_tables(text: str, blocks: Sequence[Block], records: Sequence[Outline], into: Structure) -> list[Outline]:
    """The records of a document that is no table, with the rows of the tables that stand in them."""
    rows = list(embedded_rows(text, blocks, into))
    return [
        replace(it, rows=tuple(row for row in rows if it.start <= row.start < it.end)) if rows else it for it in records
    ]


def embedded_rows(text: str, blocks: Sequence[Block], into: Structure) -> Iterator[TableRow]:
    """The rows of tables inside a text, under the names of their heads; a table without a head gives no names."""
    tables = find_tables(text, blocks)
    head: Head | None = None
    table = 0
    for row in table_rows(text, blocks):
        if row.block.table != table:
            head, table = None, row.block.table
        if row.index in tables.heads:
            head = tables.heads[row.index]
        elif row.index not in tables.unit_rows and (columns := tables.columns(row, head)):
            yield TableRow(row.block.start, row.block.end, columns)
    into.problems += tables.problems()


def is_table(blocks: Sequence[Block]) -> bool:
    """Whether a document is, for the most part, rows of a table."""
    rows = [block for block in blocks if block.kind is BlockKind.ROW]
    size = sum(block.end - block.start for block in blocks)
    if len(rows) == len(blocks) >= FEWEST_ROWS:
        return True
    return len(rows) > FEWEST_ROWS and sum(row.end - row.start for row in rows) >= SHARE_OF_ROWS * size


def read_rows(text: str, blocks: Sequence[Block], into: Structure) -> None:
    """Add a document of tables to a structure.

    What stands before them is the front, what stands between them are sections; a heading there is the theme of the
    rows below it.
    """
    tables = find_tables(text, blocks)
    reader = RowReader(text, tables, into)
    rows = {row.index: row for row in table_rows(text, blocks)}
    before = True
    for index, block in enumerate(blocks):
        if index in rows:
            before = False
            reader.read(rows[index])
        elif block.kind is BlockKind.RULE:
            into.stretches.append(Stretch(block.start, block.end, "rule"))
        else:
            part = block.kind is BlockKind.HEADING and block.level > 1
            reader.theme = " ".join(words(text, block).split()) if part else reader.theme
            add_text(text, block, into, first=before and not part and not begun(into))
    into.kind = DocumentKind.GRANTS if is_grants(text, tables.heads, into.records) else DocumentKind.CATALOGUE
    into.problems += tables.problems()


def add_text(text: str, block: Block, into: Structure, *, first: bool) -> None:
    """Add a block that is no row to the front or to a section of its own; a heading opens a section."""
    kind = RecordKind.FRONT if first else RecordKind.SECTION
    open_record = into.records[-1] if into.records else None
    opens = block.kind is BlockKind.HEADING and not first
    if (
        open_record
        and not opens
        and open_record.kind is kind
        and not open_record.columns
        and follows(into, open_record)
    ):
        into.records[-1] = open_record.extended(block, block_links(text, block))
    else:
        into.records.append(starting(kind, block, heading=opens or (first and not into.records)))


def begun(into: Structure) -> bool:
    """Whether a section has been opened, below which nothing is the front any more."""
    return any(record.kind is RecordKind.SECTION for record in into.records[-1:])


def follows(into: Structure, record: Outline) -> bool:
    """Whether nothing of the structure stands behind a record yet."""
    return not into.stretches or into.stretches[-1].start < record.start


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
    money = {it for it in names if (unit := head_unit(it)) is not None and unit.unit != "percent" and is_given(it)}
    recipients = {name for name in names if name.casefold() in wording()["recipient_columns"]}
    return bool(money) and bool(recipients or first_cells_are_kommuner(text, records))


def first_cells_are_kommuner(text: str, records: Sequence[Outline]) -> bool:
    """Whether most rows have a kommune for a heading."""
    rows = [record for record in records if record.kind is RecordKind.ROW and record.heading]
    named = sum(bool(find_kommuner(words(text, row.heading))) for row in rows if row.heading)
    return named * 2 > len(rows)
