"""`kilde index`: bring the index up to the store, or make it anew."""

from __future__ import annotations

import time

import click

from index.build import rebuild_index, update_index
from kilde.lock import write_lock
from kilde.settings import Settings
from kilde.store import Store


@click.command()
@click.option("--rebuild", is_flag=True, help="Make the index anew; searches go on over the old one until it is whole.")
@click.pass_obj
def index(settings: Settings, rebuild: bool) -> None:
    """Bring the index up to the record store."""
    folder = settings.folder.require()
    start = time.monotonic()
    with write_lock(folder.path), Store(folder.store) as store:
        written = (rebuild_index if rebuild else update_index)(folder.index, store)
    click.echo(f"{written:,} records indexed in {time.monotonic() - start:.1f} s", err=True)
