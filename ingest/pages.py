"""Blocks to sections: pages, articles, minutes, and whatever has no shape of its own.

`segments` is the walk over the blocks that newsletters share: a heading opens a record, everything else belongs to
the open one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.headings import Form, Heading, form
from ingest.layout import Block
from ingest.outline import Outline, starting, words
from kilde.model import Link, RecordKind, Span


def segments(
    text: str,
    blocks: Sequence[Block],
    headings: Sequence[Heading],
    imprints: Sequence[int] = (),
    *,
    first: RecordKind = RecordKind.SECTION,
    kind: RecordKind = RecordKind.SECTION,
    item_level: int = 9,
) -> list[Outline]:
    """The records of a text; headings deeper than `item_level` stay inside their record.

    `first` is the kind of the record that begins with the title. A heading above the level of the items, and the
    record it opens, is a section. An imprint between two records, or at the end, is a record of its own; inside a
    record it stays.
    """
    levels = {heading.index: heading.level for heading in headings if heading.level <= item_level}
    closed = closing(imprints, len(blocks), levels)
    parents: dict[int, str] = {}
    records: list[Outline] = []
    for index, block in enumerate(blocks):
        level = levels.get(index)
        if index in closed:
            records.append(starting(RecordKind.IMPRINT, block, heading=False))
        elif level == 1 and len(records) == 1 and records[0].heading is None:
            records[0] = replace(records[0].extended(block), heading=Span(block.start, block.end))
        elif level is not None:
            parents = {above: heading for above, heading in parents.items() if above < level}
            record_kind = first if level == 1 else (RecordKind.SECTION if level < item_level < 9 else kind)
            theme = parents[max(parents)] if parents else None
            records.append(starting(record_kind, block, heading=True, theme=theme))
            parents |= {level: " ".join(words(text, block).split())} if level > 1 else {}
        elif not records or records[-1].kind is RecordKind.IMPRINT:
            records.append(starting(first if not records else RecordKind.SECTION, block, heading=False))
        else:
            records[-1] = records[-1].extended(block, block_links(text, block))
    return records


def closing(imprints: Sequence[int], count: int, levels: dict[int, int]) -> frozenset[int]:
    """The imprints that stand between two records: only a heading, another imprint or nothing comes after them."""
    between = min(levels.values(), default=0) + 1
    after: dict[int, int] = {}
    for index in sorted(imprints, reverse=True):
        after[index] = after.get(index + 1, index + 1)
    return frozenset(
        index for index, end in after.items() if end == count or (levels.get(end) == between and index > 1)
    )


def block_links(text: str, block: Block) -> tuple[Link, ...]:
    """The links of a block: those of its format, or the block itself where it is a line that leads on."""
    if block.links:
        return block.links
    return (Link(words(text, block), None),) if form(text, block) is Form.LEAD_ON else ()
