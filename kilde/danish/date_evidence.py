"""The dates of a text whose years are written, as evidence for those whose years are not, found by bisection."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from kilde.danish.date_layout import Span
from kilde.danish.date_periods import Moment, Period, own_period, period
from kilde.danish.date_readings import Candidate
from kilde.danish.date_words import listed, word_before, words_before
from kilde.danish.mentions import Grain

_WHOLE_YEARS = frozenset((Grain.YEAR, Grain.SCHOOL_YEAR, Grain.DECADE, Grain.RANGE))
_FRAMES = frozenset(("i", "året", "år"))
_LONGEST_BARE = 2
"""Years that a bare period may span and still say in which year a day of it lies."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A period with its year, and where it stands."""

    start: int
    end: int
    first: Moment
    period: Period


@dataclass(slots=True)
class Shelf:
    """Evidence of one strength, by place."""

    items: list[Evidence] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def put(self, evidence: Evidence) -> None:
        """Add one that stands after all others."""
        self.items.append(evidence)
        self.starts.append(evidence.start)

    def nearest(self, place: int, span: Span) -> Evidence | None:
        """The one nearest to the place within the span, by characters; the one ahead of it where both are as near."""
        if not self.starts:
            return None
        index = bisect_left(self.starts, place)
        near = [item for item in self.items[max(0, index - 1) : index + 1] if span[0] <= item.start < span[1]]
        return min(near, key=lambda item: (abs(item.start - place), item.start), default=None)

    def last_before(self, place: int, start: int) -> Evidence | None:
        """The last one before the place, not before `start`."""
        index = bisect_left(self.starts, place) - 1
        return self.items[index] if index >= 0 and self.starts[index] >= start else None

    def next_after(self, place: int) -> Evidence | None:
        """The first one from the place on."""
        index = bisect_left(self.starts, place)
        return self.items[index] if index < len(self.items) else None


@dataclass(slots=True)
class Shelves:
    """What a text says of years.

    `dated` are days, months and other parts of a year with their year; `frames` the years of `i 2019`; `bare` all whole
    years; `days` the year that each day and month is written with somewhere, None where there are several.
    """

    dated: Shelf = field(default_factory=Shelf)
    frames: Shelf = field(default_factory=Shelf)
    bare: Shelf = field(default_factory=Shelf)
    days: dict[tuple[int, int], int | None] = field(default_factory=dict)


def gather(text: str, candidates: list[Candidate]) -> Shelves:
    """The evidence among the candidates.

    The day of a law (`lov nr. 12 af 3. marts 2015`) and the day on which a page was updated, fetched or printed say
    nothing of other dates.
    """
    shelves = Shelves()
    for candidate in candidates:
        found = _evidence(candidate)
        if found is None or _is_aside(text, candidate):
            continue
        if candidate.first.grain not in _WHOLE_YEARS:
            shelves.dated.put(found)
            _remember_day(shelves.days, candidate.first)
            continue
        if found.period[1].year - found.period[0].year < _LONGEST_BARE:
            shelves.bare.put(found)
            if candidate.last is None and word_before(text, candidate.start) in _FRAMES:
                shelves.frames.put(found)
    return shelves


def _evidence(candidate: Candidate) -> Evidence | None:
    begins = own_period(candidate.first)
    ends = begins if candidate.last is None else own_period(candidate.last)
    if begins is None or ends is None:
        return None
    return Evidence(candidate.start, candidate.end, candidate.first, (begins[0], ends[1]))


def _remember_day(days: dict[tuple[int, int], int | None], moment: Moment) -> None:
    if moment.grain is Grain.DAY:
        key = moment.number, moment.day
        days[key] = moment.year if days.get(key, moment.year) == moment.year else None


def _is_aside(text: str, candidate: Candidate) -> bool:
    words = words_before(text, candidate.start)
    if words[-1:] == ["af"] and any(word.startswith("nr") for word in words[-4:-1]):
        return True
    return any(word.strip(".,:") in listed("imprint_words.tsv") for word in words[-3:])


def year_in_order(moment: Moment, evidence: Evidence, *, comes_after: bool) -> int | None:
    """The year of a date that is told after the evidence, or before it.

    Dates are told in their order: the year is the same when that keeps it, else the one that lies nearest.
    """
    year = (evidence.period[0] if comes_after else evidence.period[1]).year
    same = period(moment, year)
    if same is not None:
        in_order = same[0] >= evidence.period[0] if comes_after else same[1] <= evidence.period[1]
        if in_order:
            return year
    return nearest_year(moment, evidence.period)


def nearest_year(moment: Moment, reference: Period, *, earliest: int = -366, latest: int = 366) -> int | None:
    """The year that puts the moment nearest to the reference; `earliest` and `latest` bound the days between them."""
    best: tuple[int, int] | None = None
    for year in range(reference[0].year - 1, reference[1].year + 2):
        found = period(moment, year) if 1 <= year <= 9998 else None
        distance = None if found is None else days_between(reference, found)
        if distance is not None and earliest <= distance <= latest and (best is None or abs(distance) < abs(best[0])):
            best = (distance, year)
    return None if best is None else best[1]


def days_between(reference: Period, found: Period) -> int:
    """Days from the reference to the period: negative when it lies before, 0 when they overlap."""
    if found[1] < reference[0]:
        return (found[1] - reference[0]).days
    return max(0, (found[0] - reference[1]).days)
