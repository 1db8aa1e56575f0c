"""Records and forms as the documents that a cluster is sent."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from whoosh.util.numeric import byte_to_length

from index.analysis import DANISH
from index.fields import FIELDS, OPEN_END, OPEN_START, FieldType
from index.inversion import MOST_TEXT
from index.opensearch.layout import ALL, LINE, NONE, SPARE, TAB, WEIGHTS, Json
from kilde.danish.stems import fold
from kilde.entries import Entry

UNKNOWN = 1 << 60
"""Sorts behind every day and amount."""
_FINENESS = 1 << 20
"""More than the days of any date: the day counts first, then how many days it may be."""
CHECKS = ("check_high", "check_low")
CHECK_BITS = 20
"""Of each half of a check."""
BUCKET = 3
"""Letters of a document's id that make a bucket: 4,096 of them."""
_LARGEST_NUMBER = (1 << 31) - 1
"""Of all numbers of a field together."""
_LENGTHS = [byte_to_length(number) for number in range(256)]
_EXACT = {spec.values: spec.name for spec in FIELDS if spec.type is FieldType.EXACT}
_TEXTS = tuple(spec for spec in FIELDS if spec.type is FieldType.TEXT)
_SHORT = 1_000
"""Characters of a text that is kept encoded: a title is that of many records."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text: its keys by position, their numbers, those of its forms, and the forms."""

    places: str
    weights: str
    exact: str
    forms: frozenset[str]


def record_of(entry: Entry, place: int) -> tuple[Json, dict[str, frozenset[str]]]:
    """A record, the one in this place of its document, as it is sent; and its forms by field."""
    found: Json = {}
    forms: dict[str, frozenset[str]] = {}
    for spec in _TEXTS:
        text = encoded(spec.values(entry)[:MOST_TEXT])
        found[spec.name], found[spec.name + WEIGHTS] = text.places, text.weights
        if spec.values in _EXACT:
            name = _EXACT[spec.values]
            found[name], forms[name] = text.exact, text.forms
    for spec in FIELDS:
        if spec.type in (FieldType.KEY, FieldType.FACET):
            found[spec.name] = spec.values(entry)
        elif spec.type is FieldType.SPANS:
            found[spec.name] = [_range(*span) for span in spec.values(entry)]
    days = _days(entry)
    shown = {"document": entry.document, "days": days, "card": _card(entry)}
    return found | {
        "shown": shown,
        "days": f"{days[0]}-{days[1]}" if days else "",
        "amount_low": sorted({low for low, _ in entry.amounts}),
        **sort_keys(entry),
        "place": place,
        "bucket": entry.document[:BUCKET],
        **dict(zip(CHECKS, divmod(check_of(entry.id, entry.version), 1 << CHECK_BITS), strict=True)),
    }, forms


def encoded(text: str) -> Encoded:
    """A text as the three fields that are made of it take it."""
    return _kept(text) if len(text) <= _SHORT else _encoded(text)


def check_of(record: str, version: str) -> int:
    """A number of two halves that tells a record in one version from others."""
    return int.from_bytes(sha256(f"{record} {version}".encode()).digest()) >> 256 - 2 * CHECK_BITS


def sort_keys(entry: Entry) -> dict[str, int]:
    """What records are sorted by, as `search.ordering` has it: lower ones first."""
    largest = max((high for _, high in entry.amounts), default=None)
    days = _days(entry)
    grain = days[1] - days[0] if days else 0
    return {
        "newest": -days[0] * _FINENESS + grain if days else UNKNOWN,
        "oldest": days[0] * _FINENESS + grain if days else UNKNOWN,
        "largest": UNKNOWN if largest is None else -largest,
    }


def form_of(field: str, form: str) -> tuple[str, Json]:
    """A form as it is sent, with its id."""
    folded = fold(form)
    return f"{field}:{form}", {"field": field, "form": form, "folded": folded, "size": len(form)}


def numbers_of(counts: Counter[str]) -> str:
    """The keys of a text with their numbers, and `ALL` with what is left; `index.opensearch.layout` says why."""
    length = counts.total()
    rest = 255 - min(bisect_left(_LENGTHS, length), 255)
    numbers = {key: count * 256 + rest for key, count in counts.items()}
    left = 512 * length + SPARE - sum(numbers.values())
    numbers[ALL] = max(min(left, _LARGEST_NUMBER - sum(numbers.values())), 1)
    return LINE.join(f"{key}|{number}" for key, number in numbers.items())


def _encoded(text: str) -> Encoded:
    steps: list[str] = []
    found: list[str] = []
    forms: set[str] = set()
    for keys in DANISH.all_keys(text):
        for step in keys.steps:
            found += step
            steps.append(TAB.join(step) or NONE)
        forms.update(keys.exact)
    return Encoded(LINE.join(steps), numbers_of(Counter(found)), numbers_of(Counter(forms)), frozenset(forms))


_kept = lru_cache(maxsize=1 << 12)(_encoded)


def _days(entry: Entry) -> tuple[int, int] | None:
    first, last = entry.published_first, entry.published_last
    return None if first is None or last is None else (first, last)


def _range(first: int, last: int) -> dict[str, int]:
    """A span without the bounds that stand for an open end."""
    first, last = min(first, last), max(first, last)
    found = {}
    if first > OPEN_START:
        found["gte"] = first
    if last < OPEN_END:
        found["lte"] = last
    return found


def _card(entry: Entry) -> Any:
    return next(spec.values(entry) for spec in FIELDS if spec.type is FieldType.CARD)
