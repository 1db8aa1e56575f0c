"""Commands that list what was found in texts: `kilde mentions`, `kilde grants`, `kilde kommuner`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from kilde.danish.kommuner import amter, by_name, former_by_name, former_kommuner, kommuner
from kilde.errors import UsageError
from kilde.settings import Settings
from kilde.store import Store
from search.coverage import coverage_of
from search.export import Export
from search.export_cells import Column, Line
from search.export_cli import Target, export_options, target_of, write_export
from search.export_manifest import Asked, Json, manifest_of
from search.export_queries import held
from search.listing import print_grants, print_lexicon, print_mentions, searched
from search.mentions import (
    GRANT_COLUMNS,
    MENTION_COLUMNS,
    Choice,
    find_grants,
    find_mentions,
    of_kommuner,
)
from search.options import check_order, codes_of, first_day, last_day, opened


def period_options(command: Any) -> Any:
    """The options that narrow a list by where it comes from and when that was published."""
    for option in (
        click.option(
            "--to", "published_to", metavar="DATE", help="Published on or before; 2020-01 means its last day."
        ),
        click.option("--from", "published_from", metavar="DATE", help="Published on or after."),
        click.option("--source", multiple=True, help="Only from this source; may repeat."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("name", metavar="[KOMMUNE]", required=False)
@click.option("--all", "everything", is_flag=True, help="The mentions of all kommuner.")
@click.option("--role", multiple=True, type=click.Choice(["authority", "place", "institution"]))
@period_options
@export_options("table")
@click.pass_obj
def mentions(
    settings: Settings,
    name: str | None,
    everything: bool,
    role: tuple[str, ...],
    source: tuple[str, ...],
    published_from: str | None,
    published_to: str | None,
    form: str | None,
    output: Path | None,
    manifest: Path | None,
) -> None:
    """Print every mention of KOMMUNE (a name in any spelling, a code, a former kommune) in its context."""
    if bool(name) == everything:
        raise UsageError("name one kommune, or say --all")
    codes = codes_of(name) if name else ()
    if name:
        explain_former(name)
    target = target_of(form, output, manifest)
    choice = of_kommuner(codes, choice_of(role, source, published_from, published_to))
    asked = Asked("mentions", name, filters_of(codes, choice))
    answer(settings, Listing("mentions", MENTION_COLUMNS, find_mentions, print_mentions), choice, asked, target)


@click.command()
@click.option("--kommune", multiple=True, help="Only grants to this kommune; may repeat.")
@period_options
@export_options("table")
@click.pass_obj
def grants(
    settings: Settings,
    kommune: tuple[str, ...],
    source: tuple[str, ...],
    published_from: str | None,
    published_to: str | None,
    form: str | None,
    output: Path | None,
    manifest: Path | None,
) -> None:
    """Print every amount that a row or a sentence gives to a kommune."""
    codes = tuple(dict.fromkeys(code for name in kommune for code in codes_of(name)))
    target = target_of(form, output, manifest)
    choice = of_kommuner(codes, choice_of((), source, published_from, published_to))
    asked = Asked("grants", None, filters_of(codes, choice))
    answer(settings, Listing("grants", GRANT_COLUMNS, find_grants, print_grants), choice, asked, target)


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of list: what its lines are called, their columns, how they are found and shown."""

    noun: str
    columns: Sequence[Column]
    find: Callable[[Store, Choice], Iterator[Line]]
    show: Callable[[Iterator[Line], Console], None]


def answer(settings: Settings, listing: Listing, choice: Choice, asked: Asked, target: Target) -> None:
    """Find the lines and print or export them, all of one moment of the store."""
    with opened(settings) as (folder, store), held(store):
        coverage = coverage_of(folder, store, choice.sources)
        lines = listing.find(store, choice)
        if target.is_export:
            about = manifest_of(asked, listing.columns, store, coverage)
            write_export(Export(listing.columns, lines, about), target, listing.noun)
        else:
            console = Console(highlight=False)
            listing.show(lines, console)
            console.print(searched(coverage), style="dim")


def choice_of(
    roles: tuple[str, ...], sources: tuple[str, ...], published_from: str | None, published_to: str | None
) -> Choice:
    """The choice that the options give; UsageError for a period that ends before it begins."""
    first, last = first_day(published_from), last_day(published_to)
    check_order(first, last)
    return Choice(None, roles, sources, first, last)


def filters_of(codes: tuple[str, ...], choice: Choice) -> Json:
    """The choice as a manifest has it."""
    given = {
        "kommune": list(codes),
        "role": list(choice.roles),
        "source": list(choice.sources),
        "published_from": choice.published_from.isoformat() if choice.published_from else None,
        "published_to": choice.published_to.isoformat() if choice.published_to else None,
    }
    return {name: value for name, value in given.items() if value}


def explain_former(name: str) -> None:
    """Say, on standard error, what became of a former kommune."""
    former = former_by_name(name) if by_name(name) is None else None
    if former is not None:
        heirs = ", ".join(kommuner()[code].name for code in former.successors)
        years = f"{former.from_year}-{former.to_year}"
        click.echo(f"{former.name} ({years}) is no kommune any more; what was {former.name} is in {heirs}", err=True)


@click.command("kommuner")
@click.argument("name", required=False)
@click.option("--former", is_flag=True, help="The kommuner of 1970 and later that are no more.")
@click.option("--amter", "counties", is_flag=True, help="The amter of 1970-2006.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def list_kommuner(name: str | None, former: bool, counties: bool, form: str) -> None:
    """List the 98 kommuner, or tell about the one called NAME, present or former."""
    if (name is not None) + former + counties > 1:
        raise UsageError("say one of NAME, --former and --amter")
    if name is not None:
        rows = named_kommune(name)
    elif former:
        rows = [asdict(it) for it in former_kommuner()]
    else:
        rows = [asdict(it) for it in (amter() if counties else kommuner()).values()]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        print_lexicon(rows, Console(highlight=False))


def named_kommune(name: str) -> list[dict[str, Any]]:
    """The present kommune of a name; else the former one, and what became of it."""
    former = former_by_name(name) if by_name(name) is None else None
    codes = former.successors if former else codes_of(name)
    present = [asdict(kommuner()[code]) for code in codes]
    return [asdict(former), *present] if former else present
