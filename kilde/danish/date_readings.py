"""What one match of a date's shape gives: candidates, whose year may still be missing, or a refusal with its rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from kilde.danish.date_periods import Moment, is_possible
from kilde.danish.date_words import counts, kind_of_number, words_before

Refuse: TypeAlias = Callable[[int, int, str], None]
"""Told of a place that looks like a date and is none: start, end, rule."""

IMPOSSIBLE = "impossible_date"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date as it was written; of a range `first` and `last` are its ends, else `last` is None."""

    start: int
    end: int
    first: Moment
    last: Moment | None
    rule: str

    @property
    def is_complete(self) -> bool:
        """Whether every year is known."""
        return self.first.year is not None and (self.last is None or self.last.year is not None)


class Reading(NamedTuple):
    """One match of a shape, and what is needed to read it."""

    match: re.Match[str]
    pivot: int | None
    """The year of publication, which says what century a year of two digits belongs to."""
    refuse: Refuse

    @property
    def text(self) -> str:
        """The whole text."""
        return self.match.string

    def number(self, name: str) -> int | None:
        """The figures of that group as a number."""
        written = self.match[name]
        return None if written is None else int(written)

    def refused(self, rule: str) -> list[Candidate]:
        """Nothing, for a reason."""
        self.refuse(self.match.start(), self.match.end(), rule)
        return []

    def single(self, moment: Moment, rule: str, end: int = 0) -> list[Candidate]:
        """The match, or its part up to `end`, as one date, unless there is no such day."""
        if not is_possible(moment):
            return self.refused(IMPOSSIBLE)
        return [Candidate(self.match.start(), end or self.match.end(), moment, None, rule)]

    def tail_year(self, name: str, before: str) -> tuple[int | None, int]:
        """The year after the group `before`, and where the date ends; figures that count something are no year."""
        written = self.match[name] or self.match[f"{name}_s"]
        if written is None:
            return None, self.match.end()
        if counts(self.text, self.match.end()):
            return None, self.match.end(before)
        return full_year(written, self.pivot), self.match.end()

    def numbered_by(self) -> str | None:
        """The rule by which the word ahead makes the figures something else: a case number, a version, a clock time."""
        rule = kind_of_number(words_before(self.text, self.match.start()))
        return None if rule in ("", "dating", "about") else rule


def full_year(written: str, pivot: int | None) -> int:
    """A year of two digits in full; one of four as it is.

    The year is the one from 80 years before publication to 19 after it; without a publication 00-49 are 2000-2049 and
    50-99 are 1950-1999. It never depends on the day the program runs.
    """
    digits = written.lstrip("'’´`")
    if len(digits) != 2:
        return int(digits)
    latest = 2049 if pivot is None else pivot + 19
    return latest - (latest - int(digits)) % 100


_AND = re.compile(r"\s*+(?:,?\s*+(?:og|eller|samt|hhv\.?)(?!\w)|[,+&])", re.IGNORECASE)


def is_range(link: str, ahead: str) -> bool:
    """Whether what joins two members makes them one period: a dash, a slash, `til`, or `og` after `mellem`."""
    return _AND.match(link) is None or (ahead in ("mellem", "imellem") and "og" in link.lower())
