"""What was taken for a mention and what was refused, side by side: for the researcher who misses one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kilde.model import Document, Rejected

KINDS = (("kommune", "kommuner"), ("date", "dates"), ("amount", "amounts"), ("group", "groups"), ("grant", "grants"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of the document's text that looked like a mention; spans in the document's text."""

    kind: str
    start: int
    end: int
    surface: str
    taken: bool
    value: str
    """What it was read as; empty where it was refused."""
    rule: str
    """The rule that took or refused it."""


def find_candidates(document: Document, rejected: Sequence[Rejected]) -> list[Candidate]:
    """All candidates of a document in the order of its text."""
    taken = [
        Candidate(kind, record.start + it.start, record.start + it.end, it.surface, True, value_of(kind, it), it.rule)
        for record in document.records
        for kind, attribute in KINDS
        for it in getattr(record, attribute)
    ]
    refused = [Candidate(it.kind, it.start, it.end, it.surface, False, "", it.rule) for it in rejected]
    return sorted({*taken, *refused}, key=lambda it: (it.start, it.end, it.kind, it.rule))


def value_of(kind: str, mention: object) -> str:
    """What a mention was read as, in a few characters."""
    parts = {
        "kommune": ("code", "role"),
        "date": ("first", "last", "basis"),
        "amount": ("value", "value_to", "unit"),
        "group": ("n", "noun", "value"),
        "grant": ("code", "value", "unit"),
    }[kind]
    values = (getattr(mention, part) for part in parts)
    return " ".join(str(value) for value in values if value is not None)


def print_candidates(text: str, candidates: Sequence[Candidate]) -> None:
    """A line a candidate: line of the document, kind, words, what became of them, and the rule."""
    table = Table(box=None, pad_edge=False)
    for column in ("line", "kind", "words", "read as", "rule"):
        table.add_column(column, overflow="fold")
    for it in candidates:
        line = str(text.count("\n", 0, it.start) + 1)
        outcome = Text(it.value, "green") if it.taken else Text("refused", "red")
        table.add_row(line, it.kind, Text(" ".join(it.surface.split())), outcome, it.rule)
    Console(highlight=False).print(table)
