"""One run over a text that gives the dates written in it, in their order, before years are filled in.

At each place where a date may begin the shape is matched that fits, and the reader of that shape says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kilde.danish import date_days, date_months, date_parts, date_years
from kilde.danish.date_patterns import anchor, from_digit, from_word
from kilde.danish.date_readings import Candidate, Reading, Refuse

_FROM_DIGIT: dict[str, Callable[[Reading], list[Candidate]]] = {
    "iso": date_days.read_iso,
    "dotted": date_days.read_numeric,
    "brief": date_days.read_numeric,
    "dashed": date_days.read_numeric,
    "slashed": date_days.read_numeric,
    "stamp": date_days.read_stamp,
    "days": date_days.read_days,
    "parts": date_parts.read_numbered_parts,
    "decade": date_years.read_decade,
    "year_first": date_parts.read_year_first,
    "years": date_years.read_years,
    "year": date_years.read_year,
    "slash": date_days.read_slash,
    "dot": date_days.read_dot,
}
_FROM_WORD: dict[str, Callable[[Reading], list[Candidate]]] = {
    "months": date_months.read_months,
    "seasons": date_parts.read_seasons,
    "ordinal": date_parts.read_ordinal_parts,
    "letter": date_parts.read_lettered_parts,
    "weeks": date_parts.read_weeks,
    "third": date_parts.read_third,
    "decade": date_years.read_decade_in_words,
}

_LONGEST_RUN = 64
"""Characters: a longer run of figures and full stops is no date and no list of them."""

_YEAR_IN_RUN = re.compile(r"(?:1[89]|20)[0-9]{2}(?![0-9])")


def scan(text: str, pivot: int | None, refuse: Refuse) -> list[Candidate]:
    """The candidates of a text without soft hyphens; `refuse` is told of what looks like a date and is none."""
    search, match_digit, match_word = anchor().search, from_digit().match, from_word().match
    found: list[Candidate] = []
    position = 0
    padded = f" {text}"
    while place := search(padded, position):
        position = place.end() - 1
        start = place.start()
        is_figure = place.lastindex is not None
        if is_figure:
            run = place.start(place.lastindex or 0) - 1
            start = run if run > start + 1 else start
            if position - start > _LONGEST_RUN or not _is_left_open(text, start, found):
                continue
            match, readers = match_digit(text, start), _FROM_DIGIT
        else:
            if not _is_left_open(text, start, found):
                continue
            match, readers = match_word(text, start), _FROM_WORD
        candidates = readers[match.lastgroup or ""](Reading(match, pivot, refuse)) if match else []
        if candidates:
            found += candidates
            position = candidates[-1].end
        elif match is None and is_figure and _YEAR_IN_RUN.match(text, start):
            refuse(start, position, "number")
        elif match is not None and match.lastgroup in _WHOLE:
            position = max(position, match.end())
    return found


_WHOLE = frozenset(("iso", "dotted", "brief", "dashed", "slashed", "stamp", "days", "years"))
"""Shapes that are refused as a whole: there is no year 2020 in 31.02.2020."""


def _is_left_open(text: str, start: int, found: list[Candidate]) -> bool:
    """Whether nothing ahead shows that the place is within an address, a path, a code or a longer number."""
    if not start or (found and found[-1].end >= start - 1):
        return True
    ahead = text[start - 1]
    if ahead.isspace():
        return True
    if ahead in "/\\@_=&#%+$€£~^":
        return False
    if ahead in "-.,:":
        before = text[start - 2 : start - 1]
        return not before.isdigit() and not (ahead == "-" and before.isalpha())
    return True
