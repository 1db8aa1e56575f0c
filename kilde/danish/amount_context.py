"""Whether "22,2 millioner" without a currency is money: decided by its own paragraph, never by what is around it.

The word after it must be one that can follow a sum ("til", "over", "årligt"): any other word names what is counted.
Then the words near it decide, then its sentence, then its paragraph. "22 millioner til cykelstier" needs no more, if
the sentence counts no people.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kilde.danish.folding import GAP
from kilde.danish.lexicon_rows import read_rows

MILLIARD = Decimal(1_000_000_000)

NEAR = 80
"""Characters on each side, within the sentence, in which a word about money settles the matter."""

_NEXT_WORD = re.compile(rf"{GAP}(?:([^\W\d_]+)|[%€$£0-9]|-\w)")
_RISE = re.compile(rf"{GAP}til{GAP}[0-9]")
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*+\n|\t")
_SENTENCE_BREAK = re.compile(r"[.!?:](?<![0-9].)\s+(?=[A-ZÆØÅ])")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Where its sentences end, and where its words for money and for people begin."""

    start: int
    end: int
    breaks: list[int]
    money: list[int]
    people: list[int]


class MoneyContext:
    """A text's paragraphs, each read once when it is first asked about: so the work stays linear in the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._breaks: list[int] | None = None
        self._paragraph = _Paragraph(0, 0, [], [], [])

    def is_money(self, start: int, end: int, factor: Decimal) -> bool:
        """Whether the number with a bare `mio.`, `millioner` or `milliarder` at this span counts kroner.

        Milliards of a thing that is not named are kroner, unless their sentence counts people.
        """
        following = _NEXT_WORD.match(self._text, end)
        if following and not _may_follow(self._text[end - 1], following[1]):
            return False
        gift = following is not None and following[1] in _words("gift") and not _RISE.match(self._text, end)
        here = self._read(start)
        index = bisect_right(here.breaks, start)
        first = here.breaks[index - 1] if index else here.start
        last = here.breaks[index] if index < len(here.breaks) else here.end
        if _any(here.money, max(first, start - NEAR), min(last, end + NEAR)):
            return True
        return (gift or factor >= MILLIARD or bool(here.money)) and not _any(here.people, first, last)

    def _read(self, position: int) -> _Paragraph:
        """The paragraph around a position."""
        if not self._paragraph.start <= position < self._paragraph.end:
            if self._breaks is None:
                self._breaks = [match.end() for match in _PARAGRAPH_BREAK.finditer(self._text)]
            index = bisect_right(self._breaks, position)
            start = self._breaks[index - 1] if index else 0
            end = self._breaks[index] if index < len(self._breaks) else len(self._text)
            self._paragraph = _Paragraph(
                start,
                end,
                [match.end() for match in _SENTENCE_BREAK.finditer(self._text, start, end)],
                [match.start() for match in _pattern("money").finditer(self._text, start, end)],
                [match.start() for match in _pattern("people").finditer(self._text, start, end)],
            )
        return self._paragraph


def _any(positions: list[int], start: int, end: int) -> bool:
    return bisect_left(positions, start) < bisect_left(positions, end)


def _may_follow(last: str, word: str | None) -> bool:
    """Whether the next word leaves the sum a sum; a capital after "mio." begins another sentence."""
    return word is not None and (word.lower() in _words("after") or (last == "." and word[0].isupper()))


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for word, of_kind in read_rows("amount_context.tsv") if of_kind == kind)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    """Any of the words, in lower case or with a capital, grouped by their first letter for speed."""
    words = _words(kind)
    initials = sorted({word[0] for word in words})
    return re.compile(
        "|".join(
            f"[{initial}{initial.upper()}](?:{'|'.join(sorted(re.escape(w[1:]) for w in words if w[0] == initial))})"
            for initial in initials
        )
    )
