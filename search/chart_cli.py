"""The command `kilde chart`: a picture of what a query matches."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from kilde.errors import UsageError
from kilde.settings import Settings
from search.chart import Axis, Chart, Unit, chart_of
from search.chart_png import write_png
from search.chart_svg import svg_of
from search.chart_table import print_chart
from search.chart_words import Caption, caption_of, kroner
from search.citations import DANISH_TIME
from search.cli import StoreTexts, filter_options, filters_of
from search.coverage import coverage_of
from search.engine import open_engine
from search.export_cells import Kind, columns
from search.export_file import whole_file
from search.export_manifest import coverage_json, filters_json
from search.export_queries import held
from search.export_text import csv_text
from search.listing import searched
from search.options import opened
from search.page import Coverage, Query
from search.query import parse_query
from search.synonyms import synonyms_of

COLUMNS = columns("value label count", count=Kind.INTEGER)
PICTURES = (".svg", ".png")
MOST = 20
MOST_VALUES = 100


@click.command()
@click.argument("words", nargs=-1)
@filter_options
@click.option("--by", "axis", type=click.Choice([it.value for it in Axis]), default=Axis.YEAR.value, show_default=True)
@click.option(
    "--count",
    "unit",
    type=click.Choice([Unit.RECORDS.value, Unit.DOCUMENTS.value, Unit.MENTIONS.value]),
    help="What is counted, records unless given; mentions are those of kommuner.",
)
@click.option("--limit", type=click.IntRange(1, MOST_VALUES), default=MOST, show_default=True, help="Bars of kommuner.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Draw to this .svg or .png file.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.pass_obj
def chart(
    settings: Settings, /, words: tuple[str, ...], axis: str, unit: str | None, limit: int, output: Path | None,
    form: str, **options: Any,
) -> None:  # fmt: skip
    """Show how many records match QUERY by year, month, kommune or region, or how large the amounts in them are."""
    check(axis, unit, output)
    text = " ".join(words)
    query = Query(
        text=text, tree=parse_query(text), filters=filters_of(options), synonyms=synonyms_of(settings.synonyms)
    )
    with opened(settings) as (folder, store):
        answer = open_engine(folder.index, StoreTexts(store)).ask(query)
        with held(store):
            found = chart_of(answer, Axis(axis), Unit(unit or Unit.RECORDS), store, limit)
            coverage = coverage_of(folder, store, query.filters.source)
    for note in answer.reading.notes:
        click.echo(note, err=True)
    if output:
        draw(found, caption_of(found, query, coverage, datetime.now(UTC).astimezone(DANISH_TIME).date()), output)
    elif form == "json":
        click.echo(json.dumps(chart_json(found, query, coverage), ensure_ascii=False))
    elif form == "csv":
        click.echo(csv_text(map(asdict, found.bars), COLUMNS), nl=False)
    else:
        show(found, coverage)


def check(axis: str, unit: str | None, output: Path | None) -> None:
    """Raise UsageError for options that do not go together."""
    if unit and axis == Axis.AMOUNTS:
        raise UsageError("--by amounts counts amounts: leave --count out")
    if output and output.suffix.lower() not in PICTURES:
        raise UsageError(f"--output {output.name}: expected a name that ends in {' or '.join(PICTURES)}")


def draw(found: Chart, caption: Caption, output: Path) -> None:
    """Write the picture, whole or not at all."""
    with whole_file(output) as stream:
        if output.suffix.lower() == ".png":
            write_png(found, caption, stream)
        else:
            stream.write(svg_of(found, caption).encode())
    click.echo(f"{output}: {caption.title}", err=True)


def chart_json(found: Chart, query: Query, coverage: Coverage) -> dict[str, Any]:
    """The chart as JSON; amounts in kroner."""
    return {
        "query": query.text,
        "filters": filters_json(query.filters),
        "by": found.axis.value,
        "count": found.unit.value,
        "bars": [asdict(bar) for bar in found.bars],
        "total": found.total,
        "undated": found.undated,
        "others": found.others,
        "quartiles": list(found.quartiles) if found.quartiles else None,
        "coverage": coverage_json(coverage),
    }


def show(found: Chart, coverage: Coverage) -> None:
    """Print the chart with what the reader should know."""
    console = Console(highlight=False)
    print_chart(found, console)
    notes = [f"{found.total:,} {found.unit.value}"]
    if found.undated:
        notes.append(f"{found.undated:,} of them without a known {found.axis.value}")
    if found.others:
        notes.append(f"{found.others:,} more {found.axis.value}{'r' if found.axis is Axis.KOMMUNE else 's'} not shown")
    if found.quartiles:
        low, median, high = (kroner(each) for each in found.quartiles)
        notes.append(f"median {median}, the middle half from {low} to {high}; each once a document")
    console.print("; ".join([*notes, searched(coverage)]), style="dim")
