"""What each source gave in each run (table `source_run` of state.sqlite), and which sources are late or failing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from kilde.sources import DAYS, Cadence
from kilde.state import State

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
LATENESS = 1.5
"""A source is late when as many times its cadence have passed since its last publication."""
OVERDUE_DAYS = 3
"""Days after which a visit that was due and did not take place makes a source late."""


@dataclass(slots=True)
class SourceReport:
    """What one source gave in one run; texts in code points."""

    source: str
    kind: str
    cadence: str = Cadence.IRREGULAR.value
    check_days: float = 1
    visited: bool = True
    """False where it was not due."""
    fetched: int = 0
    unchanged: int = 0
    new: int = 0
    failed: int = 0
    quarantined: int = 0
    gone: int = 0
    forgotten: int = 0
    records: int = 0
    documents: int = 0
    """Documents read, of those that are new."""
    characters: int = 0
    kept: int = 0
    """Characters that stand in records."""
    mentions: int = 0
    last_published: str | None = None
    """The last day on which any of its documents was published."""
    failing: str | None = None
    """Why it could not be visited."""
    alarms: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """The first few originals that could not be had, with the reason."""
    remarks: list[str] = field(default_factory=list)
    """What a site has every night and is no failure: addresses that robots.txt forbids, links that lead nowhere."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The last run of a source."""

    started: datetime
    report: SourceReport


def note_source_run(state: State, run: int, started: str, finished: str, report: SourceReport) -> None:
    """Keep what a source gave."""
    with state.connection:
        state.connection.execute(
            "INSERT OR REPLACE INTO source_run VALUES (?, ?, ?, ?, ?, ?)",
            (run, report.source, started, finished, int(report.failing is not None), json.dumps(asdict(report))),
        )


def last_visits(state: State) -> dict[str, Visit]:
    """The last run of every source that was ever visited by a nightly run."""
    rows = state.connection.execute(
        "SELECT source, started, report FROM source_run r WHERE run ="
        " (SELECT max(run) FROM source_run WHERE source = r.source) ORDER BY source"
    )
    return {row[0]: Visit(datetime.fromisoformat(row[1]), report_of(row[2])) for row in rows}


def visits_of(state: State, source: str, limit: int = 400) -> list[Visit]:
    """The runs of a source, the latest first."""
    rows = state.connection.execute(
        "SELECT started, report FROM source_run WHERE source = ? ORDER BY run DESC LIMIT ?", (source, limit)
    )
    return [Visit(datetime.fromisoformat(row[0]), report_of(row[1])) for row in rows]


def report_of(text: str) -> SourceReport:
    """A report from its JSON; what this version does not know is left out."""
    known = {it.name for it in fields(SourceReport)}
    return SourceReport(**{name: value for name, value in json.loads(text).items() if name in known})


def is_due(visit: Visit | None, check_days: float, now: datetime) -> bool:
    """Whether as many days have passed, as a calendar in Copenhagen counts them, since a source was visited.

    One that could not be visited is due again at once.
    """
    if visit is None or check_days < 1 or visit.report.failing:
        return True
    return day_of(now) - day_of(visit.started) >= timedelta(days=ceil(check_days))


def late_by(cadence: str, last_published: str | None, now: datetime) -> int | None:
    """The days since the last publication where they are too many for the cadence; None where they are not."""
    days = DAYS.get(Cadence(cadence))
    if days is None or last_published is None:
        return None
    passed = (day_of(now) - date.fromisoformat(last_published)).days
    return passed if passed > days * LATENESS else None


def late_sources(state: State, now: datetime) -> list[str]:
    """The sources that publish late, or that nobody visited though they were due: the nightly run itself may be out."""
    late = []
    for source, visit in last_visits(state).items():
        waited = (day_of(now) - day_of(visit.started)).days
        overdue = waited > ceil(visit.report.check_days) + OVERDUE_DAYS
        if overdue or late_by(visit.report.cadence, visit.report.last_published, now) is not None:
            late.append(source)
    return late


def failing_sources(state: State) -> list[str]:
    """The sources that could not be visited when they were last due."""
    return [source for source, visit in last_visits(state).items() if visit.report.failing]


def day_of(moment: datetime) -> date:
    """The day of a moment in Copenhagen."""
    return moment.astimezone(COPENHAGEN).date()
