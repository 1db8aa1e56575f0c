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
from enum import Enum
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from whoosh import columns, fields, formats

from index.analysis import ExactForms, WholeWords
from kilde.danish.kommuner import kommuner, region_on
from kilde.danish.mentions import Role
from kilde.entries import Entry

OPEN_START = -(1 << 62)
OPEN_END = 1 << 62
"""The days of a date that is open at that end."""

_LONGEST_VALUE = 200
"""Characters of a facet's value; headings that serve as themes may be longer."""
LEXICON = (
    "adjectives", "endings", "former_kommuner", "invariants", "joining", "kommuner", "no_heads", "nouns", "particles",
    "place_names", "see_through", "short_parts", "stop_words", "verbs",
)  # fmt: skip
"""The tables of words that keys are made with."""

RULES = {
    "index": ("analysis", "blocks", "fields", "filters", "positions", "terms"),
    "kilde": ("entries",),
    "kilde.danish": ("compounds", "folding", "inflections", "kommuner", "lexicon_rows", "stems", "words"),
}
"""The modules, by package, that say what a record is found by, and what the bytes of a segment mean."""


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
class Field:
    """A row of the table. `values` takes an entry; `label` is the facet's name in Danish."""

    name: str
    type: FieldType
    values: Callable[[Entry], Any]
    doc: str
    label: str | None = None


def _text(entry: Entry) -> str:
    return entry.text


def _title(entry: Entry) -> str:
    return entry.title


def _kommuner(entry: Entry, *roles: Role) -> list[str]:
    return sorted({code for code, role in entry.kommuner if role in roles}) if entry.kommuner else []


def _named(entry: Entry) -> list[str]:
    return _kommuner(entry, Role.AUTHORITY, Role.PLACE)


def _roles(entry: Entry) -> list[str]:
    return sorted({role for _, role in entry.kommuner})


def _regions(entry: Entry) -> list[str]:
    return sorted({region for code in _named(entry) if (region := _region(code, entry.day))})


@lru_cache(maxsize=1 << 14)
def _region(code: str, day: int) -> str | None:
    return region_on(code, date.fromordinal(day)) if code in kommuner() else None


def _years(entry: Entry) -> list[str]:
    if entry.published_first is None or entry.published_last is None:
        return []
    first, last = (date.fromordinal(day).year for day in (entry.published_first, entry.published_last))
    return [str(year) for year in range(first, last + 1)]


def _published(entry: Entry) -> list[tuple[int, int]]:
    if entry.published_first is None or entry.published_last is None:
        return []
    return [(entry.published_first, entry.published_last)]


def _mentioned(entry: Entry) -> list[tuple[int, int]]:
    return [
        (OPEN_START if first is None else first, OPEN_END if last is None else last)
        for first, last in entry.dates
        if first is not None or last is not None
    ]


def _listed(value: str | None) -> list[str]:
    return [value[:_LONGEST_VALUE]] if value else []


def _card(entry: Entry) -> dict[str, Any]:
    return {
        "version": entry.version,
        "title": entry.title,
        "heading": entry.heading,
        "kind": entry.kind,
        "record_kind": entry.record_kind,
        "publisher": entry.publisher,
        "published": entry.published,
        "url": entry.url,
        "kommuner": {role.value: codes for role in Role if (codes := _kommuner(entry, role))} if entry.kommuner else {},
        "amounts": [first for first, _ in entry.amounts],
    }


FIELDS = (
    Field("id", FieldType.KEY, lambda entry: entry.id, "the record's id"),
    Field("document", FieldType.KEY, lambda entry: entry.document, "the document's id"),
    Field("body", FieldType.TEXT, _text, "the record's text, heading included"),
    Field("heading", FieldType.TEXT, lambda entry: entry.heading, "the record's heading: counts more"),
    Field("title", FieldType.TEXT, _title, "the document's title"),
    Field("exact", FieldType.EXACT, _text, "the text's forms as they stand"),
    Field("title_exact", FieldType.EXACT, _title, "the title's forms as they stand"),
    Field("kommune", FieldType.FACET, _named, "codes of kommuner named as authority or place", "Kommune"),
    Field("kommune_authority", FieldType.FACET, lambda entry: _kommuner(entry, Role.AUTHORITY), "as authority"),
    Field("kommune_place", FieldType.FACET, lambda entry: _kommuner(entry, Role.PLACE), "as place"),
    Field("kommune_institution", FieldType.FACET, lambda entry: _kommuner(entry, Role.INSTITUTION), "as institution"),
    Field("role", FieldType.FACET, _roles, "how kommuner are named: authority, place, institution", "Rolle"),
    Field("region", FieldType.FACET, _regions, "regions of the kommuner on the day of publication", "Region"),
    Field("source", FieldType.FACET, lambda entry: _listed(entry.source), "the source's name", "Kilde"),
    Field("publisher", FieldType.FACET, lambda entry: _listed(entry.publisher), "the publisher", "Udgiver"),
    Field("kind", FieldType.FACET, lambda entry: [entry.kind], "the document's kind", "Type"),
    Field("record_kind", FieldType.FACET, lambda entry: [entry.record_kind], "the record's kind", "Del"),
    Field("year", FieldType.FACET, _years, "the year of publication", "År"),
    Field("theme", FieldType.FACET, lambda entry: _listed(entry.theme), "the heading above the record", "Tema"),
    Field("published", FieldType.SPANS, _published, "first and last day of publication, as ordinals"),
    Field("mentioned", FieldType.SPANS, _mentioned, "first and last days of the dates in the text"),
    Field("amount", FieldType.SPANS, lambda entry: list(entry.amounts), "amounts in øre: lower and upper value"),
    Field("card", FieldType.CARD, _card, "what a hit shows"),
)
"""Fields of text with the same `values` are read once; an EXACT one stands beside a TEXT one."""

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


def pack(spans: Iterable[tuple[int, int]]) -> bytes:
    """Spans as a column keeps them: pairs of little-endian 64-bit integers."""
    return b"".join(each.to_bytes(8, "little", signed=True) for span in spans for each in span)
