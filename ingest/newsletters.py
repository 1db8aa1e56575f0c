"""Blocks to a newsletter's items.

A newsletter is a front (title and lead) and items, each with its heading, body and the lines that lead on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.headings import Heading
from ingest.layout import Block
from ingest.outline import Outline
from ingest.pages import segments
from ingest.wording import wording
from kilde.model import RecordKind

FEWEST_ITEMS = 2
WORD = re.compile(r"\w+")
SHORTEST_COMPOUND = 7
"""`Integrationsnyt` is a newsletter; `fornyt` and `nyt` inside other words are not."""


def is_newsletter_title(title: str) -> bool:
    """Whether a title says that it is a newsletter's.

    "Nyhedsbrev maj 2021", "Integrationsnyt januar", "Nyt fra ...".
    """
    names = wording()["newsletters"]
    found = [word for word in WORD.findall(title.casefold()) if word in names or is_compound(word, names)]
    return bool(found)


def is_compound(word: str, names: Sequence[str]) -> bool:
    """Whether a word ends in a newsletter's name: "integrationsnyt"."""
    return len(word) >= SHORTEST_COMPOUND and word.endswith(tuple(names)) and not word.startswith("forny")


def read_items(
    text: str, blocks: Sequence[Block], headings: Sequence[Heading], imprints: Sequence[int]
) -> list[Outline]:
    """The front and the items of a newsletter; `headings` are those of its items."""
    return segments(
        text, blocks, headings, imprints, first=RecordKind.FRONT, kind=RecordKind.ITEM, item_level=item_level(headings)
    )


def item_level(headings: Sequence[Heading]) -> int:
    """The depth at which the items' headings stand: the one with most headings, the upper one on a tie."""
    counts = Counter(heading.level for heading in headings if heading.level > 1)
    return min(counts, key=lambda level: (-counts[level], level), default=2)


def count_items(headings: Sequence[Heading]) -> int:
    """How many items these headings would give."""
    level = item_level(headings)
    return sum(heading.level == level for heading in headings)
