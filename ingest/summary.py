"""A document for the eyes: its records and what was found in each, on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from kilde.model import Document, Record


def print_summary(document: Document) -> None:
    """Print a document's head, a line a record, and its problems."""
    console = Console(soft_wrap=True, highlight=False)
    published = f"{document.published.when} ({document.published.basis})" if document.published else "unknown"
    console.print(document.title, style="bold", markup=False)
    console.print(f"{document.kind}, published {published}, updated {document.updated or 'unknown'}", markup=False)
    console.print(f"publisher: {document.publisher or 'unknown'}", markup=False)
    table = Table(box=None, pad_edge=False)
    for column in ("", "kind", "heading", "kommuner", "dates", "amounts"):
        table.add_column(column, overflow="fold")
    for record in document.records:
        table.add_row(str(record.position), record.kind, shortened(record), *found(record))
    console.print(table)
    for problem in document.problems:
        console.print(f"{problem.severity}: {problem.detail} ({problem.code})", markup=False)


def shortened(record: Record) -> str:
    """A record's heading, or the beginning of its text."""
    line = record.heading or " ".join(record.text.split())
    return line if len(line) <= 60 else line[:59] + "…"


def found(record: Record) -> tuple[str, str, str]:
    """What was found in a record, as it stands there."""
    return (
        ", ".join(dict.fromkeys(mention.surface for mention in record.kommuner)),
        ", ".join(mention.surface for mention in record.dates),
        ", ".join(mention.surface for mention in record.amounts),
    )
