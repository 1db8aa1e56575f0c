"""Whether "22,2 millioner" without a currency is money: decided by its own paragraph, never by what is around it.

The word after it must be one that can follow a sum ("til", "over", "årligt"): any other word names what is counted. Then
the words near it decide, then its sentence, then its paragraph.
"""

from __future__ import annotations

import re
from functools import cache

from kilde.danish.folding import GAP
from kilde.danish.lexicon_rows import read_rows

NEAR = 80
"""Characters on each side, within the sentence, in which a word about money settles the matter."""

PARAGRAPH = 600
"""Characters on each side that are looked at; a paragraph ends before that at an empty line or a tab."""

_NEXT_WORD = re.compile(rf"{GAP}([^\W\d_]+\.?|[%€$£]|[0-9]|-\w)")
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n|\t")
_SENTENCE_BREAK = re.compile(r"(?<![0-9])[.!?:][\s]+(?=[A-ZÆØÅ])")


def is_money(text: str, start: int, end: int) -> bool:
    """Whether the number with a bare `mio.`, `millioner` or `milliarder` at this span counts kroner."""
    following = _NEXT_WORD.match(text, end)
    if following and not _may_follow(text[end - 1], following[1]):
        return False
    first, last = _bounds(text, start, end, _PARAGRAPH_BREAK, PARAGRAPH)
    from_, to = _bounds(text, start, end, _SENTENCE_BREAK, PARAGRAPH)
    from_, to = max(from_, first), min(to, last)
    if _money().search(text, max(from_, start - NEAR), start) or _money().search(text, end, min(to, end + NEAR)):
        return True
    if _people().search(text, from_, to):
        return False
    return bool(_money().search(text, first, start) or _money().search(text, end, last))


def _may_follow(last: str, word: str) -> bool:
    """Whether the next word leaves the sum a sum; a capital after "mio." begins another sentence."""
    return word.lower().rstrip(".") in _words("after") or (last == "." and word[0].isupper())


def _bounds(text: str, start: int, end: int, stop: re.Pattern[str], reach: int) -> tuple[int, int]:
    """The stretch around a span that holds no break, at most `reach` long on each side."""
    first = max(0, start - reach)
    for match in stop.finditer(text, first, start):
        first = match.end()
    match_after = stop.search(text, end, end + reach)
    return first, match_after.start() if match_after else min(len(text), end + reach)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for word, of_kind in read_rows("money_words.tsv") if of_kind == kind)


@cache
def _money() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_words("money")))), re.IGNORECASE)


@cache
def _people() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_words("people")))), re.IGNORECASE)
