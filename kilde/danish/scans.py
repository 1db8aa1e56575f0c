"""Where numbers and units meet: two scans over a text, both anchored and linear.

One goes from digits: a run of numbers, with a unit after it or before it. The other goes from units that number words
can stand before. Each yields readings from left to right; spans are those of the folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from kilde.danish.folding import BLANK, DASH, GAP
from kilde.danish.money_context import is_money
from kilde.danish.readings import Reading, Refuse, ignore, read_term, refusal
from kilde.danish.series import Figure, Term, find_figures, first_term, last_series
from kilde.danish.units import (
    DKK,
    PERCENT,
    Unit,
    after_pattern,
    before_endings,
    before_pattern,
    read_magnitude,
    read_unit,
    worded_pattern,
)
from kilde.danish.wording import REACH as WORDS_REACH
from kilde.danish.wording import find_worded_figures, is_number_word

REACH = 200
"""Characters of a run of numbers that are read: those that share a unit stand within it."""

_CHARACTERS = rf"[{DASH[1:-1]}0-9½¼¾.,/+\n{BLANK[1:-1]}]"
_SPACE = rf"[\n{BLANK[1:-1]}]"
_CLOSED = re.compile(rf",{DASH}{{1,2}}(?!\w)")
_GAP = re.compile(GAP)
_NEXT_NUMBER = re.compile(rf"{GAP}[0-9]")
_WORD_BEFORE = re.compile(rf"(?<![^\W\d_])([^\W\d_]+){GAP}\Z")
_HEAD_YEAR = re.compile(r"[ -]?(?:pris|pl\b)|[ \t]*(?:19|20)[0-9]{2}(?![0-9.])")
_KRONER = Unit(DKK, Decimal(1))
_TRIM = " \u00a0\u2009\u202f\n:+-\u2010\u2011\u2012\u2013\u2014\u2212"
"""What may stand between a unit and its number, for a first look."""


@cache
def _runs() -> re.Pattern[str]:
    """Numbers and what may stand between them, then a unit. Nothing in it is read twice."""
    return re.compile(
        rf"[0-9½¼¾]{_CHARACTERS}*+(?:(?:og|til|eller|samt){_SPACE}{_CHARACTERS}*+)*+(?i:{after_pattern()})?"
    )


@cache
def _unit_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){before_pattern()}{GAP}(?P<sign>[+]|{DASH})?{BLANK}?\Z", re.IGNORECASE)


@cache
def _unit_after() -> re.Pattern[str]:
    return re.compile(after_pattern(), re.IGNORECASE)


@cache
def _linked() -> re.Pattern[str]:
    """The amount that a bare "2 mio." is linked to: "2 mio. til 3 mio. kr."."""
    link = rf"(?:,|{DASH}|{GAP}(?:og|til|eller|samt|{DASH}))"
    return re.compile(rf"{link}{GAP}[0-9½.,]{{1,20}}+{GAP}(?:{after_pattern()})", re.IGNORECASE)


@cache
def _worded() -> re.Pattern[str]:
    """A unit behind a letter that number words end in."""
    return re.compile(rf"{_SPACE}(?<=[oemsvindt]{_SPACE})(?:{worded_pattern()})")


@dataclass(frozen=True, slots=True)
class _Run:
    """Numbers from `start` to `end`, with the match of the unit before them and of the one after them."""

    start: int
    end: int
    before: re.Match[str] | None
    after: re.Match[str] | None


@dataclass(frozen=True, slots=True)
class _Claim:
    """A term with the unit that it belongs to, before the rules have seen it."""

    term: Term
    start: int
    end: int
    unit: Unit
    last: Figure
    rule: str


def read_digits(text: str, refuse: Refuse) -> Iterator[Reading]:
    """Amounts whose numbers are written in digits."""
    floor = 0
    marks = _CLOSED.search(text) is not None
    endings = before_endings()
    for match in _runs().finditer(text):
        start, end = match.span()
        before = None
        if text[max(floor, start - 12) : start].rstrip(_TRIM).lower().endswith(endings):
            before = _before(text, floor, start)
        marked = marks and _CLOSED.search(text, start, end) is not None
        if match.lastindex is None and before is None and not marked:
            if refuse is not ignore:
                _refuse_numbers(text, start, end, refuse)
            continue
        for claim in _claims(text, _run(match, before), refuse, marked=marked):
            reading = _admit(text, claim, refuse) if claim.start >= floor else None
            if reading is not None:
                floor = reading.end
                yield reading


def read_words(text: str, refuse: Refuse) -> Iterator[Reading]:
    """Amounts whose numbers are written in words: "to til tre millioner kroner"."""
    floor = 0
    for match in _worded().finditer(text):
        start = match.start() + 1
        word = _WORD_BEFORE.search(text, max(floor, start - 32), start)
        if word is None or not is_number_word(word[1].lower()):
            continue
        after = _unit_after().match(text, start)
        figures = find_worded_figures(text, max(floor, start - WORDS_REACH), start)
        if after is None or not figures:
            continue
        for claim in _after_claims(text, _Run(figures[0].start, start, None, after), figures, refuse):
            reading = _admit(text, replace(claim, rule="number_words"), refuse)
            if reading is not None:
                floor = reading.end
                yield reading


def _run(match: re.Match[str], before: re.Match[str] | None) -> _Run:
    if match.lastindex is None:
        return _Run(match.start(), match.end(), before, None)
    end = min(match.start(name) for name, group in match.groupdict().items() if group)
    return _Run(match.start(), end, before, match)


def _before(text: str, floor: int, start: int) -> re.Match[str] | None:
    """The unit before a number, unless it belongs to number words: "fem mio. kr. 2.500 elever"."""
    before = _unit_before().search(text, max(floor, start - 32), start)
    if before is None:
        return None
    word = _WORD_BEFORE.search(text, max(0, before.start() - 24), before.start())
    return None if word is not None and is_number_word(word[1].lower()) else before


def _claims(text: str, run: _Run, refuse: Refuse, *, marked: bool) -> Iterator[_Claim]:
    figures = find_figures(text, max(run.start, run.end - REACH), run.end) if run.after else []
    after = list(_after_claims(text, run, figures, refuse))
    if run.before is not None and not (after and after[0].term.low.start <= run.start):
        yield from _before_claims(text, run, run.before)
    if marked:
        end = after[0].start if after else run.end
        for figure in find_figures(text, run.start, end):
            if figure.closed:
                yield _Claim(Term(figure, figure.value), figure.start, figure.end, _KRONER, figure, "money_mark")
    yield from after


def _before_claims(text: str, run: _Run, before: re.Match[str]) -> Iterator[_Claim]:
    """The number or range behind a unit: "kr. 121.622"."""
    figures = find_figures(text, run.start, min(run.end, run.start + REACH))
    if not figures or figures[0].start > run.start:
        return
    if before["sign"] not in (None, "+"):
        figures[0] = replace(figures[0], negative=True)
    term = first_term(text, figures)
    unit = read_unit(before["mag"], before["cur"])
    if not (term.low.year and _HEAD_YEAR.match(text, term.end)):
        yield _Claim(term, before.start(), term.end, unit, term.high or term.low, "unit_before")


def _after_claims(text: str, run: _Run, figures: list[Figure], refuse: Refuse) -> Iterator[_Claim]:
    """The terms that a unit after them belongs to, the last one with the unit in its span."""
    after = run.after
    if after is None or not figures or not _GAP.fullmatch(text, figures[-1].end, run.end):
        return
    span = (figures[-1].start, after.end())
    unit = _unit(text, run, after)
    if after["point"] is not None:
        refuse(*span, "percentage_points")
    elif unit is None:
        refuse(*span, "count_of_things")
    elif not _belongs_to_next(text, run, after, figures[-1]):
        terms = last_series(text, figures)
        rule = "percent" if unit.code == PERCENT else "millions_in_context" if after["bare"] else "unit_after"
        for term in terms:
            start = term.low.start
            if run.before is not None and start <= run.start:
                start = run.before.start()
            last = term is terms[-1]
            yield _Claim(term, start, after.end() if last else term.end, unit, figures[-1], rule if last else "shared_unit")


def _unit(text: str, run: _Run, after: re.Match[str]) -> Unit | None:
    """The unit of the numbers before a match; None where they count something else than money."""
    if after["cur"] is not None:
        return read_unit(after["mag"], after["cur"])
    if after["bare"] is None:
        return Unit(PERCENT, Decimal(1))
    factor = read_magnitude(after["bare"])
    if run.before is not None:
        unit = read_unit(run.before["mag"], run.before["cur"])
        return Unit(unit.code, unit.factor * factor)
    linked = _linked().match(text, after.end())
    if linked is not None and linked["cur"] is not None:
        return Unit(read_unit(None, linked["cur"]).code, factor)
    return Unit(DKK, factor) if is_money(text, run.start, after.end()) else None


def _belongs_to_next(text: str, run: _Run, after: re.Match[str], figure: Figure) -> bool:
    """Whether the unit after a number rather stands before the next one: "i 2025 kr. 5.000", "kr. 500 kr. 600"."""
    currency = after["cur"]
    if currency is None or not currency.lower().endswith(before_endings()) or not _NEXT_NUMBER.match(text, after.end()):
        return False
    return figure.year or run.before is not None or currency.istitle()


def _admit(text: str, claim: _Claim, refuse: Refuse) -> Reading | None:
    """The reading of a claim, if no rule refuses it."""
    reading = read_term(claim.term, (claim.start, claim.end), claim.unit, claim.rule, claim.last)
    if reading is None:
        refuse(claim.start, claim.end, "too_large")
        return None
    name = refusal(text, claim.term, reading)
    if name is None:
        return reading
    refuse(claim.start, claim.end, name)
    return None


def _refuse_numbers(text: str, start: int, end: int, refuse: Refuse) -> None:
    for figure in find_figures(text, start, end):
        refuse(figure.start, figure.end, "no_unit")
