"""What a newsletter's title says of its publication: `Skolenyt januar 2020`, `Nyhedsbrev nr. 3, 2021`.

The number of an issue is no date, and a period of several years (`Byråd 2022-2025`) dates nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from kilde.danish.date_periods import Moment, own_period
from kilde.danish.date_readings import Candidate
from kilde.danish.date_scan import scan
from kilde.danish.date_words import alternation, month_forms, months
from kilde.danish.folding import fold
from kilde.danish.mentions import Grain

_LONGEST = 400
_ISSUE = re.compile(
    r"(?<![\w./-])(?:[0-9]{1,3}\s?[/-]\s?(?P<last>(?:19|20)[0-9]{2})|(?P<first>(?:19|20)[0-9]{2})\s?[/-]\s?[0-9]{1,3})(?![\w/-])"
)
_FINENESS = (Grain.DAY, Grain.MONTH, Grain.PART, Grain.WEEK, Grain.QUARTER, Grain.SEASON, Grain.HALF, Grain.YEAR)


@dataclass(frozen=True, slots=True)
class TitleDate:
    """The parts of a date that a title gives, and where; a part that it does not give is None.

    Of a week that is its month, the one that its Thursday lies in; of a season or quarter only the year.
    """

    start: int
    end: int
    surface: str
    year: int | None
    month: int | None
    day: int | None


@cache
def _month_names() -> re.Pattern[str]:
    names = month_forms("name")
    either = alternation((*names, *map(str.capitalize, names), *map(str.upper, names)))
    person = r"(?:Maj|August)\s[A-ZÆØÅ][a-zæøå]"
    return re.compile(rf"(?<![\w/.-])(?!{person})(?:{either})(?![\w/])")


def find_title_date(text: str) -> TitleDate | None:
    """The finest date of a title; None where it has none. Only the first 400 characters are read."""
    folded = fold(text[:_LONGEST])
    found = _issue(folded.text) or _dated(folded.text)
    month = _month_names().search(folded.text)
    if month is not None and (found is None or (found[2].grain is Grain.YEAR and not _covers(found, month))):
        found = _with_month(found, month)
    if found is None:
        return None
    start, end = folded.span(found[0], found[1])
    return TitleDate(start, end, text[start:end], *_parts(found[2]))


def _issue(text: str) -> tuple[int, int, Moment] | None:
    """The year of `nr. 3/2021`, `2021/3`; figures with a month's width after a hyphen are left to `2021-03`."""
    match = _ISSUE.search(text)
    if match is None or re.fullmatch(r"[0-9]{4}-[0-9]{2}", match.group()):
        return None
    group = "last" if match["last"] else "first"
    return match.start(group), match.end(group), Moment(Grain.YEAR, int(match[group]))


def _dated(text: str) -> tuple[int, int, Moment] | None:
    candidates = [one for one in scan(text, None, lambda *_: None) if _is_issue_date(one)]
    best = min(candidates, key=lambda one: _FINENESS.index(one.first.grain), default=None)
    if best is None:
        return None
    year = next((one for one in candidates if one.first.grain is Grain.YEAR), None)
    if year is None or best.first.year is not None:
        return best.start, best.end, best.first
    moment = best.first._replace(year=year.first.year)
    return min(best.start, year.start), max(best.end, year.end), moment


def _is_issue_date(candidate: Candidate) -> bool:
    if candidate.first.year is None and candidate.first.grain not in (Grain.DAY, Grain.MONTH):
        return False
    return candidate.first.grain in _FINENESS and (candidate.last is None or candidate.first.grain is not Grain.YEAR)


def _covers(found: tuple[int, int, Moment], month: re.Match[str]) -> bool:
    return found[0] <= month.start() < found[1]


def _with_month(found: tuple[int, int, Moment] | None, month: re.Match[str]) -> tuple[int, int, Moment]:
    """The month that the title names beside its year, or alone."""
    number = months()[month.group().lower()]
    if found is None:
        return month.start(), month.end(), Moment(Grain.MONTH, None, number)
    start, end = min(found[0], month.start()), max(found[1], month.end())
    return start, end, Moment(Grain.MONTH, found[2].year, number)


def _parts(moment: Moment) -> tuple[int | None, int | None, int | None]:
    if moment.grain is Grain.DAY:
        return moment.year, moment.number, moment.day
    if moment.grain is Grain.WEEK:
        days = own_period(moment)
        if days is None:
            return moment.year, None, None
        thursday = days[0] + timedelta(days=3)
        return thursday.year, thursday.month, None
    if moment.grain is Grain.MONTH or (moment.grain is Grain.PART and moment.number):
        return moment.year, moment.number, None
    return moment.year, None, None
