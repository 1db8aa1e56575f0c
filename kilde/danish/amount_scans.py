"""Where numbers and units meet: two scans over a text, both anchored and linear.

One goes from digits: a run of numbers, with a unit after it or before it. The other goes from units that number words
can stand before. Each yields readings from left to right; spans are those of the folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from kilde.danish.amount_claims import Claim, Run, Scan, admit, read_after, read_claims
from kilde.danish.amount_columns import read_label
from kilde.danish.amount_readings import Reading, ignore
from kilde.danish.amount_series import Term, find_figures
from kilde.danish.amount_units import PERCENT, Unit, after_pattern, before_endings, before_pattern, worded_pattern
from kilde.danish.amount_words import REACH, find_worded_figures, parse_words
from kilde.danish.folding import BLANK, DASH, GAP
from kilde.danish.numbers import VULGAR

_CHARACTERS = rf"(?:[{DASH[1:-1]}0-9{VULGAR}.,/+{BLANK[1:-1]}]++|['’](?=[0-9]{{3}}(?![0-9]))|\n(?!{BLANK}*+\n))"
"""What stands in and between numbers, up to the end of the paragraph."""

BEFORE = 64
"""Characters before a number in which its unit is looked for."""

_SPACE = rf"[\n{BLANK[1:-1]}]"
_CLOSED = re.compile(rf",{DASH}{{1,2}}(?!\w)")
_LINE_END = re.compile(rf"{BLANK}{{0,24}}+(?:\n|\Z)")
_WORD_BEFORE = re.compile(rf"(?<![^\W\d_])([^\W\d_]+){GAP}\Z")
_TRIM = " \u00a0\u2009\u202f\n:+-\u2010\u2011\u2012\u2013\u2014\u2212"
"""What may stand between a unit and its number, for a first look."""


@cache
def _runs() -> re.Pattern[str]:
    """Numbers and what may stand between them, then a unit. Nothing in it is read twice."""
    return re.compile(
        rf"[0-9{VULGAR}]{_CHARACTERS}*+(?:(?:og|til|eller|samt){_SPACE}{_CHARACTERS}*+)*+(?i:{after_pattern()})?"
    )


@cache
def _leads() -> frozenset[str]:
    """What the character before a number is, if a unit or a label may stand before it."""
    last = "".join(ending[-1] for ending in before_endings())
    return frozenset(_TRIM + "\t" + last + last.upper())


@cache
def _unit_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){before_pattern()}{GAP}(?P<sign>[+]|{DASH})?{BLANK}{{0,24}}+\Z", re.IGNORECASE)


@cache
def _unit_after() -> re.Pattern[str]:
    return re.compile(after_pattern(), re.IGNORECASE)


@cache
def _worded() -> re.Pattern[str]:
    """A unit behind a letter that number words end in."""
    return re.compile(rf"{_SPACE}(?<=[oemsvindt]{_SPACE}){GAP}({worded_pattern()})")


def read_digits(scan: Scan) -> Iterator[Reading]:
    """Amounts whose numbers are written in digits."""
    text = scan.text
    marks = _CLOSED.search(text) is not None
    endings, leads = before_endings(), _leads()
    floor = 0
    for match in _runs().finditer(text):
        start, end = match.span()
        before, label = None, False
        if text[start - 1 : start] in leads:
            window = text[max(floor, start - BEFORE) : start]
            ahead = window.rstrip(_TRIM)
            label = ":" in window[len(ahead) :] or ahead.endswith("\t")
            before = _before(text, floor, start) if ahead.lower().endswith(endings) else None
        marked = marks and _CLOSED.search(text, start, end + 1) is not None
        if match.lastindex is not None or before is not None or marked:
            claims: Iterable[Claim] = read_claims(scan, _run(match, before), marked=marked)
        elif label:
            claims = _labelled(scan, start, end)
        elif scan.refuse is ignore:
            continue
        else:
            claims = _refused(scan, start, end)
        for claim in claims:
            reading = admit(scan, claim) if claim.start >= floor else None
            if reading is not None:
                floor = reading.end
                yield reading


def _run(match: re.Match[str], before: re.Match[str] | None) -> Run:
    if match.lastindex is None:
        return Run(match.start(), match.end(), before, None)
    end = min(match.start(name) for name, group in match.groupdict().items() if group)
    return Run(match.start(), end, before, match)


def _before(text: str, floor: int, start: int) -> re.Match[str] | None:
    """The unit before a number, unless it belongs to number words: "fem mio. kr. 2.500 elever"."""
    before = _unit_before().search(text, max(floor, start - BEFORE), start)
    if before is None:
        return None
    word = _WORD_BEFORE.search(text, max(0, before.start() - 24), before.start())
    return None if word is not None and parse_words(word[1].lower()) is not None else before


def _labelled(scan: Scan, start: int, end: int) -> Iterable[Claim]:
    """A number alone behind a label that speaks of money: "Tilsagn: 250.000". A small one may count something else."""
    text = scan.text
    head = read_label(text, start)
    figures = find_figures(text, start, min(end, start + REACH)) if head else []
    if head is None or not figures or not _LINE_END.match(text, figures[0].end):
        return _refused(scan, start, end)
    figure = figures[0]
    if figure.year or (figure.value < 1000 and head.multiplier == 1 and head.unit != PERCENT):
        return _refused(scan, start, end)
    term = Term(figure, figure.value)
    return [Claim(term, figure.start, figure.end, Unit(head.unit, head.multiplier), figure, "labelled")]


def _refused(scan: Scan, start: int, end: int) -> Iterable[Claim]:
    """No claims; the numbers are refused, if anyone asks."""
    if scan.refuse is not ignore:
        for figure in find_figures(scan.text, start, end):
            scan.refuse(figure.start, figure.end, "no_unit")
    return ()


def read_words(scan: Scan) -> Iterator[Reading]:
    """Amounts whose numbers are written in words: "to til tre millioner kroner"."""
    text = scan.text
    floor = 0
    for match in _worded().finditer(text):
        start = match.start(1)
        word = _WORD_BEFORE.search(text, max(floor, start - 32), start)
        if word is None or parse_words(word[1].lower()) is None:
            continue
        after = _unit_after().match(text, start)
        figures = find_worded_figures(text, max(floor, start - REACH), start)
        if after is None or not figures:
            continue
        for claim in read_after(scan, Run(figures[0].start, start, None, after), figures):
            reading = admit(scan, replace(claim, rule="number_words"))
            if reading is not None:
                floor = reading.end
                yield reading
