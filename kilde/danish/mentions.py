"""What is found in a Danish text: values that keep the characters they were read from.

Spans are half-open, in code points of the text that was searched: `text[m.start:m.end] == m.surface`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any


class Value:
    """A frozen dataclass that goes from process to process as its class and its fields.

    Dataclasses with slots have a way of their own for that, which asks for their fields anew each time: it takes three
    times as long.
    """

    __slots__ = ()
    __match_args__: tuple[str, ...]

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        kind: Any = type(self)
        return kind, getter_of(kind)(self)


@cache
def getter_of(kind: Any) -> attrgetter[tuple[object, ...]]:
    """What takes all fields of a value at once; every value has two or more."""
    return attrgetter(*kind.__match_args__)


class Role(StrEnum):
    """How a name of a kommune is used."""

    AUTHORITY = "authority"
    """The municipality itself: its council or mayor, a name in a list or table of municipalities."""
    PLACE = "place"
    """The town or area."""
    INSTITUTION = "institution"
    """Something named after it: Roskilde Universitet, randers.dk."""


class Grain(StrEnum):
    """How finely a date is given."""

    DAY = "day"
    WEEK = "week"
    PART = "part"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    HALF = "half"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"
    DECADE = "decade"
    RANGE = "range"


class Basis(StrEnum):
    """What the value of a date rests on."""

    EXPLICIT = "explicit"
    INFERRED = "inferred"
    """A part that is not written came from the context."""
    RELATIVE = "relative"
    """Counted from the day of publication: `i går`."""


class Bound(StrEnum):
    """An amount that is only a limit: "mindst" (min), "op til" (max)."""

    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate(Value):
    """A year, a month or a day as it was given; parts that were not given stay unknown (0).

    `str()` prints `2020`, `2020-01` or `2020-01-16`, and `PartialDate.parse` reads those back.
    """

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if self.day and not self.month:
            raise ValueError(f"a day needs a month: {self.year}-?-{self.day}")
        date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        parts = (f"{self.year:04}", f"{self.month:02}", f"{self.day:02}")
        return "-".join(parts[: 1 + bool(self.month) + bool(self.day)])

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `2020`, `2020-01` or `2020-01-16`; anything else raises ValueError."""
        parts = text.split("-")
        if [len(part) for part in parts] not in ([4], [4, 2], [4, 2, 2]) or not text.replace("-", "").isdecimal():
            raise ValueError(f"expected a date like 2020, 2020-01 or 2020-01-16, found {text!r}")
        try:
            return cls(*map(int, parts))
        except ValueError as error:
            raise ValueError(f"there is no date {text!r} ({error})") from error

    @property
    def first(self) -> date:
        """The first day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])


@dataclass(frozen=True, slots=True)
class KommuneMention(Value):
    """A kommune named in a text; `code` is four digits.

    `former` is the name of the kommune of before 2007, where one stands there.
    """

    start: int
    end: int
    surface: str
    code: str
    role: Role
    rule: str
    former: str | None = None


@dataclass(frozen=True, slots=True)
class DateMention(Value):
    """A day or period named in a text, both days inclusive; None is an open end."""

    start: int
    end: int
    surface: str
    first: date | None
    last: date | None
    grain: Grain
    basis: Basis
    rule: str
    problem: str | None = None
    """A code for what is wrong with what was written ("weekday_mismatch"), with the value kept."""


@dataclass(frozen=True, slots=True)
class AmountMention(Value):
    """Money or a percentage. `value` is exact, in kroner for DKK; `value_to` is a range's upper value.

    `unit` is DKK, percent or another ISO 4217 code.
    """

    start: int
    end: int
    surface: str
    value: Decimal
    value_to: Decimal | None
    unit: str
    approximate: bool
    bound: Bound | None
    rule: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class GroupMention(Value):
    """A count without names: "15 kommuner har fået 69,9 mio. kr."."""

    start: int
    end: int
    surface: str
    n: int
    noun: str
    value: Decimal | None
    unit: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class GrantMention(Value):
    """A kommune and the amount that the row or sentence at this span gives it."""

    start: int
    end: int
    surface: str
    code: str
    value: Decimal
    value_to: Decimal | None
    unit: str
    purpose: str | None
    period: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Rejected(Value):
    """A candidate that a rule refused: what `kilde explain` shows to a researcher who misses a mention."""

    start: int
    end: int
    surface: str
    kind: str
    """kommune, date or amount"""
    rule: str
