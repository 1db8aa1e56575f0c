"""A layout to the structure of a document: what kind it is, its title, its records, and what belongs to none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.boilerplate import mark_boilerplate
from ingest.headings import Heading, find_headings
from ingest.imprints import Imprint, find_imprints
from ingest.layout import Block, BlockKind, Layout
from ingest.meetings import find_meeting_day
from ingest.newsletters import FEWEST_ITEMS, count_items, is_newsletter_title, read_items
from ingest.outline import Outline, Structure, words
from ingest.pages import segments
from ingest.references import read_references, reference_tail
from ingest.tables.catalogues import is_table, read_rows, with_tables
from ingest.wording import opening, whole_line
from kilde.model import DocumentKind, RecordKind, Span, Stretch

FEWEST_MINUTES_HEADINGS = 2
SHORTEST_ARTICLE = 2
"""Blocks below the title that make an article; less is something else."""


Kinds = tuple[DocumentKind | None, str | None]
"""The kind that the source's definition gives, which wins, and what the format's metadata says."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A structure with the imprints that were found on the way, and the line under the title."""

    structure: Structure
    imprints: tuple[Imprint, ...]
    lead: Span | None
    meeting: Span | None = None
    """The day of the meeting, of minutes that say it."""


def find_structure(layout: Layout, hinted: DocumentKind | None = None) -> Shape:
    """Decide what a layout is, unless its source says it (`hinted`), and cut it into records."""
    text = layout.text
    imprints = find_imprints(text, layout.blocks)
    blocks = mark_boilerplate(text, layout.blocks, tuple(imprints))
    structure = Structure(DocumentKind.OTHER, None, stretches=furniture(blocks))
    kept = [(index, block) for index, block in enumerate(blocks) if block.furniture is None]
    main = [block for _, block in kept]
    own_imprints = [position for position, (index, _) in enumerate(kept) if index in imprints]
    tail = reference_tail(text, main)
    read_main(
        text, main[:tail], [index for index in own_imprints if index < tail], (hinted, layout.meta.kind), structure
    )
    structure.kind = hinted or structure.kind
    read_references(text, main[tail:], structure)
    structure.records = [bulletless(text, record) for record in structure.records]
    lead = Span(main[1].start, main[1].end) if len(main) > 1 else None
    meeting = find_meeting_day(text, main) if structure.kind is DocumentKind.MINUTES else None
    return Shape(structure, tuple(imprint for found in imprints.values() for imprint in found), lead, meeting)


def furniture(blocks: Sequence[Block]) -> list[Stretch]:
    """Neighbouring blocks that are no content, as one stretch a rule."""
    stretches: list[Stretch] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        if block.furniture is None:
            continue
        if before and before.furniture == block.furniture:
            stretches[-1] = replace(stretches[-1], end=block.end)
        else:
            stretches.append(Stretch(block.start, block.end, block.furniture))
    return stretches


def read_main(text: str, blocks: list[Block], imprints: list[int], kinds: Kinds, into: Structure) -> None:
    """Cut what is content into records, by the kind of document that it is."""
    if not blocks:
        return
    if is_table(blocks):
        end = len(blocks)
        while end > 0 and end - 1 in imprints:
            end -= 1
        read_rows(text, blocks[:end], into)
        into.records += segments(text, blocks[end:], [], range(len(blocks) - end))
        into.title = next((it.heading for it in into.records if it.kind is RecordKind.FRONT), None)
        return
    headings = find_headings(text, blocks, items=False)
    has_title = bool(headings) and headings[0].level == 1
    into.title = Span(blocks[headings[0].index].start, blocks[headings[0].index].end) if has_title else None
    title = words(text, into.title) if into.title else ""
    hinted, meta_kind = kinds
    into.kind = hinted or kind_of(text, blocks, headings, title, meta_kind)
    if into.kind is DocumentKind.NEWSLETTER:
        records = read_items(text, blocks, find_headings(text, blocks, items=True), imprints)
    else:
        first = RecordKind.FRONT if into.kind is DocumentKind.MINUTES else RecordKind.SECTION
        records = segments(text, blocks, headings, imprints, first=first)
    into.records = with_tables(text, blocks, records, into)


def kind_of(
    text: str, blocks: Sequence[Block], headings: Sequence[Heading], title: str, meta_kind: str | None
) -> DocumentKind:
    """What kind of document it is; tables have been seen to before."""
    below = [words(text, blocks[heading.index]) for heading in headings if heading.level > 1]
    procedural = sum(whole_line("minutes").fullmatch(heading) is not None for heading in below)
    if opening("minutes_documents").match(title) and len(blocks) > 1:
        return DocumentKind.MINUTES
    if procedural >= FEWEST_MINUTES_HEADINGS or (procedural and opening("minutes_titles").search(title)):
        return DocumentKind.MINUTES
    if is_newsletter_title(title) and count_items(find_headings(text, blocks, items=True)) >= FEWEST_ITEMS:
        return DocumentKind.NEWSLETTER
    if meta_kind == DocumentKind.MAIL:
        return DocumentKind.MAIL
    if below:
        return DocumentKind.PAGE
    content = [block for block in blocks if block.kind in {BlockKind.LINE, BlockKind.POINT}]
    article = bool(title) and len(content) > SHORTEST_ARTICLE
    return DocumentKind.ARTICLE if article or (title and meta_kind == "article") else DocumentKind.OTHER


def bulletless(text: str, record: Outline) -> Outline:
    """A record whose heading does not begin with a bullet."""
    if record.heading is None:
        return record
    line = words(text, record.heading)
    start = record.heading.start + len(line) - len(line.lstrip("•·*–- \t\xa0"))
    return replace(record, heading=Span(start, record.heading.end)) if start < record.heading.end else record
