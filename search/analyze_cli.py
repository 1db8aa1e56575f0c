"""`kilde analyze`: the tokens of a text, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kilde.errors import QueryError, UsageError
from kilde.settings import Settings
from search.analysis import LONGEST_TEXT, Lookup, Token, lookups, tokens
from search.synonyms import synonyms_of
from search.table import shown


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="TEXT")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@click.pass_obj
def analyze(settings: Settings, words: tuple[str, ...], form: str) -> None:
    """Show what TEXT is found by when it stands in a document, what it looks up as a query, and why."""
    text = " ".join(words)
    if len(text) > LONGEST_TEXT:
        raise UsageError(f"expected a text of at most {LONGEST_TEXT:,} characters, found {len(text):,}")
    found = list(tokens(text))
    asked, refused = _as_query(text, settings)
    if form == "json":
        click.echo(json.dumps(analysis_json(text, found, asked, refused), ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(_in_text(found))
    console.print()
    console.print(_in_query(asked) if refused is None else Text(f"no query: {refused}", "dim"))


def analysis_json(
    text: str, found: Sequence[Token], asked: Sequence[Lookup], refused: str | None = None
) -> dict[str, Any]:
    """The tokens of a text (`index`) and its words as a query (`query`; null with `refused` where it is none)."""
    return {
        "text": text,
        "index": [asdict(token) for token in found],
        "query": [asdict(lookup) for lookup in asked] if refused is None else None,
        "refused": refused,
    }


def _as_query(text: str, settings: Settings) -> tuple[tuple[Lookup, ...], str | None]:
    try:
        return lookups(text, synonyms_of(settings.synonyms)), None
    except QueryError as error:
        return (), str(error)


def _in_text(found: Sequence[Token]) -> Table:
    table = Table(box=None, pad_edge=False, title="in a text", title_justify="left")
    for column in ("position", "span", "form", "key", "kind", "why"):
        table.add_column(column, overflow="fold")
    for token in found:
        head = (f"{token.start}-{token.end}", shown(token.form))
        for step in token.steps:
            place: tuple[str, ...] = (str(step.position), *head)
            for reason in step.keys:
                table.add_row(*map(Text, (*place, reason.key, reason.kind, reason.why)))
                place, head = ("", "", ""), ("", "")
        exact = ", ".join(f"={each}" for each in token.exact)
        table.add_row(*map(Text, ("", "", "", exact, "exact", "the form as it is written")))
    return table


def _in_query(asked: Sequence[Lookup]) -> Table:
    table = Table(box=None, pad_edge=False, title="as a query", title_justify="left")
    for column in ("word", "looks up", "remark"):
        table.add_column(column, overflow="fold")
    for lookup in asked:
        steps = " then ".join(" or ".join(step) for step in lookup.steps)
        whole = f", or {' or '.join(lookup.whole)}" if len(lookup.steps) > 1 and lookup.whole else ""
        looks_up = "forms as they are written" if lookup.marked else steps + whole
        remarks = ["a stop word, ignored beside others"] if lookup.stop else []
        remarks += [f"also searched: {', '.join(lookup.synonyms)}"] if lookup.synonyms else []
        table.add_row(Text(lookup.text), Text(looks_up), Text("; ".join(remarks)))
    return table
