"""Answers for the eyes that are no page of hits: mentions, a document, the kommuner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kilde.model import Document, Record
from search.page import Coverage
from search.table import shown

NARROWEST = 12
"""Characters of context on each side, however narrow the terminal."""

PUNCTUATION = frozenset(".,;:!?)”’")
MARKS = (("kommuner", "bold cyan"), ("dates", "green"), ("amounts", "bold yellow"))
"""What is marked in a text, and how."""


def print_mentions(lines: Iterable[dict[str, Any]], console: Console) -> None:
    """Mentions in their context, grouped by document."""
    count = 0
    for _, group in groupby(lines, key=lambda it: it["document"]):
        mentions = list(group)
        first = mentions[0]
        about = (first["published"] or "undated", first["publisher"], first["document"])
        console.print(Text(shown(first["title"]), "bold"))
        console.print(Text("  " + " · ".join(shown(it) for it in about if it), "dim"))
        print_context(mentions, console)
        count += len(mentions)
    console.print(counted(count, "mention"), style="dim")


def counted(count: int, noun: str) -> str:
    """ "no grants", "1 grant", "12 grants"."""
    return f"{count:,} {noun}{'s' if count != 1 else ''}" if count else f"no {noun}s"


def searched(coverage: Coverage) -> str:
    """What an answer is out of, in one line: so that none is either "searched and absent" or "not collected"."""
    documents, months = counted(coverage.documents, "document"), counted(coverage.months, "month")
    parts = [f"searched {documents} of {months}"]
    parts += [f"late: {', '.join(map(shown, coverage.late))}"] if coverage.late else []
    parts += [f"failing: {', '.join(map(shown, coverage.failing))}"] if coverage.failing else []
    parts += [f"{coverage.quarantined:,} in quarantine"] if coverage.quarantined else []
    return "; ".join(parts)


def print_context(mentions: Sequence[dict[str, Any]], console: Console) -> None:
    """The mentions of a document below each other, what stands before and behind them cut to the width."""
    surfaces = [shown(it["surface"]) for it in mentions]
    middle = max(map(cell_len, surfaces))
    role = max(len(it["role"]) for it in mentions)
    side = max((console.width - middle - role - 6) // 2, NARROWEST)
    for it, surface in zip(mentions, surfaces, strict=True):
        line = Text("  ")
        left, right = shown(it["left"]), shown(it["right"])
        line.append(cut_left(left, side).rjust(side) + " ")
        line.append(surface.ljust(middle), "bold cyan")
        gap = "" if right[:1] in PUNCTUATION else " "
        line.append((gap + cut_right(right, side)).ljust(side + 1) + " ")
        line.append(it["role"], "dim")
        console.print(line, soft_wrap=True)


def cut_left(text: str, width: int) -> str:
    """The end of a text that is too long."""
    return text if len(text) <= width else "…" + text[1 - width :]


def cut_right(text: str, width: int) -> str:
    """The beginning of a text that is too long."""
    return text if len(text) <= width else text[: width - 1] + "…"


def print_grants(lines: Iterable[dict[str, Any]], console: Console) -> None:
    """Grants as a table; no sum, since one grant is often told of twice."""
    table = Table(box=None, pad_edge=False)
    for column in ("published", "kommune", "amount", "purpose", "period", "document"):
        table.add_column(column, justify="right" if column == "amount" else "left", overflow="fold")
    count = 0
    for it in lines:
        upper = f"-{danish(it['value_to'])}" if it["value_to"] is not None else ""
        amount = f"{danish(it['value'])}{upper} {'kr.' if it['unit'] == 'DKK' else it['unit']}"
        purpose, period = shown(it["purpose"] or it["heading"]), shown(it["period"] or "")
        table.add_row(it["published"] or "undated", it["name"], amount, Text(purpose), Text(period), it["document"])
        count += 1
    console.print(table)
    console.print(counted(count, "grant"), style="dim")


def danish(value: float) -> str:
    """A number as Danes write it; what is no whole number of kroner with two decimals.

    >>> danish(1250000.5)
    '1.250.000,50'
    """
    return (f"{value:,}" if value == int(value) else f"{value:,.2f}").translate(str.maketrans(",.", ".,"))


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


SHORT = 4
"""Entries of the lexicon that are shown whole; more become a table."""
LIST_COLUMNS = ("code", "name", "region", "landsdel", "from_year", "to_year", "amt", "successors", "regions")


def print_lexicon(rows: Sequence[dict[str, Any]], console: Console) -> None:
    """Entries of the lexicon of kommuner: a few with all that is known of them, many as a table."""
    if len(rows) <= SHORT:
        for row in rows:
            grid = Table(box=None, show_header=False, pad_edge=False)
            for name, value in row.items():
                if value not in (None, "", (), []):
                    grid.add_row(Text(name, "dim"), cell(value))
            console.print(grid)
            console.print()
        return
    columns = [name for name in LIST_COLUMNS if name in rows[0]]
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(cell(row[column]) for column in columns))
    console.print(table)


def cell(value: object) -> str:
    """A value of the lexicon as text."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value if value is not None else "")
