"""Lists of sources: "VIVE 2018: "Titel"", "Web opslået 10.03.2021: <https://…>".

Each line becomes a record of kind reference with the parts that it gives as fields: publisher, year, title, address,
date of access.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.layout import Block, BlockKind
from ingest.outline import Column, Outline, Structure, starting, words
from ingest.wording import whole_line
from kilde.danish.dates import find_dates
from kilde.model import Grain, RecordKind, Span, Stretch

YEAR = re.compile(r"(?<![\d./-])(?:1[89]|20)\d\d(?![\d./-])")
ADDRESS = re.compile(r"<?((?:https?://|www\.)[^\s<>]{3,2000})>?")
QUOTED = re.compile(r"[\"“”»„]([^\"“”«»]{2,400})[\"“”«]")
AFTER_YEAR = re.compile(r"\s*\)?\s*(?:\([^()]{0,200}\))?\s*[:.,]\s*")
END_OF_TITLE = re.compile(r"\.\s|\.$|$")
LONGEST = 700
LONGEST_HEAD = 60


def is_reference_head(text: str, block: Block) -> bool:
    """Whether a line says that sources follow: "Kildeliste:"."""
    return (
        block.kind in {BlockKind.LINE, BlockKind.HEADING}
        and block.end - block.start <= LONGEST_HEAD
        and whole_line("references").fullmatch(words(text, block)) is not None
    )


def reference_tail(text: str, blocks: Sequence[Block]) -> int:
    """The index of the line "Kildeliste:" behind which the document holds nothing but sources, or the number of
    blocks."""
    for index, block in enumerate(blocks[:-1]):
        if is_reference_head(text, block) and all(is_reference(text, later) for later in blocks[index + 1 :]):
            return index
    return len(blocks)


def is_reference(text: str, block: Block) -> bool:
    """Whether a line gives a source: it is not long, and has a year, an address or a quoted title."""
    line = words(text, block)
    short = block.kind in {BlockKind.LINE, BlockKind.POINT} and len(line) <= LONGEST
    return short and any(pattern.search(line) for pattern in (YEAR, ADDRESS, QUOTED))


def read_references(text: str, blocks: Sequence[Block], into: Structure) -> None:
    """Add the references to a structure; `blocks` begins with their head."""
    if not blocks:
        return
    into.stretches.append(Stretch(blocks[0].start, blocks[0].end, "reference_head"))
    into.records.extend(read_reference(text, block) for block in blocks[1:])


def read_reference(text: str, block: Block) -> Outline:
    """One source; its heading is its title, else its address."""
    line = words(text, block)
    address = ADDRESS.search(line)
    parts = web_parts(line, address.span(1)) if address else work_parts(line)
    columns = tuple(Column(name, Span(block.start + start, block.start + end)) for name, (start, end) in parts.items())
    spans = {column.name: column.span for column in columns}
    heading = spans.get("title", spans.get("address", Span(block.start, block.end)))
    return replace(
        starting(RecordKind.REFERENCE, block, heading=True), heading=heading, columns=columns, links=block.links
    )


def work_parts(line: str) -> dict[str, tuple[int, int]]:
    """Publisher, year and title of a printed work, each where it stands in the line."""
    year = YEAR.search(line)
    quoted = QUOTED.search(line)
    parts: dict[str, tuple[int, int]] = {}
    before = year.start() if year else (quoted.start() if quoted else 0)
    publisher = line[:before].rstrip(" ,:;(")
    start = len(publisher) - len(publisher.lstrip(" •-–*"))
    if publisher[start:]:
        parts["publisher"] = (start, len(publisher))
    if year:
        parts["year"] = year.span()
    title = quoted.span(1) if quoted else unquoted_title(line, year)
    return parts | ({"title": title} if title else {})


def unquoted_title(line: str, year: re.Match[str] | None) -> tuple[int, int] | None:
    """A title without quotation marks: the sentence after the year."""
    after = AFTER_YEAR.match(line, year.end()) if year else None
    if not after:
        return None
    end = END_OF_TITLE.search(line, after.end())
    stop = end.start() if end else len(line)
    return (after.end(), stop) if stop > after.end() else None


def web_parts(line: str, address: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """Address and date of access, and what else a line with an address gives."""
    rest = line[: address[0]]
    days = [date for date in find_dates(rest) if date.grain is Grain.DAY]
    accessed = {"accessed": (days[-1].start, days[-1].end)} if days else {}
    work = work_parts(rest) if QUOTED.search(rest) or YEAR.search(rest) else {}
    return {**work, "address": address, **accessed}
