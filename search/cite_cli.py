"""The command `kilde cite`: references to records, documents and versions."""

from __future__ import annotations

import click

from kilde.settings import Settings
from search.citation_styles import STYLES
from search.citations import find_citation
from search.export_queries import held
from search.options import opened


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--style", type=click.Choice(list(STYLES)), default="text", show_default=True)
@click.pass_obj
def cite(settings: Settings, ids: tuple[str, ...], style: str) -> None:
    """Print references to the records, documents or versions ID (the beginning of an id is enough)."""
    with opened(settings) as (_, store), held(store):
        citations = list(dict.fromkeys(find_citation(store, each) for each in ids))
    click.echo(STYLES[style](citations), nl=False)
