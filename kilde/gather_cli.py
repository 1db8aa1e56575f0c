"""`kilde gather`: one data folder from those of several machines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from kilde.folder import DataFolder
from kilde.gathering import gather as take_in
from kilde.ingest_cli import STDERR, finish, say
from kilde.progress import watching
from kilde.runs import open_run
from kilde.settings import Settings


@click.command()
@click.argument(
    "folders", nargs=-1, required=True, metavar="DIR...", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes that read what has to be read anew.")
@click.option("--no-index", is_flag=True, help="Take in originals and records, leave the index as it is.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print the report."
)
@click.pass_obj
def gather(settings: Settings, folders: Sequence[Path], jobs: int | None, no_index: bool, form: str) -> int:
    """Take in what other data folders, or backups of them, archived and read; each observation once."""
    folder = settings.folder
    if folder.make():
        say(f"made the data folder {folder.path}")
    with watching(None, "gather", STDERR) as watch, open_run(folder, "gather", jobs or settings.jobs, watch) as run:
        for path in folders:
            take_in(run, DataFolder(path))
        if not no_index:
            run.update_index()
    return finish(run.report, form)
