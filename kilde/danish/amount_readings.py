"""What a number with its unit is worth, and the rules that refuse it.

A reading is an amount before its qualifiers are read; its span is that of the folded text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TypeAlias

from kilde.danish.amount_series import Figure, Term, is_bounded
from kilde.danish.amount_units import DKK, PERCENT, Unit
from kilde.danish.folding import BLANK, GAP
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.numbers import MAX_DIGITS, Form

Refuse: TypeAlias = Callable[[int, int, str], None]
"""Called with the span of what was refused and the name of the rule."""


def ignore(start: int, end: int, rule: str) -> None:
    """A `Refuse` for callers who do not ask."""


LIMIT = Decimal(10) ** MAX_DIGITS
"""Larger sums are no sums."""

MILLION = Decimal(1_000_000)
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Reading:
    """An amount where it stands: kroner, another currency or percent."""

    start: int
    end: int
    value: Decimal
    value_to: Decimal | None
    unit: str
    rule: str
    problem: str | None = None


def read_term(term: Term, span: tuple[int, int], unit: Unit, rule: str, last: Figure) -> Reading | None:
    """What a term is worth in a unit; `last` is the figure nearest to the unit. None beyond the limit."""
    value = exact(term.value * _factor(term.low, unit, last))
    value_to = None if term.high is None else exact(term.high.value * _factor(term.high, unit, last))
    if value is None or (term.high is not None and value_to is None):
        return None
    problem = _problem(term.low, unit) or (_problem(term.high, unit) if term.high else None)
    return Reading(*span, value, value_to, unit.code, rule if value_to is None else "range", problem)


def _factor(figure: Figure, unit: Unit, last: Figure) -> Decimal:
    """`250,000 kr.` are thousands; the 500.000 of `500.000 og 2 mio. kr.` has said its thousands itself."""
    if figure.number.form is Form.COMMA_GROUPED and unit.single:
        return unit.factor * 1000
    if figure.number.grouped and not last.number.grouped and unit.factor >= MILLION:
        return Decimal(1)
    return unit.factor


def _problem(figure: Figure, unit: Unit) -> str | None:
    """`495.00 kr.` may be meant as thousands; `2.0 mio. kr.` and `10.5 %` may not."""
    if figure.number.form is Form.MALFORMED:
        return "malformed_number"
    doubtful = figure.number.form in (Form.POINT_DECIMAL, Form.COMMA_GROUPED)
    return "ambiguous_separator" if doubtful and unit.single else None


def exact(value: Decimal) -> Decimal | None:
    """The value with at most four decimals and none that are zero; None from the limit on."""
    if abs(value) >= LIMIT:
        return None
    value = value.quantize(_PLACES)
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


_LEAD_REACH = 64
_HEAD_TAIL = re.compile(rf"{GAP}(?:\)|,{GAP}\w*(?:20|pris|pl|løb))")
_THOUSAND = re.compile(rf"1(?:\.|{BLANK}{{1,24}}+)?000")
_BRACKET = re.compile(rf"\({GAP}\Z")


@cache
def _lead(rule: str) -> re.Pattern[str]:
    """A word right before a number that this rule refuses."""
    words = [
        re.escape(word).replace(r"\*", r"\w*") for word, of_rule in read_rows("amount_leads.tsv") if of_rule == rule
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)}){GAP}\Z", re.IGNORECASE)


def _led(text: str, start: int, rule: str) -> bool:
    return _lead(rule).search(text, max(0, start - _LEAD_REACH), start) is not None


def refusal(text: str, term: Term, reading: Reading) -> str | None:
    """The name of the rule that refuses a number with a unit after it, or None."""
    for name, refuses in _REFUSALS:
        if refuses(text, term, reading):
            return name
    return None


def _inside_a_name(text: str, term: Term, reading: Reading) -> bool:
    return not is_bounded(text, term.low) and reading.start == term.low.start


def _unit_of_a_table(text: str, term: Term, reading: Reading) -> bool:
    """ "Beløb i 1.000 kr.", "Udgifter (1.000 kr.)", a row that begins with "1.000 kr.": the unit of what follows."""
    if reading.unit != DKK or not _THOUSAND.fullmatch(text, term.low.start, term.end):
        return False
    if _led(text, reading.start, "unit"):
        return True
    if _BRACKET.search(text, max(0, reading.start - _LEAD_REACH), reading.start):
        return _HEAD_TAIL.match(text, reading.end) is not None
    return text[reading.start - 1 : reading.start] in ("", "\n") and text[reading.end : reading.end + 1] == "\t"


def _year_before_a_unit(text: str, term: Term, reading: Reading) -> bool:
    """ "Budget 2025 mio. kr.": a column's head."""
    if reading.unit == PERCENT or term.high is not None or not term.low.year:
        return False
    multiplied = abs(reading.value) > abs(term.low.value) and 2010 <= term.low.value <= 2040
    return multiplied or _led(text, reading.start, "year")


def _vague(text: str, term: Term, reading: Reading) -> bool:
    """ "flere hundrede kroner", "et par millioner kroner"."""
    return term.low.number.form is Form.WORDS and _led(text, reading.start, "vague")


def _idiom(text: str, term: Term, reading: Reading) -> bool:
    """ "ikke en krone"."""
    return term.low.number.form is Form.WORDS and text[reading.end - 5 : reading.end].casefold() == "krone"


# Tried in this order; the names appear on what was refused.
_REFUSALS: tuple[tuple[str, Callable[[str, Term, Reading], bool]], ...] = (
    ("inside_a_name", _inside_a_name),
    ("unit_of_a_table", _unit_of_a_table),
    ("year_before_a_unit", _year_before_a_unit),
    ("vague", _vague),
    ("idiom", _idiom),
)
