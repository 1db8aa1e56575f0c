"""What a chart shows: bars with their values, counted over all records that match a question.

Amounts are a histogram of sizes that double about (1, 2, 5, 10 ...), with median and quartiles. They are not summed:
one grant is told of in many places, and a fund stands beside its parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import quantiles

from kilde.errors import UsageError
from kilde.store import Store
from search.chart_sizes import binned, range_label
from search.engine import Answer
from search.export_queries import mention_counts
from search.found import Days
from search.labels import label

MOST_BARS = 240
"""Of a chart over time; more are no picture any more."""
MOST_MARKS = 12
"""Labels that have room below standing bars."""


class Axis(StrEnum):
    """What the bars stand for."""

    YEAR = "year"
    MONTH = "month"
    KOMMUNE = "kommune"
    REGION = "region"
    AMOUNTS = "amounts"


class Unit(StrEnum):
    """What is counted."""

    RECORDS = "records"
    DOCUMENTS = "documents"
    MENTIONS = "mentions"
    """Of kommuner: of those that the question names, else of all."""
    AMOUNTS = "amounts"


@dataclass(frozen=True, slots=True)
class Bar:
    """A year, month, code, region or least amount in kroner; what a Dane calls it; how many there are."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in their order, and what stands below them."""

    axis: Axis
    unit: Unit
    bars: tuple[Bar, ...]
    total: int
    """Of what is counted, in the bars or not."""
    undated: int = 0
    """Without a date, or with a year only where months are shown."""
    others: int = 0
    """Kommuner or regions that there was no room for."""
    quartiles: tuple[float, float, float] | None = None
    """Of amounts, in kroner; the middle one is the median."""


def chart_of(answer: Answer, axis: Axis, unit: Unit, store: Store, most: int) -> Chart:
    """The chart of all records that match; `most` values of a kommune or region. UsageError where there is none."""
    if axis is Axis.AMOUNTS:
        return _amounts(answer)
    by_document = unit is Unit.DOCUMENTS
    weights = _weights(answer, store) if unit is Unit.MENTIONS else None
    if axis in (Axis.YEAR, Axis.MONTH):
        return _over_time(weights.by_days if weights else answer.published(by_document=by_document), axis, unit)
    if weights is not None:
        if axis is Axis.REGION:
            raise UsageError("--by region counts records or documents; --by kommune counts mentions too")
        return _of_values(axis, unit, weights.by_code, weights.by_code.total(), most)
    found = answer.values(axis.value, by_document=by_document)
    return _of_values(axis, unit, found, answer.published(by_document=by_document).total(), most)


@dataclass(frozen=True, slots=True)
class _Weights:
    """How many mentions there are, by publication and by kommune."""

    by_days: Counter[Days | None]
    by_code: Counter[str]


def _weights(answer: Answer, store: Store) -> _Weights:
    """The mentions in what matches, of the kommuner and roles that the question names."""
    days = {found.record: found.published for found in answer.walk()}
    codes = answer.reading.selections.get("kommune")
    roles = answer.reading.query.filters.role or ("authority", "place")
    by_days: Counter[Days | None] = Counter()
    by_code: Counter[str] = Counter()
    for record, _, code, role, count in mention_counts(store):
        if record in days and role in roles and (codes is None or code in codes):
            by_days[days[record]] += count
            by_code[code] += count
    return _Weights(by_days, by_code)


def _over_time(counted: Counter[Days | None], axis: Axis, unit: Unit) -> Chart:
    found: Counter[str | None] = Counter()
    for days, count in counted.items():
        found[_period(days, axis)] += count
    undated = found.pop(None, 0)
    periods = _periods(axis, [period for period, count in found.items() if period and count])
    if len(periods) > MOST_BARS:
        raise UsageError(f"{len(periods)} months are too many for a chart: narrow them with --from and --to")
    bars = tuple(Bar(period, period_label(period), found[period]) for period in periods)
    return Chart(axis, unit, bars, undated + sum(found.values()), undated=undated)


def _period(span: Days | None, axis: Axis) -> str | None:
    """The year or month that a publication lies in; None where that is not known."""
    if span is None:
        return None
    first, last = date.fromordinal(span[0]), date.fromordinal(span[1])
    length = 4 if axis is Axis.YEAR else 7
    return first.isoformat()[:length] if first.isoformat()[:length] == last.isoformat()[:length] else None


def _periods(axis: Axis, found: Sequence[str]) -> list[str]:
    """From the first to the last, those between that have nothing too."""
    if not found:
        return []
    first, last = min(found), max(found)
    years = range(int(first[:4]), int(last[:4]) + 1)
    if axis is Axis.YEAR:
        return [f"{year:04}" for year in years]
    return [month for year in years for number in range(1, 13) if first <= (month := f"{year:04}-{number:02}") <= last]


def period_label(period: str) -> str:
    """A year or month as Danes abbreviate it.

    >>> period_label("2020"), period_label("2020-01")
    ('2020', 'jan. 2020')
    """
    months = ("jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec.")
    year, _, month = period.partition("-")
    return f"{months[int(month) - 1]} {year}" if month else year


def marked_periods(bars: Sequence[Bar]) -> list[tuple[int, str]]:
    """Which bars of a chart over time have a label, and which: all where there is room, else years.

    >>> marked_periods([Bar("2020", "2020", 1), Bar("2021", "2021", 2)])
    [(0, '2020'), (1, '2021')]
    """
    places = [(place, bar.label) for place, bar in enumerate(bars)]
    if len(bars) > MOST_MARKS and any(bar.value.endswith("-01") for bar in bars):
        places = [(place, bar.value[:4]) for place, bar in enumerate(bars) if bar.value.endswith("-01")]
    return places[:: -(-len(places) // MOST_MARKS) or 1]


def _of_values(axis: Axis, unit: Unit, found: Counter[str], total: int, most: int) -> Chart:
    bars = [Bar(value, label(axis.value, value), count) for value, count in found.items()]
    bars.sort(key=lambda bar: (-bar.count, bar.label, bar.value))
    return Chart(axis, unit, tuple(bars[:most]), total, others=max(len(bars) - most, 0))


def _amounts(answer: Answer) -> Chart:
    """Each amount once for each document that has it; those outside of the filters' amounts are left out."""
    filters = answer.reading.query.filters
    values = [each / 100 for each in answer.amounts(filters.amount_min or 1, filters.amount_max)]
    bars = tuple(
        Bar(f"{start:.2f}".removesuffix(".00"), range_label(start, end), count) for start, end, count in binned(values)
    )
    parted = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [*values * 3]
    quartiles = (parted[0], parted[1], parted[2]) if parted else None
    return Chart(Axis.AMOUNTS, Unit.AMOUNTS, bars, len(values), quartiles=quartiles)
