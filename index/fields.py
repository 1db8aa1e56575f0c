"""The fields of the index: one row per field drives the Whoosh schema, what a hit shows, the facets and the docs.

A record is one Whoosh document; imprints are left out. A column of spans holds the days and amounts of a record as
64-bit pairs (first, last), so that a filter matches on overlap.
"""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from whoosh import columns, fields, formats

from index.analysis import ExactForms, WholeWords
from kilde.danish.kommuner import kommuner, region_on
from kilde.model import Document, Record, Role

OPEN_START = -(1 << 62)
OPEN_END = 1 << 62
"""The days of a date that is open at that end."""

_LONGEST_VALUE = 200
"""Characters of a facet's value; headings that serve as themes may be longer."""
_LARGEST_ORE = Decimal(10) ** 17
LEXICON = (
    "adjectives", "endings", "former_kommuner", "invariants", "joining", "kommuner", "no_heads", "nouns", "particles",
    "place_names", "short_parts", "stop_words", "verbs",
)  # fmt: skip
"""The tables of words that keys are made with."""

RULES = {
    "index": ("analysis", "fields", "filters"),
    "kilde.danish": ("compounds", "folding", "inflections", "kommuner", "lexicon_rows", "stems", "words"),
}
"""The modules, by package, that say what a record is found by."""


class FieldType(Enum):
    """How Whoosh keeps a field."""

    KEY = "key"
    """One value, findable, and a column to sort by."""
    TEXT = "text"
    """Words with positions, scored by BM25F."""
    EXACT = "exact"
    """Forms as they stand, and no more than that they do."""
    FACET = "facet"
    """Values that are counted; any number of them."""
    SPANS = "spans"
    """Pairs of 64-bit integers, first and last; any number of them."""
    CARD = "card"
    """What a hit shows, stored."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with its document, and the day on which its kommuner's regions are looked up."""

    document: Document
    record: Record
    day: date


@dataclass(frozen=True, slots=True)
class Field:
    """A row of the table. `values` takes an entry; `label` is the facet's name in Danish."""

    name: str
    type: FieldType
    values: Callable[[Entry], Any]
    doc: str
    label: str | None = None


def _kommuner(entry: Entry, *roles: Role) -> list[str]:
    return sorted({mention.code for mention in entry.record.kommuner if mention.role in roles})


def _named(entry: Entry) -> list[str]:
    return _kommuner(entry, Role.AUTHORITY, Role.PLACE)


def _roles(entry: Entry) -> list[str]:
    return sorted({mention.role.value for mention in entry.record.kommuner})


def _regions(entry: Entry) -> list[str]:
    known = kommuner()
    return sorted({region_on(code, entry.day) for code in _named(entry) if code in known})


def _years(entry: Entry) -> list[str]:
    published = entry.document.published
    return [str(year) for year in range(published.first.year, published.last.year + 1)] if published else []


def _published(entry: Entry) -> list[tuple[int, int]]:
    published = entry.document.published
    return [(published.first.toordinal(), published.last.toordinal())] if published else []


def _mentioned(entry: Entry) -> list[tuple[int, int]]:
    return [
        (
            mention.first.toordinal() if mention.first else OPEN_START,
            mention.last.toordinal() if mention.last else OPEN_END,
        )
        for mention in entry.record.dates
        if mention.first or mention.last
    ]


def _amounts(entry: Entry) -> list[tuple[int, int]]:
    money = (mention for mention in entry.record.amounts if mention.unit == "DKK")
    spans = ((mention.value, mention.value if mention.value_to is None else mention.value_to) for mention in money)
    return [(ore(min(span)), ore(max(span))) for span in spans if all(abs(each) < _LARGEST_ORE for each in span)]


def _listed(value: str | None) -> list[str]:
    return [value[:_LONGEST_VALUE]] if value else []


def _card(entry: Entry) -> dict[str, Any]:
    document, record = entry.document, entry.record
    return {
        "version": record.version,
        "title": document.title,
        "heading": record.heading,
        "kind": document.kind.value,
        "record_kind": record.kind.value,
        "publisher": document.publisher,
        "published": str(document.published.when) if document.published else None,
        "url": document.url,
        "kommuner": {role.value: codes for role in Role if (codes := _kommuner(entry, role))},
        "amounts": [first for first, _ in _amounts(entry)],
    }


FIELDS = (
    Field("id", FieldType.KEY, lambda entry: entry.record.id, "the record's id"),
    Field("document", FieldType.KEY, lambda entry: entry.document.id, "the document's id"),
    Field("body", FieldType.TEXT, lambda entry: entry.record.text, "the record's text, heading included"),
    Field("heading", FieldType.TEXT, lambda entry: entry.record.heading, "the record's heading: counts more"),
    Field("title", FieldType.TEXT, lambda entry: entry.document.title, "the document's title"),
    Field("exact", FieldType.EXACT, lambda entry: entry.record.text, "the text's forms as they stand"),
    Field("title_exact", FieldType.EXACT, lambda entry: entry.document.title, "the title's forms as they stand"),
    Field("kommune", FieldType.FACET, _named, "codes of kommuner named as authority or place", "Kommune"),
    Field("kommune_authority", FieldType.FACET, lambda entry: _kommuner(entry, Role.AUTHORITY), "as authority"),
    Field("kommune_place", FieldType.FACET, lambda entry: _kommuner(entry, Role.PLACE), "as place"),
    Field("kommune_institution", FieldType.FACET, lambda entry: _kommuner(entry, Role.INSTITUTION), "as institution"),
    Field("role", FieldType.FACET, _roles, "how kommuner are named: authority, place, institution", "Rolle"),
    Field("region", FieldType.FACET, _regions, "regions of the kommuner on the day of publication", "Region"),
    Field("source", FieldType.FACET, lambda entry: _listed(entry.document.source), "the source's name", "Kilde"),
    Field("publisher", FieldType.FACET, lambda entry: _listed(entry.document.publisher), "the publisher", "Udgiver"),
    Field("kind", FieldType.FACET, lambda entry: [entry.document.kind.value], "the document's kind", "Type"),
    Field("record_kind", FieldType.FACET, lambda entry: [entry.record.kind.value], "the record's kind", "Del"),
    Field("year", FieldType.FACET, _years, "the year of publication", "År"),
    Field("theme", FieldType.FACET, lambda entry: _listed(entry.record.theme), "the heading above the record", "Tema"),
    Field("published", FieldType.SPANS, _published, "first and last day of publication, as ordinals"),
    Field("mentioned", FieldType.SPANS, _mentioned, "first and last days of the dates in the text"),
    Field("amount", FieldType.SPANS, _amounts, "amounts in øre: lower and upper value"),
    Field("card", FieldType.CARD, _card, "what a hit shows"),
)

FACETS = {field.name: field.label for field in FIELDS if field.label}
"""Names of the facets, with their Danish labels."""


def schema() -> Any:
    """The Whoosh schema."""
    builders: dict[FieldType, Callable[[], Any]] = {
        FieldType.KEY: lambda: fields.ID(sortable=True),
        FieldType.TEXT: lambda: fields.TEXT(analyzer=WholeWords()),
        FieldType.EXACT: _exact_field,
        FieldType.FACET: fields.ID,
        FieldType.SPANS: lambda: fields.COLUMN(columns.VarBytesColumn()),
        FieldType.CARD: fields.STORED,
    }
    return fields.Schema(**{field.name: builders[field.type]() for field in FIELDS})


def _exact_field() -> Any:
    field = fields.TEXT(analyzer=ExactForms(), phrase=False)
    field.format = formats.Existence()
    return field


@cache
def fingerprint() -> str:
    """What an index depends on besides its records: a digest of the rules and of the words they know.

    Any change of them, even of a comment, asks for a rebuild: that is cheap, and a forgotten one is not.
    """
    digest = sha256()
    for package, modules in RULES.items():
        for name in modules:
            digest.update(files(package).joinpath(f"{name}.py").read_bytes())
    for name in LEXICON:
        digest.update(files("kilde.danish").joinpath("lexicon", f"{name}.tsv").read_bytes())
    return digest.hexdigest()


def ore(kroner: Decimal) -> int:
    """Kroner as whole øre, halves to the even one."""
    return round(kroner * 100)


def pack(spans: Iterable[tuple[int, int]]) -> bytes:
    """Spans as a column keeps them: pairs of little-endian 64-bit integers."""
    return b"".join(each.to_bytes(8, "little", signed=True) for span in spans for each in span)
