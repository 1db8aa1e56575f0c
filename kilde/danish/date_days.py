"""Days: `12. marts 2020`, `12., 13. og 14. marts`, `3. til onsdag den 5. maj`, `1/4-2020`, `16.09.2020`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from kilde.danish.date_periods import Moment, is_possible
from kilde.danish.date_readings import IMPOSSIBLE, Candidate, Reading, full_year, is_range
from kilde.danish.date_words import before_days, lead_before, months, weekdays, word_before
from kilde.danish.mentions import Grain

_ITEM = re.compile(r"(?<![0-9])([0-9]{1,2})(\.?)")
_ROUND_THE_CLOCK = (24, 7)
_TO_A_FULL_DAY = re.compile(r"\s?[-–]\s?[0-9]{1,2}\.\s?[0-9]{1,2}\.\s?[0-9]{2}")
_TO_A_DAY = re.compile(r"\s?[-–]\s?[0-9]{1,2}/[0-9]")


class _Item(NamedTuple):
    """A day in a list: its number, where it stands, and whether it has the full stop of an ordinal."""

    day: int
    start: int
    end: int
    dotted: bool


def read_iso(reading: Reading) -> list[Candidate]:
    """`2020-09-16`."""
    year, month, day = (int(reading.match[f"iso_{part}"]) for part in "ymd")
    return reading.single(Moment(Grain.DAY, year, month, day), "iso")


def read_numeric(reading: Reading) -> list[Candidate]:
    """`16.09.2020`, `1/4-20`: day, month and year in figures."""
    shape = str(reading.match.lastgroup)
    day, month, year = (reading.match[f"{shape}_{part}"] for part in "dmy")
    rule = reading.numbered_by()
    if rule is not None:
        return reading.refused(rule)
    if len(year) == 2 and shape != "slashed" and len(day) + len(month) < 4 and not _is_led(reading, "dot"):
        return reading.refused("undated_figures")
    return reading.single(Moment(Grain.DAY, full_year(year, reading.pivot), int(month), int(day)), "numeric")


def read_stamp(reading: Reading) -> list[Candidate]:
    """`12-mar-21`."""
    year = full_year(reading.match["stamp_y"], reading.pivot)
    moment = Moment(Grain.DAY, year, _month(reading.match["stamp_n"]), int(reading.match["stamp_d"]))
    return reading.single(moment, "numeric")


def read_slash(reading: Reading) -> list[Candidate]:
    """`1/4` after a word that leads a day, or where it can be no common fraction; `skoleåret 20/21`."""
    day, month = int(reading.match["slash_d"]), int(reading.match["slash_m"])
    if month == day + 1 and word_before(reading.text, reading.match.start()).startswith("skoleår"):
        year = full_year(reading.match["slash_d"], reading.pivot)
        return reading.single(Moment(Grain.SCHOOL_YEAR, year), "school_year")
    led = _is_led(reading, "slash") or (day > 12 and (day, month) != _ROUND_THE_CLOCK)
    led = led or _TO_A_DAY.match(reading.text, reading.match.end()) is not None
    if not led or reading.numbered_by() is not None:
        return reading.refused("fraction")
    return reading.single(Moment(Grain.DAY, None, month, day), "numeric")


def read_dot(reading: Reading) -> list[Candidate]:
    """`10.3.` after `d.`, `den` or a weekday; without one it is a decimal or a section."""
    day, month = reading.match["dot_d"], reading.match["dot_m"]
    led = _is_led(reading, "dot") or (len(day + month) == 4 and _is_led(reading, "padded"))
    if not led and _TO_A_FULL_DAY.match(reading.text, reading.match.end()) is None:
        return reading.refused("undated_figures")
    return reading.single(Moment(Grain.DAY, None, int(month), int(day)), "numeric")


def read_days(reading: Reading) -> list[Candidate]:
    """One day or several of a month: `12. marts`, `12.-14. marts 2020`, `12. og 13. marts`."""
    year, end = reading.tail_year("days_y", "days_n")
    month = _month(reading.match["days_n"])
    if reading.match["days_n"][0].isupper() and reading.numbered_by() is not None:
        return reading.refused("numbered")
    items = _own_items(reading, [_item(reading, found) for found in _ITEM.finditer(reading.match["days_l"])])
    if not all(is_possible(Moment(Grain.DAY, year, month, item.day)) for item in items):
        return reading.refused(IMPOSSIBLE)
    rule = "day_month" if year is None else "day_month_year"
    found: list[Candidate] = []
    for index, item in enumerate(items):
        item_end = end if index + 1 == len(items) else item.end
        moment = Moment(Grain.DAY, year, month, item.day)
        if index and found[-1].last is None and _joins(reading, items[index - 1], item):
            found[-1] = Candidate(found[-1].start, item_end, found[-1].first, moment, "days_range")
        else:
            found.append(Candidate(item.start, item_end, moment, None, rule))
    return found


def _item(reading: Reading, found: re.Match[str]) -> _Item:
    offset = reading.match.start("days_l")
    return _Item(int(found[1]), offset + found.start(), offset + found.end(), found[2] == ".")


def _own_items(reading: Reading, items: list[_Item]) -> list[_Item]:
    """The members that belong to the month: a list counts up, and its commas join days that are written alike.

    In `kl. 10-12, 14. marts` and `punkt 3, 12. marts` only the last is a day.
    """
    if len(items) > 1 and reading.numbered_by() is not None:
        return items[-1:]
    start = 0
    for index, (one, other) in enumerate(pairwise(items), 1):
        comma = "," in reading.text[one.end : other.start]
        if one.day >= other.day or (comma and one.dotted != other.dotted):
            start = index
    return items[start:]


def _joins(reading: Reading, one: _Item, other: _Item) -> bool:
    return is_range(reading.text[one.end : other.start], lead_before(reading.text, one.start))


def _month(written: str) -> int:
    return months()[written.rstrip(".").lower()]


def _is_led(reading: Reading, shape: str) -> bool:
    """Whether the word ahead leads a day in figures: `d.`, `den`, a weekday, or `pr.` for 1/4."""
    word = word_before(reading.text, reading.match.start())
    kind = before_days().get(word)
    return kind in ("dot", shape) or (kind == "padded" and shape == "slash") or word in weekdays()
