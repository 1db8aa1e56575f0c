"""What a run of numbers and the units beside it claim: which terms belong to which unit.

`amount_scans` finds the runs; `amount_readings` says what a claim is worth and whether a rule refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from kilde.danish.amount_context import MoneyContext
from kilde.danish.amount_readings import MILLION, Reading, Refuse, read_term, refusal
from kilde.danish.amount_series import Figure, Term, find_figures, first_term, last_series
from kilde.danish.amount_units import DKK, PERCENT, Unit, after_pattern, before_endings, read_magnitude, read_unit
from kilde.danish.folding import DASH, GAP
from kilde.danish.numbers import VULGAR

REACH = 200
"""Characters of a run of numbers that are read: those that share a unit stand within it."""

_GAP = re.compile(GAP)
_NEXT_NUMBER = re.compile(rf"{GAP}[0-9]")
_HEAD_YEAR = re.compile(rf"(?:{GAP}|-)(?:pris|pl\b)|(?:{GAP}|\t)(?:19|20)[0-9]{{2}}(?![0-9.])")
_KRONER = Unit(DKK, Decimal(1))


@dataclass(frozen=True, slots=True)
class Scan:
    """A text that is searched, where its refusals go, and what its paragraphs are about."""

    text: str
    refuse: Refuse
    context: MoneyContext


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers from `start` to `end`, with the match of the unit before them and of the one after them."""

    start: int
    end: int
    before: re.Match[str] | None
    after: re.Match[str] | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A term with the unit that it belongs to; `last` is the figure nearest to the unit."""

    term: Term
    start: int
    end: int
    unit: Unit
    last: Figure
    rule: str


@cache
def _linked() -> re.Pattern[str]:
    """The amount that a bare "2 mio." is linked to: "2 mio. til 3 mio. kr."."""
    link = rf"(?:,|{DASH}|{GAP}(?:og|til|eller|samt|{DASH}))"
    return re.compile(rf"{link}{GAP}[0-9{VULGAR}.,]{{1,20}}+{GAP}(?:{after_pattern()})", re.IGNORECASE)


def read_claims(scan: Scan, run: Run, *, marked: bool) -> Iterator[Claim]:
    """The claims of a run of digits, left to right; `marked`: `,-` stands in it somewhere."""
    figures = find_figures(scan.text, max(run.start, run.end - REACH), run.end) if run.after else []
    after = list(read_after(scan, run, figures))
    if run.before is not None and not (after and after[0].term.low.start <= run.start):
        yield from _read_before(scan.text, run, run.before)
    if marked:
        end = after[0].start if after else run.end
        for figure in find_figures(scan.text, run.start, end):
            if figure.closed and not scan.text[figure.end : figure.end + 1].isalnum():
                yield Claim(Term(figure, figure.value), figure.start, figure.end, _KRONER, figure, "money_mark")
    yield from after


def _read_before(text: str, run: Run, before: re.Match[str]) -> Iterator[Claim]:
    """The number or range behind a unit: "kr. 121.622"."""
    figures = find_figures(text, run.start, min(run.end, run.start + REACH))
    if not figures or figures[0].start > run.start:
        return
    if before["sign"] not in (None, "+"):
        figures[0] = replace(figures[0], negative=True)
    term = first_term(text, figures)
    if not text[term.end : term.end + 1].isalpha() and not (term.low.year and _HEAD_YEAR.match(text, term.end)):
        unit = read_unit(before["mag"], before["cur"])
        yield Claim(term, before.start(), term.end, unit, term.high or term.low, "unit_before")


def read_after(scan: Scan, run: Run, figures: list[Figure]) -> Iterator[Claim]:
    """The terms that the unit after them belongs to, the last one with the unit in its span."""
    after = run.after
    if after is None or not figures or not _GAP.fullmatch(scan.text, figures[-1].end, run.end):
        return
    last = figures[-1]
    factor = read_unit(after["mag"], after["cur"]).factor if after["cur"] else read_magnitude(after["bare"] or "")
    terms = last_series(scan.text, figures, millions=factor >= MILLION)
    before = run.before if terms[0].low.start <= run.start else None
    unit = _unit(scan, last, before, after)
    if after["point"] is not None:
        scan.refuse(last.start, after.end(), "percentage_points")
    elif unit is None:
        scan.refuse(last.start, after.end(), "count_of_things")
    elif not _belongs_to_next(scan.text, last, before, after):
        rule = "percent" if unit.code == PERCENT else "millions_in_context" if after["bare"] else "unit_after"
        for term in terms:
            start = before.start() if before and term is terms[0] else term.low.start
            end, name = (after.end(), rule) if term is terms[-1] else (term.end, "shared_unit")
            yield Claim(term, start, end, unit, last, name)


def _unit(scan: Scan, last: Figure, before: re.Match[str] | None, after: re.Match[str]) -> Unit | None:
    """The unit of the numbers between two matches; None where they count something else than money."""
    if after["cur"] is not None:
        return read_unit(after["mag"], after["cur"])
    if after["bare"] is None:
        return Unit(PERCENT, Decimal(1))
    factor = read_magnitude(after["bare"])
    if before is not None:
        unit = read_unit(before["mag"], before["cur"])
        return Unit(unit.code, unit.factor * factor)
    linked = _linked().match(scan.text, after.end())
    if linked is not None and linked["cur"] is not None:
        return Unit(read_unit(None, linked["cur"]).code, factor)
    return Unit(DKK, factor) if scan.context.is_money(last.start, after.end(), factor) else None


def _belongs_to_next(text: str, last: Figure, before: re.Match[str] | None, after: re.Match[str]) -> bool:
    """Whether the unit after a number rather stands before the next one: "i 2025 kr. 5.000", "kr. 500 kr. 600"."""
    currency = after["cur"]
    if currency is None or not currency.lower().endswith(before_endings()) or not _NEXT_NUMBER.match(text, after.end()):
        return False
    return last.year or before is not None or currency.istitle()


def admit(scan: Scan, claim: Claim) -> Reading | None:
    """The reading of a claim, if no rule refuses it."""
    reading = read_term(claim.term, (claim.start, claim.end), claim.unit, claim.rule, claim.last)
    name = refusal(scan.text, claim.term, reading) if reading is not None else "too_large"
    if name is None:
        return reading
    scan.refuse(claim.start, claim.end, name)
    return None
