"""Numbers by year as bars, drawn here so that no script is needed: where each bar stands, and what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from search.web.addresses import Address

HEIGHT = 72
WIDTH = 360
MOST_BARS = 80
GAP = 2
SMALLEST = 2
"""Of a bar for anything above none, so that it is seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A year; `x`, `y`, `width` and `height` in the units of the picture, `slot` the width that can be clicked."""

    year: int
    count: int
    selected: bool
    x: float
    y: float
    width: float
    height: float
    slot: float
    address: Address
    collected: bool
    """False where the archive has nothing at all of that year."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bars of a run of years without gaps, and every how many of them a year is written below."""

    bars: tuple[Bar, ...]
    step: int
    most: int
    width: int = WIDTH
    height: int = HEIGHT


def timeline(
    counts: Mapping[int, int],
    address: Callable[[int], Address],
    selected: frozenset[int] = frozenset(),
    collected: frozenset[int] | None = None,
) -> Timeline | None:
    """Bars from the first to the last year that has any; None for no years at all.

    `collected` are the years of which the archive has anything; they widen the run. Of more years than can be shown the
    latest are.
    """
    years = sorted({*counts, *selected, *(collected or ())})
    if not years:
        return None
    run = range(max(years[0], years[-1] - MOST_BARS + 1), years[-1] + 1)
    most = max((counts.get(year, 0) for year in run), default=0)
    slot = WIDTH / max(len(run), 8)
    bars = []
    for place, year in enumerate(run):
        count = counts.get(year, 0)
        height = max(count / most * HEIGHT, SMALLEST) if count else 0
        bars.append(
            Bar(
                year,
                count,
                year in selected,
                round(place * slot + GAP / 2, 1),
                round(HEIGHT - height, 1),
                round(slot - GAP, 1),
                round(height, 1),
                round(slot, 1),
                address(year),
                collected is None or year in collected,
            )
        )
    return Timeline(tuple(bars), _step(len(run)), most)


def _step(years: int) -> int:
    return next(step for step in (1, 2, 5, 10, 20) if years / step <= 8 or step == 20)
