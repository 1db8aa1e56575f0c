"""Answers for the eyes that are no page of hits: mentions, a document, the kommuner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kilde.model import Document, Record

MARKS = (("kommuner", "bold cyan"), ("dates", "green"), ("amounts", "bold yellow"))
"""What is marked in a text, and how."""


def print_mentions(lines: Iterable[dict[str, Any]], console: Console) -> None:
    """Mentions in their context, grouped by document."""
    count = 0
    for _, group in groupby(lines, key=lambda it: it["document"]):
        mentions = list(group)
        first = mentions[0]
        about = " · ".join(
            str(it) for it in (first["published"] or "undated", first["publisher"], first["source"]) if it
        )
        console.print(Text.assemble((first["title"], "bold"), f"  {about}  ", (first["document"], "dim")))
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 2), expand=True)
        table.add_column(justify="right", ratio=5, overflow="ellipsis", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=5, overflow="ellipsis", no_wrap=True)
        table.add_column(style="dim", no_wrap=True)
        for it in mentions:
            surface = " ".join(it["surface"].split())
            table.add_row(
                tail(it["left"], console.width // 3), Text(surface, "bold cyan"), Text(it["right"]), it["role"]
            )
        console.print(table)
        count += len(mentions)
    console.print(f"{count:,} mentions" if count else "no mentions", style="dim")


def print_grants(lines: Iterable[dict[str, Any]], console: Console) -> None:
    """Grants as a table, with the sum of those in kroner."""
    table = Table(box=None, pad_edge=False)
    for column in ("published", "kommune", "amount", "purpose", "period", "document"):
        table.add_column(column, justify="right" if column == "amount" else "left", overflow="fold")
    total = count = 0
    for it in lines:
        upper = f"-{danish(it['value_to'])}" if it["value_to"] is not None else ""
        amount = f"{danish(it['value'])}{upper} {'kr.' if it['unit'] == 'DKK' else it['unit']}"
        purpose = " ".join((it["purpose"] or it["heading"]).split())
        table.add_row(it["published"] or "undated", it["name"], amount, purpose, it["period"] or "", it["document"])
        count += 1
        total += it["value"] if it["unit"] == "DKK" else 0
    console.print(table)
    console.print(f"{count:,} grants, {danish(total)} kr. in all" if count else "no grants", style="dim")


def danish(value: float) -> str:
    """A number as Danes write it.

    >>> danish(1250000.5)
    '1.250.000,5'
    """
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def tail(text: str, width: int) -> Text:
    """The end of a text that is too long for its column."""
    return Text(text if len(text) <= width else "…" + text[1 - width :])


def print_document(document: Document, records: Sequence[Record], console: Console) -> None:
    """A document's head and the records asked for, with their mentions marked."""
    published = f"{document.published.when} ({document.published.basis.value})" if document.published else "unknown"
    console.print(Text(document.title, "bold"))
    grid = Table(box=None, show_header=False, pad_edge=False)
    for name, value in (
        ("kind", document.kind.value),
        ("publisher", document.publisher),
        ("published", published),
        ("updated", document.updated),
        ("source", f"{document.source}/{document.locator}"),
        ("id", document.id),
        ("version", document.version),
    ):
        grid.add_row(Text(name, "dim"), Text(str(value or "unknown")))
    console.print(grid)
    for record in records:
        console.print()
        theme = f" · {record.theme}" if record.theme else ""
        console.print(Text(f"{record.position} · {record.kind.value}{theme} · {record.id}", "dim"))
        console.print(marked(record), soft_wrap=False)
    for problem in document.problems:
        console.print(Text(f"{problem.severity.value}: {problem.detail} ({problem.code})", "dim"))


def marked(record: Record) -> Text:
    """A record's text with its mentions marked."""
    text = Text(record.text)
    if record.heading and record.text.startswith(record.heading):
        text.stylize("bold", 0, len(record.heading))
    for attribute, style in MARKS:
        for mention in getattr(record, attribute):
            text.stylize(style, mention.start, mention.end)
    return text


def print_kommuner(found: Sequence[dict[str, Any]], console: Console) -> None:
    """Kommuner as a table; one alone with all that is known of it."""
    if len(found) == 1:
        grid = Table(box=None, show_header=False, pad_edge=False)
        for name, value in found[0].items():
            grid.add_row(Text(name, "dim"), ", ".join(value) if isinstance(value, list) else str(value))
        console.print(grid)
        return
    table = Table(box=None, pad_edge=False)
    for column in ("code", "name", "region", "landsdel"):
        table.add_column(column)
    for it in found:
        table.add_row(it["code"], it["name"], it["region"], it["landsdel"])
    console.print(table)
