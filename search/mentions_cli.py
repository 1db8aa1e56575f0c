"""Commands that list what was found in texts: `kilde mentions`, `kilde grants`, `kilde kommuner`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console

from kilde.danish.kommuner import amter, by_name, former_by_name, former_kommuner, kommuner
from kilde.errors import UsageError
from kilde.settings import Settings
from search.listing import print_grants, print_lexicon, print_mentions
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
from search.options import check_order, codes_of, first_day, last_day, opened


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
    check_order(first_day(published_from), last_day(published_to))
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
    check_order(first_day(published_from), last_day(published_to))
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
    codes = codes_of(name)
    present = [asdict(kommuner()[code]) for code in codes]
    former = former_by_name(name) if by_name(name) is None else None
    return [asdict(former), *present] if former else present
