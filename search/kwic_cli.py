"""The command `kilde kwic`: a concordance, sorted, sampled, printed or exported."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from kilde.errors import UsageError
from kilde.settings import Settings
from kilde.store import Store
from search.cli import StoreTexts, filter_options, filters_of
from search.coverage import coverage_of
from search.engine import Answer, open_engine
from search.export import Export
from search.export_cells import Line
from search.export_cli import Target, export_options, target_of, write_export
from search.export_hits import of_answer
from search.export_manifest import Asked, Json, coverage_json, filters_json, manifest_of
from search.export_queries import held
from search.kwic import KWIC_COLUMNS, Width, kwic_lines
from search.kwic_order import ORDERS, in_order, key_of, sample
from search.kwic_table import print_kwic
from search.listing import counted, searched
from search.options import opened
from search.page import Coverage, Query
from search.query import parse_query
from search.synonyms import synonyms_of

WORDS = 8
"""Of context on each side."""
MOST_CONTEXT = 1000
MOST_SAMPLED = 100_000
"""Lines of a sample: they are kept in memory."""


@dataclass(slots=True)
class Tally:
    """Counts lines on their way, and the records that they come from; `whole` when all have come."""

    lines: int = 0
    records: int = 0
    whole: bool = False

    def count(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The same lines; those of a record come one after the other."""
        last = None
        for line in lines:
            self.lines += 1
            self.records += line["record"] != last
            last = line["record"]
            yield line
        self.whole = True

    def as_json(self) -> Json:
        """How many there are; unknown where nobody asked for the last."""
        return {"total": self.lines if self.whole else None, "records": self.records if self.whole else None}


@dataclass(frozen=True, slots=True)
class Concordance:
    """What was asked for: lines in their order, and what is said of them."""

    found: Answer
    lines: Iterator[Line]
    tally: Tally
    options: Json
    coverage: Coverage


@click.command()
@click.argument("words", nargs=-1, required=True)
@filter_options
@click.option(
    "--words", "in_words", type=click.IntRange(1, MOST_CONTEXT), help=f"Words on each side, {WORDS} unless given."
)
@click.option("--chars", "in_chars", type=click.IntRange(1, MOST_CONTEXT), help="Characters on each side instead.")
@click.option("--sort", default="date", show_default=True, help=f"{', '.join(ORDERS)}, or places of words: 1L,2R.")
@click.option("--sample", "size", type=click.IntRange(1, MOST_SAMPLED), help="So many of the lines, drawn by lot.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of --sample: the same seed draws the same lines.")
@click.option("--limit", type=click.IntRange(1), help="Only the first lines.")
@export_options("table", "json")
@click.pass_obj
def kwic(
    settings: Settings, /, words: tuple[str, ...], form: str | None, output: Path | None, manifest: Path | None,
    **options: Any,
) -> None:  # fmt: skip
    """Show each match of QUERY's words in its context: a concordance, one line a match."""
    target = target_of(form, output, manifest)
    if options["in_words"] and options["in_chars"]:
        raise UsageError("say one of --words and --chars")
    text = " ".join(words)
    query = Query(
        text=text, tree=parse_query(text), filters=filters_of(options), synonyms=synonyms_of(settings.synonyms)
    )
    key_of(options["sort"])
    with opened(settings) as (folder, store):
        found = open_engine(folder.index, StoreTexts(store)).ask(query)
        with held(store):  # after the index: the store has all versions that an index names
            answer = _concordance(found, store, coverage_of(folder, store, query.filters.source), options)
            _write(answer, store, target)


def _concordance(found: Answer, store: Store, coverage: Coverage, options: dict[str, Any]) -> Concordance:
    """The lines that the options ask for, found as they are read."""
    width = Width(options["in_chars"], in_words=False) if options["in_chars"] else Width(options["in_words"] or WORDS)
    tally = Tally()
    lines = tally.count(kwic_lines(found, store, width))
    if options["size"]:
        lines = iter(sample(lines, options["size"], options["seed"]))
    key = key_of(options["sort"])
    if key:
        lines = in_order(lines, key)
    said: Json = {"context": {"words" if width.in_words else "characters": width.number}, "sort": options["sort"]}
    said |= {"sample": options["size"], "seed": options["seed"]} if options["size"] else {}
    said |= {"limit": options["limit"]} if options["limit"] else {}
    return Concordance(found, islice(lines, options["limit"]), tally, said, coverage)


def _write(answer: Concordance, store: Store, target: Target) -> None:
    reading = answer.found.reading
    for note in reading.notes if target.form != "table" else ():
        click.echo(note, err=True)
    if target.is_export:
        asked = Asked("kwic", reading.query.text, filters_json(reading.query.filters), answer.options)
        about = manifest_of(asked, KWIC_COLUMNS, store, answer.coverage) | of_answer(answer.found)
        export = Export(KWIC_COLUMNS, answer.lines, about, answer.tally.as_json)
        write_export(export, target, "lines")
    elif target.form == "json":
        _print_json(answer)
    else:
        _print_table(answer)


def _print_json(answer: Concordance) -> None:
    """One object, its lines written as they come."""
    head = {"query": answer.found.reading.query.text, **answer.options}
    sys.stdout.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "lines": [')
    for number, line in enumerate(answer.lines):
        sys.stdout.write((",\n" if number else "\n") + json.dumps(line, ensure_ascii=False))
    tail = {**answer.tally.as_json(), "coverage": coverage_json(answer.coverage)}
    sys.stdout.write("\n], " + json.dumps(tail, ensure_ascii=False)[1:] + "\n")


def _print_table(answer: Concordance) -> None:
    console = Console(highlight=False)
    print_kwic(answer.lines, console)
    for note in answer.found.reading.notes:
        console.print(f"note: {note}", style="dim", markup=False)
    console.print(f"{_found(answer)}; {searched(answer.coverage)}", style="dim")


def _found(answer: Concordance) -> str:
    """How many lines there are, and which of them were shown."""
    tally, options = answer.tally, answer.options
    if not tally.whole:
        return f"the first {counted(options['limit'], 'line')}"
    found = f"{counted(tally.lines, 'line')} in {counted(tally.records, 'record')}"
    sampled = options.get("sample", tally.lines)
    found += f", {sampled:,} of them drawn with seed {options['seed']}" if sampled < tally.lines else ""
    return found
