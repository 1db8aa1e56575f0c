"""Two dates that are the ends of one period: `28. februar til 2. marts 2020`, `fra 2016 til 2019`, `1/4-30/6 2020`.

What one end leaves out it has from the other: a year before it is the same or the year before, one after it the same or
the next. Ends of unlike grain need `til`, and years of their own unless they are days and months.
"""

from __future__ import annotations

import re
from functools import cache

from kilde.danish.date_patterns import DASHED, DAY_LEAD, SPACE, UNTIL, weekday
from kilde.danish.date_periods import Moment, own_period
from kilde.danish.date_readings import Candidate
from kilde.danish.date_words import lead_before
from kilde.danish.mentions import Grain

_REACH = 60
"""Characters between the ends of a period at most."""

_FINE = frozenset((Grain.DAY, Grain.MONTH, Grain.PART, Grain.WEEK, Grain.QUARTER, Grain.SEASON, Grain.HALF))


@cache
def _joint() -> re.Pattern[str]:
    edge = rf"(?:(?:udgangen|slutningen|udløbet|starten){SPACE}af{SPACE})?+"
    lead = rf"(?:(?:i|uge|året|årene|{weekday()}){SPACE})?+{DAY_LEAD}{edge}"
    return re.compile(
        rf"(?:(?P<dash>{DASHED}|/)|{SPACE}(?P<until>{UNTIL})|{SPACE}(?P<both>og){SPACE}){lead}", re.IGNORECASE
    )


def join_ranges(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """The same dates in their order, with two that a dash or `til` joins made one."""
    joined: list[Candidate] = []
    for candidate in candidates:
        whole = _join(text, joined[-1], candidate) if joined else None
        if whole is None:
            joined.append(candidate)
        else:
            joined[-1] = whole
    return joined


def _join(text: str, one: Candidate, other: Candidate) -> Candidate | None:
    if other.start - one.end > _REACH or one.last is not None or other.last is not None:
        return None
    joint = _joint().fullmatch(text, one.end, other.start)
    if joint is None or (joint["both"] and lead_before(text, one.start) not in ("mellem", "imellem")):
        return None
    if not _are_ends(one.first, other.first, is_dash=joint["dash"] is not None):
        return None
    first, last = _share_year(one.first, other.first)
    periods = own_period(first), own_period(last)
    if periods[0] is not None and periods[1] is not None and periods[0][0] > periods[1][1]:
        return None
    return Candidate(one.start, other.end, first, last, "range")


def _are_ends(first: Moment, last: Moment, *, is_dash: bool) -> bool:
    if first.grain is last.grain:
        return True
    if is_dash and (first.year is None or last.year is None):
        return False
    if first.grain in _FINE and last.grain in _FINE:
        return True
    return not is_dash and first.year is not None and last.year is not None


def _share_year(first: Moment, last: Moment) -> tuple[Moment, Moment]:
    if first.year is None and last.year is not None:
        return first._replace(year=_no_later(first, last.year, last)), last
    if last.year is None and first.year is not None:
        same = last._replace(year=first.year)
        begins, ends = own_period(first), own_period(same)
        later = begins is not None and ends is not None and ends[1] < begins[0]
        return first, same._replace(year=first.year + later)
    return first, last


def _no_later(first: Moment, year: int, last: Moment) -> int:
    begins, ends = own_period(first._replace(year=year)), own_period(last)
    return year - (begins is not None and ends is not None and begins[0] > ends[1])
