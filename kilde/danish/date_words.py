"""The words that dates are made of, from the lexicon, and what stands beside a place in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from kilde.danish.lexicon_rows import read_rows

_REACH = 40
"""Characters beside a place that are looked at for its neighbouring words."""

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_QUOTES = "\"'»«”“„’‘*•[{<–—"


@cache
def months() -> dict[str, int]:
    """Month of each form, in lower case and without a dot."""
    return {form: int(month) for form, month, _ in read_rows("months.tsv")}


@cache
def month_forms(use: str) -> tuple[str, ...]:
    """The forms of one use: `name`, `short` or `day`."""
    return tuple(form for form, _, of_use in read_rows("months.tsv") if of_use == use)


@cache
def weekdays() -> dict[str, int]:
    """ISO day of the week of each form, in lower case."""
    return {form: int(day) for form, day in read_rows("weekdays.tsv")}


@cache
def seasons() -> dict[str, int]:
    """First month of the season that each form names, in lower case."""
    return {form: int(month) for form, month in read_rows("seasons.tsv")}


@cache
def decades() -> dict[str, int]:
    """First year of the decade that each word names."""
    return {word: int(year) for word, year in read_rows("decades.tsv")}


@cache
def before_years() -> dict[str, str]:
    """What a word before four digits says of them: `dating`, `about`, or the rule that refuses them as a year."""
    return dict(read_rows("before_years.tsv"))  # type: ignore[arg-type]


@cache
def before_days() -> dict[str, str]:
    """What a word before a day in figures is enough for: `dot` for 1.4. and 1/4, `slash` only for 1/4."""
    return dict(read_rows("before_days.tsv"))  # type: ignore[arg-type]


@cache
def small_words() -> frozenset[str]:
    """Words that no number counts: prepositions, conjunctions, auxiliaries."""
    return frozenset(word for (word,) in read_rows("small_words.tsv"))


@cache
def before_months() -> frozenset[str]:
    """The words that show that the month after them is one."""
    return frozenset(word for (word,) in read_rows("before_months.tsv"))


def alternation(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def by_first_letter(heads: dict[str, str]) -> tuple[str, str]:
    """The first letters of words in lower case, and a pattern for the rest of each and what must follow it.

    A pattern that begins with a set of letters is found quickly, which one that begins with alternatives is not.
    """
    rests: dict[str, list[str]] = {}
    for head in sorted(heads, key=lambda head: (-len(head), head)):
        rests.setdefault(head[0], []).append(re.escape(head[1:]) + heads[head])
    letters = "".join(letter + letter.upper() for letter in rests)
    words = (rf"(?<=[{letter}{letter.upper()}])(?i:{'|'.join(of)})" for letter, of in rests.items())
    return letters, "|".join(words)


@cache
def counted() -> re.Pattern[str]:
    """The white space and the word of something that the number before it counts."""
    rows = read_rows("counted.tsv")
    units = alternation(word for word, kind in rows if kind == "unit")
    nouns = alternation(word for word, kind in rows if kind == "noun")
    return re.compile(rf"\s{{0,4}}+(?:(?:{units})(?!\w)|\w{{0,30}}?(?:{nouns})(?!\w))", re.IGNORECASE)


def kind_before(text: str, place: int) -> str:
    """What the word before four digits says of them, as `before_years` has it; empty when it says nothing."""
    words = words_before(text, place)
    kinds = before_years()
    return (kinds.get(words[-1]) or kinds.get(plain(words[-1]), "")) if words else ""


def words_before(text: str, place: int) -> list[str]:
    """The words that end before this place in its paragraph, in lower case, as far as 40 characters reach."""
    ahead = text[max(0, place - _REACH) : place]
    if "\n" in ahead:
        ahead = _EMPTY_LINE.split(ahead)[-1]
    return ahead.lower().split()


def plain(word: str) -> str:
    """The word without the brackets, quotes and full stop about it."""
    return word.lstrip("(").lstrip(_QUOTES).rstrip(".:,;")


def lead_before(text: str, place: int) -> str:
    """The word before this place and before the `den` or `d.` of its day."""
    words = words_before(text, place)
    while words and words[-1] in ("den", "d.", "d"):
        words.pop()
    return plain(words[-1]) if words else ""


def word_before(text: str, place: int) -> str:
    """The word before this place, plain and in lower case; empty at the start of a paragraph."""
    words = words_before(text, place)
    return plain(words[-1]) if words else ""
