"""What the pages of a PDF repeat in their margins: headers, footers, page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from ingest.readers.pdf_lines import Line

ZONE = 0.12
"""Share of the page's height at its top and at its bottom in which margins are looked for."""
SAME_PLACE = 8.0
"""Points by which a repeated line may move."""
NUMBER = re.compile(
    r"(?:(?:side|s\.|page|p\.)\s*)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:af|/|of|\|)\s*\d{1,4})?", re.IGNORECASE
)
COUNTED = re.compile(r"\bside\s+\d{1,4}\s+(?:af|/)\s+\d{1,4}\Z", re.IGNORECASE)
"""The end of a margin that counts the pages beside what else it says."""
DIGITS = re.compile(r"\d+")
FEW_PAGES = 4


def find_margins(pages: Sequence[tuple[float, Sequence[Line]]]) -> dict[int, dict[int, str]]:
    """The lines that belong to margins, with their rule, by index of page and of line.

    In goes the height of each page with its lines from top to bottom.
    """
    found: dict[int, dict[int, str]] = defaultdict(dict)
    repeated: dict[tuple[str, float], list[tuple[int, int, float]]] = defaultdict(list)
    for page, (height, lines) in enumerate(pages):
        for index, line in enumerate(lines):
            rule = zone(line, height)
            if rule is None:
                continue
            if NUMBER.fullmatch(line.text):
                found[page][index] = "page_number"
            elif COUNTED.search(line.text):
                found[page][index] = rule
            else:
                key = DIGITS.sub("#", line.text.casefold())
                repeated[key, line.size].append((page, index, line.top))
    fewest = 2 if len(pages) <= FEW_PAGES else 3
    for places in repeated.values():
        if len({page for page, *_ in places}) >= fewest:
            for page, index, top in places:
                if sum(abs(top - other) <= SAME_PLACE for *_, other in places) >= fewest:
                    height, lines = pages[page]
                    found[page][index] = zone(lines[index], height) or "page_header"
    return found


def zone(line: Line, height: float) -> str | None:
    """The margin in which a line stands."""
    if line.bottom <= ZONE * height:
        return "page_header"
    return "page_footer" if line.top >= (1 - ZONE) * height else None
