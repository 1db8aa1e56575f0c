"""Numbers in words as figures: `fem`, `hundrede tusind`, `halvanden`, `to og en halv`, `to-tre`.

Whole numbers are `numerals`' business; here are the halves that stand before `million`, and where in a text the words
are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from kilde.danish.amount_series import Figure
from kilde.danish.folding import GAP
from kilde.danish.numbers import Form, Number
from kilde.danish.numerals import parse_cardinal

MAX_WORDS = 8
"""Words of the longest number that is read."""

REACH = 96
"""Characters before a unit in which number words are looked for."""

_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+")
_JOINT = re.compile(rf"{GAP}|-")
_HALVES = {
    "halv": Decimal("0.5"),
    "halve": Decimal("0.5"),
    "halvt": Decimal("0.5"),
    "en halv": Decimal("0.5"),
    "et halvt": Decimal("0.5"),
    "en kvart": Decimal("0.25"),
    "kvart": Decimal("0.25"),
    "tre kvart": Decimal("0.75"),
    "halvanden": Decimal("1.5"),
    "halvandet": Decimal("1.5"),
}
_PARTS = frozenset({"og", "halv", "halve", "halvt", "kvart", "halvanden", "halvandet"})
_HALF_OF = re.compile(r"(?P<half>et halvt|en halv|halvanden|halvandet) (?P<whole>hundrede|tusinde?)")
_AND_A_HALF = re.compile(r"(?P<whole>.+?) (?:og )?(?P<half>en halv|et halvt)")


@lru_cache(maxsize=4096)
def parse_words(words: str) -> Decimal | None:
    """The number that lower-case words with single blanks are as a whole.

    >>> parse_words("to og en halv"), parse_words("femogtyve")
    (Decimal('2.5'), Decimal('25'))
    """
    if words in _HALVES:
        return _HALVES[words]
    part = _HALF_OF.fullmatch(words)
    if part is not None:
        return _HALVES[part["half"]] * (parse_cardinal(part["whole"]) or 0)
    mixed = _AND_A_HALF.fullmatch(words)
    whole = parse_cardinal(mixed["whole"] if mixed else words)
    if whole is None:
        return None
    return Decimal(whole) + (_HALVES[mixed["half"]] if mixed else 0)


@lru_cache(maxsize=4096)
def _is_number_word(word: str) -> bool:
    """Whether a lower-case word is a number or a part of one."""
    return word in _PARTS or parse_cardinal(word) is not None


def find_worded_figures(text: str, start: int, end: int) -> list[Figure]:
    """The numbers in words at the end of `text[start:end]`, left to right, with what links them between."""
    found: list[Figure] = []
    for chain in _chains(text, start, end):
        found.extend(reversed(list(_figures(text, chain))))
    return found


def _chains(text: str, start: int, end: int) -> Iterator[list[re.Match[str]]]:
    """Number words that follow each other with nothing but a gap or a hyphen between them."""
    chain: list[re.Match[str]] = []
    for match in _WORD.finditer(text, start, end):
        if not _is_number_word(match.group().lower()):
            continue
        if chain and not _JOINT.fullmatch(text, chain[-1].end(), match.start()):
            yield chain
            chain = []
        chain.append(match)
    if chain:
        yield chain


def _figures(text: str, chain: list[re.Match[str]]) -> Iterator[Figure]:
    """The numbers of a chain from its end on, each of as many words as make one."""
    end = len(chain)
    while end > 0:
        for begin in range(max(0, end - MAX_WORDS), end):
            value = _read(text, chain[begin:end])
            if value is not None:
                yield Figure(chain[begin].start(), chain[end - 1].end(), Number(value, Form.WORDS))
                end = begin
                break
        else:
            end -= 1


def _read(text: str, words: list[re.Match[str]]) -> Decimal | None:
    """The number of these words; a hyphen between words of their own ("to-tre") is a range and none."""
    if any("-" in text[one.end() : other.start()] for one, other in pairwise(words)):
        return None
    return parse_words(" ".join(word.group().lower() for word in words))
