"""Every mention of a kommune, and every grant, one line each, in its context: the answers that cite themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from kilde.contract import number
from kilde.danish.kommuner import kommuner
from kilde.model import Document, GrantMention, KommuneMention, Record
from kilde.store import Store
from search.concordance import concordance
from search.export_cells import Kind, Line, columns

PLACE_COLUMNS = columns(
    "record document version heading title publisher published source url document_start document_end",
    document_start=Kind.INTEGER, document_end=Kind.INTEGER,
)  # fmt: skip
MENTION_COLUMNS = (*columns("code name role rule surface former left right sentence"), *PLACE_COLUMNS)
GRANT_COLUMNS = (
    *columns("code name value value_to unit purpose period rule surface", value=Kind.NUMBER, value_to=Kind.NUMBER),
    *PLACE_COLUMNS,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which lines are asked for; empty tuples and None ask for all."""

    code: str | None = None
    """One kommune."""
    roles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    codes: tuple[str, ...] = ()
    """Several kommuner: their lines come in one order."""


def of_kommuner(codes: tuple[str, ...], choice: Choice) -> Choice:
    """The choice for these kommuner, all for none of them."""
    return replace(choice, code=codes[0]) if len(codes) == 1 else replace(choice, codes=codes)


def find_mentions(store: Store, choice: Choice) -> Iterator[Line]:
    """The lines of CONTRACTS for mentions, ordered by publication, document and place."""
    return find_lines(store, "kommune", choice, mention_values)


def find_grants(store: Store, choice: Choice) -> Iterator[Line]:
    """A line a grant, in the same order."""
    return find_lines(store, "grant", choice, grant_values)


def find_lines(store: Store, table: str, choice: Choice, values: Callable[[Record, Any], Line]) -> Iterator[Line]:
    """The lines of a table of mentions; documents are read once each, since they come one after the other."""
    load = lru_cache(maxsize=4)(store.document)
    for document_id, position, mention in store.mentions(table, choice.code):
        if (choice.roles and mention.role not in choice.roles) or (choice.codes and mention.code not in choice.codes):
            continue
        document = load(document_id)
        if document is not None and matches(document, choice):
            record = document.records[position - 1]
            yield {**values(record, mention), **place_values(document, record, mention)}


def matches(document: Document, choice: Choice) -> bool:
    """Whether source and publication are what is asked for; a period matches where it overlaps."""
    if choice.sources and document.source not in choice.sources:
        return False
    published = document.published
    if choice.published_from and (published is None or published.last < choice.published_from):
        return False
    return not (choice.published_to and (published is None or published.first > choice.published_to))


def mention_values(record: Record, mention: KommuneMention) -> Line:
    """A mention with its context."""
    context = concordance(record.text, mention.start, mention.end)
    return {
        "code": mention.code,
        "name": kommuner()[mention.code].name,
        "role": mention.role.value,
        "rule": mention.rule,
        "surface": mention.surface,
        "former": mention.former,
        "left": context.left,
        "right": context.right,
        "sentence": context.sentence,
    }


def grant_values(record: Record, grant: GrantMention) -> Line:  # noqa: ARG001 (one signature for all tables)
    """A grant with the words that say so."""
    return {
        "code": grant.code,
        "name": kommuner()[grant.code].name,
        "value": number(grant.value),
        "value_to": number(grant.value_to),
        "unit": grant.unit,
        "purpose": grant.purpose,
        "period": grant.period,
        "rule": grant.rule,
        "surface": grant.surface,
    }


def place_values(document: Document, record: Record, mention: KommuneMention | GrantMention) -> Line:
    """Where a mention stands."""
    return {
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
