"""Values as the JSON that CONTRACTS promises: what `kilde extract`, `kilde show` and the API print."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kilde.danish.kommuner import kommuner
from kilde.model import (
    AmountMention,
    DateMention,
    Document,
    Field,
    GrantMention,
    GroupMention,
    KommuneMention,
    Problem,
    Record,
    Stretch,
)

Json = dict[str, Any]
Mention = KommuneMention | DateMention | AmountMention | GrantMention | GroupMention
FINEST = Decimal("0.0001")


def document_json(document: Document) -> Json:
    """A document with its records."""
    published = document.published
    return {
        "id": document.id,
        "version": document.version,
        "source": document.source,
        "locator": document.locator,
        "kind": document.kind.value,
        "title": document.title,
        "publisher": document.publisher,
        "published": str(published.when) if published else None,
        "published_basis": published.basis.value if published else None,
        "published_from": published_from(document),
        "updated": document.updated.isoformat() if document.updated else None,
        "language": document.language,
        "url": document.url,
        "text": document.text,
        "text_sha256": document.text_sha256,
        "reader": document.reader,
        "rules": document.rules,
        "boilerplate": [stretch_json(stretch) for stretch in document.boilerplate],
        "structure": [stretch_json(stretch) for stretch in document.structure],
        "records": [record_json(record) for record in document.records],
        "problems": [problem_json(problem) for problem in document.problems],
    }


def published_from(document: Document) -> Json | None:
    """The words that the date of publication rests on."""
    span = document.published.span if document.published else None
    if span is None:
        return None
    surface = document.text[span.start : span.end]
    return {"surface": surface, "document_start": span.start, "document_end": span.end}


def stretch_json(stretch: Stretch) -> Json:
    """A part of the text that belongs to no record."""
    return {"start": stretch.start, "end": stretch.end, "rule": stretch.rule}


def problem_json(problem: Problem) -> Json:
    """A problem; with its place in the document's text where it has one."""
    where = {"document_start": problem.where.start, "document_end": problem.where.end} if problem.where else {}
    return {"code": problem.code, "severity": problem.severity.value, "detail": problem.detail, **where}


def record_json(record: Record) -> Json:
    """A record with its mentions."""
    return {
        "id": record.id,
        "position": record.position,
        "kind": record.kind.value,
        "heading": record.heading,
        "theme": record.theme,
        "text": record.text,
        "start": record.start,
        "end": record.end,
        "fields": [field_json(field) for field in record.fields],
        "links": [{"text": link.text, "url": link.url} for link in record.links],
        "kommuner": [kommune_json(mention, record) for mention in record.kommuner],
        "dates": [date_json(mention, record) for mention in record.dates],
        "amounts": [amount_json(mention, record) for mention in record.amounts],
        "grants": [grant_json(mention, record) for mention in record.grants],
        "groups": [group_json(mention, record) for mention in record.groups],
    }


def field_json(field: Field) -> Json:
    """A cell of a row."""
    items: Sequence[str] | None = list(field.items) if field.items is not None else None
    return {"name": field.name, "value": field.value, "items": items, "start": field.start, "end": field.end}


def place_json(mention: Mention, record: Record) -> Json:
    """Where a mention stands, in its record and in its document."""
    return {
        "start": mention.start,
        "end": mention.end,
        "document_start": record.start + mention.start,
        "document_end": record.start + mention.end,
    }


def kommune_json(mention: KommuneMention, record: Record) -> Json:
    """A mention of a kommune."""
    return {
        "surface": mention.surface,
        "code": mention.code,
        "name": kommuner()[mention.code].name,
        "role": mention.role.value,
        "rule": mention.rule,
        "former": mention.former,
        **place_json(mention, record),
    }


def date_json(mention: DateMention, record: Record) -> Json:
    """A mention of a date."""
    return {
        "surface": mention.surface,
        "date_from": mention.first.isoformat() if mention.first else None,
        "date_to": mention.last.isoformat() if mention.last else None,
        "grain": mention.grain.value,
        "basis": mention.basis.value,
        "rule": mention.rule,
        **place_json(mention, record),
    }


def amount_json(mention: AmountMention, record: Record) -> Json:
    """A mention of an amount."""
    return {
        "surface": mention.surface,
        "value": number(mention.value),
        "value_to": number(mention.value_to),
        "unit": mention.unit,
        "approximate": mention.approximate,
        "bound": mention.bound.value if mention.bound else None,
        "rule": mention.rule,
        **place_json(mention, record),
    }


def grant_json(mention: GrantMention, record: Record) -> Json:
    """A kommune with what it is given."""
    return {
        "code": mention.code,
        "name": kommuner()[mention.code].name,
        "surface": mention.surface,
        "value": number(mention.value),
        "value_to": number(mention.value_to),
        "unit": mention.unit,
        "purpose": mention.purpose,
        "period": mention.period,
        "rule": mention.rule,
        **place_json(mention, record),
    }


def group_json(mention: GroupMention, record: Record) -> Json:
    """A count without names."""
    return {
        "surface": mention.surface,
        "n": mention.n,
        "noun": mention.noun,
        "value": number(mention.value),
        "unit": mention.unit,
        "rule": mention.rule,
        **place_json(mention, record),
    }


def number(value: Decimal | None) -> int | float | None:
    """An exact decimal as the JSON number that prints like it, with four decimals at most.

    >>> number(Decimal("69900000.00")), number(Decimal("10.5"))
    (69900000, 10.5)
    """
    if value is None:
        return None
    rounded = value.quantize(FINEST) if value.as_tuple().exponent < -4 else value  # type: ignore[operator]
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)
