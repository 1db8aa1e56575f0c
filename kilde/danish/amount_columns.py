"""Amounts in a table's column: the unit that its head gives, and the bare numbers below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kilde.danish.amount_readings import Reading, read_term
from kilde.danish.amount_series import find_figures, last_series
from kilde.danish.amount_units import DKK, PERCENT, Unit, magnitude_pattern, read_magnitude, read_unit, unit_pattern
from kilde.danish.folding import BLANK, GAP
from kilde.danish.lexicon_rows import read_rows

MAX_HEAD = 200
"""Characters: what is longer is no head."""

MAX_CELL = 80
"""Characters of a line of a cell that can be a bare number with its marks."""


@dataclass(frozen=True, slots=True)
class HeadUnit:
    """What a bare number in a column counts: `multiplier` of a unit (DKK, percent or another ISO 4217 code)."""

    multiplier: Decimal
    unit: str


_THOUSAND = rf"1(?:\.|{BLANK}{{1,24}}+)?000"
_WORD = re.compile(r"[^\W\d_]+\.?")
_LEAD = re.compile(rf"{GAP}(?:[(]|(?:ca\.?|op til|maks\.?|mindst|i alt|kr\.?:?){GAP})?", re.IGNORECASE)
_NOTE = re.compile(rf"(?:[*†¹²³⁴⁵)]|(?<=\s)[0-9a-z]\)){{1,3}}{GAP}\Z|{BLANK}+\Z")
_LABEL = re.compile(rf"(?:\A|\n)([^\n\t:]{{3,60}}+)(?:{BLANK}?:|\t){GAP}\Z")
_GAP = re.compile(GAP)


@cache
def _head_units() -> re.Pattern[str]:
    """A unit in a head, with the thousand that may stand before it: "i 1.000 kr.", "(mio. kr.)", "pct."."""
    return re.compile(
        rf"(?<![^\W_])(?:kr\.?|DKK){GAP}(?P<after>{_THOUSAND}(?![0-9.]))"
        rf"|(?<![^\W_])(?P<thousand>{_THOUSAND}{GAP})?(?:{unit_pattern()}|(?P<tens>tusinder?))",
        re.IGNORECASE,
    )


def head_unit(head: str) -> HeadUnit | None:
    """The unit that a column's head gives to the numbers below it, None if they are no amounts.

    A head that speaks of money and names no unit means kroner.

    >>> str(head_unit("Bevilling i 1.000 kr.").multiplier), head_unit("Andel (pct.)").unit, head_unit("Antal tilskud")
    ('1000', 'percent', None)
    """
    if len(head) > MAX_HEAD:
        return None
    matches = [match for match in _head_units().finditer(head) if not head[: match.start()].rstrip()[-1:].isdigit()]
    if matches:
        return _read_unit(matches[-1])
    words = [word.lower() for word in _WORD.findall(head)]
    if any(word.endswith("procent") for word in words):
        return HeadUnit(Decimal(1), PERCENT)
    if any(_is(word, "other") for word in words) or not any(_is(word, "money") for word in words):
        return None
    return HeadUnit(Decimal(1), DKK)


def is_given(head: str) -> bool:
    """Whether the sums of a money column are given to somebody, not asked for, spent, or paid by others.

    The first word that says which decides.

    >>> is_given("Bevilget beløb"), is_given("Beløb ansøgt"), is_given("Tilskud til medfinansiering")
    (True, False, True)
    """
    for word in (word.lower() for word in _WORD.findall(head)):
        if _is(word, "asked"):
            return False
        if _is(word, "money") and not _is(word, "sum"):
            return True
    return True


def _read_unit(match: re.Match[str]) -> HeadUnit | None:
    thousand = Decimal(1000) if match["thousand"] or match["tens"] or match["after"] else Decimal(1)
    if match["point"] is not None:
        return None
    if match["pct"] is not None:
        return HeadUnit(Decimal(1), PERCENT)
    if match["cur"] is not None:
        unit = read_unit(match["mag"], match["cur"])
        return HeadUnit(unit.factor * thousand, unit.code)
    return HeadUnit(read_magnitude(match["bare"]) if match["bare"] else thousand, DKK)


def _is(word: str, kind: str) -> bool:
    """Whether a word, or the end of a compound, is of that kind; "start" is no compound of "art"."""
    shortest = 3 if kind == "money" else 4
    return any(word == fact or (len(fact) >= shortest and word.endswith(fact)) for fact in _words(kind))


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(word for word, of_kind in read_rows("column_heads.tsv") if of_kind == kind)


@cache
def _magnitude() -> re.Pattern[str]:
    return re.compile(rf"{GAP}(?P<bare>{magnitude_pattern(bare=True)})", re.IGNORECASE)


def read_label(text: str, start: int) -> HeadUnit | None:
    """The unit of a number alone behind its label: "Tilsagn: 250.000", or the second of a row's two cells."""
    label = _LABEL.search(text, max(0, start - MAX_CELL), start)
    return head_unit(label[1]) if label else None


def read_bare(text: str, start: int, end: int, head: HeadUnit) -> Iterator[Reading]:
    """The readings of a line of a cell that is nothing but numbers: one, a range or a list, with a footnote's mark."""
    if end - start > MAX_CELL:
        return
    note = _NOTE.search(text, start, end)
    end = note.start() if note else end
    lead = _LEAD.match(text, start, end)
    first = lead.end() if lead else start
    figures = find_figures(text, first, end)
    if not figures:
        return
    unit, last = Unit(head.unit, head.multiplier), figures[-1].end
    magnitude = _magnitude().match(text, last, end)
    if magnitude is not None:
        unit, last = Unit(head.unit, read_magnitude(magnitude["bare"])), magnitude.end()
    terms = last_series(text, figures, millions=False)
    if terms[0].low.start > first or not _GAP.fullmatch(text, last, end):
        return
    for term in terms:
        stop = last if term is terms[-1] else term.end
        reading = read_term(term, (term.low.start, stop), unit, "column_head", figures[-1])
        if reading is not None:
            yield reading
