"""A date as Danes write it, in a form that reads back to the same days and grain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kilde.danish.date_periods import LIKELY_YEARS, months_from
from kilde.danish.date_words import month_forms, seasons
from kilde.danish.mentions import DateMention, Grain


def print_date(mention: DateMention) -> str:
    """`12. marts 2020`, `uge 14, 2022`, `2016-2019`; ValueError for an open end, which no single form has."""
    if mention.first is None or mention.last is None:
        raise ValueError(f"expected a date with both ends, found {mention.surface!r} with an open one")
    return _PRINTERS[mention.grain](mention.first, mention.last)


def _day(day: date) -> str:
    return f"{day.day}. {_month(day)}"


def _month(day: date) -> str:
    return f"{month_forms('name')[day.month - 1]} {day.year}"


def _part(first: date, last: date) -> str:
    if (last - first).days > 31:
        return f"{ {1: 'primo', 6: 'medio', 11: 'ultimo'}[first.month] } {first.year}"
    return f"{ {1: 'primo', 11: 'medio', 21: 'ultimo'}[first.day] } {_month(first)}"


def _season(first: date, _: date) -> str:
    if first.month == 12:
        return f"vinteren {first.year}/{(first.year + 1) % 100:02}"
    name = next(form for form, month in seasons().items() if month == first.month)
    return f"{name} {first.year}"


def _week(first: date, _: date) -> str:
    year, week, _day_of_week = first.isocalendar()
    return f"uge {week}, {year}"


def _year(first: date, _: date) -> str:
    return str(first.year) if first.year in LIKELY_YEARS else f"året {first.year}"


def _range(first: date, last: date) -> str:
    if first.year < last.year and (first, last) == months_from(first.year, 1, 12 * (last.year - first.year + 1)):
        return f"{first.year}-{last.year}"
    return f"{_day(first)} til {_day(last)}"


_PRINTERS: dict[Grain, Callable[[date, date], str]] = {
    Grain.DAY: lambda first, _: _day(first),
    Grain.WEEK: _week,
    Grain.PART: _part,
    Grain.MONTH: lambda first, _: _month(first),
    Grain.QUARTER: lambda first, _: f"{(first.month + 2) // 3}. kvartal {first.year}",
    Grain.SEASON: _season,
    Grain.HALF: lambda first, _: f"{(first.month + 5) // 6}. halvår {first.year}",
    Grain.YEAR: _year,
    Grain.SCHOOL_YEAR: lambda first, last: f"skoleåret {first.year}/{last.year}",
    Grain.DECADE: lambda first, _: f"{first.year}'erne",
    Grain.RANGE: _range,
}
