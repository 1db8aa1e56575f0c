"""The day of a meeting, by which minutes and agendas are dated: in their title, or in a line of their head.

"Referat fra mødet den 12. maj 2021", "Mødedato: 12. maj 2021", "Møde: onsdag d. 12/5-2021", "Onsdag den 12. maj 2021".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.layout import Block
from ingest.outline import words
from kilde.danish.dates import find_dates
from kilde.model import Basis, DateMention, Grain, Span

HEAD = 8
"""Blocks at the top of a document among which its date stands."""
LONGEST = 200
LABEL = re.compile(
    r"\s*(?:(?:møde(?:t|dato|dag|tidspunkt)?|dato|tid(?:spunkt)?|afholdt)\b[^.:\d]{0,40}[:.]?"
    r"|(?:man|tirs|ons|tors|fre|lør|søn)dag\b)",
    re.IGNORECASE,
)
PLANNED = re.compile(r"\b(?:næste|kommende|udsat)\b", re.IGNORECASE)


def find_meeting_day(text: str, blocks: Sequence[Block]) -> Span | None:
    """Where the day of the meeting stands among the first blocks of minutes; None where no line says it alone."""
    for number, block in enumerate(blocks[:HEAD]):
        for line in lines(text, block):
            line_text = text[line.start : line.end]
            if len(line_text) > LONGEST or (number and not LABEL.match(line_text)) or PLANNED.search(line_text):
                continue
            days = [it for it in find_dates(line_text) if is_day(it)]
            if len(days) == 1:
                return Span(line.start + days[0].start, line.start + days[0].end)
    return None


def lines(text: str, block: Block) -> list[Span]:
    """The lines of a block."""
    spans, start = [], block.start
    for line in words(text, block).split("\n"):
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    return spans


def is_day(date: DateMention) -> bool:
    """Whether a date is a day that is written in full."""
    return date.grain is Grain.DAY and date.basis is Basis.EXPLICIT
