"""Plain text: lines, wrapped paragraphs, list points, tab-separated rows.

The text stays as it came, except that cells with HTML in them lose their tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from ingest.layout import Block, BlockKind, Layout, LayoutBuilder, normalise
from ingest.readers.encoding import decode
from ingest.readers.markup import has_markup, strip_markup
from kilde.model import Link, Span

READER = "text/1"
BULLET = re.compile(r"[ \t\xa0]*(?:[•·▪◦‣●○■*]|[-–—][ \t\xa0]|o[ \t\xa0]{2,})[ \t\xa0]*(?=\S)")
RULE = re.compile(r"[\s\-–—_=*~.]*")
URL = re.compile(r"https?://[^\s<>\"]{1,2000}|www\.[^\s<>\"]{4,2000}")
WRAP_SHORTEST, WRAP_LONGEST = 40, 140
"""Widths at which texts are wrapped by hand or by a printer, in characters."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: where its text stands, and what it is."""

    start: int
    end: int
    gap: int
    indent: int
    kind: BlockKind
    table: int = 0


def read_text(body: bytes, declared: str | None = None) -> Layout:
    """Read plain text; raises UnreadableError for binary data."""
    decoded, _, problems = decode(body, declared)
    source = normalise(decoded)
    text, cells = untag_cells(source) if has_markup(source) and "\t" in source else (source, {})
    lines = list(number_tables(find_lines(text, cells)))
    blocks = [block for run in runs(lines) for block in run_blocks(text, run, cells)]
    return Layout(text, tuple(blocks), READER, problems=tuple(problems))


def untag_cells(source: str) -> tuple[str, dict[int, tuple[Span, ...]]]:
    """The text with the markup gone from its rows, and the cells of each such row by the offset of its line."""
    builder, rows = LayoutBuilder(), dict[int, tuple[Span, ...]]()
    for line in source.splitlines(keepends=True):
        if "\t" not in line or not has_markup(line):
            builder.write(line)
            continue
        start, spans = builder.length, []
        for number, cell in enumerate(line.rstrip("\n").split("\t")):
            if number:
                builder.write("\t")
            spans.append(builder.write(strip_markup(cell) if has_markup(cell) else cell.strip(" ")))
        rows[start] = tuple(spans)
        builder.write("\n" if line.endswith("\n") else "")
    return builder.text(), rows


def find_lines(text: str, cells: dict[int, tuple[Span, ...]]) -> Iterator[Line]:
    """The lines that are not blank; a row whose cells hold line feeds is one line."""
    position, gap = 0, -1
    while position < len(text):
        newline = text.find("\n", cells[position][-1].end if position in cells else position)
        end = len(text) if newline < 0 else newline
        content = text[position:end].strip()
        if content:
            kind = line_kind(content, position in cells)
            blank = " \xa0" if kind is BlockKind.ROW else None
            start = position + len(text[position:end]) - len(text[position:end].lstrip(blank))
            stop = position + len(text[position:end].rstrip(blank))
            yield Line(start, stop, max(gap, 0), start - position, kind)
            gap = 0
        else:
            gap += 1
        position = end + 1


def line_kind(content: str, row: bool) -> BlockKind:
    """What a line is by itself."""
    if len(content) >= 3 and RULE.fullmatch(content):
        return BlockKind.RULE
    if row or "\t" in content:
        return BlockKind.ROW
    return BlockKind.POINT if BULLET.match(content) else BlockKind.LINE


def number_tables(lines: Iterator[Line]) -> Iterator[Line]:
    """Give each row the number of its table; anything but blank lines and rules between rows ends a table."""
    table, inside = 0, False
    for line in lines:
        if line.kind is BlockKind.ROW:
            table += not inside
            inside = True
        elif line.kind is not BlockKind.RULE:
            inside = False
        number = table if inside else 0
        yield Line(line.start, line.end, line.gap, line.indent, line.kind, number)


def runs(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines of one kind with no blank line between them."""
    numbers, number, previous = [], 0, None
    for line in lines:
        number += line.gap > 0 or previous is not line.kind
        numbers.append(number)
        previous = line.kind
    yield from ([line for line, _ in group] for _, group in groupby(zip(lines, numbers, strict=True), lambda it: it[1]))


def run_blocks(text: str, run: list[Line], cells: dict[int, tuple[Span, ...]]) -> Iterator[Block]:
    """The blocks of one run: one a line, or one a paragraph where the run is wrapped."""
    if run[0].kind is not BlockKind.LINE:
        for line in run:
            yield line_block(text, line, line.end, cells)
        return
    for paragraph in paragraphs(text, run):
        yield line_block(text, paragraph[0], paragraph[-1].end, cells)


def line_block(text: str, line: Line, end: int, cells: dict[int, tuple[Span, ...]]) -> Block:
    """The block that begins with a line."""
    spans: tuple[Span, ...] = ()
    if line.kind is BlockKind.ROW:
        untagged = cells.get(line.start - line.indent)
        spans = within(untagged, line.start, end) if untagged else split_cells(text, line)
    return Block(
        line.kind, line.start, end, line.gap, cells=spans, table=line.table, links=links(text[line.start : end])
    )


def within(cells: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    """Cells without the no-break spaces at the ends of their row, which are no part of its block."""
    return tuple(Span(min(max(it.start, start), end), min(max(it.end, start), end)) for it in cells)


def split_cells(text: str, line: Line) -> tuple[Span, ...]:
    """The cells of a tab-separated line, without the spaces that pad them."""
    spans, position = [], line.start
    for cell in text[line.start : line.end].split("\t"):
        inner = cell.strip()
        start = position + (len(cell) - len(cell.lstrip()) if inner else 0)
        spans.append(Span(start, start + len(inner)))
        position += len(cell) + 1
    return tuple(spans)


def paragraphs(text: str, run: list[Line]) -> Iterator[list[Line]]:
    """Join the lines of wrapped paragraphs: a line goes on where the line before is as wide as the run allows.

    A run is wrapped when most of its lines but the last are nearly as wide as its widest and break off in a sentence.
    An indented line begins a paragraph.
    """
    width = max(line.end - line.start for line in run)
    inner = run[:-1]
    wide = [line for line in inner if line.end - line.start > 0.75 * width]
    broken = [line for line in wide if text[line.end - 1] not in ".:!?"]
    wrapped = WRAP_SHORTEST <= width <= WRAP_LONGEST and bool(inner) and len(broken) * 2 >= len(inner)
    if not wrapped or (len(run) == 2 and not text[run[1].start].islower()):
        yield from ([line] for line in run)
        return
    paragraph = [run[0]]
    for before, line in pairwise(run):
        if line.indent > run[0].indent or not goes_on(text, before, line, width):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    yield paragraph


def goes_on(text: str, before: Line, line: Line, width: int) -> bool:
    """Whether a line of a wrapped run is the continuation of the one before."""
    return before.end - before.start > 0.6 * width or text[line.start].islower()


def links(text: str) -> tuple[Link, ...]:
    """Addresses that stand in the text."""
    if "http" not in text and "www." not in text:
        return ()
    found = (match[0].rstrip(".,;:)!?'’”") for match in URL.finditer(text))
    return tuple(Link(url, url if url.startswith("http") else f"http://{url}") for url in found)
