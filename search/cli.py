"""Commands that answer: `kilde search`, `kilde mentions`, `kilde show`, `kilde kommuner`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click
from rich.console import Console

from kilde.contract import document_json, record_json
from kilde.danish.kommuner import by_name, former_by_name, kommuner, nearest_names
from kilde.errors import MissingError, UsageError
from kilde.folder import DataFolder
from kilde.model import PartialDate
from kilde.settings import Settings
from kilde.state import State
from kilde.status import coverage
from kilde.store import Store
from search.engine import open_engine
from search.listing import print_document, print_grants, print_kommuner, print_mentions
from search.mentions import (
    GRANT_COLUMNS,
    MENTION_COLUMNS,
    Choice,
    Line,
    find_grants,
    find_mentions,
    write_csv,
    write_jsonl,
)
from search.page import FACETS, By, Coverage, Filters, Page, Query, Sort
from search.query import parse_query
from search.render import page_json, print_page, to_csv, to_jsonl

LONGEST_PAGE = 1000
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


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[DataFolder, Store]]:
    """The data folder and its store, to read from."""
    folder = DataFolder(settings.data).require()
    with Store(folder.store) as store:
        yield folder, store


def facet_options(command: Any) -> Any:
    """The options that narrow a search by a facet, each of which may repeat."""
    for name in reversed(REPEATED):
        command = click.option(f"--{name}", multiple=True, help=f"Only this {name}; may repeat.")(command)
    return command


@click.command()
@click.argument("words", nargs=-1)
@facet_options
@click.option("--from", "published_from", metavar="DATE", help="Published on or after: 2020, 2020-01 or 2020-01-16.")
@click.option("--to", "published_to", metavar="DATE", help="Published on or before; 2020-01 means its last day.")
@click.option("--mentions-from", metavar="DATE", help="Mentions a date on or after.")
@click.option("--mentions-to", metavar="DATE", help="Mentions a date on or before.")
@click.option("--amount-min", metavar="KR", help="Mentions this many kroner or more.")
@click.option("--amount-max", metavar="KR", help="Mentions this many kroner or fewer.")
@click.option("--facet", "facets", multiple=True, type=click.Choice(FACETS), help="Count the values of; may repeat.")
@click.option("--sort", type=click.Choice([it.value for it in Sort]), default=Sort.RELEVANCE.value)
@click.option("--limit", type=click.IntRange(0, LONGEST_PAGE), default=10, show_default=True)
@click.option("--cursor", help="Go on from here: `next` of the page before.")
@click.option("--by", type=click.Choice([it.value for it in By]), default=By.RECORD.value)
@click.option("--format", "form", type=click.Choice(["table", "json", "jsonl", "csv"]), default="table")
@click.pass_obj
def search(settings: Settings, /, words: tuple[str, ...], form: str, **options: Any) -> None:
    """Search the records: words, "phrases", OR, NOT, kommune:, year ranges; all in docs/query.md."""
    text = " ".join(words)
    query = Query(
        text=text,
        tree=parse_query(text),
        filters=filters_of(options),
        facets=tuple(dict.fromkeys(options["facets"])),
        sort=Sort(options["sort"]),
        limit=options["limit"],
        cursor=options["cursor"],
        by=By(options["by"]),
    )
    with opened(settings) as (folder, store):
        page = open_engine(folder.index, StoreTexts(store)).search(query)
        page = replace(page, coverage=coverage_of(folder, store))
    write_page(page, form)


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


def coverage_of(folder: DataFolder, store: Store) -> Coverage:
    """What the answer rests on."""
    state = State(folder.state, readonly=True) if folder.state.exists() else None
    found = coverage(store, state)
    return Coverage(documents=found.documents, months=found.months, quarantined=found.quarantined)


def filters_of(options: dict[str, Any]) -> Filters:
    """The filters that the options give."""
    codes = tuple(code for name in options["kommune"] for code in codes_of(name))
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


def codes_of(name: str) -> tuple[str, ...]:
    """The codes that a name stands for, a former kommune for all of its successors; raises UsageError."""
    kommune = by_name(name)
    if kommune is not None:
        return (kommune.code,)
    former = former_by_name(name)
    if former is not None:
        return former.successors
    near = nearest_names(name)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `kilde kommuner` lists them"
    raise UsageError(f"there is no kommune {name!r}{hint}")


def first_day(text: str | None) -> date | None:
    """The first day of a date on the command line."""
    return parsed_date(text).first if text else None


def last_day(text: str | None) -> date | None:
    """The last day of a date on the command line."""
    return parsed_date(text).last if text else None


def parsed_date(text: str) -> PartialDate:
    """A date of the command line; raises UsageError."""
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from error


def ore(text: str | None) -> int | None:
    """Kroner of the command line in øre; raises UsageError."""
    if text is None:
        return None
    try:
        kroner = Decimal(text.replace(".", "").replace(",", ".")) if "," in text else Decimal(text)
    except InvalidOperation as error:
        raise UsageError(f"expected kroner as a number like 500000 or 1250,50, found {text!r}") from error
    return int(kroner * 100)


@click.command()
@click.argument("name", metavar="[KOMMUNE]", required=False)
@click.option("--all", "everything", is_flag=True, help="The mentions of all kommuner.")
@click.option("--role", multiple=True, type=click.Choice(["authority", "place", "institution"]))
@click.option("--source", multiple=True)
@click.option("--from", "published_from", metavar="DATE")
@click.option("--to", "published_to", metavar="DATE")
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table")
@click.pass_obj
def mentions(
    settings: Settings,
    name: str | None,
    everything: bool,
    role: tuple[str, ...],
    source: tuple[str, ...],
    published_from: str | None,
    published_to: str | None,
    form: str,
) -> None:
    """Print every mention of KOMMUNE (a name in any spelling, a code, a former kommune) in its context."""
    if bool(name) == everything:
        raise UsageError("name one kommune, or say --all")
    codes: tuple[str | None, ...] = codes_of(name) if name else (None,)
    if name:
        explain_former(name)
    with opened(settings) as (_, store):
        choices = [Choice(code, role, source, first_day(published_from), last_day(published_to)) for code in codes]
        lines = (line for choice in choices for line in find_mentions(store, choice))
        write_lines(lines, MENTION_COLUMNS, form, print_mentions)


@click.command()
@click.option("--kommune", multiple=True, help="Only grants to this kommune; may repeat.")
@click.option("--source", multiple=True)
@click.option("--from", "published_from", metavar="DATE")
@click.option("--to", "published_to", metavar="DATE")
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table")
@click.pass_obj
def grants(
    settings: Settings,
    kommune: tuple[str, ...],
    source: tuple[str, ...],
    published_from: str | None,
    published_to: str | None,
    form: str,
) -> None:
    """Print every amount that a row or a sentence gives to a kommune."""
    codes: tuple[str | None, ...] = tuple(code for name in kommune for code in codes_of(name)) or (None,)
    with opened(settings) as (_, store):
        choices = [Choice(code, (), source, first_day(published_from), last_day(published_to)) for code in codes]
        lines = (line for choice in choices for line in find_grants(store, choice))
        write_lines(lines, GRANT_COLUMNS, form, print_grants)


def write_lines(
    lines: Iterable[Line], columns: Sequence[str], form: str, show_table: Callable[[Iterable[Line], Console], None]
) -> None:
    """Print lines in one of the formats."""
    if form == "jsonl":
        write_jsonl(lines, sys.stdout)
    elif form == "csv":
        write_csv(lines, columns, sys.stdout)
    else:
        show_table(lines, Console(highlight=False))


def explain_former(name: str) -> None:
    """Say, on standard error, what became of a former kommune."""
    former = former_by_name(name) if by_name(name) is None else None
    if former is not None:
        heirs = ", ".join(kommuner()[code].name for code in former.successors)
        years = f"{former.from_year}-{former.to_year}"
        click.echo(f"{former.name} ({years}) is no kommune any more; what was {former.name} is in {heirs}", err=True)


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


@click.command("kommuner")
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def list_kommuner(name: str | None, form: str) -> None:
    """List the 98 kommuner, or tell about the one called NAME, present or former."""
    found = [kommuner()[code] for code in codes_of(name)] if name else list(kommuner().values())
    if name:
        explain_former(name)
    if form == "json":
        click.echo(json.dumps([kommune_values(it.code) for it in found], ensure_ascii=False))
    else:
        print_kommuner([kommune_values(it.code) for it in found], Console(highlight=False))


def kommune_values(code: str) -> dict[str, Any]:
    """What the lexicon says of a kommune."""
    it = kommuner()[code]
    return {
        "code": it.code,
        "name": it.name,
        "official": it.official,
        "region": it.region,
        "region_from_2027": it.region_2027,
        "landsdel": it.landsdel,
        "since": it.since,
        "spellings": list(it.spellings),
    }
