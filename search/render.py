"""A Page as JSON, JSON Lines and CSV, as CONTRACTS promises them; `search.table` shows it on a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import Any

from kilde.contract import number
from search.concordance import folded
from search.page import FacetValue, Hit, Page
from search.table import kommune_name, print_page

__all__ = ["COLUMNS", "hit_json", "page_json", "print_page", "safe_cell", "to_csv", "to_jsonl"]

Json = dict[str, Any]

COLUMNS = (
    "id", "document", "version", "title", "heading", "kind", "record_kind", "publisher", "published", "url", "score",
    "snippet", "kommuner", "kommune_names", "amounts",
)  # fmt: skip
"""Of the CSV: as the JSON of a hit, with several codes, names or amounts (in kroner) parted by "; "."""

ØRE = 100
"""Øre in a krone."""

_FORMULA = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
"""How a cell begins that a spreadsheet may run: blanks and what nobody sees do not protect from it."""


def page_json(page: Page) -> Json:
    """The page as the JSON of `kilde search`. Notes are talk: they go to standard error, not into it."""
    coverage = page.coverage
    return {
        "query": page.query.text,
        "total": page.total,
        "hits": [hit_json(hit) for hit in page.hits],
        "facets": {name: [_facet_json(value) for value in values] for name, values in page.facets.items()},
        "next": page.next,
        "suggestion": page.suggestion,
        "coverage": {
            "documents": coverage.documents,
            "months": coverage.months,
            "late": list(coverage.late),
            "failing": list(coverage.failing),
            "quarantined": coverage.quarantined,
        },
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
        "amounts": [_kroner(amount) for amount in hit.amounts],
    }


def to_jsonl(page: Page) -> str:
    """One line of JSON for each hit."""
    return "".join(json.dumps(hit_json(hit), ensure_ascii=False) + "\n" for hit in page.hits)


def to_csv(page: Page) -> str:
    """A head and one line for each hit, also where a text has line breaks; safe to open in a spreadsheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for hit in page.hits:
        cells = hit_json(hit) | {
            "snippet": "".join(piece.text for piece in hit.snippet),
            "kommuner": "; ".join(hit.kommuner),
            "kommune_names": "; ".join(kommune_name(code) for code in hit.kommuner),
            "amounts": "; ".join(str(_kroner(amount)) for amount in hit.amounts),
        }
        writer.writerow([_line(cells[name]) for name in COLUMNS])
    return stream.getvalue()


def safe_cell(value: object) -> object:
    """A cell of a CSV: text that a spreadsheet would run as a formula gets an apostrophe before it.

    >>> safe_cell("=1+1"), safe_cell("Århus"), safe_cell(-5)
    ("'=1+1", 'Århus', -5)
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _line(value: object) -> object:
    """A safe cell on one line."""
    return safe_cell(folded(value) if isinstance(value, str) else value)


def _kroner(øre: int) -> int | float | None:
    return number(Decimal(øre) / ØRE)


def _facet_json(value: FacetValue) -> Json:
    return {"value": value.value, "label": value.label, "count": value.count, "selected": value.selected}
