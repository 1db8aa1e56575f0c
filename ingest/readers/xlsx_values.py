"""A cell's value to the text that a Danish reader of the sheet sees, by the cell's number format.

What the format hides is not lost: a day shown without its year is written with it, since the file knows the year.

>>> show_value(1250.5, '#,##0.00 "kr."'), show_value(0.125, "0.0%"), show_value(date(2020, 12, 31), "dd-mm-yy")
('1.250,50 kr.', '12,5 %', '31.12.2020')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from kilde.danish.lexicon_rows import read_rows

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

GENERAL_DIGITS = 11
"""Significant digits that a sheet shows of a number without a format of its own."""
MOST_DECIMALS = 10
LARGEST = 10**15
"""Larger numbers are identifiers or errors, and are shown as they are."""
QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]')
SKIPPED = re.compile(r"\[[^\]]*\]|_.|\*.")
DIGITS = re.compile(r"[0#?][0#?,.]*")
SCALE = re.compile(r",+$")
SHELTER = 0xF0000
DATE_PART = re.compile(r"y+|m+|d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a sheet shows a number."""

    before: str = ""
    after: str = ""
    decimals: int | None = None
    """None where as many are shown as there are."""
    width: int = 1
    """Fewest digits before the comma: `0000` shows a kommune's code as 0751."""
    thousands: bool = False
    divided: int = 1
    """What the number is divided by before it is shown: the sheet's own thousands and millions."""
    percent: bool = False


def show_value(value: CellValue, number_format: str) -> str:
    """The text of a value; empty for none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "SAND" if value else "FALSK"
    if isinstance(value, date | time | timedelta):
        return show_time(value, number_format)
    return show_number(value, number_format)


def show_number(value: float, number_format: str) -> str:
    """A number in Danish notation."""
    if value != value or abs(value) >= LARGEST:
        return str(value)
    shape = read_format(number_format)
    number = Decimal(str(value)) * (100 if shape.percent else 1) / shape.divided
    digits = general(number) if shape.decimals is None else fixed(number, shape.decimals)
    whole, _, fraction = digits.lstrip("-").partition(".")
    whole = f"{int(whole):,}".replace(",", ".") if shape.thousands else whole.zfill(shape.width)
    sign = "-" if digits.startswith("-") and any(digit in "123456789" for digit in digits) else ""
    return f"{shape.before}{sign}{whole}{',' if fraction else ''}{fraction}{' %' if shape.percent else ''}{shape.after}"


def fixed(number: Decimal, decimals: int) -> str:
    """A number with so many decimals, halves rounded up as sheets do."""
    return format(number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP), "f")


def general(number: Decimal) -> str:
    """A number with the digits that a sheet shows where no format says how many."""
    whole_digits = max(number.adjusted() + 1, 1)
    text = fixed(number, max(GENERAL_DIGITS - whole_digits, 0))
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def read_format(number_format: str) -> NumberFormat:
    """What the part of a number format for positive numbers says; General and what is not understood say nothing."""
    section = SKIPPED.sub("", QUOTED.sub(shelter, number_format)).partition(";")[0]
    digits = DIGITS.search(section)
    if digits is None or "E+" in section or "/" in section:
        return NumberFormat(percent="%" in section)
    scale = SCALE.search(digits[0])
    whole, _, fraction = digits[0][: scale.start() if scale else None].partition(".")
    before, after = literal(section[: digits.start()]), literal(section[digits.end() :])
    return NumberFormat(
        before=f"{before} " if before else "",
        after=f" {after}" if after else "",
        decimals=min(sum(letter in "0#?" for letter in fraction), MOST_DECIMALS),
        width=max(whole.count("0"), 1),
        thousands="," in whole,
        divided=1000 ** len(scale[0]) if scale else 1,
        percent="%" in section,
    )


def shelter(match: re.Match[str]) -> str:
    """The quoted words of a format, moved to a plane of Unicode where no sign of a format stands."""
    words = match[1] or match[2] or match[3] or ""
    return "".join(chr(SHELTER + ord(letter)) for letter in words if ord(letter) < SHELTER)


def literal(part: str) -> str:
    """The words and currency signs in a part of a format."""
    shown = (chr(ord(letter) - SHELTER) if ord(letter) >= SHELTER else letter for letter in part
             if ord(letter) >= SHELTER or letter in " €$£")  # fmt: skip
    return "".join(shown).strip()


def show_time(value: date | time | timedelta, number_format: str) -> str:
    """A day, a month or a time of day as Danes write it: 31.12.2020, december 2020, 31.12.2020 14.30."""
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}.{minutes % 60:02d}"
    if isinstance(value, time):
        return f"{value.hour}.{value.minute:02d}"
    clock = f" {value.hour}.{value.minute:02d}" if isinstance(value, datetime) and (value.hour or value.minute) else ""
    shown = {part[0][0].lower() for part in DATE_PART.finditer(SKIPPED.sub("", QUOTED.sub("", number_format)))}
    if shown == {"y"}:
        return str(value.year)
    if shown == {"m", "y"} and not clock:
        return f"{month_name(value.month)} {value.year}"
    return f"{value.day:02d}.{value.month:02d}.{value.year}{clock}"


@cache
def month_name(month: int) -> str:
    """The Danish name of a month."""
    return next(name for name, number, kind in read_rows("months.tsv") if kind == "name" and int(number) == month)
