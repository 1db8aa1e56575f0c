"""Imprint lines: "Sidst opdateret 16.09.2020", "Udgivet 3. maj 2021"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ingest.layout import Block, BlockKind
from ingest.outline import words
from ingest.wording import opening, wording
from kilde.danish.dates import find_dates
from kilde.model import DateMention, Grain

LONGEST = 120
NEAR = 20
"""Characters between the imprint's word and its date: "Sidst opdateret den: "."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """A date of an imprint line. `start` is where the line starts in the document's text."""

    updated: bool
    """Whether it says when the page was changed; else when it came out."""
    date: DateMention
    start: int
    line: str


def find_imprints(text: str, blocks: Sequence[Block]) -> dict[int, tuple[Imprint, ...]]:
    """The imprint lines by the index of their block."""
    found = {
        index: read_imprint(words(text, block), block.start) for index, block in enumerate(blocks) if likely(block)
    }
    return {index: imprints for index, imprints in found.items() if imprints}


def likely(block: Block) -> bool:
    """Whether a block has the form of an imprint."""
    return block.kind is BlockKind.LINE and block.end - block.start <= LONGEST


@cache
def initials() -> frozenset[str]:
    """The letters that imprints begin with: most lines are none, and need no more than this to be known."""
    return frozenset(word[0] for name in ("updated", "published") for word in wording()[name])


def read_imprint(line: str, start: int) -> tuple[Imprint, ...]:
    """The dates of an imprint line, or nothing where the line is none."""
    if line.lstrip()[:1].lower() not in initials() or not (
        opening("updated").match(line) or opening("published").match(line)
    ):
        return ()
    found, position = [], 0
    for date in find_dates(line):
        before = line[position : date.start].strip(" \t|·•,;-–")
        position = date.end
        updated, published = opening("updated").match(before), opening("published").match(before)
        word = updated or published
        if word and len(before) - word.end() <= NEAR and date.grain in {Grain.DAY, Grain.MONTH, Grain.YEAR}:
            found.append(Imprint(updated is not None, date, start, line))
    return tuple(found)
