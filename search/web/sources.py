"""The page of sources: what was collected from each, how its last visit went, and the months that are covered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from kilde.coverage import missing_months
from kilde.source_runs import Visit, last_visits, late_sources
from kilde.sources import Cadence
from search.export_cells import Kind, Line, columns
from search.web import ledger
from search.web.addresses import SOURCES, Address, search_address
from search.web.danish import told
from search.web.denmark import shade_bounds
from search.web.formats import EPOCH
from search.web.library import Library
from search.web.view import Entry, Sheet, Task, View
from search.web.words import day, wording

COLUMNS = columns("source documents records first_month last_month last_seen state", documents=Kind.INTEGER)
MOST_YEARS = 60


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a source: its documents, a shade from 0 to 5, and the search for them."""

    number: int
    count: int
    shade: int
    address: Address


@dataclass(frozen=True, slots=True)
class Year:
    """A row of the heat map."""

    year: int
    months: tuple[Month, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the page shows it. `state` is ok, failing, late, or local for one that no run visits by itself."""

    name: str
    documents: int
    records: int
    first: str | None
    last: str | None
    seen: str | None
    state: str
    years: tuple[Year, ...]
    missing: int
    """Months without a document in which one was to be expected."""
    trouble: tuple[str, str] | None
    """Why its last visit failed, behind the language that it is said in."""
    address: Address


def sources(library: Library, task: Task) -> View:
    """The view of all sources."""
    months, records = library.store.months(), ledger.record_counts(library.store)
    seen = ledger.last_seen(library.store)
    now = datetime.now(UTC)
    with library.state() as state:
        visits = last_visits(state) if state else {}
        late = late_sources(state, now) if state else []
    found = []
    counts = library.store.sources()
    for name in sorted({*counts, *visits}):
        documents, covered, visit = counts.get(name, 0), months.get(name, {}), visits.get(name)
        found.append(
            Source(
                name,
                documents,
                records.get(name, 0),
                min(covered, default=None),
                max(covered, default=None),
                visit.started.isoformat() if visit else seen.get(name),
                state_of(visit, name in late),
                heat(name, covered),
                missing(covered, visit, now),
                told(visit.report.failing, task.language) if visit and visit.report.failing else None,
                search_address([("source", name)]),
            )
        )
    rows: list[Line] = [
        {"source": it.name, "documents": it.documents, "records": it.records, "first_month": it.first,
         "last_month": it.last, "last_seen": it.seen, "state": it.state}
        for it in found
    ]  # fmt: skip
    return View(
        template="sources.html",
        title=wording(task.language)("sources.title"),
        address=Address(SOURCES),
        content={
            "sources": found,
            "days": {it.name: day(it.seen, task.language) for it in found},
            "spans": {it.name: (day(it.first, task.language), day(it.last, task.language)) for it in found},
        },
        data={"sources": [row | {"months": months.get(row["source"], {})} for row in rows]},
        sheet=Sheet(COLUMNS, rows),
        entries=tuple(entry_of(it, task.language) for it in sorted(found, key=lambda it: it.seen or "", reverse=True)),
    )


def entry_of(source: Source, language: str) -> Entry:
    """A source as an entry of a feed, which is new when the source is seen again."""
    say = wording(language)
    documents = say("source.documents", n=source.documents)
    summary = f"{documents}. {source.trouble[1]}" if source.trouble else f"{documents}."
    title = f"{source.name}: {say(f'state.{source.state}').lower()}"
    return Entry(source.name, title, Address(SOURCES), source.seen or EPOCH, None, summary, None, "source")


def state_of(visit: Visit | None, is_late: bool) -> str:
    """How a source is doing."""
    if visit is None:
        return "local"
    if visit.report.failing:
        return "failing"
    return "late" if is_late else "ok"


def heat(source: str, months: Mapping[str, int]) -> tuple[Year, ...]:
    """The documents by month in rows of a year, the latest first, years without any between others too."""
    bounds = shade_bounds(list(months.values()))
    years = [int(month[:4]) for month in months]
    if not years:
        return ()
    rows = []
    for year in range(max(years), max(min(years), max(years) - MOST_YEARS) - 1, -1):
        cells = []
        for number in range(1, 13):
            name = f"{year}-{number:02}"
            count = months.get(name, 0)
            address = search_address([("source", source), ("from", name), ("to", name)])
            cells.append(Month(number, count, sum(count >= low for low in bounds), address))
        rows.append(Year(year, tuple(cells), sum(cell.count for cell in cells)))
    return tuple(rows)


def missing(months: Mapping[str, int], visit: Visit | None, now: datetime) -> int:
    """The months in which a source should have published and nothing is there, where its cadence is known; else those
    without a document from the first to the last that has one."""
    if visit is not None and visit.report.cadence != Cadence.IRREGULAR:
        return len(missing_months(months, Cadence(visit.report.cadence), None, now))
    if not months:
        return 0
    first, last = min(months), max(months)
    span = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1
    return span - len(months)
