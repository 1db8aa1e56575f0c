"""What a grant is for and how long it lasts, as far as its sentence says so."""

from __future__ import annotations

import re

from kilde.danish.dates import find_dates
from kilde.danish.folding import GAP
from kilde.danish.mentions import Grain

MAX_PURPOSE = 200
"""Characters of a purpose; a longer one is cut at a word."""

_MEANWHILE = (
    r"(?:om året|årligt|hver|i (?:støtte|tilskud|bevilling)|i \d{4}(?:-\d{2,4})?|i perioden [^,.;]{4,30}?"
    r"|over (?:\d|[^\W\d_]+) år|fra (?:\d{4} til \d{4}|[^\W\d_]+))"
)
_PURPOSE = re.compile(rf"{GAP}(?:{_MEANWHILE}{GAP}){{0,2}}til{GAP}(?=\S)")
_CLAUSE_END = re.compile(
    r"[;:()\n\t•]|[.!?](?=\s|\Z)"
    rf"|,?{GAP}(?:mens|medens|hvoraf|heraf|fordi|hvis)(?!\w)"
    rf"|,{GAP}(?:men|som|der|hvor|hvilket|så|når|idet|efter|at|og{GAP}(?:det|de|den|han|hun|der))(?!\w)"
)
_TRAILING = re.compile(r"(?:[\s,.–-]|(?<=\s)(?:og|samt)(?!\w))+\Z")
_SPLIT_WORD = re.compile(r"\s+\S*\Z")
_IN = re.compile(rf"{GAP}i{GAP}")


def find_purpose(text: str, position: int, end: int) -> str | None:
    """What follows "til" at a position, up to the end of its clause; white space is folded.

    >>> find_purpose("Vejle får 2 mio. kr. til nye stier, mens Ribe venter.", 20, 53)
    'nye stier'
    """
    lead = _PURPOSE.match(text, position, end)
    if lead is None:
        return None
    end = min(end, lead.end() + 2 * MAX_PURPOSE)
    stop = _CLAUSE_END.search(text, lead.end(), end)
    purpose = " ".join(text[lead.end() : stop.start() if stop else end].split())
    if len(purpose) > MAX_PURPOSE:
        purpose = _SPLIT_WORD.sub("", purpose[:MAX_PURPOSE])
    return _TRAILING.sub("", purpose) or None


def find_period(text: str, position: int, end: int) -> str | None:
    """The first range of years, months or days in a stretch as it is written, or the year right after "i".

    >>> find_period("Vejle får 2 mio. kr. i perioden 2024-2027.", 20, 42)
    '2024-2027'
    """
    for date in find_dates(text[position:end]):
        in_year = date.grain is Grain.YEAR and _IN.fullmatch(text, position, position + date.start)
        if date.grain in (Grain.RANGE, Grain.SCHOOL_YEAR) or in_year:
            return " ".join(date.surface.split())
    return None
