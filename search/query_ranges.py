"""Days and amounts of a query: single ones, ranges with `..`, and open ends with `>=`, `>`, `<=`, `<`.

Both are read as whole numbers (days counted from the year 1, øre), both ends inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from kilde.danish.amount_units import DKK
from kilde.danish.amounts import parse_amount
from kilde.danish.dates import parse_date
from kilde.danish.mentions import PartialDate
from kilde.danish.numbers import print_number
from search.query_errors import CorrectionError
from search.query_tree import Amounts, Dates

Span: TypeAlias = tuple[int, int]
"""The first and the last that a single date or amount can mean."""

ØRE = 100
"""Øre in a krone."""

MILLION = 1_000_000 * ØRE

_OPERATOR = re.compile(r"([<>]=?|=|)(.*)", re.DOTALL)
_BOUNDS: dict[str, Callable[[Span], tuple[int | None, int | None]]] = {
    "": lambda span: span,
    "=": lambda span: span,
    ">=": lambda span: (span[0], None),
    ">": lambda span: (span[1] + 1, None),
    "<=": lambda span: (None, span[1]),
    "<": lambda span: (None, span[0] - 1),
}

_ENGLISH = re.compile(r"([0-9][0-9.,]*+) ?(million|thousand|bn|[mkb])")
_MAGNITUDES = {"m": "mio", "million": "mio", "k": "tkr", "thousand": "tkr", "bn": "mia", "b": "mia"}
_WITH_MAGNITUDE = re.compile(r"[0-9.,]++ ?([^\W\d].*)")


def read_dates(text: str) -> Dates:
    """A date, a period or a range of them: 2020, 2019..2020-06, >=2020-01-16, 16.1.2020, 1. kvartal 2020."""
    first, last = _ends(text, _days)
    try:
        return Dates(*(end if end is None else date.fromordinal(end) for end in (first, last)))
    except (OverflowError, ValueError):
        raise CorrectionError(f"expected days of the years 1 to 9999, found {text!r}") from None


def read_amounts(text: str) -> Amounts:
    """An amount in kroner or a range of them: 5mio, 500.000..1,5mio, >=5mio, 69,9 mio. kr."""
    low, _, high = _parts(text)
    magnitude = _WITH_MAGNITUDE.fullmatch(high)
    if magnitude and low.isdecimal() and len(low) < 4:
        # "1-10 mio." means 1 mio. to 10 mio. in prose, and 1 krone to 10 mio. by the letter of a query.
        raise CorrectionError(f"expected a unit after {low} too, found {text!r}", f"{low}{magnitude[1]}..{high}")
    return Amounts(*_ends(text, _øre))


def _ends(text: str, read: Callable[[str], Span]) -> tuple[int | None, int | None]:
    found = _OPERATOR.fullmatch(text.replace("≥", ">=").replace("≤", "<="))
    assert found is not None, "the pattern takes any text"
    operator, rest = found[1], found[2].strip()
    low, parted, high = _parts(rest)
    if not parted:
        return _BOUNDS[operator](read(rest))
    if operator or not low or not high:
        raise CorrectionError(f"expected a range with two ends, found {text!r}", _meant(low, high))
    ends = read(low)[0], read(high)[1]
    if ends[0] > ends[1]:
        raise CorrectionError(f"expected the lower end first, found {text!r}", f"{high}..{low}")
    return ends


def _parts(text: str) -> tuple[str, str, str]:
    """A range's ends; what stands for `..` may have become one character on its way through an editor."""
    low, parted, high = text.replace("…", "..").partition("..")
    return low.strip(), parted, high.strip(" .")


def _meant(low: str, high: str) -> str | None:
    if low and high:
        return f"{low}..{high}"
    return f">={low}" if low else f"<={high}" if high else None


def _days(text: str) -> Span:
    try:
        exact = PartialDate.parse(text)
    except ValueError:
        found = parse_date(text)
        if found is None or found.first is None or found.last is None or found.problem:
            expected = "a date like 2020, 2020-01, 2020-01-16, 2019..2020 or >=2020"
            raise CorrectionError(f"expected {expected}, found {text!r}") from None
        return found.first.toordinal(), found.last.toordinal()
    return exact.first.toordinal(), exact.last.toordinal()


def _øre(text: str) -> Span:
    found = parse_amount(text) or parse_amount(f"{text} kr.")
    if found is None or found.unit != DKK or found.bound or found.approximate:
        english = _ENGLISH.fullmatch(text.casefold())
        instead = english[1] + _MAGNITUDES[english[2]] if english else None
        raise CorrectionError(f"expected kroner like 500.000, 69,9mio, 1mio..10mio or >=5mio, found {text!r}", instead)
    if found.problem:
        raise CorrectionError(f"expected kroner in Danish notation, found {text!r}", print_number(found.value))
    low, high = (found.value * ØRE, (found.value if found.value_to is None else found.value_to) * ØRE)
    if low % 1 or high % 1:
        raise CorrectionError(f"expected whole øre, found {text!r}")
    return int(low), int(high)


def print_days(dates: Dates) -> str:
    """Days as `read_dates` reads them back, in years or months where both ends allow it."""
    first, last = dates.first, dates.last
    for parts in (1, 2, 3):
        low, high = _written(first, parts), _written(last, parts)
        if (low is None or low.first == first) and (high is None or high.last == last):
            break
    if low is None or high is None:
        return f">={low}" if low else f"<={high}"
    return str(low) if low == high else f"{low}..{high}"


def _written(day: date | None, parts: int) -> PartialDate | None:
    """The first parts of a day: its year, its month, itself."""
    return PartialDate(*(day.year, day.month, day.day)[:parts]) if day else None


def print_amounts(amounts: Amounts) -> str:
    """Amounts as `read_amounts` reads them back, in millions where both ends are."""
    ends = [end for end in (amounts.low, amounts.high) if end is not None]
    in_millions = all(abs(end) >= MILLION and end % (MILLION // 100) == 0 for end in ends)
    unit, word = (MILLION, "mio") if in_millions else (ØRE, "")
    low, *high = (print_number(Decimal(end) / unit) + word for end in ends)
    if high:
        return low if amounts.low == amounts.high else f"{low}..{high[0]}"
    return f"<={low}" if amounts.low is None else f">={low}"
