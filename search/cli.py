"""Commands that answer: `kilde search`, `kilde show`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from kilde.contract import document_json, record_json
from kilde.errors import MissingError, UsageError
from kilde.model import DocumentKind, Role
from kilde.settings import Settings
from kilde.store import Store
from search.coverage import coverage_of
from search.engine import open_engine
from search.export_cli import Target, export_options, target_of, write_export
from search.export_hits import export_hits, hits_manifest
from search.export_queries import held
from search.listing import print_document
from search.options import check_order, codes_of, first_day, last_day, opened, ore
from search.page import FACETS, By, Filters, Page, Query, Sort
from search.query import parse_query
from search.render import page_json, print_page, to_csv, to_jsonl
from search.synonyms import synonyms_of

SHORT_PAGE = 10
LONGEST_PAGE = 1000
"""Hits."""
REPEATED = ("kommune", "region", "source", "kind", "publisher", "theme", "year", "role")


class StoreTexts:
    """The texts of hits, from the record store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def text(self, record_id: str, version: str) -> str:
        """The text of a record in a version."""
        text = self.store.record_text(record_id, version)
        if text is None:
            raise MissingError(f"the index names record {record_id}, the store has none; run `kilde index --rebuild`")
        return text


def facet_options(command: Any) -> Any:
    """The options that narrow a search by a facet, each of which may repeat."""
    for name in reversed(REPEATED):
        command = click.option(f"--{name}", multiple=True, help=f"Only this {name}; may repeat.")(command)
    return command


SPANS = (
    ("from", "published_from", "DATE", "Published on or after: 2020, 2020-01 or 2020-01-16."),
    ("to", "published_to", "DATE", "Published on or before; 2020-01 means its last day."),
    ("mentions-from", "mentions_from", "DATE", "Mentions a date on or after."),
    ("mentions-to", "mentions_to", "DATE", "Mentions a date on or before."),
    ("amount-min", "amount_min", "KR", "Mentions this many kroner or more."),
    ("amount-max", "amount_max", "KR", "Mentions this many kroner or fewer."),
)


def filter_options(command: Any) -> Any:
    """All options that narrow a search; `filters_of` reads them."""
    for name, key, value, text in reversed(SPANS):
        command = click.option(f"--{name}", key, metavar=value, help=text)(command)
    return facet_options(command)


@click.command()
@click.argument("words", nargs=-1)
@filter_options
@click.option("--facet", "facets", multiple=True, type=click.Choice(FACETS), help="Count the values of; may repeat.")
@click.option("--sort", type=click.Choice([it.value for it in Sort]), default=Sort.RELEVANCE.value)
@click.option("--limit", type=click.IntRange(0), help=f"{SHORT_PAGE} unless given; exports have all hits.")
@click.option("--cursor", help="Go on from here: `next` of the page before.")
@click.option("--by", type=click.Choice([it.value for it in By]), default=By.RECORD.value)
@export_options("table", "json")
@click.pass_obj
def search(
    settings: Settings, /, words: tuple[str, ...], form: str | None, output: Path | None, manifest: Path | None,
    **options: Any,
) -> None:  # fmt: skip
    """Search the records: words, "phrases", OR, NOT, kommune:, year ranges; all in docs/query.md."""
    target = target_of(form, output, manifest)
    query = replace(query_of(words, options), synonyms=synonyms_of(settings.synonyms))
    answer(settings, query, options["limit"], target)


def answer(settings: Settings, query: Query, limit: int | None, target: Target) -> None:
    """Answer a query where it should go: a page of hits, or an export of the first `limit` ones, of all for None."""
    if target.is_export and query.cursor is None:
        export_all(settings, query, limit, target)
        return
    if target.output or target.manifest:
        raise UsageError("--cursor is for pages; a file has all hits, so leave it out")
    if query.limit > LONGEST_PAGE:
        raise UsageError(f"--limit {query.limit}: a page has at most {LONGEST_PAGE} hits; --output FILE has them all")
    with opened(settings) as (folder, store):
        page = open_engine(folder.index, StoreTexts(store)).search(query)
        page = replace(page, coverage=coverage_of(folder, store, query.filters.source))
    write_page(page, target.form)


def query_of(words: Sequence[str], options: dict[str, Any]) -> Query:
    """The query that the words and options of the command line give."""
    text = " ".join(words)
    return Query(
        text=text,
        tree=parse_query(text),
        filters=filters_of(options),
        facets=tuple(dict.fromkeys(options["facets"])),
        sort=Sort(options["sort"]),
        limit=SHORT_PAGE if options["limit"] is None else options["limit"],
        cursor=options["cursor"],
        by=By(options["by"]),
    )


def export_all(settings: Settings, query: Query, limit: int | None, target: Target) -> None:
    """Export the hits of a query, all unless a limit is given, as they were at one moment."""
    with opened(settings) as (folder, store):
        found = open_engine(folder.index, StoreTexts(store)).ask(query)
        for note in found.reading.notes:
            click.echo(note, err=True)
        with held(store):  # after the index: the store has all versions that an index names
            about = hits_manifest(found, limit, target.form, store, coverage_of(folder, store, query.filters.source))
            write_export(export_hits(found, limit, target.form, StoreTexts(store), about), target, "hits")


def write_page(page: Page, form: str) -> None:
    """Print a page in one of the formats.

    What the reader should know of it goes to standard error where data is printed.
    """
    for note in page.notes if form != "table" else ():
        click.echo(note, err=True)
    if form == "table":
        print_page(page, Console(highlight=False))
    elif form == "json":
        click.echo(json.dumps(page_json(page), ensure_ascii=False))
    else:
        click.echo(to_jsonl(page) if form == "jsonl" else to_csv(page), nl=False)


def check_choices(name: str, values: Sequence[str], known: AbstractSet[str]) -> None:
    """Raise UsageError for a value that can never be found."""
    wrong = [value for value in values if value not in known]
    if wrong:
        choices = "a year of four digits" if name == "year" else ", ".join(sorted(known))
        raise UsageError(f"--{name} {wrong[0]!r}: expected {choices}")


def filters_of(options: dict[str, Any]) -> Filters:
    """The filters that the options give."""
    codes = tuple(code for name in options["kommune"] for code in codes_of(name))
    check_choices("kind", options["kind"], {it.value for it in DocumentKind})
    check_choices("role", options["role"], {it.value for it in Role})
    check_choices("year", options["year"], {str(year) for year in range(1000, 3000)})
    check_order(first_day(options["published_from"]), last_day(options["published_to"]))
    return Filters(
        kommune=codes,
        **{name: tuple(options[name]) for name in REPEATED if name != "kommune"},
        published_from=first_day(options["published_from"]),
        published_to=last_day(options["published_to"]),
        mentions_from=first_day(options["mentions_from"]),
        mentions_to=last_day(options["mentions_to"]),
        amount_min=ore(options["amount_min"]),
        amount_max=ore(options["amount_max"]),
    )


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@click.pass_obj
def show(settings: Settings, id_: str, form: str) -> None:
    """Show the document or record ID: its text, and all that was found in it."""
    with opened(settings) as (_, store):
        found = store.find(id_)
        if not found:
            raise MissingError(f"nothing has the id {id_!r}; `kilde search` shows ids")
        if len(set(found)) > 1:
            raise UsageError(
                f"{id_!r} begins several ids: {', '.join(record or document for document, record in found)}"
            )
        document_id, record_id = found[0]
        document = store.document(document_id)
    if document is None:
        raise MissingError(f"document {document_id} could never be read; `kilde status` says why")
    records = [record for record in document.records if not record_id or record.id == record_id]
    if form == "json":
        values = record_json(records[0]) if record_id else document_json(document)
        click.echo(json.dumps(values, ensure_ascii=False))
    else:
        print_document(document, records, Console(highlight=False))
