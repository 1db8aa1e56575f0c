"""The shapes of dates as patterns: one that finds where a date may begin, and two that read it from there.

`anchor` runs over the whole text and is made to be fast (`date_words.by_first_letter`). What begins with a digit is
then matched by `from_digit`, the rest by `from_word`: alternatives of named shapes, and `Match.lastgroup` is the shape.
Every repetition is bounded or possessive, which keeps all three linear.
"""

from __future__ import annotations

import re
from functools import cache

from kilde.danish.date_words import (
    alternation,
    behind_mark,
    by_first_letter,
    decades,
    listed,
    month_forms,
    seasons,
    weekdays,
)
from kilde.danish.folding import BLANK, DASH, GAP

SPACE = rf"(?=\s){GAP}"
"""White space that holds a date together: no empty line and no tab."""

DASHED = rf"{BLANK}{{0,24}}+{DASH}{GAP}"
"""A dash is no list mark, so it stands on the line that it continues."""

UNTIL = rf"(?:til(?:{SPACE}og{SPACE}med)?+|t\.?o\.?m\.?|(?:og{SPACE})?+(?:frem{SPACE}til|indtil)){SPACE}"
LINK = rf"(?:{DASHED}|{GAP}(?:[,/+&]{GAP}(?:og{SPACE})?+|(?<!\w)(?:(?:og|eller|samt|hhv\.?){SPACE}|{UNTIL})))"
"""What joins the members of a list or the ends of a range."""

DAY_LEAD = r"(?:(?:den|d\.)" + GAP + r")?+"
_YEAR = r"(?:1[89][0-9]{2}|20[0-9]{2}|2100)"
_FULL_YEAR = r"(?:1[0-9]|20|21)[0-9]{2}"
_SHORT_YEAR = r"['’´`][0-9]{2}(?![0-9])"
_ENDED = r"(?![0-9A-Za-zÆØÅæøå_@%])(?![.,:][0-9])(?!/[0-9])(?!\.(?-i:[a-zæøå]))"
RIGHT = rf"{_ENDED}(?!{DASH}[0-9])(?!/\w)(?!,[-–])"
"""No year goes on as a number, a word, an address, a file name, a percentage or an amount (2020,-)."""

_MAY_BE_DATE = (
    rf"(?=[0-9]{{1,2}}(?![0-9])(?:\.?{GAP}(?:[jfmasondkhtie,/+&]|{DASH})|\.{GAP}[0-9]|['’´`])"
    r"|(?:1[0-9]|2[01])[0-9]{2}(?![0-9]))"
)
"""Refuses most figures at once: a small number goes on with a month, a word or mark that joins, or another number."""

_DIGITS = r"[0-9]{1,2}(?![0-9])"


@cache
def weekday() -> str:
    """Any weekday with the comma or full stop after it."""
    return rf"(?:{alternation(weekdays())})(?!\w)[.,]{{0,2}}+"


@cache
def _month() -> str:
    short = alternation(month_forms("short"))
    return rf"(?:(?:{alternation(month_forms('name'))})(?!\w)|(?:{short})(?!\w)\.?+)"


@cache
def _month_of_day() -> str:
    return rf"(?:{_month()}|(?:{alternation(month_forms('day'))})\.)"


def _tail(name: str, year: str = _YEAR) -> str:
    """A year after a month; after a day and a month it may be any since 1000."""
    month = rf"(?P<{name}_m>{SPACE}måned(?:s|er|en)?(?!\w))?+"
    joint = rf"(?:,?{SPACE}|-|/|(?:\.|(?<=\.))(?=[12][0-9]{{3}}))"
    written = rf"(?:(?P<{name}>{year})(?![0-9]|[.,][0-9])|(?P<{name}_s>{_SHORT_YEAR}))"
    return rf"{month}(?:{joint}{written})?+"


def _numeric(name: str, separator: str, last: str, year: str) -> str:
    """Day, month and year in figures, with a separator between the first two and another before the year."""
    day, month = rf"(?P<{name}_d>[0-9]{{1,2}})", rf"(?P<{name}_m>[0-9]{{1,2}})"
    return rf"(?P<{name}>{day}{separator}{month}{last}(?P<{name}_y>{year})(?![0-9])(?![.,/][0-9]|-?[A-ZÆØÅ][0-9]))"


def _days() -> str:
    lead = rf"(?:{weekday()}{SPACE})?+{DAY_LEAD}"
    listed = rf"{_DIGITS}\.?+(?:{LINK}{lead}{_DIGITS}\.?+){{0,11}}+"
    return rf"(?P<days>(?P<days_l>{listed})(?:{GAP}|-|/)(?P<days_n>{_month_of_day()}){_tail('days_y', _FULL_YEAR)})"


def _numbered_parts() -> str:
    listed = rf"[1-4](?![0-9])\.?+(?:{LINK}[1-4](?![0-9])\.?+){{0,3}}+"
    unit = rf"(?P<parts_u>kvartal|kvt|halvår|halvdel(?={SPACE}af{SPACE}[12]))(?:et|s|ets)?+(?!\w)\.?+"
    return rf"(?P<parts>(?P<parts_l>{listed}){GAP}{unit}{_of_year('parts_y')})"


def _of_year(name: str) -> str:
    """A year after a quarter, half or week."""
    joint = rf"(?:,?{SPACE}(?:(?:i|af|år|i{SPACE}år){SPACE})?+|/|-)"
    return rf"(?:{joint}(?:(?P<{name}>{_YEAR}){_ENDED}|(?P<{name}_s>{_SHORT_YEAR})))?+"


@cache
def from_digit() -> re.Pattern[str]:
    """What may begin with a digit."""
    shapes = (
        r"(?P<iso>(?P<iso_y>(?:1[0-9]|20|21)[0-9]{2})(?P<iso_s>[-/.])(?P<iso_m>[0-9]{2})(?P=iso_s)(?P<iso_d>[0-9]{2})(?![0-9]))",
        _numeric("dotted", rf"\.{GAP}", rf"\.{GAP}", "[0-9]{4}"),
        _numeric("brief", r"\.", r"\.", "[0-9]{2}"),
        _numeric("dashed", "-", "-", "[0-9]{4}|[0-9]{2}"),
        _numeric("slashed", "/", rf"(?:/|{GAP}{DASH}{GAP}|{SPACE})", "[0-9]{4}|(?<=[-/–])[0-9]{2}"),
        rf"(?P<stamp>(?P<stamp_d>{_DIGITS})-(?P<stamp_n>{_month_of_day()})-(?P<stamp_y>[0-9]{{4}}|[0-9]{{2}})(?![0-9]))",
        _days(),
        _numbered_parts(),
        r"(?P<decade>(?P<decade_y>(?:1[89]|20)?+[0-9]0)['’´`]?+-?+(?P<decade_w>erne|tallet)s?+(?!\w))",
        rf"(?P<year_first>(?P<first_y>{_YEAR})[- /]?+Q(?P<first_q>[1-4])(?!\w))",
        rf"(?P<years>(?P<years_a>{_YEAR})(?P<years_j>(?:{DASHED}|/)(?={_YEAR})|(?:{DASH}|/))(?P<years_b>{_YEAR}|[0-9]{{2}}){RIGHT})",
        rf"(?P<year>{_YEAR}{RIGHT})",
        rf"(?P<slash>(?P<slash_d>{_DIGITS})/(?P<slash_m>{_DIGITS})(?!/?\w)(?![-–][0-9]{{1,2}}(?![0-9/]))(?![-–][0-9]{{3}}))",
        rf"(?P<dot>(?P<dot_d>{_DIGITS})\.(?P<dot_m>{_DIGITS})(?:\.(?![0-9])|(?![0-9.,:])))",
    )
    return re.compile(rf"{_MAY_BE_DATE}(?:{'|'.join(shapes)})", re.IGNORECASE)


@cache
def from_word() -> re.Pattern[str]:
    """What may begin with a letter."""
    month, season = _month(), rf"(?:{alternation(seasons())})(?!\w)"
    second = rf"(?:[/–-](?P<seasons_b>{_YEAR}|[0-9]{{2}})(?![0-9]))?+{_ENDED}"
    season_year = rf"(?:,?{SPACE}(?:i{SPACE})?+(?P<seasons_y>{_YEAR}|{_SHORT_YEAR}){second})?+"
    ordinal = "(?:første|anden|andet|tredje|fjerde|sidste)"
    week = r"[0-9]{1,2}(?![0-9%]|[.,:][0-9])"
    both = rf"(?:,{SPACE}{week}){{0,8}}{GAP}\b(?:og|eller|samt){SPACE}{week}"
    weeks = rf"{week}(?:{both}|(?:{DASHED}|{SPACE}{UNTIL}|/){week})?+"
    shapes = (
        rf"(?P<months>(?P<months_l>{month}(?:{LINK}{month}){{0,11}}+){_tail('months_y')})",
        rf"(?P<seasons>(?P<seasons_l>{season}(?:{LINK}{season}){{0,3}}+){season_year})",
        rf"(?P<ordinal>(?P<ordinal_l>{ordinal}(?:{LINK}{ordinal}){{0,3}}+){SPACE}"
        rf"(?P<ordinal_u>kvartal|halvår|halvdel(?={SPACE}af{SPACE}[12]))(?:et|s|ets)?+(?!\w){_of_year('ordinal_y')})",
        rf"(?P<letter>(?P<letter_u>[QH])(?P<letter_a>[1-4])(?!\w)(?:(?P<letter_j>{LINK})[QH]?(?P<letter_b>[1-4])(?!\w))?+"
        rf"{_of_year('letter_y')})",
        rf"(?P<weeks>uge(?:rne|r)?+(?:{SPACE}nr\.?+)?+{SPACE}(?P<weeks_l>{weeks}){_of_year('weeks_y')})",
        rf"(?P<third>(?P<third_w>primo|medio|ultimo){SPACE}(?:(?P<third_n>{month}){_tail('third_y')}|(?P<third_o>{_YEAR}){_ENDED}))",
        rf"(?P<decade>(?P<decade_n>{alternation(decades())})s?+(?!\w))",
    )
    return re.compile("|".join(shapes), re.IGNORECASE)


_ORDINAL_HEADS = ("første", "anden", "andet", "tredje", "fjerde", "sidste")
_OTHER_HEADS = (
    "uge",
    "uger",
    "ugerne",
    "primo",
    "medio",
    "ultimo",
    *(f"{letter}{number}" for letter in "qh" for number in "1234"),
)


_GOES_ON = rf"{GAP}(?:[0-9'’´`,/+&]|{DASH}|(?:måned|måneds|og|eller|samt|hhv|til|t\.?o|frem|indtil)(?!\w))"
_ENDS_LINE = r"[.:]?[^\S\n]{0,8}(?:\n|\Z)"


def _lead_ends() -> str:
    """What stands before the space before a month that stands alone: the last letter of a word that may lead it."""
    letters = {word[-1] for word in (*listed("before_months.tsv"), "første", "anden", "andet")}
    return rf"[{''.join(sorted(letters))}.\s]"


@cache
def anchor() -> re.Pattern[str]:
    """Where a date may begin: a whole word, or a run of figures, whose last one is the group that took part.

    It is for `" " + text`, and its match begins with the character before.

    Numbers right ahead of another are passed over with it, unless they may be years; so is an address on the web.
    """
    heads = {
        form: rf"(?!\w)(?:(?={_GOES_ON}|{_ENDS_LINE})|(?<={_lead_ends()}\s{form}))" for form in month_forms("name")
    }
    heads |= {form: rf"(?!\w)(?=\.?{_GOES_ON})" for form in month_forms("short")}
    heads |= dict.fromkeys((*seasons(), *decades(), *_OTHER_HEADS), r"(?!\w)")
    heads |= dict.fromkeys(_ORDINAL_HEADS, r"(?=,?\s{1,4}(?:kvartal|halv|og|til|andet|tredje|fjerde)|\s?-)")
    heads |= {"http://": r"\S*+", "https://": r"\S*+", "www.": r"\S*+"}
    dull = rf"(?:(?!{_YEAR}(?![0-9]))[0-9]++[.,:]?+\s(?=[0-9]))*+"
    no_year = r"[0-9]{3}(?<!1[89][0-9]{2})(?<!20[0-9]{2})(?<!2100)"
    run = rf"(?<!\w.)(?:(?:[0-9]{{0,2}}|{no_year}|[0-9]{{4,}}+)[.,:]?+\s(?=[0-9]){dull})?+([0-9.,:/-]*+)"
    return re.compile(behind_mark("|".join((by_first_letter(heads), rf"[0-9]{run}"))))
