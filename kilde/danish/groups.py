"""Counts without names: "15 kommuner", "fire af landets regioner", and the amount if their sentence gives them one.

In go a text and the amounts found in it. Kommuner that are named, and what they are given, are for `grants`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from kilde.danish.amount_series import is_label
from kilde.danish.amount_units import PERCENT
from kilde.danish.folding import BLANK, DASH, GAP, Folded, fold
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.mentions import AmountMention, GroupMention, Rejected
from kilde.danish.numerals import parse_cardinal, print_cardinal
from kilde.danish.text import sentence_at, sentences

MAX_WORDS = 4
"""Words after the number among which the noun is: "80 af landets mindste kommuner"."""

_SPACE = rf"(?:{BLANK}|\n)"
_DIGITS = re.compile(
    rf"[0-9](?<![\w.,/\-–:][0-9])(?:[0-9]{{0,2}}(?:\.[0-9]{{3}})++|[0-9]{{0,6}}+)(?={_SPACE}{{1,24}}+[^\W\d_])"
)
_NEXT = re.compile(rf"{GAP}([^\W\d_]++(?:-[^\W\d_]++)*+|[0-9]{{1,3}}+(?={_SPACE}))")
_RANGE = re.compile(
    rf"(?:[0-9]|[a-zæøå]){GAP}(?:{DASH}|til){GAP}\Z|\bmellem{GAP}\S{{1,12}}{GAP}og{GAP}\Z", re.IGNORECASE
)
_EACH = re.compile(rf"{GAP}(?:hver|til hver|i hver|pr\.?|per|/)(?!\w)", re.IGNORECASE)


def find_groups(
    text: str, amounts: Sequence[AmountMention], rejected: list[Rejected] | None = None
) -> list[GroupMention]:
    """The groups of a text, in its order; `amounts` are those found in it. Never raises.

    A group has a value if it is alone in its sentence with one sum of money, and that is not for each member.

    >>> from kilde.danish.amounts import find_amounts
    >>> text = "I alt 15 kommuner har fået 69,9 mio. kr. til forsøg."
    >>> [(group.n, group.noun, str(group.value)) for group in find_groups(text, find_amounts(text))]
    [(15, 'kommuner', '69900000')]
    """
    folded = fold(text)
    found: list[GroupMention] = []
    end = 0
    for start, number in sorted(_numbers(folded.text)):
        group = _read(text, folded, start, number, rejected) if start >= end else None
        if group is not None:
            found.append(group)
            end = start + len(group.surface)  # in the original it may be longer, never shorter
    return _valued(text, found, amounts) if found and amounts else found


def _numbers(text: str) -> Iterator[tuple[int, str]]:
    """Where a number begins that can count something, and how it is written."""
    for match in _DIGITS.finditer(text):
        yield match.start(), match.group()
    first, later = _worded()
    opening = first.match(text)
    if opening is not None:
        yield 0, opening.group()
    for match in later.finditer(text):
        yield match.start() + 1, match[1]


@cache
def _worded() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A number word below a hundred, or the first of several: at the start of a text, and behind a character.

    For speed they are grouped by their first two letters, and the character stands first in a pattern of its own.
    """
    words = sorted({*(print_cardinal(n) for n in range(2, 100)), "hundrede", "tusind", "tusinde", "én", "ét"})
    initials = sorted({word[0] for word in words})
    options = "|".join(
        f"[{initial}{initial.upper()}](?:{'|'.join(_from_second(words, initial))})" for initial in initials
    )
    words_on = rf"({options})(?={_SPACE})"
    return re.compile(words_on), re.compile(rf"[{BLANK[1:-1]}\n\t(\"”»]{words_on}")


def _from_second(words: Sequence[str], initial: str) -> Iterator[str]:
    """What may follow a first letter: each second letter with the rests of its words, the longest first."""
    for second in sorted({word[1] for word in words if word[0] == initial}):
        rests = [word[2:] for word in reversed(words) if word[:2] == initial + second]
        yield f"{second}(?:{'|'.join(rests)})"


def _read(text: str, folded: Folded, start: int, number: str, rejected: list[Rejected] | None) -> GroupMention | None:
    """The group whose number begins at `start` of the folded text."""
    counted = _counted(folded.text, start + len(number))
    if counted is None:
        return None
    words, noun, end = counted
    value, used = _value(number, words)
    if value is None or not _fits(words[used:], noun, value):
        return None
    first, last = folded.span(start, end)
    rule = _refusal(folded.text, start, number)
    if rule is None:
        rule = "digits" if number[0].isdigit() else "number_words"
        return GroupMention(first, last, text[first:last], value, noun.plural, None, None, rule)
    if rejected is not None:
        rejected.append(Rejected(first, last, text[first:last], "group", rule))
    return None


@dataclass(frozen=True, slots=True)
class _Noun:
    """What is counted, in the plural, and the forms that the word can be: singular, plural, definite."""

    plural: str
    forms: frozenset[str]


def _counted(text: str, end: int) -> tuple[list[str], _Noun, int] | None:
    """The words after a number, what it counts, and where that ends."""
    words: list[str] = []
    while len(words) < MAX_WORDS and (match := _NEXT.match(text, end)):
        end = match.end()
        noun = _noun(match[1].lower())
        if noun is not None:
            return words, noun, end
        words.append(match[1].lower())
    return None


@lru_cache(maxsize=4096)
def _noun(word: str) -> _Noun | None:
    for length in range(len(word), 3, -1):
        noun = _nouns().get(word[-length:])
        if noun is not None and (length == len(word) or len(word) - length >= 3):
            return _Noun(word[:-length] + noun.plural, noun.forms)
    return _nouns().get(word)


@cache
def _nouns() -> dict[str, _Noun]:
    found: dict[str, _Noun] = {}
    for row in read_rows("group_nouns.tsv"):
        for form, kind in zip(row, ("singular", "plural", "definite"), strict=True):
            forms = found[form].forms if form in found else frozenset[str]()
            found[form] = _Noun(row[1], forms | {kind})
    return found


def _value(number: str, words: Sequence[str]) -> tuple[int | None, int]:
    """What the number is, with the number words that follow it ("to hundrede"), and how many these are."""
    if number[0].isdigit():
        return int(number.replace(".", "")), 0
    for used in range(len(words), 0, -1):
        value = parse_cardinal(" ".join((number, *words[:used])))
        if value is not None:
            return value, used
    return parse_cardinal(number), 0


def _fits(between: Sequence[str], noun: _Noun, value: int) -> bool:
    """Whether the words can stand between a number and its noun, and the noun's form goes with both."""
    partitive = bool(between) and between[0] == "af"
    form = "singular" if value == 1 and not partitive else "plural"
    if form not in noun.forms and not (partitive and "definite" in noun.forms):
        return False
    return all(_may_stand(word, partitive=partitive) for word in between) and (not between or between[-1] != "og")


def _may_stand(word: str, *, partitive: bool) -> bool:
    if word in _words("yes"):
        return True
    if partitive and (word == "af" or word[-1] == "s" or word.isdigit()):
        return True
    return word == "og" or (word[-1] == "e" and word not in _words("no"))


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for word, of_kind in read_rows("group_words.tsv") if of_kind == kind)


def _refusal(text: str, start: int, number: str) -> str | None:
    """The rule that refuses a count: "i 2019 kommuner", "15 til 20 kommuner", "side 5 skoler"."""
    if len(number) == 4 and number.isdigit() and "1900" <= number < "2100":
        return "year"
    if _RANGE.search(text, max(0, start - 32), start):
        return "range"
    return "label" if is_label(text, start) else None


def _valued(text: str, groups: list[GroupMention], amounts: Sequence[AmountMention]) -> list[GroupMention]:
    """The groups, each with the one sum of its sentence, where it is the only group there."""
    spans = sentences(text)
    homes = Counter(sentence_at(spans, group.start) for group in groups)
    sums: dict[tuple[int, int], list[AmountMention]] = {}
    for amount in amounts:
        if amount.unit != PERCENT and not _EACH.match(text, amount.end):
            sums.setdefault(sentence_at(spans, amount.start), []).append(amount)
    return [_with_sum(group, homes, sums, sentence_at(spans, group.start)) for group in groups]


def _with_sum(
    group: GroupMention,
    homes: Counter[tuple[int, int]],
    sums: dict[tuple[int, int], list[AmountMention]],
    home: tuple[int, int],
) -> GroupMention:
    found = sums.get(home, [])
    if homes[home] > 1 or len(found) != 1 or found[0].value_to is not None:
        return group
    return replace(group, value=found[0].value, unit=found[0].unit)
