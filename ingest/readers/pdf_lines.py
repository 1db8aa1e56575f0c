"""Words of a page to lines in reading order: columns of running text one after the other, tables row by row.

A gutter is a place that no line crosses for some lines, with running text on both sides. What stands side by side
without being running text is a table's row, or a label and its value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

from ingest.readers.pdf_words import Word

SAME_LINE = 0.35
"""Share of the font's size by which the middles of two words on one line may differ."""
WIDE_GAP = 1.2
"""Font sizes: a wider gap parts the columns of a table, or of a page."""
FEWEST_LINES = 3
BAND_GAP = 1.2
"""Font sizes of white between two bands of a page."""
MOST_GUTTERS = 40
MOST_DEPTH = 6
WORDS_OF_PROSE = 3.0
WIDTH_OF_PROSE = 0.55


@dataclass(frozen=True, slots=True)
class Segment:
    """Words on one line with no wide gap between them."""

    words: tuple[Word, ...]

    @property
    def left(self) -> float:
        """Left edge."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Right edge."""
        return self.words[-1].right

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Line:
    """The segments that stand beside each other."""

    segments: tuple[Segment, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all segments."""
        return tuple(word for segment in self.segments for word in segment.words)

    @property
    def left(self) -> float:
        """Left edge."""
        return self.segments[0].left

    @property
    def right(self) -> float:
        """Right edge."""
        return self.segments[-1].right

    @property
    def top(self) -> float:
        """Upper edge."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return max(word.bottom for word in self.words)

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def size(self) -> float:
        """The size of the font that most letters have."""
        letters: dict[float, int] = {}
        for word in self.words:
            letters[word.size] = letters.get(word.size, 0) + len(word.text)
        return max(letters, key=lambda size: (letters[size], size))

    @property
    def bold(self) -> bool:
        """Whether all words are bold."""
        return all(word.bold for word in self.words)


def find_lines(words: Iterable[Word]) -> list[Line]:
    """The lines of a page, or of a part of it, from top to bottom."""
    rows: list[tuple[float, list[Word]]] = []
    for word in sorted(words, key=lambda it: (it.top + it.bottom, it.left)):
        middle = (word.top + word.bottom) / 2
        if rows and middle - rows[-1][0] <= SAME_LINE * max(word.size, 1):
            rows[-1][1].append(word)
        else:
            rows.append((middle, [word]))
    return [Line(tuple(segments(sorted(row, key=lambda it: it.left)))) for _, row in rows]


def segments(words: Sequence[Word]) -> list[Segment]:
    """The words of a line, cut at wide gaps."""
    found = [[words[0]]]
    for before, word in pairwise(words):
        if word.left - before.right > WIDE_GAP * max(before.size, word.size):
            found.append([])
        found[-1].append(word)
    return [Segment(tuple(part)) for part in found]


def reading_order(lines: Sequence[Line], depth: int = 0) -> list[list[Line]]:
    """The lines in the order in which they are read, as flows: a column of running text is a flow of its own."""
    found = find_gutter(lines) if depth < MOST_DEPTH else None
    if found is None:
        return [list(lines)] if lines else []
    gutter, first, last = found
    left, right = sides(lines[first:last], gutter)
    return [
        *reading_order(lines[:first], depth + 1),
        *reading_order(left, depth + 1),
        *reading_order(right, depth + 1),
        *reading_order(lines[last:], depth + 1),
    ]


def find_gutter(lines: Sequence[Line]) -> tuple[float, int, int] | None:
    """The gutter between two columns of running text that parts most lines, and the lines from and to which it runs."""
    best: tuple[int, float, int, int] | None = None
    for gutter in candidates(lines):
        for run in runs(lines, gutter):
            first, last = without_tables(lines, gutter, *run)
            left, right = sides(lines[first:last], gutter)
            shared = min(len(left), len(right))
            if shared >= FEWEST_LINES and (best is None or shared > best[0]) and is_prose(left) and is_prose(right):
                best = (shared, gutter, first, last)
    return best[1:] if best else None


def candidates(lines: Sequence[Line]) -> list[float]:
    """Where three or more segments that do not stand at the left edge begin: a gutter may be just before them."""
    edge = min((line.left for line in lines), default=0.0)
    starts: dict[int, list[float]] = {}
    for line in lines:
        for segment in line.segments:
            if segment.left > edge + 2 * segment.words[0].size:
                starts.setdefault(round(segment.left / 3), []).append(segment.left)
    usual = sorted((found for found in starts.values() if len(found) >= FEWEST_LINES), key=len, reverse=True)
    return [min(found) - 1 for found in usual[:MOST_GUTTERS]]


def runs(lines: Sequence[Line], gutter: float) -> list[tuple[int, int]]:
    """The longest stretches of lines that do not cross a gutter."""
    found, first = [], 0
    for index, line in enumerate(lines):
        if any(segment.left < gutter < segment.right for segment in line.segments):
            found.append((first, index))
            first = index + 1
    found.append((first, len(lines)))
    return [trimmed(lines, gutter, *run) for run in found if run[1] - run[0] >= FEWEST_LINES]


def trimmed(lines: Sequence[Line], gutter: float, first: int, last: int) -> tuple[int, int]:
    """A stretch without the lines at its ends that have nothing right of the gutter, as far as they stand apart.

    A heading above two columns and a paragraph below them do not cross the gutter when they are short.
    """

    def two_sided(index: int) -> bool:
        return lines[index].right > gutter

    while first < last and not two_sided(first):
        first += 1
    end = last
    while end > first and not two_sided(end - 1):
        end -= 1
    while end < last and lines[end].top - lines[end - 1].bottom < lines[end].size and close(lines, end):
        end += 1
    return first, end


def without_tables(lines: Sequence[Line], gutter: float, first: int, last: int) -> tuple[int, int]:
    """A stretch without the bands at its ends, set off by space, that are tables."""
    bands = [first, *(index for index in range(first + 1, last)
                      if lines[index].top - lines[index - 1].bottom > BAND_GAP * lines[index].size), last]  # fmt: skip
    while len(bands) > 2 and is_tabular(lines[bands[-2] : bands[-1]], gutter):
        bands.pop()
    while len(bands) > 2 and is_tabular(lines[bands[0] : bands[1]], gutter):
        bands.pop(0)
    return bands[0], bands[-1]


def is_tabular(lines: Sequence[Line], gutter: float) -> bool:
    """Whether lines stand side by side over a gutter without being running text on both sides."""
    two_sided = sum(line.left < gutter < line.right for line in lines)
    return two_sided > 1 and not all(is_prose(side) for side in sides(lines, gutter) if side)


def close(lines: Sequence[Line], index: int) -> bool:
    """Whether a line goes on the text above it: it has the same size."""
    return lines[index].size == lines[index - 1].size and lines[index].bold == lines[index - 1].bold


def sides(lines: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    """The parts of lines left and right of a gutter."""
    left = [tuple(segment for segment in line.segments if segment.left < gutter) for line in lines]
    right = [tuple(segment for segment in line.segments if segment.left >= gutter) for line in lines]
    return [Line(part) for part in left if part], [Line(part) for part in right if part]


def is_prose(lines: Sequence[Line]) -> bool:
    """Whether lines are a column of running text: they fill its width with words, and few have gaps in them."""
    width = max(line.right for line in lines) - min(line.left for line in lines)
    words = mean(len(line.words) for line in lines)
    filled = mean((line.right - line.left) / max(width, 1) for line in lines)
    return words >= WORDS_OF_PROSE and filled >= WIDTH_OF_PROSE
