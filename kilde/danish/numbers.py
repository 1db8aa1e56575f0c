"""Danish number notation: `1.234.567,50`, `10 000`, `2½`, `350.000,-` to exact decimals.

The point parts thousands and the comma parts decimals. What is written against that rule is read by its shape, and its
`form` says so; what the shape means for money is decided where the unit is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from kilde.danish.folding import BLANK

MAX_DIGITS = 15
"""Longer runs of digits are identifiers, not numbers."""

VULGAR = "½¼¾⅓⅔"
_SLASHED = "1/2|1/4|3/4|1/3|2/3"
_FRACTION = rf"(?:[{VULGAR}]|(?<![0-9/.,])(?:{_SLASHED})(?![0-9/]))"

NUMBER = rf"""(?:
    {_FRACTION}
  | (?<![0-9])(?<![0-9][.,])
    (?: [0-9]{{1,3}} (?: {BLANK}{{1,24}}+ [0-9]{{3}} (?![0-9]|[.][0-9]) ){{1,4}}+ (?: ,[0-9]+ )?   # 10 000,50
      | [0-9]{{1,3}} (?: ['’][0-9]{{3}} (?![0-9]) ){{1,4}}+ (?: [.,][0-9]{{1,2}} (?![0-9]) )?+               # 10'000
      | [0-9]++ (?: [.,][0-9]++ )*+                                                                # 1.234.567,89
    )
    (?: {BLANK}{{0,24}}+ {_FRACTION} )?
)"""
"""A number, for `re.VERBOSE`. It never begins inside another one, so a search over it is linear."""


class Form(StrEnum):
    """How a number is written."""

    PLAIN = "plain"
    GROUPED = "grouped"
    DECIMAL = "decimal"
    FRACTION = "fraction"
    POINT_DECIMAL = "point_decimal"
    """`2.0`: a point with one or two digits after it."""
    COMMA_GROUPED = "comma_grouped"
    """`250,000`: three decimals, or thousands after the English fashion."""
    WORDS = "words"
    MALFORMED = "malformed"
    """Marks that fit neither fashion: `1.234.56`."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of at most 15 digits before the comma."""

    value: Decimal
    form: Form

    @property
    def grouped(self) -> bool:
        """Whether thousands are marked, so that it counts single kroner."""
        return self.form in (Form.GROUPED, Form.MALFORMED)


def _danish(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def _english(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _swiss(text: str) -> Decimal:
    """An apostrophe between thousands, as calculators and Swiss spreadsheets have it."""
    return Decimal(text.replace("'", "").replace("’", "").replace(",", "."))


def _malformed(text: str) -> Decimal:
    """The last mark is a decimal mark if one or two digits follow it."""
    *whole, last = re.split("[.,]", text)
    return Decimal("".join(whole) + ("." if len(last) < 3 else "") + last)


# Tried in this order on a number without blanks.
_FORMS: tuple[tuple[re.Pattern[str], Form, Callable[[str], Decimal]], ...] = tuple(
    (re.compile(pattern), form, read)
    for pattern, form, read in (
        (r"[0-9]+", Form.PLAIN, Decimal),
        (r"[0-9]{1,3}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|[1-9][0-9]{0,2},[0-9]{3}\.[0-9]{1,2}", Form.GROUPED, _english),
        (r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?", Form.GROUPED, _danish),
        (r"[1-9][0-9]{0,2}(?:['’][0-9]{3})+(?:[.,][0-9]+)?", Form.GROUPED, _swiss),
        (r"[1-9][0-9]{0,2},[0-9]{3}", Form.COMMA_GROUPED, _danish),
        (r"[0-9]+,[0-9]+", Form.DECIMAL, _danish),
        (r"0\.[0-9]{3,}|[0-9]{4,}\.[0-9]+|[0-9]+\.[0-9]{4,}", Form.DECIMAL, Decimal),
        (r"[0-9]+\.[0-9]{1,2}", Form.POINT_DECIMAL, Decimal),
        (r"[0-9]+(?:[.,][0-9]+)+", Form.MALFORMED, _malformed),
    )
)
_FRACTIONS = {
    **{"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅓": Decimal(1) / 3, "⅔": Decimal(2) / 3},
    **{
        "1/2": Decimal("0.5"),
        "1/4": Decimal("0.25"),
        "3/4": Decimal("0.75"),
        "1/3": Decimal(1) / 3,
        "2/3": Decimal(2) / 3,
    },
}
_FRACTION_END = re.compile(rf"[{VULGAR}]$|(?<![0-9])(?:{_SLASHED})$")
_BLANKS = re.compile(rf"{BLANK}+")
_DATE = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{2}|[0-9]{4})")
_LEADING_ZERO = re.compile("0[0-9]")


@lru_cache(maxsize=8192)
def parse_number(text: str) -> Number | None:
    """The number that the whole text is, as `NUMBER` finds it; None for dates, identifiers and what is no number.

    >>> parse_number("1.234,50").value, parse_number("2½").value, parse_number("10 000").value
    (Decimal('1234.50'), Decimal('2.5'), Decimal('10000'))
    """
    fraction = _FRACTION_END.search(text)
    if fraction is None:
        return _read(text)
    whole = text[: fraction.start()]
    number = _read(whole.rstrip()) if whole else Number(Decimal(0), Form.PLAIN)
    if number is None or number.form is not Form.PLAIN:
        return None
    return Number(number.value + _FRACTIONS[fraction.group()], Form.FRACTION)


def _read(text: str) -> Number | None:
    compact = _BLANKS.sub("", text)
    if len(compact) > 2 * MAX_DIGITS or _LEADING_ZERO.match(compact) or _DATE.fullmatch(compact):
        return None
    for pattern, form, read in _FORMS:
        if pattern.fullmatch(compact):
            value = read(compact)
            if value >= Decimal(10) ** MAX_DIGITS:
                return None
            return Number(value, form if len(compact) == len(text) else Form.GROUPED)
    return None


def print_number(value: Decimal) -> str:
    """Danish notation that `parse_number` reads back: points for thousands, a comma for decimals.

    Three decimals get a zero more, since `1,234` may be meant as thousands.

    >>> print_number(Decimal("1234567.5")), print_number(Decimal("0.125"))
    ('1.234.567,5', '0,1250')
    """
    whole, _, decimals = f"{abs(value):f}".partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) == 3:
        decimals += "0"
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{'-' if value < 0 else ''}{grouped}{',' if decimals else ''}{decimals}"
