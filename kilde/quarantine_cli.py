"""`kilde quarantine`: what is archived and could not be read, and what could not even be archived."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from kilde.progress import watching
from kilde.quarantine import entries, pick
from kilde.rereading import reread
from kilde.runs import open_run
from kilde.settings import Settings
from kilde.state import State
from kilde.store import Store

IN_PART = 3
FORMAT = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
STDERR = Console(stderr=True, soft_wrap=True, highlight=False)


@click.group()
def quarantine() -> None:
    """List, show, retry or drop what could not be read."""


@quarantine.command("list")
@click.option("--all", "all_", is_flag=True, help="Those that were dropped, too.")
@FORMAT
@click.pass_obj
def list_entries(settings: Settings, all_: bool, form: str) -> None:
    """List the entries with their reasons."""
    found = entries(settings.folder.require(), dropped=all_)
    if form == "json":
        click.echo(json.dumps([asdict(it) for it in found], ensure_ascii=False))
        return
    console = Console(soft_wrap=True, highlight=False)
    table = Table(box=None, pad_edge=False)
    for name in ("id", "where", "reason"):
        table.add_column(name, overflow="fold")
    for it in found:
        dropped = " (dropped)" if it.dropped else ""
        table.add_row(it.document, f"{it.source}/{it.locator}", f"{it.code}: {it.detail}{dropped}")
    console.print(table if found else "nothing is in quarantine")


@quarantine.command("show")
@click.argument("id_", metavar="ID")
@FORMAT
@click.pass_obj
def show_entry(settings: Settings, id_: str, form: str) -> None:
    """Show one entry: what was seen, why it could not be read, and what can be done."""
    folder = settings.folder.require()
    entry = pick(entries(folder, dropped=True), id_)
    with Store(folder.store) as store:
        seen = store.history(entry.document)
        known = store.known(entry.document)
    if form == "json":
        click.echo(json.dumps(asdict(entry) | {"history": [asdict(it) for it in seen]}, ensure_ascii=False))
        return
    click.echo(f"{entry.source}/{entry.locator}\n{entry.code}: {entry.detail}")
    for it in seen:
        click.echo(f"  {it.observed}  {it.digest[:12]}  {it.size:,} bytes  {it.media_type}  {it.state}")
    if entry.digest is None:
        click.echo("it could not be archived: mend what the reason says and ingest it again")
        return
    if known and known.version:
        click.echo(f"an earlier version can be read and is found: kilde show {entry.document}")
    click.echo(
        f"the bytes: kilde original {entry.digest}\nonce it can be read: kilde quarantine retry {entry.document}"
    )


@quarantine.command("retry")
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.pass_obj
def retry(settings: Settings, ids: Sequence[str]) -> int:
    """Read entries again, all of them where none is named."""
    folder = settings.folder.require()
    chosen = [it for it in entries(folder, dropped=bool(ids)) if it.digest]
    chosen = [pick(chosen, id_) for id_ in ids] if ids else chosen
    with (
        watching(len(chosen), "retry", STDERR) as watch,
        open_run(folder, "quarantine retry", settings.jobs, watch) as run,
    ):
        reread(run, [it.document for it in chosen], latest=True)
        run.update_index()
    left = {it.document for it in entries(folder, dropped=True)}
    still = [it for it in chosen if it.document in left]
    click.echo(f"{len(chosen) - len(still)} of {len(chosen)} can be read now", err=True)
    return IN_PART if still else 0


@quarantine.command("drop")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def drop(settings: Settings, ids: Sequence[str]) -> None:
    """Leave entries as they are: no longer counted as missing; the archive keeps the bytes."""
    folder = settings.folder.require()
    chosen = [pick(entries(folder, dropped=True), id_) for id_ in ids]
    with State(folder.state) as state:
        for it in chosen:
            if it.digest is None:
                state.clear_unreadable(it.source, it.locator)
            else:
                state.drop(it.document, it.digest, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    click.echo(f"dropped {len(chosen)}", err=True)
