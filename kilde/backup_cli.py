"""`kilde backup` and `kilde restore`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from kilde import backup as backups
from kilde.runs import Options
from kilde.settings import Settings

FORMAT = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")


@click.command()
@click.argument("into", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@FORMAT
@click.pass_obj
def backup(settings: Settings, into: Path, form: str) -> None:
    """Copy archive, state and store to DIR while runs go on; called again, it brings DIR up to date."""
    made = backups.back_up(settings.folder, into)
    say(made, form, f"backed up {len(made.files)} files, {made.size / 1e6:,.1f} MB, to {into}")


@click.command()
@click.argument("source", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--no-index", is_flag=True, help="Leave the index to the next `kilde index`.")
@FORMAT
@click.pass_obj
def restore(settings: Settings, source: Path, no_index: bool, form: str) -> None:
    """Make the data folder from the backup in DIR, checked file by file, and the index anew."""
    folder = settings.folder
    made = backups.restore(source, folder, Options(settings.jobs, index=not no_index))
    say(made, form, f"restored the backup of {made.made} to {folder.path}")


def say(made: backups.Backup, form: str, line: str) -> None:
    """Print what was done: JSON on standard output, a line on standard error."""
    click.echo(line, err=True)
    if form == "json":
        click.echo(json.dumps(asdict(made)))
