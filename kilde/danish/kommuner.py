"""The 98 kommuner of Denmark, the kommuner and amter of 1970-2006 that became them, and the names people write.

Facts only, from `lexicon/kommuner.tsv`, `former_kommuner.tsv` and `amter.tsv`, read once at first use. Finding names in
a text is `places.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from kilde.danish.lexicon_rows import read_rows

REGIONS_OF_2027 = date(2027, 1, 1)
"""Region Hovedstaden and Region Sjælland become Region Østdanmark."""

_Named = TypeVar("_Named")

_LONGEST = 100
"""Characters of a name that is looked up: the longest official name has 25."""

_HEAD = re.compile(r" (?:regions)?kommune(?:[nr]|rne)?s?$")
_ASCII = str.maketrans({"æ": "ae", "ø": "oe"})


@dataclass(frozen=True, slots=True)
class Kommune:
    """A kommune of today. `code` is four digits, `name` the short form, `official` the full one.

    `spellings` are the forms that name it anywhere, the short name first; `headed` those that do so only before
    "Kommune" ("Lyngby Kommune"). `since` is the first year of its present area and name, 1970 where that is older.
    """

    code: str
    name: str
    official: str
    region: str
    region_2027: str
    landsdel: str
    spellings: tuple[str, ...]
    headed: tuple[str, ...]
    since: int


@dataclass(frozen=True, slots=True)
class FormerKommune:
    """A kommune that is no more, from its first to its last year; `successors` are codes, the main one first.

    `code` is its own, empty where it is not known. `amt` is None for the few that lay in none.
    """

    code: str
    name: str
    from_year: int
    to_year: int
    amt: str | None
    successors: tuple[str, ...]
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amt:
    """A county of 1970-2006; `regions` have its area now, the larger part first."""

    code: str
    name: str
    from_year: int
    to_year: int
    regions: tuple[str, ...]


@cache
def kommuner() -> Mapping[str, Kommune]:
    """The 98, by code."""
    found = {}
    for code, name, official, region, region_2027, landsdel, since, more, headed in read_rows("kommuner.tsv"):
        spellings = _spellings(name, _list(more))
        found[code] = Kommune(code, name, official, region, region_2027, landsdel, spellings, _list(headed), int(since))
    return MappingProxyType(found)


@cache
def former_kommuner() -> tuple[FormerKommune, ...]:
    """Those of 1970 and later that are no more, in the order of their codes."""
    return tuple(
        FormerKommune(
            code.strip("-"),
            name,
            int(from_year),
            int(to_year),
            None if amt == "-" else amt,
            tuple(successors.split(",")),
            _spellings(name, _list(more)),
        )
        for code, name, from_year, to_year, amt, successors, more in read_rows("former_kommuner.tsv")
    )


@cache
def amter() -> Mapping[str, Amt]:
    """The 14 amter, by code."""
    rows = read_rows("amter.tsv")
    return MappingProxyType(
        {code: Amt(code, name, int(first), int(last), _list(regions)) for code, name, first, last, regions in rows}
    )


def by_name(text: str) -> Kommune | None:
    """The kommune of a code or of a name in any usual spelling, whatever its case; None when there is none.

    >>> by_name("åbenrå kommune").code
    '0580'
    """
    if len(text) > _LONGEST:
        return None
    key = _HEAD.sub("", name_key(text))
    code = _current_names().get(key) or (key.zfill(4) if key.isascii() and key.isdecimal() else "")
    return kommuner().get(code)


def former_by_name(text: str) -> FormerKommune | None:
    """The former kommune of a name, whatever its case; the one that lived longest where two had the same.

    >>> former_by_name("Farum").successors
    ('0190',)
    """
    return _former_names().get(_HEAD.sub("", name_key(text))) if len(text) <= _LONGEST else None


def nearest_names(text: str, n: int = 3) -> tuple[str, ...]:
    """At most `n` names of kommuner, present or former, that look most like `text`: the best first."""
    if len(text) > _LONGEST or n < 1:
        return ()
    everyone: tuple[Kommune | FormerKommune, ...] = (*former_kommuner(), *kommuner().values())
    names = {_HEAD.sub("", name_key(each.name)): each.name for each in everyone}
    return tuple(names[key] for key in get_close_matches(_HEAD.sub("", name_key(text)), list(names), n))


def region_on(code: str, day: date) -> str:
    """The region of a kommune on a day; for days before 2007, when there were none, the first one.

    KeyError for a code that is no kommune's.
    """
    kommune = kommuner()[code]
    return kommune.region if day < REGIONS_OF_2027 else kommune.region_2027


def name_key(text: str) -> str:
    """What all spellings of a name share: lower case, aa for å, a space for hyphens and any white space."""
    folded = text.replace("\u00ad", "").replace("a\u030a", "å").replace("A\u030a", "Å").lower()
    return " ".join(re.sub(r"[-\u2010-\u2015]", " ", folded.replace("å", "aa")).split()).rstrip("'’")


def _spellings(name: str, more: tuple[str, ...]) -> tuple[str, ...]:
    """The name with aa and å, with hyphen and space, and what the lexicon adds; without repeats."""
    found: dict[str, None] = {}
    for form in (name, *more):
        for spelling in (form, form.replace("Aa", "Å").replace("aa", "å"), form.replace("Å", "Aa").replace("å", "aa")):
            found |= dict.fromkeys((spelling, spelling.replace("-", " ")))
    return tuple(found)


def _list(cell: str) -> tuple[str, ...]:
    return () if cell == "-" else tuple(cell.split("; "))


@cache
def _current_names() -> dict[str, str]:
    """Codes by the keys of names, their genitives and their forms without æ and ø; plain names win over all others."""
    plain = {name_key(form): each.code for each in kommuner().values() for form in each.spellings}
    headed = {name_key(form): each.code for each in kommuner().values() for form in each.headed}
    return headed | _derived(plain) | plain


@cache
def _former_names() -> dict[str, FormerKommune]:
    ordered = sorted(former_kommuner(), key=lambda each: each.to_year - each.from_year)
    plain = {name_key(form): each for each in ordered for form in each.spellings}
    return _derived(plain) | plain


def _derived(names: dict[str, _Named]) -> dict[str, _Named]:
    forms = {key + "s": value for key, value in names.items()} | names
    return {key.translate(_ASCII): value for key, value in forms.items()} | forms
