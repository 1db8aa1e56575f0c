"""PDF: text in reading order, paragraphs put together from lines, headings by their font, tables as tables.

PDFium gives words with their places. Pages are read one by one; what a document may cost is bounded by counts of pages,
words and cells, and its time and memory by the process that runs the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ingest.layout import Block, BlockKind, Layout, LayoutBuilder, Meta, normalise
from ingest.readers.pdf_blocks import Paragraph, Part, Type, find_paragraphs, find_type, join_flows, with_levels
from ingest.readers.pdf_lines import Line, find_lines, reading_order
from ingest.readers.pdf_margins import find_margins
from ingest.readers.pdf_pages import Page, open_pdf, read_pages
from ingest.readers.pdf_tables import (
    MOST_PLUMBED,
    Box,
    Table,
    aligned_tables,
    needs_plumbing,
    ruled_boxes,
    ruled_table,
)
from ingest.readers.pdf_words import Word
from ingest.readers.text import links
from ingest.tables.grid import Cover, write_grid
from kilde.errors import UnreadableError
from kilde.model import Problem, Severity

READER = "pdf/1"
MOST_WORDS = 1_000_000
FEWEST_LETTERS = 10
"""Letters a page that a text layer has at least; a scanner's own stamp is shorter."""
MOST_UNMAPPED = 0.1
TOUCHING = 1.15
"""Distance in lines at which a line stands directly under another."""
OBJECT = "\ufffc"
"""Stands for a table among the words of a page until its place in the reading order is known."""
MADE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
FILE_TITLE = re.compile(
    r"(?:microsoft (?:word|excel|powerpoint) - .*|untitled|uden titel|dokument\d*|.*\.\w{3,4})", re.IGNORECASE
)
LONGEST_TITLE = 1000
LANGUAGE_WORDS = re.compile(
    r"\b(?:og|i|at|er|en|et|den|det|til|for|af|på|de|med|som|der|om|fra|ved|har|alt|nr|kr|dkk|kommuner?|kommunen"
    r"|the|of|and|to|in|is|und|die|och|att)\b"
)
"""Small words of Danish and of its neighbours, and those that even a table has."""
FEWEST_WORDS = 100
FEWEST_KNOWN = 0.01
LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(slots=True)
class Sheet:
    """A page on its way to blocks."""

    page: Page
    lines: list[Line]
    tables: list[Table] = field(default_factory=list)


def read_pdf(body: bytes) -> Layout:
    """Read a PDF; raises UnreadableError, with the code scanned_pdf where a picture of text is all there is."""
    document = open_pdf(body)
    try:
        meta = read_meta(document.get_metadata_dict())
        pages = list(counted(read_pages(document)))
    finally:
        document.close()
    refuse_scans(pages)
    plumbed, problems = find_ruled(body, pages)
    sheets = [lay_out(page, plumbed.get(page.number, [])) for page in pages]
    margins = find_margins([(sheet.page.height, sheet.lines) for sheet in sheets])
    furniture = [(sheet.lines[index], rule) for number, sheet in enumerate(sheets)
                 for index, rule in margins.get(number, {}).items()]  # fmt: skip
    for number, sheet in enumerate(sheets):
        sheet.lines = [line for index, line in enumerate(sheet.lines) if index not in margins.get(number, {})]
    usual = find_type([line for sheet in sheets for line in sheet.lines if OBJECT not in line.text])
    flows = [flow for sheet in sheets for flow in read_sheet(sheet, usual)]
    builder = LayoutBuilder()
    cover = Cover()
    write_parts(builder, with_levels(join_flows(flows, usual.words)), cover)
    write_furniture(builder, [(line.text, rule) for line, rule in furniture])
    write_furniture(builder, [(page.turned, "turned_text") for page in pages])
    problems += [*page_problems(pages, builder.text()), *cover.problems()]
    return Layout(builder.text(), tuple(builder.blocks), READER, meta, tuple(problems))


def counted(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages as long as they have no more words than Kilde reads."""
    words = 0
    for page in pages:
        words += len(page.words)
        if words > MOST_WORDS:
            raise UnreadableError("too_large", f"more than {MOST_WORDS:,} words; split the file")
        yield page


def refuse_scans(pages: Sequence[Page]) -> None:
    """Raise UnreadableError for a document that is all pictures."""
    letters, pictures = sum(page.letters for page in pages), sum(page.images > 0 for page in pages)
    if letters < FEWEST_LETTERS * len(pages) and pictures * 2 >= len(pages):
        raise UnreadableError(
            "scanned_pdf", "a scanned PDF without a text layer; run it through OCR and ingest the result"
        )
    if not letters:
        raise UnreadableError("no_text", "there is no text in the PDF")


def find_ruled(body: bytes, pages: Sequence[Page]) -> tuple[dict[int, list[list[Box]]], list[Problem]]:
    """The cells of ruled tables by page number."""
    numbers = [page.number for page in pages if needs_plumbing(page)]
    found: dict[int, list[list[Box]]] = {}
    problems = []
    if len(numbers) > MOST_PLUMBED:
        detail = f"ruled tables are looked for on the first {MOST_PLUMBED} of {len(numbers)} pages with lines on them"
        problems.append(Problem("tables_not_looked_for", Severity.WARNING, detail))
    failed = []
    for number, tables in ruled_boxes(body, numbers[:MOST_PLUMBED]) if numbers else ():
        if tables is None:
            failed.append(number)
        else:
            found[number] = tables
    if failed:
        pages_ = ", ".join(map(str, failed[:20]))
        problems.append(
            Problem("tables_not_read", Severity.WARNING, f"tables on these pages are read as text: {pages_}")
        )
    return found, problems


def lay_out(page: Page, boxes: Sequence[Sequence[Box]]) -> Sheet:
    """A page with its ruled tables apart; a sign among its words keeps the place of each."""
    tables: list[Table] = []
    rest = list(page.words)
    for cells in boxes:
        table = ruled_table(cells, rest)
        if table is None:
            continue
        rest = [word for word in rest if not table.box.holds(word)]
        box = table.box
        rest.append(Word(f"{OBJECT}{len(tables)}", box.left, box.right, box.top, box.bottom, 1.0, bold=False))
        tables.append(table)
    return Sheet(page, find_lines(rest), tables)


def read_sheet(sheet: Sheet, usual: Type) -> Iterator[list[Part]]:
    """The flows of a page as paragraphs and tables."""
    for flow in reading_order(sheet.lines):
        parts: list[Part] = []
        waiting: list[Line] = []
        for item in aligned_tables(flow):
            table = item if isinstance(item, Table) else table_at(item, sheet.tables)
            if table is None and isinstance(item, Line):
                waiting.append(item)
                continue
            beside = without_table(item) if isinstance(item, Line) else None
            parts += find_paragraphs([*waiting, *([beside] if beside else [])], usual)
            waiting = []
            parts += [table] if table else []
        yield [*parts, *find_paragraphs(waiting, usual)]


def table_at(line: Line, tables: Sequence[Table]) -> Table | None:
    """The table whose place a line keeps."""
    mark = next((word.text for word in line.words if word.text.startswith(OBJECT)), None)
    return tables[int(mark[1:])] if mark and mark[1:].isdecimal() and int(mark[1:]) < len(tables) else None


def without_table(line: Line) -> Line | None:
    """What stands beside a table on the line that keeps its place."""
    segments = tuple(it for it in line.segments if not it.words[0].text.startswith(OBJECT))
    return Line(segments) if segments else None


def write_parts(builder: LayoutBuilder, parts: Sequence[Part], cover: Cover) -> None:
    """Write paragraphs and tables; a table that goes on at the top of the next page is one."""
    tables = 0
    before: Part | None = None
    for part in parts:
        if isinstance(part, Table):
            same = isinstance(before, Table) and before.columns == part.columns
            tables += not same
            start = len(builder.blocks)
            write_grid(builder, part.cells, tables, cover)
            if same and start < len(builder.blocks):
                builder.blocks[start] = replace(builder.blocks[start], gap=0)
        else:
            block = Block(part.kind, 0, 0, gap_before(part, before), part.level, links=links(part.text))
            builder.block(block, part.text)
        before = part


def gap_before(part: Paragraph, before: Part | None) -> int:
    """Blank lines before a paragraph: none for the next point of a list, or a line directly under another."""
    if not isinstance(before, Paragraph) or BlockKind.HEADING in {part.kind, before.kind}:
        return 1
    if part.kind is BlockKind.POINT is before.kind or part.space <= TOUCHING:
        return 0
    return max(1, min(3, round(part.space) - 1))


def write_furniture(builder: LayoutBuilder, found: Iterable[tuple[str, str]]) -> None:
    """Write what is no content behind it, each text once."""
    known: set[str] = set()
    for text, rule in found:
        key = re.sub(r"\d+", "#", text)
        if text and key not in known:
            known.add(key)
            builder.block(Block(BlockKind.LINE, 0, 0, furniture=rule), text)


def page_problems(pages: Sequence[Page], text: str) -> Iterator[Problem]:
    """What a reader of the records should know of the pages."""
    scanned = [page.number for page in pages if page.images and page.letters < FEWEST_LETTERS]
    if scanned:
        detail = f"pages without a text layer, only pictures: {', '.join(map(str, scanned[:20]))}"
        yield Problem("scanned_pages", Severity.WARNING, detail)
    cut = [page.number for page in pages if page.cut]
    if cut:
        yield Problem(
            "page_cut", Severity.WARNING, f"pages with more text than is read: {', '.join(map(str, cut[:20]))}"
        )
    words = sum(len(page.words) for page in pages)
    if sum(page.unmapped for page in pages) > MOST_UNMAPPED * words or reads_like_nothing(text):
        detail = "the fonts of the PDF do not say which letters they show; what is read may be no words"
        yield Problem("pdf_garbled", Severity.ERROR, detail)


def reads_like_nothing(text: str) -> bool:
    """Whether the small words that every text has are missing in a long one."""
    words = LETTERS.findall(text.casefold())
    known = sum(1 for _ in LANGUAGE_WORDS.finditer(text.casefold()))
    return len(words) >= FEWEST_WORDS and known < FEWEST_KNOWN * len(words)


def read_meta(values: dict[str, str]) -> Meta:
    """The title, unless it is a file's name, and the day on which the PDF was made."""
    title = normalise(" ".join(values.get("Title", "").split()))[:LONGEST_TITLE]
    made = MADE.match(values.get("CreationDate", ""))
    return Meta(title=None if FILE_TITLE.fullmatch(title) else title or None, published=day_of(made) if made else None)


def day_of(match: re.Match[str]) -> str | None:
    """The day that a PDF's date gives, as ISO; None where there is no such day."""
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None
