"""Whether a sentence puts a date before or after its own time, by the nearest verb, deadline or adverb."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from kilde.danish.lexicon_rows import read_rows

_REACH = 100
"""Characters of the clause on each side."""

_WORDS = 9
_CLAUSE = re.compile(r"[,;:]\s|\b(?:at|som|der|hvor|mens|fordi|og)\s", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
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
    first, last = max(sentence[0], start - _REACH), min(sentence[1], end + _REACH)
    ahead, after = text[first:start], text[end:last]
    words = _WORD.findall(after)
    if words and start - sentence[0] <= _LEAD and after.lstrip()[:1] not in ",.":
        verb = words[0].lower()
        if verb in _tenses() or verb.endswith(("ede", "te")):
            return _tenses().get(verb, Tense.PAST)
    clause = _CLAUSE.split(ahead)[-1]
    near = [word.lower() for word in _WORD.findall(clause)[: -_WORDS - 1 : -1]]
    near += [word.lower() for word in _WORD.findall(_CLAUSE.split(after)[0])[:_WORDS]]
    near += [word.lower() for word in _WORD.findall(ahead)[: -_WORDS - 1 : -1]]
    return next((_tenses()[word] for word in near if word in _tenses()), None)
