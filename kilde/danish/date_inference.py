"""The year of a date that is written without one, from the nearest context that has it.

The order is fixed; the first source that gives a year is taken:

1. sentence: a year right beside the date or `sidste år` after it, `i 2019` ahead of it, or another date, the nearer one
2. list_head: the paragraph that introduces the list in which the date stands
3. section: the same day with its year elsewhere in the text, else the nearest date of the paragraph, else of the text
4. heading: the nearest heading above in the text, then the headings of the context, the nearest first
5. title
6. publication: the year that puts the date within 183 days of it; about a past event it lies at most 14 days after the
   publication, and about a future one (`senest`, `inden`, `skal`) at most 14 days before
7. section, once more, where no publication is known: another year of the sentence, else the nearest `i 2019`

Sources 3-5 are passed over where the publication makes their year unlikely. A date by another paragraph must lie within
a year of it, one by the same paragraph not more than a year after it, and the year of a heading is at most one from
that of the publication; none may contradict the tense, and the year of a plan (`Budget 2023`) is not that of its
meetings.

Only 1, 2, 4 and 5 make `i foråret` an inferred date; from the publication alone it is relative. Without any source the
date has no value: no year is ever taken from the day the program runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from kilde.danish.date_context import DateContext
from kilde.danish.date_evidence import Evidence, Shelves, days_between, gather, nearest_year, year_in_order
from kilde.danish.date_layout import Layout, Span, lay_out
from kilde.danish.date_periods import Moment, Period, period
from kilde.danish.date_ranges import join_ranges
from kilde.danish.date_readings import Candidate
from kilde.danish.date_scan import scan
from kilde.danish.date_tense import Tense, tense
from kilde.danish.date_words import affixes, word_before, words_before
from kilde.danish.mentions import Grain

PUBLICATION = "publication"
_YEARS_ON = {"i": 0, "dette": 0, "sidste": -1, "forrige": -1, "næste": 1}
_YEAR_AFTER = re.compile(r"\s{1,3}(?:af\s)?(i|dette|sidste|forrige|næste)\sår(?!\w)", re.IGNORECASE)
_NEAR = 183
_SLACK = 14
_FAR = 366
_WINDOWS = {None: (-_NEAR, _NEAR), Tense.PAST: (-_FAR, _SLACK), Tense.FUTURE: (-_SLACK, _FAR)}


@dataclass(frozen=True)
class Surroundings:
    """A text, what its dates say of years, and what is known from outside."""

    text: str
    shelves: Shelves
    context: DateContext

    @cached_property
    def layout(self) -> Layout:
        """Made when the first date without a year asks for it."""
        return lay_out(self.text)

    @cached_property
    def published(self) -> Period | None:
        """The days on which the text may have been published."""
        date = self.context.published
        return None if date is None else (date.first, date.last)

    @cached_property
    def headings(self) -> tuple[tuple[str, Shelves], ...]:
        """The evidence in each heading of the context."""
        return tuple((heading, _evidence_in(heading)) for heading in self.context.headings)

    @cached_property
    def title(self) -> tuple[str, Shelves]:
        """The evidence in the title."""
        return self.context.title, _evidence_in(self.context.title)


@dataclass(frozen=True)
class _Question:
    """One date without a year."""

    around: Surroundings
    start: int
    end: int
    moment: Moment

    @cached_property
    def sentence(self) -> Span:
        return self.around.layout.sentence(self.start)

    @cached_property
    def tense(self) -> Tense | None:
        return tense(self.around.text, self.start, self.end, self.sentence)

    def days_from_publication(self, year: int) -> int | None:
        """Negative when the date lies before the publication in that year; None where one of the two is unknown."""
        found = period(self.moment, year)
        return None if found is None or self.around.published is None else days_between(self.around.published, found)


def survey(text: str, candidates: list[Candidate], context: DateContext) -> Surroundings:
    """What the candidates and the context say of years."""
    return Surroundings(text, gather(text, candidates), context)


def infer_years(around: Surroundings, candidate: Candidate) -> tuple[Candidate, str] | None:
    """The candidate with its years and the source of them; None where no source has one."""
    moment = candidate.first
    question = _Question(around, candidate.start, candidate.end, moment)
    for name, source in _SEASON_SOURCES if moment.grain is Grain.SEASON else _SOURCES:
        year = source(question)
        if year is not None and period(moment, year) is not None:
            return _with_year(candidate, year), name
    return None


def _with_year(candidate: Candidate, year: int) -> Candidate:
    first = candidate.first._replace(year=year)
    if candidate.last is None:
        return replace(candidate, first=first)
    begins, ends = period(first, year), period(candidate.last, year)
    later = begins is not None and ends is not None and ends[1] < begins[0]
    return replace(candidate, first=first, last=candidate.last._replace(year=year + later))


def recurs(text: str, start: int) -> bool:
    """`hvert år den 1. april` is no day of any one year."""
    words = words_before(text, start)[-5:]
    return "årligt" in words or any(pair == ("hvert", "år") for pair in pairwise(words))


def _evidence_in(text: str) -> Shelves:
    found = scan(text, None, lambda *_: None)
    return gather(text, join_ranges(text, found))


def _from_sentence(question: _Question) -> int | None:
    around, start = question.around, question.start
    beside = _beside(question)
    if beside is not None:
        return beside
    relative = _YEAR_AFTER.match(around.text, question.end)
    if relative is not None and around.context.published is not None:
        return around.context.published.year + _YEARS_ON[relative[1].lower()]
    frame = around.shelves.frames.last_before(start, question.sentence[0])
    dated = around.shelves.dated.nearest(start, question.sentence)
    if dated is not None and (frame is None or frame.start < dated.start):
        return year_in_order(question.moment, dated, comes_after=dated.start < start)
    return None if frame is None else frame.period[0].year


def _beside(question: _Question) -> int | None:
    """The year in `12. marts i 2020`, `1. halvår (2020)` and `2020, 1. halvår`."""
    text, bare = question.around.text, question.around.shelves.bare
    after = bare.next_after(question.end)
    if after is not None and text[question.end : min(after.start, question.end + 6)].strip() in ("i", "("):
        return after.period[0].year
    ahead = bare.last_before(question.start, question.sentence[0])
    if ahead is None or question.start - ahead.end > 4 or _is_of_plan(text, ahead):
        return None
    return ahead.period[0].year if text[ahead.end : question.start].strip() in ("(", ",", ":", "-", "–") else None


def _from_list_head(question: _Question) -> int | None:
    span = question.around.layout.list_head(question.start)
    return None if span is None else _from_span(question, span)


def _from_section(question: _Question) -> int | None:
    shelves, moment = question.around.shelves, question.moment
    same_day = shelves.days.get((moment.number, moment.day)) if moment.grain is Grain.DAY else None
    if same_day is not None:
        return same_day
    block = question.around.layout.block(question.start)
    near = shelves.dated.nearest(question.start, block)
    if near is not None:
        year = _year_by(question, near)
        if year is not None and _fits_tense(question, year) and (question.days_from_publication(year) or 0) <= _FAR:
            return year
    far = shelves.dated.nearest(question.start, (0, len(question.around.text)))
    if far is not None and not _told_of_later(question, far):
        year = _year_by(question, far)
        if year is not None and _is_near_publication(question, year):
            return year
    frame = shelves.frames.last_before(question.start, block[0])
    if frame is not None and question.tense is Tense.PAST and _fits_tense(question, frame.period[0].year):
        return frame.period[0].year
    return None


def _told_of_later(question: _Question, evidence: Evidence) -> bool:
    """Whether a past event would take its year from one that is still to come: "Næste møde bliver i maj 2019"."""
    if question.tense is not Tense.PAST:
        return False
    sentence = question.around.layout.sentence(evidence.start)
    return tense(question.around.text, evidence.start, evidence.end, sentence) is Tense.FUTURE


def _year_by(question: _Question, evidence: Evidence) -> int | None:
    """The year in the order of telling, unless only the nearest one lies within half a year of the publication."""
    year = year_in_order(question.moment, evidence, comes_after=evidence.start < question.start)
    other = nearest_year(question.moment, evidence.period)
    for candidate in (year, other):
        days = None if candidate is None else question.days_from_publication(candidate)
        if days is not None and abs(days) <= _NEAR:
            return candidate
    return year


def _from_heading(question: _Question) -> int | None:
    span = question.around.layout.heading(question.start)
    year = None if span is None else _from_span(question, span)
    for text, shelves in question.around.headings:
        year = _from_text(question, text, shelves) if year is None else year
    return year


def _from_title(question: _Question) -> int | None:
    return _from_text(question, *question.around.title)


def _from_span(question: _Question, span: Span) -> int | None:
    """The year that the list head or heading there gives."""
    shelves = question.around.shelves
    dated, bare = shelves.dated.last_before(span[1], span[0]), shelves.bare.last_before(span[1], span[0])
    return _by_head(question, question.around.text, dated, bare)


def _from_text(question: _Question, text: str, shelves: Shelves) -> int | None:
    return _by_head(question, text, shelves.dated.last_before(len(text), 0), shelves.bare.last_before(len(text), 0))


def _by_head(question: _Question, text: str, dated: Evidence | None, bare: Evidence | None) -> int | None:
    if dated is not None:
        year = _year_by(question, replace(dated, start=-1))
    elif bare is None or (question.around.published is not None and _is_of_plan(text, bare)):
        return None
    else:
        year = nearest_year(question.moment, bare.period)
    published = question.around.context.published
    if year is None or (published is not None and abs(year - published.year) > 1):
        return None
    return year if _fits_tense(question, year) else None


def _is_of_plan(text: str, bare: Evidence) -> bool:
    """Whether the year belongs to a budget or a plan, whose meetings mostly lie before it."""
    return word_before(text, bare.start).endswith(affixes("plan_words.tsv"))


def _from_publication(question: _Question) -> int | None:
    published = question.around.published
    if published is None:
        return None
    earliest, latest = _WINDOWS[question.tense]
    year = nearest_year(question.moment, published, earliest=earliest, latest=latest)
    return nearest_year(question.moment, published) if year is None else year


def _from_years(question: _Question) -> int | None:
    if question.around.published is not None:
        return None
    shelves = question.around.shelves
    found = shelves.bare.nearest(question.start, question.sentence)
    if found is None or _is_of_plan(question.around.text, found):
        found = shelves.frames.nearest(question.start, (0, len(question.around.text)))
    return None if found is None else nearest_year(question.moment, found.period)


def _fits_tense(question: _Question, year: int) -> bool:
    days = question.days_from_publication(year)
    if days is None or question.tense is None:
        return True
    earliest, latest = _WINDOWS[question.tense]
    return days <= latest if question.tense is Tense.PAST else days >= earliest


def _is_near_publication(question: _Question, year: int) -> bool:
    days = question.days_from_publication(year)
    return days is None or (abs(days) <= _FAR and _fits_tense(question, year))


_SOURCES: tuple[tuple[str, Callable[[_Question], int | None]], ...] = (
    ("sentence", _from_sentence),
    ("list_head", _from_list_head),
    ("section", _from_section),
    ("heading", _from_heading),
    ("title", _from_title),
    (PUBLICATION, _from_publication),
    ("section", _from_years),
)
_SEASON_SOURCES = tuple(row for row in _SOURCES if row[0] != "section")
