"""Saved searches: `kilde save`, `kilde saved`, `kilde run`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kilde.errors import UsageError
from kilde.folder import DataFolder
from kilde.lock import write_lock
from kilde.saved import SavedSearch, remove_search, save_search, saved_search, saved_searches
from kilde.settings import Settings
from kilde.state import State
from kilde.store import Store
from search.cli import SHORT_PAGE, StoreTexts, answer, filter_options, query_of, write_page
from search.coverage import coverage_of
from search.engine import Answer, open_engine
from search.export import Export
from search.export_cli import Target, export_options, target_of, write_export
from search.export_hits import hits_manifest, lines_of
from search.export_manifest import Json, coverage_json
from search.export_queries import held
from search.hits import hit_of
from search.options import opened
from search.page import By, Page, Sort
from search.render import hit_json
from search.saved import (
    DELIVERY,
    News,
    begin_delivery,
    finish_delivery,
    keys_of,
    news,
    now,
    query_from,
    question_json,
    saved_queries,
    settle_delivery,
)
from search.synonyms import synonyms_of
from search.watch import Watch

LOCK = "saved.lock"
"""In the data folder: two runs at once would give the same hits."""


@click.command()
@click.argument("name")
@click.argument("words", nargs=-1, metavar="[QUERY]")
@filter_options
@click.option("--sort", type=click.Choice([it.value for it in Sort]), default=Sort.NEWEST.value, show_default=True)
@click.option("--by", type=click.Choice([it.value for it in By]), default=By.RECORD.value)
@click.pass_obj
def save(settings: Settings, /, name: str, words: tuple[str, ...], **options: Any) -> None:
    """Save QUERY with its filters under NAME, for `kilde run NAME`."""
    query = query_of(words, {**options, "facets": (), "limit": None, "cursor": None})
    with State(settings.folder.require().state) as state:
        save_search(state, name, question_json(query), now())
    click.echo(f"saved; `kilde run {name} --new-since-last` gives what is new each time", err=True)


@click.command()
@click.option("--remove", metavar="NAME", help="Forget this saved search, and what it has given.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@click.pass_obj
def saved(settings: Settings, remove: str | None, form: str) -> None:
    """List the saved searches."""
    folder = settings.folder.require()
    with State(folder.state) as state:
        if remove is not None:
            with write_lock(folder.path, LOCK):
                remove_search(state, remove)
            click.echo(f"removed {remove}", err=True)
            return
        found = saved_searches(state)
    if form == "json":
        click.echo(json.dumps([_saved_json(each) for each in found], ensure_ascii=False))
    else:
        Console(highlight=False).print(_table(found))


@click.command()
@click.argument("name")
@click.option("--new-since-last", is_flag=True, help="All hits that no run with this option has given, and only those.")
@click.option("--limit", type=click.IntRange(0), help=f"{SHORT_PAGE} unless given; exports and news have all hits.")
@export_options("table", "json")
@click.pass_obj
def run(
    settings: Settings, /, name: str, new_since_last: bool, limit: int | None, form: str | None, output: Path | None,
    manifest: Path | None,
) -> None:  # fmt: skip
    """Run the saved search NAME. Only --new-since-last remembers what it has given."""
    target = target_of(form, output, manifest)
    with State(settings.folder.require().state) as state:
        synonyms = synonyms_of(settings.synonyms)
        query = replace(query_from(saved_search(state, name).question), synonyms=synonyms)
        if not new_since_last:
            answer(settings, replace(query, limit=SHORT_PAGE if limit is None else limit), limit, target)
            return
        if limit is not None:
            raise UsageError("--new-since-last gives all that is new, so that nothing is lost; leave --limit out")
        with opened(settings) as (folder, store), write_lock(folder.path, LOCK):
            settle_delivery(state, name)
            found = open_engine(folder.index, StoreTexts(store)).ask(query)
            with held(store):  # after the index: the store has all versions that an index names
                fresh = news(found, Watch(name, state, store, lambda: saved_queries(state, synonyms)))
                _deliver(_Delivery(state, name, folder, store, found, fresh, target))


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What is new for a saved search, and where it goes."""

    state: State
    name: str
    folder: DataFolder
    store: Store
    found: Answer
    fresh: News
    target: Target


def _deliver(it: _Delivery) -> None:
    """Write what is new; when it is written, note that it was given."""
    keys = keys_of(it.found.reading, it.fresh)
    for note in it.found.reading.notes if it.target.form != "table" else ():
        click.echo(note, err=True)
    if it.target.is_export:
        number = begin_delivery(it.state, it.name, keys, it.target.output) if it.target.output else None
        write_export(_export(it, number), it.target, "new hits")
    elif it.target.form == "json":
        click.echo(json.dumps(_news_json(it), ensure_ascii=False))
    else:
        write_page(_page(it), it.target.form)
    sys.stdout.flush()
    finish_delivery(it.state, it.name, keys, it.fresh.watched)


def _export(it: _Delivery, number: str | None) -> Export:
    coverage = coverage_of(it.folder, it.store, it.found.reading.query.filters.source)
    about = hits_manifest(it.found, None, it.target.form, it.store, coverage)
    about |= {"saved_search": it.name} | ({DELIVERY: number} if number else {})
    return lines_of(it.found.reading, it.fresh.found, it.target.form, StoreTexts(it.store), about)


def _news_json(it: _Delivery) -> Json:
    query = it.found.reading.query
    return {
        "name": it.name,
        **question_json(query),
        "total": it.fresh.total,
        "new": len(it.fresh.found),
        "hits": [hit_json(hit) for hit in _hits(it)],
        "coverage": coverage_json(coverage_of(it.folder, it.store, query.filters.source)),
    }


def _hits(it: _Delivery) -> Iterator[Any]:
    return (hit_of(it.found.reading, each, StoreTexts(it.store)) for each in it.fresh.found)


def _page(it: _Delivery) -> Page:
    query, hits = it.found.reading.query, tuple(_hits(it))
    coverage = coverage_of(it.folder, it.store, query.filters.source)
    said = f"{len(hits):,} new of {it.fresh.total:,} hits of {it.name}"
    absence = None if it.fresh.total else it.found.absence()
    return Page(query, len(hits), hits, {}, None, None, (*it.found.reading.notes, said), coverage, absence)


def _saved_json(each: SavedSearch) -> Json:
    return {
        "name": each.name,
        **each.question,
        "created": each.created,
        "last_run": each.last_run,
        "given": each.given,
    }


def _table(found: Sequence[SavedSearch]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("name", "query", "filters", "created", "last run", "given"):
        table.add_column(column, justify="right" if column == "given" else "left", overflow="fold")
    for each in found:
        filters = " ".join(f"{name}={_written(value)}" for name, value in each.question["filters"].items())
        cells = (each.name, each.question["query"], filters, each.created, each.last_run or "never", f"{each.given:,}")
        table.add_row(*map(Text, cells))
    return table


def _written(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
