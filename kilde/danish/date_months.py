"""Months, alone or in a row: `marts 2020`, `september måned`, `januar til marts 2021`; and `ottende marts`."""

from __future__ import annotations

import re

from kilde.danish.date_periods import Moment
from kilde.danish.date_readings import Candidate, Reading, is_range
from kilde.danish.date_words import lead_before, listed, month_forms, months, plain, word_before, words_before
from kilde.danish.mentions import Grain
from kilde.danish.numerals import parse_ordinal

_NAME = re.compile(r"\w+\.?")
_ORDINAL_ENDINGS = ("te", "de", "en", "et", "je")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_END_OF_PARAGRAPH = re.compile(r"[.:]?[^\S\n]{0,8}(?:\Z|\n[^\S\n]{0,8}(?:\n|\Z))")
_SENTENCE_END = re.compile(r"[.!?]\s")
_GIVEN_NAMES = ("maj", "august")
_HEADING = 80
"""Characters of a paragraph that can be a heading."""


def read_months(reading: Reading) -> list[Candidate]:
    """Months with a year, or alone where a word or a heading shows that they are months."""
    year, end = reading.tail_year("months_y", "months_l")
    if reading.match["months_y_m"]:
        end = max(end, reading.match.end("months_y_m"))
    names = list(_NAME.finditer(reading.text, reading.match.start("months_l"), reading.match.end("months_l")))
    names = [name for name in names if name.group().rstrip(".").lower() in months()]
    if len(names) == 1:
        day = _day_in_words(reading, names[0], year, end)
        if day is not None:
            return [day]
    if not _is_month(reading, names[0].group(), year, end):
        return reading.refused("bare_month")
    return _row(reading, names, year, end)


def _row(reading: Reading, names: list[re.Match[str]], year: int | None, end: int) -> list[Candidate]:
    rule = "month" if year is None else "month_year"
    found: list[Candidate] = []
    for index, name in enumerate(names):
        moment = Moment(Grain.MONTH, year, months()[name.group().rstrip(".").lower()])
        name_end = end if index + 1 == len(names) else name.end()
        joined = index and found[-1].last is None and _joins(reading, names[index - 1], name)
        if joined and found[-1].first.number != moment.number:
            found[-1] = _spanning(found[-1], moment, name_end)
        else:
            found.append(Candidate(name.start(), name_end, moment, None, rule))
    return found


def _spanning(first: Candidate, last: Moment, end: int) -> Candidate:
    """One period of both; `november til februar 2021` begins the year before."""
    moment = first.first
    if moment.year is not None and moment.number > last.number:
        moment = moment._replace(year=moment.year - 1)
    return Candidate(first.start, end, moment, last, "months_range")


def _joins(reading: Reading, one: re.Match[str], other: re.Match[str]) -> bool:
    return is_range(reading.text[one.end() : other.start()], lead_before(reading.text, one.start()))


def _day_in_words(reading: Reading, name: re.Match[str], year: int | None, end: int) -> Candidate | None:
    """`den ottende marts`."""
    words = words_before(reading.text, name.start())
    if not words or not words[-1].endswith(_ORDINAL_ENDINGS):
        return None
    word = plain(words[-1])
    day = parse_ordinal(word)
    if day is None or not 1 <= day <= 31:
        return None
    start = _end_of_word_before(reading.text, name.start()) - len(word)
    moment = Moment(Grain.DAY, year, months()[name.group().rstrip(".").lower()], day)
    return Candidate(start, end, moment, None, "day_in_words")


def _end_of_word_before(text: str, place: int) -> int:
    ahead = text[max(0, place - 40) : place]
    return place - len(ahead) + len(ahead.rstrip())


def _is_month(reading: Reading, name: str, year: int | None, end: int) -> bool:
    """With a year or `måned`, after a preposition, or as the last word of a heading."""
    short = name.rstrip(".").lower() in month_forms("short")
    capital = name[0].isupper()
    if year is not None:
        return not (short and capital and not name.endswith(".") and not name.isupper())
    if reading.match["months_y_m"]:
        return True
    if short:
        return False
    ahead = word_before(reading.text, reading.match.start())
    if ahead in listed("before_months.tsv"):
        return not capital or ahead == "i" or name.isupper()
    return name.lower() not in _GIVEN_NAMES * capital and _ends_heading(reading.text, reading.match.start(), end)


def _ends_heading(text: str, start: int, end: int) -> bool:
    """Whether the paragraph is short, has no sentence and ends here: `Nyhedsbrev oktober`."""
    if _END_OF_PARAGRAPH.match(text, end) is None:
        return False
    ahead = text[max(0, start - _HEADING - 2) : start]
    paragraph = _EMPTY_LINE.split(ahead)[-1]
    return len(paragraph) <= _HEADING and _SENTENCE_END.search(paragraph) is None
