"""Years and what is counted in whole years: `2019`, `2016-2019`, `2025-28`, `2020/21`, `1990'erne`, `1800-tallet`."""

from __future__ import annotations

import re
from dataclasses import replace

from kilde.danish.date_patterns import SPACE
from kilde.danish.date_periods import LAST_YEAR, LIKELY_YEARS, Moment
from kilde.danish.date_readings import Candidate, Reading
from kilde.danish.date_words import affixes, counts, decades, kind_of_number, listed, next_word, plain, words_before
from kilde.danish.folding import GAP
from kilde.danish.holidays import holiday_before
from kilde.danish.mentions import Grain

_POSTAL_TOWNS = ("Frederiksberg", "Frb", "København", "Kbh", "Copenhagen")
_POSTAL_CODES = frozenset((*range(1800, 2000), 2000, 2100))
_FIGURES_BEHIND = re.compile(rf"{SPACE}([0-9]{{4}})(?![0-9])(?![.,/-][0-9])")
_FIGURES_AHEAD = re.compile(rf"(?<![0-9.,])([0-9]{{4}}){SPACE}\Z")
_CODE = re.compile(rf"(?<!\w)[B-HJ-Z]{SPACE}\Z")
_SPACED_DAY = re.compile(rf"(?<![0-9.])([0-9]{{1,2}})\.{GAP}([0-9]{{1,2}})\.{GAP}\Z")
_ADJACENT = 5
"""Years between two that stand beside each other in a table; further apart they are eight figures of a telephone."""


def read_year(reading: Reading) -> list[Candidate]:
    """Four figures that no neighbour makes a count, a code or a number of something."""
    text, (start, end) = reading.text, reading.match.span()
    year = int(reading.match["year"])
    reach = max(0, start - 20)
    ends_with_dot = text[reach:start].rstrip().endswith(".")
    spaced = _SPACED_DAY.search(text, reach, start) if ends_with_dot else None
    if spaced is not None:
        moment = Moment(Grain.DAY, year, int(spaced[2]), int(spaced[1]))
        return [replace(one, start=spaced.start()) for one in reading.single(moment, "numeric")]
    holiday = holiday_before(text, start, year)
    if holiday is not None:
        day = holiday[1]
        return [Candidate(holiday[0], end, Moment(Grain.DAY, year, day.month, day.day), None, "holiday")]
    rule = _refusal(text, start, end, year)
    return reading.refused(rule) if rule else [Candidate(start, end, Moment(Grain.YEAR, year), None, "year")]


def _refusal(text: str, start: int, end: int, year: int) -> str | None:
    """The rule by which these four figures are no year; None when they are one."""
    words = words_before(text, start)
    kind = kind_of_number(words) or ("dating" if _holds_years(words) else "")
    if kind not in ("", "dating", "about"):
        return kind
    if words and words[-1].isdigit() and kind_of_number(words[:-1]) == "phone":
        return "phone"
    if counts(text, end):
        return "counted"
    if kind == "dating":
        return None
    if _CODE.search(text, max(0, start - 10), start):
        return "code"
    return _refusal_of_undated(text, start, end, year, kind)


def _refusal_of_undated(text: str, start: int, end: int, year: int, kind: str) -> str | None:
    """The rule where no word ahead says that the figures are a year."""
    following = next_word(text, end)
    if year in _POSTAL_CODES and following.startswith(_POSTAL_TOWNS):
        return "postal_code"
    behind, ahead = _FIGURES_BEHIND.match(text, end), _FIGURES_AHEAD.search(text, max(0, start - 10), start)
    if behind and not 0 < int(behind[1]) - year <= _ADJACENT:
        return "phone"
    if ahead and not 0 < year - int(ahead[1]) <= _ADJACENT:
        return "phone"
    if year > LIKELY_YEARS[-1]:
        return "unlikely"
    return "counted" if _counts_something(following, year, kind) else None


def _counts_something(following: str, year: int, kind: str) -> bool:
    """A round number, an approximate or an unlikely one right before a word that is no preposition or auxiliary."""
    if kind == "about" and year % 100 == 0:
        return True
    names_a_thing = following[:1].islower() and following not in listed("small_words.tsv")
    return names_a_thing and (kind == "about" or year % 100 == 0 or year not in LIKELY_YEARS)


def read_years(reading: Reading) -> list[Candidate]:
    """`2016-2019`, `2025-28`, `2020/21`; `2020-09` is a month, since no period goes back."""
    start, end = reading.match.span()
    first, joint, written = int(reading.match["years_a"]), reading.match["years_j"], reading.match["years_b"]
    last = int(written) if len(written) == 4 else _second_year(first, int(written))
    rule = reading.numbered_by() or ("counted" if counts(reading.text, end) else None)
    if rule is not None:
        return reading.refused(rule)
    if last is None and joint == "-" and 1 <= int(written) <= 12:
        return reading.single(Moment(Grain.MONTH, first, int(written)), "iso_month")
    if last is None or not first < last <= LAST_YEAR:
        return reading.refused("number")
    words = words_before(reading.text, start)
    of_school = bool(words) and plain(words[-1]).startswith("skoleår")
    if not of_school and (joint != "/" or _holds_years(words)):
        return [Candidate(start, end, Moment(Grain.YEAR, first), Moment(Grain.YEAR, last), "years_range")]
    if last != first + 1:
        return reading.refused("number")
    return [Candidate(start, end, Moment(Grain.SCHOOL_YEAR, first), None, "school_year")]


def _holds_years(words: list[str]) -> bool:
    return bool(words) and plain(words[-1]).startswith(affixes("year_holders.tsv"))


def _second_year(first: int, digits: int) -> int | None:
    """The year that `14` means after 2011; over a turn of a century only a few years on (1998-02)."""
    last = first - first % 100 + digits
    if last > first:
        return last
    return last + 100 if first % 100 >= 90 and digits <= 20 else None


def read_decade(reading: Reading) -> list[Candidate]:
    """`1990'erne`, `90'erne` (of the 1900s; 00 and 10 of the 2000s); `1800-tallet` is a century."""
    written = reading.match["decade_y"]
    first = int(written)
    if len(written) == 2:
        first += 2000 if first < 20 else 1900
    if reading.match["decade_w"].lower() == "tallet" and (len(written) == 2 or first % 100 == 0):
        return [] if len(written) == 2 else reading.single(Moment(Grain.RANGE, first, 100), "century")
    return reading.single(Moment(Grain.DECADE, first), "decade")


def read_decade_in_words(reading: Reading) -> list[Candidate]:
    """`halvfemserne`."""
    return reading.single(Moment(Grain.DECADE, decades()[reading.match["decade_n"].lower()]), "decade")
