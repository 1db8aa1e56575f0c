"""Holidays with their year: `2. pinsedag 2021`, `Kristi himmelfartsdag 2020`, `juleaften 2019`.

Names and rules are in `lexicon/holidays.tsv`: the days from Easter Sunday of a movable feast, or the month and day of a
fixed one. Without a year written beside it a holiday is no date here.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

from kilde.danish.date_words import alternation
from kilde.danish.folding import GAP
from kilde.danish.lexicon_rows import read_rows

LONGEST = 60
"""Characters before a year in which its holiday is looked for."""


@cache
def _rules() -> dict[str, str]:
    return {name: rule for name, rule in read_rows("holidays.tsv")}


@cache
def _before_year() -> re.Pattern[str]:
    names = alternation(_rules()).replace(r"\ ", GAP)
    return re.compile(rf"(?<![\w.])({names}),?{GAP}(?:i{GAP})?\Z", re.IGNORECASE)


@cache
def _last_words() -> tuple[str, ...]:
    """How the names end, for a first look."""
    return tuple({name.rsplit(" ", 1)[-1][-4:] for name in _rules()})


def holiday_before(text: str, year_start: int, year: int) -> tuple[int, date] | None:
    """Where the holiday begins that stands before a year, and its day; None where there is none.

    >>> holiday_before("Åbent 2. pinsedag 2021", 18, 2021)
    (6, datetime.date(2021, 5, 24))
    """
    ahead = text[max(0, year_start - LONGEST) : year_start]
    words = ahead.lower().replace(",", " ").split()[-2:]
    if not any(word.endswith(_last_words()) for word in words):
        return None
    found = _before_year().search(ahead)
    if found is None:
        return None
    rule = _rules()[" ".join(found[1].lower().split())]
    return year_start - len(ahead) + found.start(), _day(rule, year)


def _day(rule: str, year: int) -> date:
    """`easter+50` is counted from Easter Sunday, `12-24` is month and day, `sunday 5 2` the second Sunday of May."""
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule.removeprefix("easter") or 0))
    if rule.startswith("sunday"):
        _, month, number = rule.split(" ")
        first = date(year, int(month), 1)
        return first + timedelta(days=6 - first.weekday() + 7 * (int(number) - 1))
    month, day = rule.split("-")
    return date(year, int(month), int(day))
