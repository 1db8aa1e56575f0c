"""Words beside an amount that make it approximate ("ca.", "knap") or a limit ("op til", "mindst", "eller derover")."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kilde.danish.lexicon_rows import read_rows
from kilde.danish.mentions import Bound

REACH = 40
"""Characters on each side that are looked at."""

MAX_WORDS = 3
"""Qualifiers in a row that are read: "op til ca. 5 mio. kr." has two."""


def qualify(text: str, start: int, end: int) -> tuple[bool, Bound | None]:
    """Whether the amount at this span is approximate, and which limit it is, if any."""
    approximate, bound = False, None
    ahead = " " + " ".join(text[max(0, start - REACH) : start].lower().replace("(", " ").split())
    for _ in range(MAX_WORDS):
        words = next((row for row in _qualifiers("before") if ahead.endswith(row.words)), None)
        if words is None:
            break
        approximate, bound = approximate or words.approximate, bound or words.bound
        ahead = ahead[: -len(words.words)]
    behind = " " + " ".join(text[end : end + REACH].lower().split())
    for words in _qualifiers("after"):
        if behind.startswith(words.words):
            return approximate or words.approximate, bound or words.bound
    return approximate, bound


@dataclass(frozen=True, slots=True)
class _Qualifier:
    words: str
    approximate: bool
    bound: Bound | None


@cache
def _qualifiers(place: str) -> tuple[_Qualifier, ...]:
    """The longest first. Each begins with a blank, so that it only matches whole words; signs stand alone."""
    rows = (
        _Qualifier(words if words[0] in "~±+" else f" {words}", mark == "yes", Bound(bound) if bound != "-" else None)
        for words, where, mark, bound in read_rows("qualifiers.tsv")
        if where == place
    )
    return tuple(sorted(rows, key=lambda row: -len(row.words)))
