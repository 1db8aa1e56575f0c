"""What stands behind a field's colon: dates, amounts, ranges of both, and the values of facets in any usual spelling."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Generic, TypeVar

from kilde.danish.kommuner import by_name, former_by_name, kommuner, nearest_names
from kilde.danish.mentions import PartialDate
from kilde.danish.stems import fold
from kilde.model import DocumentKind, RecordKind

T = TypeVar("T")

KINDS = {
    DocumentKind.NEWSLETTER: "Nyhedsbrev",
    DocumentKind.CATALOGUE: "Katalog",
    DocumentKind.GRANTS: "Puljeliste",
    DocumentKind.MINUTES: "Referat",
    DocumentKind.ARTICLE: "Artikel",
    DocumentKind.PAGE: "Side",
    DocumentKind.MAIL: "Mail",
    DocumentKind.OTHER: "Andet",
}
RECORD_KINDS = {
    RecordKind.FRONT: "Forside",
    RecordKind.ITEM: "Indslag",
    RecordKind.SECTION: "Afsnit",
    RecordKind.ROW: "Række",
    RecordKind.REFERENCE: "Kildehenvisning",
    RecordKind.IMPRINT: "Kolofon",
}

_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_DANISH_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_AMOUNT = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,15})(?:[.,](?P<part>[0-9]{1,4}))?"
    r"(?P<scale>mia\.?|milliard(?:er)?|mio\.?|million(?:er)?|t\.?|tusind)?(?:dkk|kr\.?|kroner)?"
)
_SCALES = {"mia": 9, "milliard": 9, "mio": 6, "million": 6, "t": 3, "tusind": 3}
_MOST = Decimal(10) ** 15
_SMALLEST = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Range(Generic[T]):
    """low..high, both included; None is no bound."""

    low: T | None
    high: T | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a value cannot be read, and what may have been meant."""

    detail: str
    suggestion: str | None = None


def read_dates(text: str) -> Range[PartialDate] | Wrong:
    """Read `2019`, `2019-10..2020`, `>=2020-01-16`, `..2020`; also days as `16.9.2020`."""
    return _read_range(text, _date, _after, _before, "a date like 2020, 2020-01 or 2020-01-16")


def read_amounts(text: str) -> Range[Decimal] | Wrong:
    """Read `5mio`, `>=1,5mio`, `500.000..1mio`, `<10000`: kroner."""
    compact = re.sub(r"[\s\u00a0]+", "", text.lower())
    expected = "an amount like 500.000, 5mio or 1,5mio"
    return _read_range(compact, _amount, lambda each: each + _SMALLEST, lambda each: each - _SMALLEST, expected)


def kommune_code(text: str) -> str | Wrong:
    """The code of a kommune in any usual spelling, or of the successor of a former one."""
    if kommune := by_name(text):
        return kommune.code
    if former := former_by_name(text):
        return former.successors[0]
    near = nearest_names(text)
    return Wrong(f"no kommune is called {text!r}" + _or_list(near), near[0] if near else None)


def region_name(text: str) -> str | Wrong:
    """The full name of a region: `Region Syddanmark` for `syddanmark`."""
    names = sorted({name for each in kommuner().values() for name in (each.region, each.region_2027)})
    return _named(text, {name: (name, name.removeprefix("Region ")) for name in names}, "region")


def kind_name(text: str) -> str | Wrong:
    """A kind of document, in English or Danish."""
    return _named(text, {kind.value: (kind.value, label) for kind, label in KINDS.items()}, "kind of document")


def label(facet: str, value: str) -> str:
    """How a facet's value is shown to a reader."""
    if facet == "kommune":
        known = kommuner().get(value)
        return known.name if known else value
    if facet == "kind":
        return KINDS[DocumentKind(value)]
    return RECORD_KINDS[RecordKind(value)] if facet == "record_kind" else value


def _read_range(
    text: str, read: Callable[[str], T | None], after: Callable[[T], T], before: Callable[[T], T], expected: str
) -> Range[T] | Wrong:
    wrong = Wrong(f"expected {expected}, or a range of them like a..b or >=a; found {text!r}")
    for sign, low, step in ((">=", True, None), ("<=", False, None), (">", True, after), ("<", False, before)):
        if text.startswith(sign):
            bound = read(text[len(sign) :])
            if bound is None:
                return wrong
            bound = step(bound) if step else bound
            return Range(bound, None) if low else Range(None, bound)
    first, dots, last = text.partition("..")
    low_bound, high_bound = read(first), read(last if dots else first)
    if (low_bound is None and first) or (high_bound is None and (last or not dots)) or not text.strip("."):
        return wrong
    return Range(low_bound, high_bound)


def _date(text: str) -> PartialDate | None:
    danish = _DANISH_DATE.fullmatch(text)
    if danish:
        text = f"{danish[3]}-{int(danish[2]):02}-{int(danish[1]):02}"
    try:
        return PartialDate.parse(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _after(when: PartialDate) -> PartialDate:
    return _moved(when, 1)


def _before(when: PartialDate) -> PartialDate:
    return _moved(when, -1)


def _moved(when: PartialDate, days: int) -> PartialDate:
    try:
        day = (when.last if days > 0 else when.first) + timedelta(days)
    except OverflowError:
        day = when.last if days > 0 else when.first
    return PartialDate(day.year, day.month, day.day)


def _amount(text: str) -> Decimal | None:
    found = _AMOUNT.fullmatch(text)
    if not found:
        return None
    scale = (found["scale"] or "").rstrip(".").removesuffix("er")
    value = Decimal(f"{found['whole'].replace('.', '')}.{found['part'] or 0}").scaleb(_SCALES.get(scale, 0))
    return value.normalize() + 0 if value <= _MOST else None


def _named(text: str, known: dict[str, tuple[str, ...]], what: str) -> str | Wrong:
    spelled = {fold(spelling): name for name, spellings in known.items() for spelling in spellings}
    if found := spelled.get(fold(text.strip())):
        return found
    near = tuple(spelled[key] for key in get_close_matches(fold(text), list(spelled), 3))
    return Wrong(f"no {what} is called {text!r}" + _or_list(near or tuple(known)), near[0] if near else None)


def _or_list(names: tuple[str, ...]) -> str:
    return f"; nearest: {', '.join(names)}" if names else ""
