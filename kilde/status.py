"""`kilde status`.

How much there is, what the last run did, what is missing; and the coverage that every answer carries.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from kilde.folder import DataFolder
from kilde.settings import Settings
from kilde.state import Run, State, Unreadable
from kilde.store import Store
from kilde.store_tables import Quarantined


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    if path.is_dir():
        return sum(size_of(entry) for entry in path.iterdir())
    return path.stat().st_size if path.exists() else 0


@dataclass(frozen=True, slots=True)
class Holdings:
    """What answers from a store rest on."""

    documents: int
    months: int
    quarantined: int


def coverage(store: Store, state: State | None) -> Holdings:
    """What answers from this store rest on; what could not even be archived counts as quarantined."""
    unreadable = len(state.unreadable()) if state else 0
    return Holdings(*store.coverage(), len(store.quarantined()) + unreadable)


def decided(folder: DataFolder) -> tuple[Run | None, list[Unreadable]]:
    """The last run, and the files that could not be archived."""
    if not folder.state.exists():
        return None, []
    with State(folder.state, readonly=True) as state:
        return state.last_run(), state.unreadable()


def status_json(folder: DataFolder) -> dict[str, Any]:
    """All that `kilde status` knows."""
    with Store(folder.store) as store:
        run, unreadable = decided(folder)
        missing: list[Quarantined | Unreadable] = [*store.quarantined(), *unreadable]
        troubles = [
            {"source": it.source, "locator": it.locator, "code": it.code, "detail": it.detail} for it in missing
        ]
        return {
            "data": str(folder.path),
            **asdict(store.counts()),
            "unreadable": len(unreadable),
            "last_run": asdict(run) if run else None,
            "quarantine": troubles,
            "bytes": {
                "archive": size_of(folder.archive),
                "store": sum(size_of(folder.store.with_name(folder.store.name + end)) for end in ("", "-wal")),
                "index": size_of(folder.index),
            },
        }


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@click.pass_obj
def status(settings: Settings, form: str) -> None:
    """Say how much there is, what the last run did, and what could not be read."""
    values = status_json(DataFolder(settings.data).require())
    if form == "json":
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    console = Console(soft_wrap=True, highlight=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    for name in ("documents", "versions", "originals", "records", "kommuner", "dates", "amounts", "problems"):
        table.add_row(name, f"{values[name]:,}")
    for name, size in values["bytes"].items():
        table.add_row(f"{name} on disk", f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} kB")
    table.add_row("last run", run_line(values["last_run"]))
    console.print(table)
    missing = values["quarantine"]
    console.print(f"{len(missing)} could not be read" if missing else "everything that was seen could be read")
    for it in missing:
        console.print(f"  {it['source']}/{it['locator']}: {it['detail']} ({it['code']})", markup=False)


def run_line(run: dict[str, Any] | None) -> str:
    """A run in one line."""
    if run is None:
        return "none"
    if run["report"] is None:
        return f"{run['command']} at {run['started']}, cut short (or still running)"
    report = run["report"]
    counts = f"{report['added']} added, {report['unchanged']} unchanged"
    return f"{run['command']} at {run['started']}: {counts}, {report['seconds']} s"
