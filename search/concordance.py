"""A word in its context: what stands left and right of it, and the sentence that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kilde.danish.text import sentence_at, sentences

WIDTH = 60
"""Characters of context on each side, at most."""

LONGEST_SENTENCE = 1000
"""Characters; of a longer one the part around the word is given, with `…` where it is cut."""

_REACH = 4
"""Characters of text that are read for one of context, as white space and soft hyphens fall away."""

_LONGEST_WORD = 40
"""Characters that are read for a word of context, white space included."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class Context:
    """A match with its surroundings, all without line breaks, double spaces and soft hyphens."""

    left: str
    match: str
    right: str
    sentence: str


def concordance(text: str, start: int, end: int, width: int = WIDTH) -> Context:
    """The context of `text[start:end]`, cut between words.

    >>> concordance("De fem\\nkommuner, blandt dem Ribe og Tønder.", 28, 32, 12)
    Context(left='blandt dem', match='Ribe', right='og Tønder.', sentence='De fem kommuner, blandt dem Ribe og Tønder.')
    """
    return Context(
        _left(text, start, width), folded(text[start:end]), _right(text, end, width), _sentence(text, start, end)
    )


def words_around(text: str, start: int, end: int, count: int) -> tuple[str, str]:
    """At most `count` words on each side of `text[start:end]`, what stands between them included, all on one line.

    >>> words_around("De fem\\nkommuner, blandt dem Ribe og Tønder.", 28, 32, 2)
    ('blandt dem', 'og Tønder.')
    """
    reach = (count + 1) * _LONGEST_WORD
    left = folded(text[max(start - reach, 0) : start]).split()
    right = folded(text[end : end + reach]).split()
    return " ".join(_nearest(reversed(left), count)[::-1]), " ".join(_nearest(right, count))


def _nearest(pieces: Iterable[str], count: int) -> list[str]:
    """The first pieces that have so many words; a mark that stands alone is none."""
    taken: list[str] = []
    for piece in pieces:
        is_word = any(map(str.isalnum, piece))
        if is_word and not count:
            break
        count -= is_word
        taken.append(piece)
    return taken


def folded(text: str) -> str:
    """The text on one line: any white space is one space, and what nobody sees is left out."""
    return " ".join(_INVISIBLE.sub("", text).split())


def _right(text: str, end: int, width: int) -> str:
    return _first_words(text[end : end + width * _REACH], width, is_cut=end + width * _REACH < len(text))


def _left(text: str, start: int, width: int) -> str:
    """As to the right, read backwards."""
    begin = max(start - width * _REACH, 0)
    return _first_words(text[begin:start][::-1], width, is_cut=begin > 0)[::-1]


def _first_words(text: str, width: int, *, is_cut: bool) -> str:
    """As many whole words as fit, of which the last may be broken where the text is cut; a piece if none fits."""
    line = folded(text)
    if len(line) <= width and not is_cut:
        return line
    if line[width : width + 1] == " ":
        return line[:width]
    whole, space, _ = line[:width].rpartition(" ")
    return whole if space else line[:width]


def _sentence(text: str, start: int, end: int) -> str:
    spans = _sentences(text)
    first, last = sentence_at(spans, start)[0], sentence_at(spans, max(end - 1, start))[1]
    first, last = min(first, start), max(last, end)
    if last - first <= LONGEST_SENTENCE:
        return folded(text[first:last])
    side = LONGEST_SENTENCE // 2
    left, right = _left(text[first:], start - first, side), _right(text[:last], end, side)
    return f"…{left} {folded(text[start:end])} {right}…"


@lru_cache(maxsize=4)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Kept, since the mentions of one record are asked for one after the other."""
    return tuple(sentences(text))
