"""When a source's night is an alarm: it is late, gave nothing, failed, or reads differently than before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles

from kilde.source_runs import SourceReport, late_by

FEWEST = 8
"""Documents of a source from which on its own history says what is usual."""
FACTOR = 2.0
"""How many times below the lowest tenth, or above the highest, a night's median is unusual."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one document reads."""

    records: int
    characters: int
    kept: int
    """Characters that stand in records."""
    mentions: int


MEASURES: tuple[tuple[str, Callable[[Shape], float]], ...] = (
    ("records per document", lambda it: float(it.records)),
    ("share of text kept", lambda it: it.kept / it.characters if it.characters else 0.0),
    ("mentions per record", lambda it: it.mentions / it.records if it.records else 0.0),
)


def alarms_of(report: SourceReport, tonight: Sequence[Shape], before: Sequence[Shape], now: datetime) -> list[str]:
    """The alarms of a source that was visited; `before` are documents that it gave on earlier nights."""
    alarms = []
    if report.failing:
        alarms.append(f"failing: {report.failing}")
    elif not (report.fetched or report.unchanged):
        alarms.append("empty: nothing was found at the source")
    return alarms + late_alarms(report, now) + differences(tonight, before)


def late_alarms(report: SourceReport, now: datetime) -> list[str]:
    """That a source has published nothing for too long; it may not have been due tonight."""
    days = late_by(report.cadence, report.last_published, now)
    return [] if days is None else [f"late: nothing published for {days} days, and it is {report.cadence}"]


def differences(tonight: Sequence[Shape], before: Sequence[Shape]) -> list[str]:
    """What reads differently: the median of a night against the tenths of the source's own history."""
    if not tonight or len(before) < FEWEST:
        return []
    found = []
    for name, measure in MEASURES:
        tenths = quantiles([measure(it) for it in before], n=10, method="inclusive")
        low, high = tenths[0], tenths[-1]
        now = median(measure(it) for it in tonight)
        if now < low / FACTOR or now > max(high, low) * FACTOR:
            found.append(f"reads differently: {name} {now:.2g}, usually {low:.2g} to {high:.2g}")
    return found
