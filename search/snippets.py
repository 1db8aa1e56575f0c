"""The part of a record's text that shows best why it was found, with the matches marked.

Pure: the engine hands in the text and the spans. The pieces are slices of the text, white space as it came; only `…` is
added where something was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from search.page import Segment

WIDTH = 240
"""Characters of a snippet, about."""

LONGEST_WORD = 40
"""Characters: a longer run without white space is cut anywhere."""

CUT = "…"

_OPENING = re.compile(r"(?:\A|\n|[.!?:] )(?=[^\W_])")
"""Before the beginning of a sentence, mostly."""

Span = tuple[int, int]


def snippet(text: str, spans: Iterable[Span], width: int = WIDTH) -> tuple[Segment, ...]:
    """The window of about `width` characters with the most different matches, then the most, then the first.

    Spans may come in any order, overlap, or reach beyond the text. Without any, the beginning of the text; empty for a
    text of white space.

    >>> [piece.text for piece in snippet("Der er afsat midler til en særlig indsats i 2020.", [(34, 41)], 24)]
    ['…særlig ', 'indsats', ' i 2020.']
    """
    found = joined(spans, len(text))
    first, last = _best(text, found, width)
    start, end = _window(text, first, last, width)
    inside = [(max(low, start), min(high, end)) for low, high in found if low < end and high > start]
    return tuple(_segments(text, start, end, inside))


def joined(spans: Iterable[Span], length: int) -> list[Span]:
    """The spans within a text of this length in their order, with those that overlap or touch made one."""
    result: list[Span] = []
    for start, end in sorted((max(start, 0), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _best(text: str, spans: Sequence[Span], width: int) -> Span:
    """From the first to the last match of the window that has the most."""
    best, most = (0, 0), (0, 0)
    words: Counter[str] = Counter()
    left = 0
    for start, end in spans:
        words[text[start:end].casefold()] += 1
        while spans[left][0] < end - width and spans[left][0] < start:
            word = text[slice(*spans[left])].casefold()
            words[word] -= 1
            if not words[word]:
                del words[word]
            left += 1
        score = (len(words), words.total())
        if score > most:
            best, most = (spans[left][0], end), score
    return best


def _window(text: str, first: int, last: int, width: int) -> Span:
    """Where the snippet begins and ends: at a sentence's start if one is near, at word bounds, and never in a match."""
    last = min(last, first + max(width, 1))
    spare = max(width - (last - first), 0)
    earliest = max(first - spare // 2, 0)
    if len(text) - last < spare - spare // 2:
        earliest = max(len(text) - width, 0)
    earliest = min(earliest, first)
    opening = _OPENING.search(text, max(earliest - 1, 0), first)
    start = opening.end() if opening and opening.end() >= earliest else _word_start(text, earliest, first)
    return start, _word_end(text, min(start + width, len(text)), last)


def _word_start(text: str, place: int, first: int) -> int:
    """The beginning of the first whole word from a place on, of the cut one if it reaches to the match."""
    if place == 0 or text[place - 1].isspace():
        return place
    for start in range(place, first):
        if text[start].isspace():
            return start + 1
    return next((start for start in range(place, max(place - LONGEST_WORD, 0), -1) if text[start - 1].isspace()), place)


def _word_end(text: str, place: int, last: int) -> int:
    """The end of the last whole word before a place, of the cut one if the match reaches into it."""
    if place <= last:
        place = last
    if place >= len(text) or text[place].isspace():
        return place
    for end in range(place, last, -1):
        if text[end - 1].isspace():
            return end
    return next((end for end in range(place, min(place + LONGEST_WORD, len(text))) if text[end].isspace()), place)


def _segments(text: str, start: int, end: int, spans: Sequence[Span]) -> Iterator[Segment]:
    """Marked and unmarked pieces by turns, none empty, without white space at either end of the whole."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    before = CUT if text[:start].strip() else ""
    after = CUT if text[end:].strip() else ""
    place = start
    for low, high in spans:
        low, high = max(low, start), min(high, end)
        if low >= high:
            continue
        if before or place < low:
            yield Segment(before + text[place:low], marked=False)
        yield Segment(text[low:high], marked=True)
        place, before = high, ""
    if before or place < end or after:
        yield Segment(before + text[place:end] + after, marked=False)
