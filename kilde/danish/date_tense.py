"""Whether a sentence puts a date before or after its own time, by the nearest verb, deadline or adverb."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from kilde.danish.lexicon_rows import read_rows

_REACH = 80
"""Characters on each side of a date."""

_WORDS = 9
_TOKEN = re.compile(r"[^\W\d_]+|[,;:]")
_BORDERS = frozenset((",", ";", ":", "at", "som", "der", "hvor", "mens", "fordi", "og"))
"""What ends a clause."""

_LEAD = 16
"""Characters before a date that stands first in its sentence: `Onsdag den`."""


class Tense(Enum):
    """On which side of the text's own time."""

    PAST = "past"
    FUTURE = "future"


@cache
def _tenses() -> dict[str, Tense]:
    return {word: Tense(tense) for word, tense in read_rows("tense.tsv")}


def tense(text: str, start: int, end: int, sentence: tuple[int, int]) -> Tense | None:
    """The tense about the date at `start` to `end`; None where nothing says.

    Danish main clauses have their verb second, so right after a date that stands first is a verb, and one in -ede or
    -te is a preterite.
    """
    ahead = _TOKEN.findall(text[max(sentence[0], start - _REACH) : start].lower())
    after = _TOKEN.findall(text[end : min(sentence[1], end + _REACH)].lower())
    tenses = _tenses()
    if after and start - sentence[0] <= _LEAD:
        if after[0] in tenses:
            return tenses[after[0]]
        if after[0].endswith(("ede", "te")):
            return Tense.PAST
    ahead.reverse()
    near = _first(_clause(ahead)) or _first(_clause(after))
    return near or _first([token for token in ahead if token not in _BORDERS][:_WORDS])


def _clause(tokens: list[str]) -> list[str]:
    border = next((index for index, token in enumerate(tokens) if token in _BORDERS), _WORDS)
    return tokens[: min(border, _WORDS)]


def _first(tokens: list[str]) -> Tense | None:
    tenses = _tenses()
    return next((tenses[token] for token in tokens if token in tenses), None)
