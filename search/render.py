"""A Page as JSON, JSON Lines and CSV, as CONTRACTS promises them; `search.table` shows it on a terminal."""

from __future__ import annotations

import json
from decimal import Decimal

from kilde.contract import number
from search.export_cells import Kind, Line, columns, safe_cell
from search.export_manifest import Json, coverage_json
from search.export_text import csv_text
from search.page import FacetValue, Hit, Page
from search.table import kommune_name, print_page

__all__ = ["COLUMNS", "HIT_COLUMNS", "hit_json", "hit_line", "page_json", "print_page", "safe_cell", "to_csv",
           "to_jsonl"]  # fmt: skip

HIT_COLUMNS = columns(
    "id document version title heading kind record_kind publisher published url score snippet kommuner kommune_names"
    " amounts",
    score=Kind.NUMBER, kommuner=Kind.TEXTS, kommune_names=Kind.TEXTS, amounts=Kind.NUMBERS,
)  # fmt: skip
"""Of an export: as the JSON of a hit, with the snippet as one text and the names of the kommuner."""

COLUMNS = tuple(column.name for column in HIT_COLUMNS)

ØRE = 100
"""Øre in a krone."""


def page_json(page: Page) -> Json:
    """The page as the JSON of `kilde search`. Notes are talk: they go to standard error, not into it."""
    return {
        "query": page.query.text,
        "total": page.total,
        "hits": [hit_json(hit) for hit in page.hits],
        "facets": {name: [_facet_json(value) for value in values] for name, values in page.facets.items()},
        "next": page.next,
        "suggestion": page.suggestion,
        "coverage": coverage_json(page.coverage) | ({"absence": page.absence} if page.absence else {}),
    }


def hit_json(hit: Hit) -> Json:
    """A hit; amounts in kroner."""
    return {
        "id": hit.id,
        "document": hit.document,
        "version": hit.version,
        "title": hit.title,
        "heading": hit.heading,
        "kind": hit.kind,
        "record_kind": hit.record_kind,
        "publisher": hit.publisher,
        "published": hit.published,
        "url": hit.url,
        "score": round(hit.score, 4),
        "snippet": [{"text": piece.text, "marked": piece.marked} for piece in hit.snippet],
        "kommuner": list(hit.kommuner),
        "amounts": [kroner(amount) for amount in hit.amounts],
    }


def hit_line(hit: Hit) -> Line:
    """A hit as a line of HIT_COLUMNS."""
    return hit_json(hit) | {
        "snippet": "".join(piece.text for piece in hit.snippet),
        "kommune_names": [kommune_name(code) for code in hit.kommuner],
    }


def to_jsonl(page: Page) -> str:
    """One line of JSON for each hit."""
    return "".join(json.dumps(hit_json(hit), ensure_ascii=False) + "\n" for hit in page.hits)


def to_csv(page: Page) -> str:
    """A head and one line for each hit, also where a text has line breaks; safe to open in a spreadsheet."""
    return csv_text(map(hit_line, page.hits), HIT_COLUMNS)


def kroner(øre: int) -> int | float | None:
    """An amount in kroner, as JSON has it."""
    return number(Decimal(øre) / ØRE)


def _facet_json(value: FacetValue) -> Json:
    return {"value": value.value, "label": value.label, "count": value.count, "selected": value.selected}
