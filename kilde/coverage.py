"""What answers rest on: how much is there, which sources are late or failing, which months are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dateutil.relativedelta import relativedelta

from kilde.source_runs import day_of, failing_sources, late_sources
from kilde.sources import DAYS, Cadence
from kilde.state import State
from kilde.store import Store

MONTHS = {
    Cadence.DAILY: 1,
    Cadence.WEEKLY: 1,
    Cadence.FORTNIGHTLY: 1,
    Cadence.MONTHLY: 1,
    Cadence.QUARTERLY: 3,
    Cadence.HALF_YEARLY: 6,
    Cadence.YEARLY: 12,
}
"""Months in which a source of a cadence publishes at least once."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What answers from a store rest on."""

    documents: int
    months: int
    quarantined: int
    late: tuple[str, ...] = ()
    """Sources that have published nothing for too long, or that were not visited though they were due."""
    failing: tuple[str, ...] = ()
    """Sources that could not be visited when they were last due."""


def coverage(store: Store, state: State | None, now: datetime | None = None) -> Holdings:
    """What answers from this store rest on; what could not even be archived counts as quarantined.

    What somebody decided to leave as it is (`kilde quarantine drop`) does not.
    """
    documents, months = store.coverage()
    if state is None:
        return Holdings(documents, months, len(store.quarantined()))
    dropped = state.dropped()
    missing = sum((it.document, it.digest) not in dropped for it in store.quarantined()) + len(state.unreadable())
    late, failing = late_sources(state, now or datetime.now(UTC)), failing_sources(state)
    return Holdings(documents, months, missing, tuple(late), tuple(failing))


def missing_months(months: Iterable[str], cadence: Cadence, since: str | None, now: datetime) -> list[str]:
    """The periods, each named by its first month, in which a source should have published and nothing is there.

    Counted from `since`, else from the first month that is there, to the last period that is over and a half.
    """
    step = MONTHS.get(cadence)
    present = sorted(set(months))
    if step is None or not (since or present):
        return []
    first = f"{since}-01" if since and len(since) == 4 else since or present[0]
    return [it.strftime("%Y-%m") for it in periods(first, step, cadence, now) if not covered(it, step, present)]


def periods(first: str, step: int, cadence: Cadence, now: datetime) -> Iterator[date]:
    """The first days of the periods from the one that holds a month on, as long as they should be published by now."""
    year, month = int(first[:4]), int(first[5:7])
    start = date(year, (month - 1) // step * step + 1, 1)
    grace = relativedelta(days=DAYS[cadence] // 2)
    while start + relativedelta(months=step) + grace <= day_of(now):
        yield start
        start += relativedelta(months=step)


def covered(start: date, step: int, present: list[str]) -> bool:
    """Whether a period has a month with a document."""
    end = (start + relativedelta(months=step)).strftime("%Y-%m")
    return any(start.strftime("%Y-%m") <= month < end for month in present)
