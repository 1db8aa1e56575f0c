"""Dates and periods in Danish text: days to decades, ranges, and what they mean as first and last day.

`find_dates` reads a record (an item, a section, a row), `parse_date` a text that is one date, `print_date` is its
inverse, and `find_title_date` reads what a newsletter's title says of its publication.

A date without a year has it from the nearest context, in the order that `date_inference` documents: sentence, list
head, section, headings, title, publication. What no context completes is refused (`no_year`): nothing comes from the
day the program runs.
Two digits of a year mean the year from 80 years before publication to 19 after it (`date_readings.full_year`).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import date

from kilde.danish.date_context import DateContext
from kilde.danish.date_inference import PUBLICATION, infer_years, recurs, survey
from kilde.danish.date_periods import Period, own_period
from kilde.danish.date_printing import print_date
from kilde.danish.date_ranges import join_ranges
from kilde.danish.date_readings import IMPOSSIBLE, Candidate
from kilde.danish.date_scan import scan
from kilde.danish.date_words import listed, plain, weekdays, words_before
from kilde.danish.folding import Folded, fold
from kilde.danish.mentions import Basis, DateMention, Grain, Rejected
from kilde.danish.relative_dates import find_relative_dates
from kilde.danish.title_dates import TitleDate, find_title_date

__all__ = ["IMPOSSIBLE", "DateContext", "TitleDate", "find_dates", "find_title_date", "parse_date", "print_date"]

NO_CONTEXT = DateContext()
NO_YEAR = "no_year"
RECURRING = "recurring"
WEEKDAY_MISMATCH = "weekday_mismatch"

_LEADS = ("", "i", "af")
_LONGEST_DATE = 200
"""Characters of a text that can be one date."""


def find_dates(
    text: str, context: DateContext = NO_CONTEXT, rejected: list[Rejected] | None = None
) -> list[DateMention]:
    """The dates of one record in their order, none within another; relative ones where the publication is known.

    `rejected` receives what looks like a date and is none, with the rule that says so.
    """
    folded = fold(text)
    refusals: list[tuple[int, int, str]] = []
    candidates = scan(folded.text, _pivot(context), lambda *refusal: refusals.append(refusal))
    candidates = _apart(join_ranges(folded.text, candidates))
    mentions = _complete(folded.text, candidates, context, refusals)
    if context.published is not None:
        mentions = _merge(folded.text, mentions, find_relative_dates(folded.text, context.published))
    if rejected is not None:
        rejected += [_rejection(text, folded, *refusal) for refusal in sorted(refusals)]
    return mentions if folded.text is text else [_placed(text, folded, mention) for mention in mentions]


def parse_date(text: str) -> DateMention | None:
    """The date that fills the text but for words that lead one (`den`, a weekday, `Sidst opdateret:`); None otherwise.

    A date without a year is none here, since nothing says which year it lies in.
    """
    if len(text) > _LONGEST_DATE:
        return None
    found = find_dates(text)
    if len(found) != 1:
        return None
    leads = {plain(word) for word in text[: found[0].start].lower().split()}
    known = listed("date_leads.tsv") | weekdays().keys() | {""}
    return found[0] if leads <= known and not text[found[0].end :].strip(" \n\t.\u00a0") else None


def _pivot(context: DateContext) -> int | None:
    return None if context.published is None else context.published.year


def _apart(candidates: list[Candidate]) -> list[Candidate]:
    """Without those that begin within the one before them."""
    kept: list[Candidate] = []
    for candidate in candidates:
        if not kept or candidate.start >= kept[-1].end:
            kept.append(candidate)
    return kept


def _complete(
    text: str, candidates: list[Candidate], context: DateContext, refusals: list[tuple[int, int, str]]
) -> list[DateMention]:
    mentions: list[DateMention] = []
    around = None
    for candidate in candidates:
        whole, source = candidate, ""
        if not candidate.is_complete:
            around = around or survey(text, candidates, context)
            recurring = recurs(text, candidate.start)
            inferred = None if recurring else infer_years(around, candidate)
            if inferred is None:
                refusals.append((candidate.start, candidate.end, RECURRING if recurring else NO_YEAR))
                continue
            whole, source = inferred
        mention = _mention(text, whole, source)
        if mention is None:
            refusals.append((candidate.start, candidate.end, IMPOSSIBLE))
        else:
            mentions.append(mention)
    return mentions


def _mention(text: str, candidate: Candidate, source: str) -> DateMention | None:
    days = _days(candidate)
    if days is None:
        return None
    start, end = candidate.start, candidate.end
    grain = candidate.first.grain if candidate.last is None else Grain.RANGE
    rule = f"{candidate.rule}+{source}" if source else candidate.rule
    problem = _weekday_problem(text, candidate, days[0])
    return DateMention(start, end, text[start:end], *days, grain, _basis(candidate, source), rule, problem)


def _basis(candidate: Candidate, source: str) -> Basis:
    if not source:
        return Basis.EXPLICIT
    return Basis.RELATIVE if source == PUBLICATION and candidate.first.grain is Grain.SEASON else Basis.INFERRED


def _days(candidate: Candidate) -> Period | None:
    begins = own_period(candidate.first)
    ends = begins if candidate.last is None else own_period(candidate.last)
    return None if begins is None or ends is None or begins[0] > ends[1] else (begins[0], ends[1])


def _weekday_problem(text: str, candidate: Candidate, day: date) -> str | None:
    """Whether a weekday stands before a day that falls on another; the day is kept as it is written."""
    if candidate.first.grain is not Grain.DAY:
        return None
    words = [word for word in words_before(text, candidate.start)[-2:] if word.rstrip(".") not in ("den", "d")]
    written = _weekday(words[-1]) if words else None
    return None if written is None or written == day.isoweekday() else WEEKDAY_MISMATCH


def _weekday(word: str) -> int | None:
    bare = word.rstrip(",")
    return weekdays().get(bare) or weekdays().get(plain(bare))


def _merge(text: str, absolute: list[DateMention], relative: list[DateMention]) -> list[DateMention]:
    """Both in their order; a relative one that meets an absolute one or leads it (`sidste uge i maj`) gives way."""
    starts = [mention.start for mention in absolute]
    free: list[DateMention] = []
    for mention in relative:
        index = bisect_left(starts, mention.end)
        following = absolute[index].start if index < len(absolute) else mention.end + 5
        leads = following < mention.end + 5 and text[mention.end : following].strip() in _LEADS
        if not leads and (not index or absolute[index - 1].end <= mention.start):
            free.append(mention)
    return sorted([*absolute, *free], key=lambda mention: mention.start) if free else absolute


def _placed(text: str, folded: Folded, mention: DateMention) -> DateMention:
    start, end = folded.span(mention.start, mention.end)
    return replace(mention, start=start, end=end, surface=text[start:end])


def _rejection(text: str, folded: Folded, start: int, end: int, rule: str) -> Rejected:
    start, end = folded.span(start, end)
    return Rejected(start, end, text[start:end], "date", rule)
