"""A date as its parts, before its year is known, and the days that it means.

A `Moment` says what was written: a grain, a year if there is one, and numbers whose sense depends on the grain.
`period` gives its first and last day: seasons are the meteorological ones, school years run from 1 August to 31 July,
weeks are ISO 8601, primo, medio and ultimo are the days 1-10, 11-20 and 21 to the end of a month, and
January-February, June-July and November-December of a year.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from kilde.danish.mentions import Grain

LIKELY_YEARS = range(1950, 2061)
"""Outside of these a number without a word that dates it is more often a count than a year."""

LAST_YEAR = 2100
"""A number alone is taken for a year from 1800 to this one."""

Period: TypeAlias = tuple[date, date]


class Moment(NamedTuple):
    """What was written of a date.

    `number` is a month (day, month), the first month (season), a quarter, half or week, or of a part its month, 0 for
    none. `day` is the day of the month, or of a part its third: 1 primo, 2 medio, 3 ultimo. `year` is None where none
    was written; of a decade or school year it is the first year.
    """

    grain: Grain
    year: int | None
    number: int = 0
    day: int = 0


@lru_cache(maxsize=4096)
def period(moment: Moment, year: int) -> Period | None:
    """First and last day of the moment in that year, both inclusive; None when there is no such day."""
    try:
        return _PERIODS[moment.grain](year, moment.number, moment.day)
    except ValueError:
        return None


def own_period(moment: Moment) -> Period | None:
    """The period in the year that was written; None without one."""
    return None if moment.year is None else period(moment, moment.year)


def is_possible(moment: Moment) -> bool:
    """Whether there is such a day, in the year that was written or in any."""
    years = (2000, 2004, 2020) if moment.year is None else (moment.year,)
    return any(period(moment, year) is not None for year in years)


def months_from(year: int, month: int, count: int) -> Period:
    """A period of that many whole months."""
    index = year * 12 + month - 1 + count - 1
    last_year, last_month = divmod(index, 12)
    return date(year, month, 1), date(last_year, last_month + 1, monthrange(last_year, last_month + 1)[1])


def _day(year: int, month: int, day: int) -> Period:
    return date(year, month, day), date(year, month, day)


def _week(year: int, week: int, _: int) -> Period:
    monday = date.fromisocalendar(year, week, 1)
    return monday, monday + timedelta(days=6)


def _part(year: int, month: int, third: int) -> Period:
    if not month:
        return months_from(year, (1, 6, 11)[third - 1], 2)
    first, last = months_from(year, month, 1)
    days = ((1, 10), (11, 20), (21, last.day))[third - 1]
    return first.replace(day=days[0]), last.replace(day=days[1])


_PERIODS: dict[Grain, Callable[[int, int, int], Period]] = {
    Grain.DAY: _day,
    Grain.WEEK: _week,
    Grain.PART: _part,
    Grain.MONTH: lambda year, month, _: months_from(year, month, 1),
    Grain.QUARTER: lambda year, quarter, _: months_from(year, 3 * quarter - 2, 3),
    Grain.SEASON: lambda year, month, _: months_from(year, month, 3),
    Grain.HALF: lambda year, half, _: months_from(year, 6 * half - 5, 6),
    Grain.YEAR: lambda year, *_: months_from(year, 1, 12),
    Grain.SCHOOL_YEAR: lambda year, *_: months_from(year, 8, 12),
    Grain.DECADE: lambda year, *_: months_from(year, 1, 120),
    Grain.RANGE: lambda year, number, _: months_from(year, 1, 12 * number),
}
"""A range as one moment is that many whole years, such as a century."""
