"""Every mention of a kommune, one line each, in its context: the answer that cites itself."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TextIO

from kilde.danish.kommuner import kommuner
from kilde.model import Document, KommuneMention, Record
from kilde.store import Store
from search.concordance import concordance
from search.render import safe_cell

COLUMNS = (
    "code", "name", "role", "rule", "surface", "former", "left", "right", "sentence", "record", "document", "version",
    "heading", "title", "publisher", "published", "source", "url", "document_start", "document_end",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Which mentions are asked for; empty tuples and None ask for all."""

    code: str | None = None
    roles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None


def find_mentions(store: Store, choice: Choice) -> Iterator[dict[str, Any]]:
    """The lines of CONTRACTS, ordered by publication, document and place."""
    load = lru_cache(maxsize=4)(store.document)
    for document_id, position, mention in store.mentions(choice.code):
        if choice.roles and mention.role not in choice.roles:
            continue
        document = load(document_id)
        if document is not None and matches(document, choice):
            record = document.records[position - 1]
            yield line(document, record, mention)


def matches(document: Document, choice: Choice) -> bool:
    """Whether source and publication are what is asked for; a period matches where it overlaps."""
    if choice.sources and document.source not in choice.sources:
        return False
    published = document.published
    if choice.published_from and (published is None or published.last < choice.published_from):
        return False
    return not (choice.published_to and (published is None or published.first > choice.published_to))


def line(document: Document, record: Record, mention: KommuneMention) -> dict[str, Any]:
    """One mention with its context and where it stands."""
    context = concordance(record.text, mention.start, mention.end)
    values = {
        "code": mention.code,
        "name": kommuner()[mention.code].name,
        "role": mention.role.value,
        "rule": mention.rule,
        "surface": mention.surface,
        "former": mention.former,
        "left": context.left,
        "right": context.right,
        "sentence": context.sentence,
        "record": record.id,
        "document": document.id,
        "version": document.version,
        "heading": record.heading,
        "title": document.title,
        "publisher": document.publisher,
        "published": str(document.published.when) if document.published else None,
        "source": document.source,
        "url": document.url,
        "document_start": record.start + mention.start,
        "document_end": record.start + mention.end,
    }
    assert tuple(values) == COLUMNS
    return values


def write_jsonl(lines: Iterable[dict[str, Any]], stream: TextIO) -> None:
    """One JSON object a line."""
    for it in lines:
        stream.write(json.dumps(it, ensure_ascii=False) + "\n")


def write_csv(lines: Iterable[dict[str, Any]], columns: Iterable[str], stream: TextIO) -> None:
    """CSV with a head; a cell that a spreadsheet would run as a formula is kept from it."""
    names = list(columns)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    for it in lines:
        writer.writerow([safe_cell(it[name]) for name in names])
