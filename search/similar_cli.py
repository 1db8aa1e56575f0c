"""`kilde similar`: more like this."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from kilde.settings import Settings
from search.cli import LONGEST_PAGE, SHORT_PAGE, StoreTexts, filter_options, filters_of, write_page
from search.coverage import coverage_of
from search.engine import open_engine
from search.options import opened
from search.page import Query
from search.similar import similar_to


@click.command()
@click.argument("id_", metavar="ID")
@filter_options
@click.option("--limit", type=click.IntRange(1, LONGEST_PAGE), default=SHORT_PAGE, show_default=True)
@click.option("--format", "form", type=click.Choice(["table", "json", "jsonl", "csv"]), default="table")
@click.pass_obj
def similar(settings: Settings, /, id_: str, limit: int, form: str, **options: Any) -> None:
    """Find the documents most like the record or document ID, by its most telling words."""
    query = Query(filters=filters_of(options), limit=limit)
    with opened(settings) as (folder, store):
        page = similar_to(store, open_engine(folder.index, StoreTexts(store)), id_, query)
        page = replace(page, coverage=coverage_of(folder, store, query.filters.source))
    write_page(page, form)
