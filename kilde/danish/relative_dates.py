"""Dates that are counted from the day of publication: `i går`, `næste uge`, `sidste år`, `på fredag`, `i sommer`.

The phrases are in `lexicon/relative_dates.tsv`. One that needs more than is known of the publication is not found.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from dateutil.relativedelta import relativedelta

from kilde.danish.date_evidence import days_between
from kilde.danish.date_patterns import SPACE
from kilde.danish.date_periods import Moment, Period, months_from, period
from kilde.danish.date_words import alternation, behind_mark, by_first_letter
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.mentions import Basis, DateMention, Grain, PartialDate

_GRAINS = {
    "day": Grain.DAY,
    "weekday": Grain.DAY,
    "week": Grain.WEEK,
    "month": Grain.MONTH,
    "quarter": Grain.QUARTER,
    "season": Grain.SEASON,
    "year": Grain.YEAR,
}
_YEARS = range(1000, 3000)
"""Years of publication that leave room for counting on both sides."""

_NEEDS_MONTH = ("month", "quarter", "season")


@cache
def _phrases() -> dict[str, tuple[str, int, int]]:
    """Unit, its number and the steps of each phrase."""
    found: dict[str, tuple[str, int, int]] = {}
    for phrase, unit, steps in read_rows("relative_dates.tsv"):
        name, _, number = unit.partition(" ")
        found[phrase] = name, int(number or 0), int(steps)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    rests: dict[str, list[str]] = {}
    for phrase in _phrases():
        head, _, rest = phrase.partition(" ")
        rests.setdefault(head, []).append(rest)
    heads = {head: rf"{SPACE}(?:{alternation(of)})(?!\w)" for head, of in rests.items()}
    return re.compile(behind_mark(by_first_letter(heads).replace(r"\ ", SPACE)))


def find_relative_dates(text: str, published: PartialDate) -> list[DateMention]:
    """The relative dates of a text, in their order."""
    found: list[DateMention] = []
    for match in _pattern().finditer(f" {text}"):
        surface = match.group()[1:]
        unit, number, steps = _phrases()[" ".join(surface.lower().split())]
        if not _is_known(unit, published) or published.year not in _YEARS:
            continue
        days = _period(unit, number, steps, published.first)
        start, end = match.start(), match.end() - 1
        rule = f"relative_{unit}"
        found.append(DateMention(start, end, surface, *days, _GRAINS[unit], Basis.RELATIVE, rule))
    return found


def _is_known(unit: str, published: PartialDate) -> bool:
    return bool(published.day) or unit == "year" or (bool(published.month) and unit in _NEEDS_MONTH)


def _period(unit: str, number: int, steps: int, day: date) -> Period:
    if unit == "weekday":
        return _weekday(number, steps, day)
    if unit == "season":
        return _season(number, steps, day)
    if unit == "day":
        return day + timedelta(days=steps), day + timedelta(days=steps)
    if unit == "week":
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=steps)
        return monday, monday + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    moved = day + relativedelta(months=months * steps)
    return months_from(moved.year, moved.month - (moved.month - 1) % months, months)


def _weekday(number: int, steps: int, day: date) -> Period:
    """The nearest such weekday before the day, or after it."""
    ahead = (number - day.isoweekday()) % 7 or 7
    found = day + timedelta(days=ahead if steps > 0 else ahead - 7 or -7)
    return found, found


def _season(month: int, steps: int, day: date) -> Period:
    """The last one that is over, the next one, or the nearest."""
    years = (period(Moment(Grain.SEASON, None, month), year) for year in range(day.year - 2, day.year + 3))
    seasons = [found for found in years if found is not None]
    if steps < 0:
        return max(found for found in seasons if found[1] < day)
    if steps > 0:
        return min(found for found in seasons if found[0] > day)
    return min(seasons, key=lambda found: abs(days_between((day, day), found)))
