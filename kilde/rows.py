"""Values to the rows of the store and back: no SQL here, only the order of columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from kilde.model import (
    NO_HINTS,
    AmountMention,
    Basis,
    Bound,
    DateMention,
    Document,
    DocumentKind,
    Field,
    Grain,
    GrantMention,
    GroupMention,
    Hints,
    KommuneMention,
    Link,
    Observation,
    PartialDate,
    Problem,
    Publication,
    PublishedBasis,
    Record,
    RecordKind,
    Role,
    Severity,
    Span,
    Stretch,
)

Row = tuple[Any, ...]
Mention = KommuneMention | DateMention | AmountMention | GroupMention | GrantMention


def dumps(values: Sequence[Any]) -> str:
    """Dataclasses as JSON."""
    return _encode(values) if values else "[]"


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


_encode = json.JSONEncoder(ensure_ascii=False, default=_fields).encode


def observation_row(seen: Observation) -> Row:
    """The columns of an observation between its document and its place."""
    hints = json.dumps(asdict(seen.hints), sort_keys=True) if seen.hints != NO_HINTS else None
    return (seen.digest, seen.observed, seen.media_type, seen.publisher, seen.published, seen.url, hints)


def observation_of(row: Row) -> Observation:
    """An observation from source, locator, digest, size, media type, time, publisher, date, URL and hints."""
    source, locator, digest, size, media_type, observed, publisher, published, url, hints = row
    return Observation(
        source, locator, digest, size, media_type, observed, publisher, published, url,
        hints_of(hints),
    )  # fmt: skip


def hints_of(text: str | None) -> Hints:
    """Hints from their JSON, of which there is none where a source says nothing."""
    return Hints(**json.loads(text)) if text else NO_HINTS


def version_row(document: Document) -> Row:
    """The row of a version."""
    published = document.published
    span = published.span if published else None
    return (
        document.id, document.version, document.kind, document.title, document.publisher,
        str(published.when) if published else None,
        iso(published.first if published else None), iso(published.last if published else None),
        published.basis if published else None, span.start if span else None, span.end if span else None,
        iso(document.updated), document.language, document.url, document.text, document.text_sha256, document.reader,
        document.rules, dumps(document.boilerplate), dumps(document.structure), dumps(document.problems),
    )  # fmt: skip


def document_of(row: Row, source: str, locator: str, records: Sequence[Record]) -> Document:
    """The document of a version's row."""
    (id_, digest, kind, title, publisher, published, _, _, basis, start, end, updated, language, url, text, sha, reader,
     rules, boilerplate, structure, problems) = row  # fmt: skip
    span = Span(start, end) if start is not None else None
    return Document(
        id=id_, version=digest, source=source, locator=locator, kind=DocumentKind(kind), title=title,
        publisher=publisher,
        published=Publication(PartialDate.parse(published), PublishedBasis(basis), span) if published else None,
        updated=day(updated), language=language, url=url, text=text, text_sha256=sha, reader=reader, rules=rules,
        records=tuple(records),
        boilerplate=tuple(Stretch(**it) for it in json.loads(boilerplate)),
        structure=tuple(Stretch(**it) for it in json.loads(structure)),
        problems=tuple(problem_of(it) for it in json.loads(problems)),
    )  # fmt: skip


def problem_of(values: dict[str, Any]) -> Problem:
    """A problem from its JSON."""
    where = values["where"]
    return Problem(values["code"], Severity(values["severity"]), values["detail"], Span(**where) if where else None)


def record_row(record: Record) -> Row:
    """The row of a record."""
    return (
        record.document, record.version, record.position, record.id, record.kind, record.heading, record.theme,
        record.start, record.end, dumps(record.fields), dumps(record.links),
    )  # fmt: skip


def record_of(row: Row, text: str, mentions: dict[str, list[Any]]) -> Record:
    """The record of a row; `text` is the version's, `mentions` the record's by the name of their table."""
    document, digest, position, id_, kind, heading, theme, start, end, fields, links = row
    return Record(
        id=id_, document=document, version=digest, position=position, kind=RecordKind(kind), heading=heading,
        theme=theme, start=start, end=end, text=text[start:end],
        fields=tuple(field_of(it) for it in json.loads(fields)),
        links=tuple(Link(**it) for it in json.loads(links)),
        kommuner=tuple(mentions.get("kommune", ())), dates=tuple(mentions.get("date", ())),
        amounts=tuple(mentions.get("amount", ())), groups=tuple(mentions.get("group", ())),
        grants=tuple(mentions.get("grant", ())),
    )  # fmt: skip


def field_of(values: dict[str, Any]) -> Field:
    """A field from its JSON."""
    items = values["items"]
    return Field(
        values["name"], values["value"], tuple(items) if items is not None else None, values["start"], values["end"]
    )


def kommune_row(it: KommuneMention) -> Row:
    """The columns of a mention after its record's."""
    return (it.start, it.end, it.surface, it.code, it.role, it.rule, it.former)


def kommune_of(row: Row) -> KommuneMention:
    """A mention from those columns."""
    start, end, surface, code, role, rule, former = row
    return KommuneMention(start, end, surface, code, Role(role), rule, former)


def date_row(it: DateMention) -> Row:
    """The columns of a mention after its record's."""
    return (it.start, it.end, it.surface, iso(it.first), iso(it.last), it.grain, it.basis, it.rule, it.problem)


def date_of(row: Row) -> DateMention:
    """A mention from those columns."""
    start, end, surface, first, last, grain, basis, rule, problem = row
    return DateMention(start, end, surface, day(first), day(last), Grain(grain), Basis(basis), rule, problem)


def amount_row(it: AmountMention) -> Row:
    """The columns of a mention after its record's."""
    return (it.start, it.end, it.surface, exact(it.value), exact(it.value_to), it.unit, int(it.approximate), it.bound,
            it.rule, it.problem)  # fmt: skip


def amount_of(row: Row) -> AmountMention:
    """A mention from those columns."""
    start, end, surface, value, to, unit, approximate, bound, rule, problem = row
    limit = Bound(bound) if bound else None
    return AmountMention(start, end, surface, Decimal(value), number(to), unit, bool(approximate), limit, rule, problem)


def group_row(it: GroupMention) -> Row:
    """The columns of a mention after its record's."""
    return (it.start, it.end, it.surface, it.n, it.noun, exact(it.value), it.unit, it.rule)


def group_of(row: Row) -> GroupMention:
    """A mention from those columns."""
    start, end, surface, n, noun, value, unit, rule = row
    return GroupMention(start, end, surface, n, noun, number(value), unit, rule)


def grant_row(it: GrantMention) -> Row:
    """The columns of a mention after its record's."""
    return (it.start, it.end, it.surface, it.code, exact(it.value), exact(it.value_to), it.unit, it.purpose, it.period,
            it.rule)  # fmt: skip


def grant_of(row: Row) -> GrantMention:
    """A mention from those columns."""
    start, end, surface, code, value, to, unit, purpose, period, rule = row
    return GrantMention(start, end, surface, code, Decimal(value), number(to), unit, purpose, period, rule)


def iso(value: date | None) -> str | None:
    """A day as text."""
    return value.isoformat() if value else None


def day(text: str | None) -> date | None:
    """A day from text."""
    return date.fromisoformat(text) if text else None


def exact(value: Decimal | None) -> str | None:
    """A decimal as text, without an exponent."""
    return None if value is None else f"{value:f}"


def number(text: str | None) -> Decimal | None:
    """A decimal from text."""
    return None if text is None else Decimal(text)
