"""`kilde nightly`: what a timer calls."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from kilde.errors import UsageError
from kilde.night import lines_of
from kilde.night_report import folder_of, report_json
from kilde.nightly import nightly as do_night
from kilde.settings import Settings

IN_PART = 3


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE...]")
@click.option("--force", is_flag=True, help="Visit sources that are not due, too.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
@click.pass_obj
def nightly(settings: Settings, sources: Sequence[str], force: bool, form: str) -> int:
    """Visit every source that is due, ingest, index, check, and write a report; alarms exit with 3.

    SOURCE names some of the sources of kilde.toml; all are visited where none is named.
    """
    unknown = [name for name in sources if name not in settings.sources]
    if unknown:
        known = ", ".join(settings.sources) or "none"
        raise UsageError(f"kilde.toml defines no source {unknown[0]!r}; it has {known}")
    folder = settings.folder
    if folder.make():
        click.echo(f"made the data folder {folder.path}", err=True)
    night = do_night(folder, settings, sources, force=force)
    if form == "json":
        click.echo(json.dumps(report_json(night), ensure_ascii=False))
    click.echo(f"report: {folder_of(folder, night)}", err=True)
    for line in lines_of(night, settings.sources):
        click.echo(line, err=True)
    return IN_PART if night.in_part else 0
