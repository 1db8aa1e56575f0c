"""Words beside an amount that make it approximate ("ca.", "knap") or a limit ("op til", "mindst", "eller derover")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kilde.danish.lexicon_rows import read_rows
from kilde.danish.mentions import Bound

REACH = 40
"""Characters on each side that are looked at."""

_PARTED = re.compile(r"\n[^\S\n]*\n|\t")
"""What stands in another paragraph or cell says nothing here."""

_SIGNS = "~±+<>≤≥"
"""Qualifiers that are signs need no blank before them."""

MAX_WORDS = 3
"""Qualifiers in a row that are read: "op til ca. 5 mio. kr." has two."""


@dataclass(frozen=True, slots=True)
class _Qualifier:
    words: str
    approximate: bool
    bound: Bound | None


def qualify(text: str, start: int, end: int) -> tuple[bool, Bound | None]:
    """Whether the amount at this span is approximate, and which limit it is, if any."""
    approximate, bound = False, None
    for words in (*_ahead(text, start), *_behind(text, end)):
        approximate, bound = approximate or words.approximate, bound or words.bound
    return approximate, bound


def _ahead(text: str, start: int) -> Iterator[_Qualifier]:
    """The qualifiers that end at `start`, the nearest first."""
    left = _PARTED.split(text[max(0, start - REACH) : start])[-1].rstrip().lower()
    for _ in range(MAX_WORDS):
        if not left.endswith(_last_words()):
            return
        plain = " " + " ".join(left.replace("(", " ").split())
        words = next((row for row in _qualifiers("before") if plain.endswith(row.words)), None)
        if words is None:
            return
        yield words
        left = plain[: -len(words.words)]


def _behind(text: str, end: int) -> Iterator[_Qualifier]:
    """The qualifier that begins after `end`."""
    right = _PARTED.split(text[end : end + REACH], maxsplit=1)[0].lstrip().lower()
    if right.startswith(_first_words()):
        plain = " " + " ".join(right.split())
        yield from (row for row in _qualifiers("after") if plain.startswith(row.words))


@cache
def _qualifiers(place: str) -> tuple[_Qualifier, ...]:
    """The longest first. Each begins with a blank, so that it only matches whole words; signs stand alone."""
    rows = (
        _Qualifier(words if words[0] in _SIGNS else f" {words}", mark == "yes", Bound(bound) if bound != "-" else None)
        for words, where, mark, bound in read_rows("amount_qualifiers.tsv")
        if where == place
    )
    return tuple(sorted(rows, key=lambda row: -len(row.words)))


@cache
def _last_words() -> tuple[str, ...]:
    """For a first look."""
    return tuple({row.words.split()[-1] for row in _qualifiers("before")})


@cache
def _first_words() -> tuple[str, ...]:
    return tuple({row.words.split()[0] for row in _qualifiers("after")})
