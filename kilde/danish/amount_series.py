"""The numbers that share one unit: `85-90`, `mellem 2 og 3`, `350.000, 275.000 og 90.000`.

In go the figures found before a unit (or behind a prefixed one), out come the terms that belong to it: one number, a
range, or a list of these. What a term is worth is for `amounts` to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kilde.danish.folding import BLANK, DASH, GAP
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.numbers import NUMBER, Form, Number, parse_number

MAX_RATIO = 100
"""Numbers further apart than this do not share a unit: "hold 3 og 500 kr."."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number where it stands; the span holds its sign and a closing `,-`."""

    start: int
    end: int
    number: Number
    negative: bool = False
    closed: bool = False
    """Whether `,-` follows: kroner without øre."""

    @property
    def value(self) -> Decimal:
        """The number with its sign."""
        return -self.number.value if self.negative else self.number.value

    @property
    def year(self) -> bool:
        """Whether it can be a year."""
        return self.number.form is Form.PLAIN and 1900 <= self.number.value < 2100


@dataclass(frozen=True, slots=True)
class Term:
    """A number, or a range from `value` to the value of `high`."""

    low: Figure
    value: Decimal
    high: Figure | None = None

    @property
    def end(self) -> int:
        """Where the figure that stands last ends."""
        return (self.high or self.low).end


_FIGURE = re.compile(rf"(?P<number>{NUMBER}) (?P<closed> [.,]{DASH}{{1,2}} )?", re.VERBOSE)
_FIRST_GROUP = re.compile(rf"([0-9]{{1,3}}){BLANK}")
_SIGN_REACH = 56
_SIGN = re.compile(
    rf"""(?: (?<![^\s(\[{{:="'»«”|<>~]) (?: {DASH} | [+] )  # glued: -9,4
           | (?<![^\s(]) (?: \u2212 | (?<=[\t(]){DASH} ) {BLANK}{{1,24}}+  # the minus sign; a dash that begins a cell
           | (?<=[^\s.,;] ) (?P<led> {BLANK}{{1,24}}+{DASH} ) {BLANK}{{1,24}}+  # "på - 9,4"
           | (?<!\w)(?<!plus[ ])(?<!/) [Mm]inus {BLANK}{{1,24}}+
       )\Z""",
    re.VERBOSE,
)
_SIGN_ENDS = (*"+-\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "inus", *"\u2009\u202f")
"""What may end a sign, for a first look; rare blanks go on to the second."""
_LINK = re.compile(
    rf"(?P<dash>{GAP}{DASH}{GAP})|{GAP}(?:(?P<to>til)|(?P<and>og|eller|samt)){GAP}|(?P<comma>,{GAP})|(?P<gap>{GAP})"
)
_GAP = re.compile(GAP)
_BETWEEN = re.compile(rf"\bmellem{GAP}(?:(?:ca\.|cirka|omkring){GAP})?\Z", re.IGNORECASE)
_FROM = re.compile(rf"\bfra{GAP}\Z", re.IGNORECASE)
"""Before a fall: "fra 34 til 21 pct." is no range, and both have the unit."""
_LAST_WORD = re.compile(rf"(§+|[^\W\d_]+\.?){GAP}\Z")
_UNBOUND = re.compile(r"(?:(?<![0-9])[^\W_]|[0-9][^\W_xX]|_|[0-9][:/]|[^\W\d_]-)\Z")
_GLUED = re.compile(r"(?<![^\W_])(?:på|til|fra|med|for|over|under|af|er|ca|op|i|og|x|[aáà])\Z", re.IGNORECASE)


_WHOLE = (Form.PLAIN, Form.WORDS)
_ROUND = (Form.GROUPED, Form.WORDS)


def find_figures(text: str, start: int, end: int) -> list[Figure]:
    """The numbers written in digits from `start` to `end`, left to right; what is no number is left out."""
    found: list[Figure] = []
    position = start
    while (match := _FIGURE.search(text, position, end)) is not None:
        position = match.end()
        written = match["number"]
        group = _FIRST_GROUP.match(written)
        if group is not None and _is_apart(text, match.start(), found):
            written = group[1]
            position = match.start() + len(written)
        number = parse_number(written)
        if number is not None:
            closed = (
                match["closed"] is not None and position == match.end() and not text[position : position + 1].isdigit()
            )
            stop = match.start() + len(written) if not closed else match.end()
            figure = Figure(match.start(), stop, number, False, closed)
            found.append(_signed(text, figure, found[-1] if found else None))
    return found


def _is_apart(text: str, start: int, found: Sequence[Figure]) -> bool:
    """Whether digits before a blank are no first group of thousands: "uge 5-6 500 kr.", "2019/20 500 kr."."""
    if is_label(text, start):
        return True
    if not found or found[-1].end != start - 1:
        return False
    return text[start - 1] == "/" or is_label(text, found[-1].start)


def _signed(text: str, figure: Figure, ahead: Figure | None) -> Figure:
    """The figure with the sign before it. A dash between words is no sign, nor is the one of "10 -15 %"."""
    if not text[max(0, figure.start - _SIGN_REACH) : figure.start].rstrip(" \u00a0").endswith(_SIGN_ENDS):
        return figure
    sign = _SIGN.search(text, max(0, figure.start - _SIGN_REACH), figure.start)
    if sign is None or (sign["led"] and not _leads().search(text, max(0, sign.start() - 12), sign.start())):
        return figure
    begin = figure.start - len(sign[0].lstrip())
    if ahead is not None and _GAP.fullmatch(text, ahead.end, begin) and _rises(ahead, figure):
        return figure
    return Figure(begin, figure.end, figure.number, text[begin] != "+", figure.closed)


def is_bounded(text: str, figure: Figure) -> bool:
    """Whether the figure stands for itself, not within a name or a number: `covid-19`, `14:30`, `2024/25`.

    Texts from PDF glue words together: "på328,0 mio. kr.".
    """
    if not _UNBOUND.search(text, max(0, figure.start - 2), figure.start):
        return True
    return _GLUED.search(text, max(0, figure.start - 6), figure.start) is not None


def last_series(text: str, figures: Sequence[Figure], *, millions: bool) -> list[Term]:
    """The terms that end in the last figure, left to right; `millions`: the unit after them counts millions."""
    index = len(figures) - 1
    terms: list[Term] = []
    listed = False
    while True:
        term = _range(text, figures, index)
        terms.append(term or Term(figures[index], figures[index].value))
        index -= 1 + (term is not None)
        kind = _link(text, figures, index + 1)
        listed = listed or kind == "and"
        falls = kind == "to" and _FROM.search(text, max(0, figures[index].start - 24), figures[index].start)
        if not (kind == "and" or falls or (kind == "comma" and listed)) or not (
            _shares(figures[index], figures[-1], millions)
            and is_bounded(text, figures[index])
            and not is_label(text, figures[index].start)
        ):
            return terms[::-1]


def first_term(text: str, figures: Sequence[Figure]) -> Term:
    """The number or range that begins with the first figure."""
    return (_range(text, figures, 1) if len(figures) > 1 else None) or Term(figures[0], figures[0].value)


def _link(text: str, figures: Sequence[Figure], index: int) -> str | None:
    """What stands between a figure and the one before it: dash, to, and, comma, gap, or something else."""
    if index < 1:
        return None
    match = _LINK.fullmatch(text, figures[index - 1].end, figures[index].start)
    return match.lastgroup if match else None


def _range(text: str, figures: Sequence[Figure], index: int) -> Term | None:
    """The range whose upper end is the figure at `index`."""
    kind = _link(text, figures, index)
    if kind not in ("dash", "to", "and"):
        return None
    low, high = figures[index - 1], figures[index]
    if kind == "and" and not _BETWEEN.search(text, max(0, low.start - 24), low.start):
        return None
    if not _rises(low, high) or not is_bounded(text, low) or is_label(text, low.start):
        return None
    return Term(low, _low_value(low, high, dashed=kind == "dash"), high)


def _rises(low: Figure, high: Figure) -> bool:
    return low.value < high.value and (high.year or not low.year)


def _low_value(low: Figure, high: Figure, *, dashed: bool) -> Decimal:
    """What the lower figure means where it leaves out thousands or hundreds: `10-15.000`, `3-400`."""
    if low.number.form not in _WHOLE or low.negative or not low.value or low.value % 1 or high.value % 1:
        return low.value
    scale = Decimal(1)
    while high.number.form in _ROUND and high.value % (scale * 1000) == 0:
        scale *= 1000
    head = high.value / scale
    if dashed and head == (low.value + 1) * 100:
        return low.value * 100 * scale
    near = low.value * scale * 3 >= high.value
    return low.value * scale if low.value < head and (dashed or near) else low.value


def _shares(figure: Figure, last: Figure, millions: bool) -> bool:
    """Whether a figure of a list is of the kind and size to share the unit of the last one."""
    if figure.year and not last.year:
        return False
    if figure.number.grouped != last.number.grouped:
        return millions if figure.number.grouped else figure.value >= 100
    smaller, larger = sorted((abs(figure.value), abs(last.value)))
    return larger <= MAX_RATIO * smaller or not smaller


def is_label(text: str, start: int) -> bool:
    """Whether the number that begins at `start` is a label: "punkt 5", "§ 12", "uge 7"."""
    word = _LAST_WORD.search(text, max(0, start - 16), start)
    return word is not None and word[1].casefold() in _labels()


@cache
def _leads() -> re.Pattern[str]:
    """A word that a dash before a number is a sign after."""
    words = "|".join(row[0] for row in read_rows("amount_leads.tsv") if row[1] == "sign")
    return re.compile(rf"(?:(?<!\w)(?:{words})|[=:])\Z", re.IGNORECASE)


@cache
def _labels() -> frozenset[str]:
    return frozenset(row[0] for row in read_rows("number_labels.tsv"))
