"""The words that dates are made of, from the lexicon, and what stands beside a place in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import starmap

from kilde.danish.folding import GAP
from kilde.danish.lexicon_rows import read_rows

_REACH = 40
"""Characters beside a place that are looked at for its neighbouring words."""

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_QUOTES = "\"'»«”“„’‘*•[{<–—"
_FOLLOWING = re.compile(rf"{GAP}([^\s,;:!?()]{{1,40}})")
_AMOUNT = re.compile(rf"{GAP}(?:kr\.?|DKK|EUR|€){GAP}-?[0-9]", re.IGNORECASE)


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
def listed(name: str) -> frozenset[str]:
    """The words of a table of one column."""
    return frozenset(word for (word,) in read_rows(name))


@cache
def affixes(name: str) -> tuple[str, ...]:
    """The beginnings or endings of words in a table of one column, as `str.startswith` wants them."""
    return tuple(affix for (affix,) in read_rows(name))


@cache
def before_years() -> dict[str, str]:
    """What a word before four digits says of them: `dating` they are a year, `about`, or the rule that refuses them."""
    return {word: kind for word, kind in read_rows("before_years.tsv")}


@cache
def before_days() -> dict[str, str]:
    """What a word before a day in figures is enough for: `dot` for 1.4. and 1/4, `slash` only for 1/4."""
    return {word: kind for word, kind in read_rows("before_days.tsv")}


@cache
def _counted(kind: str) -> tuple[str, ...]:
    return tuple(word for word, of_kind in read_rows("counted.tsv") if of_kind == kind)


def alternation(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def behind_mark(pattern: str) -> str:
    """A pattern for what begins where a word begins, with the character before it, so it is for `" " + text`.

    Few characters stand before words, and only there are the alternatives tried: three times as fast. The set of these
    characters has letters of other languages too, so the pattern itself must still look behind.
    """
    return rf"[^0-9A-Za-z_ÆØÅæøå](?:{pattern})"


def by_first_letter(heads: dict[str, str]) -> str:
    """A pattern for words in either case that begin where a word begins, each with what must follow it.

    Alternatives that each begin with one literal letter are found and told apart much faster than others; so are, below
    them, those that begin with a set of two letters.
    """
    rests: dict[str, dict[str, list[str]]] = {}
    for head in sorted(heads, key=lambda head: (-len(head), head)):
        rests.setdefault(head[0], {}).setdefault(head[1:2], []).append(re.escape(head[2:]) + heads[head])
    letters = ((letter, of) for first, of in rests.items() for letter in (first, first.upper()))
    return "|".join(rf"{letter}(?:{'|'.join(starmap(_from_second, of.items()))})" for letter, of in letters)


def _from_second(second: str, rests: list[str]) -> str:
    """What follows a first letter: the second one, where there is one, and any of the rests."""
    rest = f"(?i:{'|'.join(rests)})"
    return rf"[{second}{second.upper()}](?<!\w..){rest}" if second else rf"(?<!\w.){rest}"


def counts(text: str, end: int) -> bool:
    """Whether the number that ends there counts the word after it: a unit, or a noun, also as the end of a compound.

    In `i 2019 kr. 121.622` the unit belongs to the number after it.
    """
    following = _FOLLOWING.match(text, end)
    if following is None:
        return False
    word = following[1]
    units = _counted("unit")
    if word in units or (len(word) > 2 and (word.rstrip(".") in units or word.lower() in units)):
        return _AMOUNT.match(text, end) is None
    return word[0].islower() and word.rstrip(".").endswith(_counted("noun"))


def next_word(text: str, end: int) -> str:
    """The word after this place in its paragraph, as written; empty at its end or before a bracket or a comma."""
    following = _FOLLOWING.match(text, end)
    return "" if following is None or following.start(1) == end else following[1]


def words_before(text: str, place: int) -> list[str]:
    """The words before this place in its paragraph, in lower case: five at most, as far as 40 characters reach."""
    ahead = text[max(0, place - _REACH) : place]
    if "\n" in ahead:
        ahead = _EMPTY_LINE.split(ahead)[-1]
    return ahead.lower().rsplit(None, 5)[-5:]


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


def kind_of_number(words: list[str]) -> str:
    """What the last of these words says of the four digits after it, as `before_years` has it; empty for nothing.

    A comma parts them, and `kr.` after an amount belongs to that.
    """
    if not words or words[-1].endswith((",", ";")):
        return ""
    kinds = before_years()
    kind = kinds.get(words[-1]) or kinds.get(plain(words[-1]), "")
    return "" if kind == "amount" and len(words) > 1 and _ends_amount(words[-2]) else kind


def _ends_amount(word: str) -> bool:
    return word[-1].isdigit() or word in _counted("unit")
