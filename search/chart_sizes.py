"""Sizes of amounts in steps that about double: 1, 2, 5, 10, 20 ... kroner."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

EDGES = (0.01, *(float(digit * 10**power) for power in range(16) for digit in (1, 2, 5)))
"""Where a step begins, in kroner; the first holds what is less than one."""


def binned(values: Sequence[float]) -> list[tuple[float, float, int]]:
    """How many values lie from each start up to the next one, which is none of it; from the smallest to the largest.

    >>> binned([1, 1.5, 12])
    [(1.0, 2.0, 2), (2.0, 5.0, 0), (5.0, 10.0, 0), (10.0, 20.0, 1)]
    """
    if not values:
        return []
    counts = Counter(bisect_right(EDGES, value) - 1 for value in values)
    return [(EDGES[place], EDGES[place + 1], counts[place]) for place in range(min(counts), max(counts) + 1)]


def range_label(start: float, end: float) -> str:
    """Kroner from one amount up to another.

    >>> range_label(500_000, 1_000_000), range_label(2_000_000, 5_000_000), range_label(100, 200)
    ('500.000–1 mio. kr.', '2–5 mio. kr.', '100–200 kr.')
    """
    first, last = _short(start), _short(end)
    first_unit, last_unit = first.partition(" ")[2], last.partition(" ")[2]
    if first_unit == last_unit:
        first = first.partition(" ")[0]
    return f"{first}–{last} kr."


def _short(kroner: float) -> str:
    for size, unit in ((1e9, " mia."), (1e6, " mio.")):
        if kroner >= size:
            return f"{kroner / size:g}{unit}"
    return f"{kroner:,.0f}".replace(",", ".")
