"""`kilde status`: how much there is, how each source does, what the last run did, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from index.writer import open_writer
from ingest.fingerprint import rules_fingerprint
from kilde.coverage import missing_months
from kilde.folder import DataFolder
from kilde.quarantine import entries
from kilde.settings import Settings
from kilde.source_runs import Visit, is_due, last_visits, late_by
from kilde.sources import Cadence, Source
from kilde.state import Run, State
from kilde.store import Store

MOST_RANGES = 8
"""Stretches of missing months that the table names of one source."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source does: `state` is ok, late, failing, never (defined and not visited yet), or given (no definition:
    its documents were ingested by hand)."""

    name: str
    state: str
    documents: int
    last_published: str | None
    last_visit: str | None
    due: bool
    missing: tuple[str, ...]
    """Periods, each named by its first month, in which nothing was published that is here."""
    why: str | None


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    if path.is_dir():
        return sum(size_of(entry) for entry in path.iterdir())
    return path.stat().st_size if path.exists() else 0


def source_states(store: Store, state: State | None, sources: Mapping[str, Source], now: datetime) -> list[SourceState]:
    """Every source of kilde.toml and of the store, by name."""
    visits = last_visits(state) if state else {}
    documents, months = store.sources(), store.months()
    names = sorted({*sources, *documents, *visits})
    return [
        state_of(name, sources.get(name), visits.get(name), documents.get(name, 0), months.get(name, {}), store, now)
        for name in names
    ]


def state_of(
    name: str, source: Source | None, visit: Visit | None, documents: int, months: Mapping[str, int], store: Store,
    now: datetime,
) -> SourceState:  # fmt: skip
    """How one source does."""
    cadence = source.cadence if source else Cadence(visit.report.cadence) if visit else Cadence.IRREGULAR
    published = store.last_published(name)
    late = late_by(cadence, published, now)
    missing = missing_months(months, cadence, source.since if source else None, now)
    state, why = "ok", None
    if visit is None:
        state = "never" if source else "given"
    elif visit.report.failing:
        state, why = "failing", visit.report.failing
    elif late is not None:
        state, why = "late", f"nothing published for {late} days, and it is {cadence.value}"
    due = source is not None and is_due(visit, source.check_days, now)
    last_visit = f"{visit.started:%Y-%m-%dT%H:%M:%SZ}" if visit else None
    return SourceState(name, state, documents, published, last_visit, due, tuple(missing), why)


def status_json(folder: DataFolder, settings: Settings) -> dict[str, Any]:
    """All that `kilde status` knows."""
    now = datetime.now(UTC)
    reading = State(folder.state, readonly=True) if folder.state.exists() else nullcontext(None)
    with Store(folder.store) as store, reading as state:
        run: Run | None = state.last_run() if state else None
        sources = source_states(store, state, settings.sources, now)
        counts, older = asdict(store.counts()), store.count_older_than(rules_fingerprint())
        unreadable = len(state.unreadable()) if state else 0
    return {
        "data": str(folder.path),
        **counts,
        "unreadable": unreadable,
        "older_rules": older,
        "last_run": asdict(run) if run else None,
        "sources": [asdict(it) for it in sources],
        "quarantine": [
            {"id": it.document, "source": it.source, "locator": it.locator, "code": it.code, "detail": it.detail}
            for it in entries(folder, dropped=False)
        ],
        "bytes": {
            "archive": size_of(folder.archive),
            "store": sum(size_of(folder.store.with_name(folder.store.name + end)) for end in ("", "-wal")),
            "index": open_writer(folder.index).size(),
        },
    }


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
@click.pass_obj
def status(settings: Settings, form: str) -> None:
    """Say how much there is, how each source does, what the last run did, and what is missing."""
    values = status_json(settings.folder.require(), settings)
    if form == "json":
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    console = Console(soft_wrap=True, highlight=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    for name in ("documents", "versions", "originals", "records", "kommuner", "dates", "amounts", "problems", "gone"):
        table.add_row(name, f"{values[name]:,}")
    for name, size in values["bytes"].items():
        table.add_row(f"{name} on disk", f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} kB")
    table.add_row("last run", run_line(values["last_run"]))
    if values["older_rules"]:
        table.add_row("read by older rules", f"{values['older_rules']:,} documents: `kilde ingest --reread`")
    console.print(table)
    print_sources(values["sources"], console)
    missing = values["quarantine"]
    console.print(f"{len(missing)} could not be read" if missing else "everything that was seen could be read")
    for it in missing:
        console.print(f"  {it['source']}/{it['locator']}: {it['detail']} ({it['code']})", markup=False)


def print_sources(sources: Sequence[Mapping[str, Any]], console: Console) -> None:
    """The sources, a row each."""
    table = Table(box=None, pad_edge=False)
    for name in ("source", "state", "documents", "last published", "last visit", "missing months"):
        table.add_column(name, justify="right" if name == "documents" else "left")
    for it in sources:
        state = f"{it['state']}: {it['why']}" if it["why"] else it["state"]
        ranges = ranges_of(it["missing"])
        months = ", ".join(ranges[:MOST_RANGES])
        more = f" and {len(ranges) - MOST_RANGES} more" if len(ranges) > MOST_RANGES else ""
        visit = (it["last_visit"] or "")[:16].replace("T", " ")
        table.add_row(it["name"], state, f"{it['documents']:,}", it["last_published"] or "", visit, months + more)
    console.print(table)


def ranges_of(months: Sequence[str]) -> list[str]:
    """Missing months with those that follow each other put together.

    >>> ranges_of(["2020-01", "2020-02", "2020-05"])
    ['2020-01 to 2020-02', '2020-05']
    """
    ranges: list[list[str]] = []
    for month in months:
        if ranges and number_of(month) == number_of(ranges[-1][-1]) + 1:
            ranges[-1].append(month)
        else:
            ranges.append([month])
    return [f"{it[0]} to {it[-1]}" if len(it) > 1 else it[0] for it in ranges]


def number_of(month: str) -> int:
    """A month as a number, one more for each month."""
    return int(month[:4]) * 12 + int(month[5:7])


def run_line(run: dict[str, Any] | None) -> str:
    """A run in one line."""
    if run is None:
        return "none"
    if run["report"] is None:
        return f"{run['command']} at {run['started']}, cut short (or still running)"
    report = run["report"]
    counts = f"{report['added']} added, {report['unchanged']} unchanged"
    return f"{run['command']} at {run['started']}: {counts}, {report['seconds']} s"
