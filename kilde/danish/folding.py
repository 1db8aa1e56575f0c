"""A text as a matcher wants it: without soft hyphens and line-end hyphens, with the way back to the original's offsets.

Everything else stays, so a text that has none of them (nearly all) is taken as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

BLANK = r"[ \r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
"""White space within a line. Tabs stand between cells, and no mention crosses one."""

GAP = rf"{BLANK}{{0,24}}+(?:\n{BLANK}{{0,24}}+)?+"
"""Nothing, or white space with at most one line break: an empty line ends a paragraph. Bounded, to stay linear."""

DASH = r"[-\u2010-\u2015\u2212]"
"""Hyphens, dashes and the minus sign."""

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE_RUN = re.compile(f"[{_INVISIBLE}]+")
# A word divided at the end of a line; "børne- og ungeudvalget" keeps its hyphen.
_DIVIDED = re.compile(
    rf"-(?<=[a-zæøåé]-)(?:{BLANK}{{1,24}}+\n?|\n){BLANK}{{0,24}}+(?!(?:og|eller|samt|til|men|hhv|henholdsvis)\b)(?=[a-zæøå])"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text to match in. `cuts` are the places in it where something was left out, `removed` how much up to there."""

    text: str
    cuts: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()

    def origin(self, position: int) -> int:
        """Where the character at this position stands in the original."""
        if not self.cuts:
            return position
        index = bisect_right(self.cuts, position)
        return position + (self.removed[index - 1] if index else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span for a span that is not empty."""
        return self.origin(start), self.origin(end - 1) + 1


@lru_cache(maxsize=4)
def fold(text: str) -> Folded:
    """Leave out what a reader does not see: soft hyphens, zero-width characters, hyphens at a line's end."""
    seen = Folded(text)
    spans: list[tuple[int, int]] = []
    if any(character in text for character in _INVISIBLE):
        spans = [match.span() for match in _INVISIBLE_RUN.finditer(text)]
        seen = _without(text, spans)
    divided = [seen.span(*match.span()) for match in _DIVIDED.finditer(seen.text)]
    return _without(text, _merged(spans, divided)) if divided else seen


def _merged(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans of both in their order, those that overlap made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted([*one, *other]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without(text: str, spans: list[tuple[int, int]]) -> Folded:
    pieces: list[str] = []
    cuts: list[int] = []
    removed: list[int] = []
    done = total = 0
    for start, end in spans:
        pieces.append(text[done:start])
        total += end - start
        cuts.append(end - total)
        removed.append(total)
        done = end
    pieces.append(text[done:])
    return Folded("".join(pieces), tuple(cuts), tuple(removed))
