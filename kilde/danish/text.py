"""Sentences of a Danish text, as spans.

A sentence ends with a full stop, question or exclamation mark before a capital or a number, at an empty line, at a tab
(between cells), before a list item, and at the end of a short line before a capital (a heading, an entry of a list). A
point after an abbreviation ("f.eks.", "mio. kr."), an ordinal ("12. marts") or an initial does not end it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from kilde.danish.folding import BLANK, DASH
from kilde.danish.lexicon_rows import read_rows

SHORT_LINE = 60
"""Characters: a shorter line before a capital ends there; a longer one was broken to fit a page."""

_REACH = 24
"""Characters before a point in which its abbreviation is looked for."""

_BREAK = re.compile(r"""(?P<stop>[.!?…]++[)\]"'”»’]*+)(?P<space>\s++|\Z)|(?P<line>[\t\n]\s*+)""")
_PARTED = re.compile(r"\t|\n[^\S\n]*+\n")
_ITEM = re.compile(rf"(?:[•*·▪◦‣]|{DASH}){BLANK}")
_OPENING = re.compile(r"[\"'”„«»“(\[–-]{0,2}")
_WORD = re.compile(r"(?:[^\W_]+\.)*[^\W_]+\Z")
_NUMBER_BEFORE = re.compile(rf"[0-9½]{BLANK}?(?:mi[oa]\.|mill\.)?{BLANK}?\Z")


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences, without the white space around them; together they hold everything else.

    >>> text = "Der er f.eks. 5 mio. kr. til ø. Det er nyt."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Der er f.eks. 5 mio. kr. til ø.', 'Det er nyt.']
    """
    return list(_spans(text))


@lru_cache(maxsize=4)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of the sentences; those of the last texts are kept, since several rules ask for them."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    spans = []
    for cut, after in _cuts(text, start, end):
        spans.append((start, cut))
        start = after
    return (*spans, (start, end)) if start < end else tuple(spans)


def sentence_at(spans: Sequence[tuple[int, int]], position: int) -> tuple[int, int]:
    """The one of the `spans` that holds a position, or that ends before it; an empty span if there is none."""
    index = bisect_right(spans, position, key=lambda span: span[0]) - 1
    return spans[index] if index >= 0 else (position, position)


def _cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where a sentence ends and where the next one starts."""
    line = start
    for match in _BREAK.finditer(text, start, end):
        space = match["space"] if match["stop"] else match["line"]
        after = match.end()
        before = after - len(space)
        if after >= end:
            return
        while text[before - 1].isspace():
            before -= 1
        breaks_line = "\n" in space
        if (
            _PARTED.search(space)
            or (breaks_line and _ends_line(text, line, before, after))
            or (match["stop"] and _ends_sentence(text, start, match.start("stop"), match["stop"], after))
        ):
            yield before, after
            start = after
        if breaks_line:
            line = after


def _ends_line(text: str, line: int, before: int, after: int) -> bool:
    """Whether a line break ends a sentence: before a list item, or behind a short line and before a capital."""
    if _ITEM.match(text, after):
        return True
    return before - line < SHORT_LINE and not text[after].islower() and text[before - 1] not in ",;–-"


def _ends_sentence(text: str, start: int, stop: int, marks: str, after: int) -> bool:
    opening = _OPENING.match(text, after)
    following = text[opening.end() if opening else after : after + 3][:1]
    if following.islower():
        return False
    word = _WORD.search(text, max(start, stop - _REACH), stop)
    if marks[0] != "." or word is None:
        return True
    if word[0].isdecimal():
        return _ends_with_number(text, start, word, following)
    if len(word[0].rsplit(".", 1)[-1]) == 1 and word[0][-1].isupper():
        return False
    return _ends_with_abbreviation(text, word, following)


def _ends_with_number(text: str, start: int, word: re.Match[str], following: str) -> bool:
    """A number with a point is an ordinal before another number, and a list's at the beginning of a line."""
    if following.isdecimal():
        return len(word[0]) == 4
    return word.start() > start and text[word.start() - 1] != "\n"


def _ends_with_abbreviation(text: str, word: re.Match[str], following: str) -> bool:
    kind = _abbreviations().get(word[0].lower())
    if kind == "unit" and following.isdecimal():
        return _NUMBER_BEFORE.search(text, max(0, word.start() - 12), word.start()) is not None
    return kind is None or (kind != "never" and not following.isdecimal())


@cache
def _abbreviations() -> dict[str, str]:
    return {word: kind for word, kind in read_rows("abbreviations.tsv")}
