"""Lines of a PDF to paragraphs, list points and headings, as a reader of the page sees them.

A line goes on the one above it unless something says otherwise: space, another font, a bullet, or that there was room
for its first word. Headings are larger than the text, or bold; the larger, the higher.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.layout import BlockKind
from ingest.readers.hyphens import HYPHENS, join, join_lines
from ingest.readers.pdf_lines import Line
from ingest.readers.pdf_tables import Table

PITCH = 1.3
"""Times the usual distance of lines: a larger one begins a paragraph."""
INDENT = 0.7
"""Font sizes: a first line that stands further in begins a paragraph."""
SAME_EDGE = 2.0
"""Points by which two edges may differ and still be aligned."""
LARGER = 0.75
"""Points by which a heading is larger than the text."""
LONGEST_HEADING = 200
LONGEST_BOLD_HEADING = 120
MOST_BOLD = 0.5
"""Share of the letters that may be bold for bold lines to be headings."""
DEEPEST = 6
MARK = re.compile(r"(?:[•·▪◦‣●○■*\uf000-\uf0ff]|[-–—](?=[ \xa0])|o(?=[ \xa0]{2}))[ \xa0]*(?=\S)")
NUMBERED = re.compile(r"(?:\d{1,3}[.)]|[a-zæøå]\))[ \xa0]+\S")
SENTENCE_END = re.compile(r"[.!?:;…][\"'”»)\]]*\Z")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, point or heading to be; `space` is the distance to what stands above, in lines."""

    kind: BlockKind
    text: str
    size: float
    bold: bool
    space: float
    level: int = 0


Part = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Type:
    """What is usual in a document: the size of its text, whether bold lines stand out, how far lines are apart."""

    size: float
    bold_headings: bool
    pitches: dict[float, float]
    words: frozenset[str]
    """The words that stand inside lines, in small letters: evidence for hyphens."""

    def pitch(self, size: float) -> float:
        """The usual distance from one line to the next."""
        return self.pitches.get(size, 1.25 * size)


def find_type(lines: Sequence[Line]) -> Type:
    """What is usual in the lines of a document."""
    letters: Counter[float] = Counter()
    bold = 0
    words: set[str] = set()
    for line in lines:
        count = len(line.text)
        letters[line.size] += count
        bold += count * line.bold
        words.update(word.text.strip(".,;:()!?\"'”»").casefold() for word in line.words[1:-1])
    distances: dict[float, list[float]] = {}
    for above, line in pairwise(lines):
        distance = line.bottom - above.bottom
        if above.size == line.size and 0.9 * line.size <= distance <= 2 * line.size:
            distances.setdefault(line.size, []).append(distance)
    size = max(letters, key=lambda it: (letters[it], -it), default=10.0)
    pitches = {it: sorted(found)[len(found) // 4] for it, found in distances.items()}
    return Type(size, bold <= MOST_BOLD * letters.total(), pitches, frozenset(words))


def find_paragraphs(lines: Sequence[Line], usual: Type) -> list[Paragraph]:
    """The paragraphs of lines that follow each other in one flow."""
    found: list[Paragraph] = []
    above: Line | None = None
    for chunk in chunks(lines, usual):
        right = max(line.right for line in chunk)
        group: list[Line] = []
        for line in chunk:
            if group and begins(group, line, right):
                found.append(paragraph(group, above, usual))
                above, group = group[-1], []
            group.append(line)
        found.append(paragraph(group, above, usual))
        above = group[-1]
    return found


def chunks(lines: Sequence[Line], usual: Type) -> list[list[Line]]:
    """Lines of one font with no more than the usual distance between them."""
    found: list[list[Line]] = []
    for line in lines:
        above = found[-1][-1] if found else None
        if above is None or not same_type(above, line) or line.bottom - above.bottom > PITCH * usual.pitch(line.size):
            found.append([])
        found[-1].append(line)
    return found


def same_type(one: Line, other: Line) -> bool:
    """Whether two lines are in one font; a word in bold makes no line bold."""
    return abs(one.size - other.size) < LARGER and one.bold == other.bold


def begins(group: Sequence[Line], line: Line, right: float) -> bool:
    """Whether a line begins a paragraph although it stands close under the one above."""
    if MARK.match(line.text) or (NUMBERED.match(line.text) and SENTENCE_END.search(group[-1].text)):
        return True
    if is_label(line) or is_label(group[-1]) or stand_beside(group[-1], line):
        return True
    first = group[0]
    listed = MARK.match(first.text) is not None or NUMBERED.match(first.text) is not None
    if listed and line.left <= first.left + 1 and len(group) == 1 and group[-1].text[-1] not in HYPHENS:
        return line.text[:1].isupper() and fits(group[-1], line, right)
    if not listed and len(group) == 1 and line.left > first.left + INDENT * line.size:
        return not line.text[:1].islower()
    if not listed and line.left > first.left + INDENT * line.size and line.left > group[-1].left + INDENT * line.size:
        return True
    return fits(group[-1], line, right) and not line.text[:1].islower() and group[-1].text[-1] not in HYPHENS


def is_label(line: Line) -> bool:
    """Whether a line is a label with its value some way to the right: "Dato:      12. maj 2021"."""
    return len(line.segments) > 1 and line.segments[0].text.endswith(":")


def stand_beside(above: Line, line: Line) -> bool:
    """Whether two lines have gaps, and what stands behind them is aligned."""
    both = len(above.segments) > 1 and len(line.segments) > 1
    return both and abs(above.segments[1].left - line.segments[1].left) <= SAME_EDGE


def fits(above: Line, line: Line, right: float) -> bool:
    """Whether the first word of a line had room on the line above, which then ended on purpose."""
    first = line.words[0]
    return above.right + 0.3 * line.size + first.right - first.left < right - 0.5 * line.size


def paragraph(lines: Sequence[Line], above: Line | None, usual: Type) -> Paragraph:
    """The paragraph of lines."""
    text = join_lines([line.text for line in lines], usual.words)
    first = lines[0]
    space = (first.bottom - above.bottom) / usual.pitch(first.size) if above and first.bottom > above.bottom else 2.0
    mark = MARK.match(text)
    kind = BlockKind.POINT if mark else BlockKind.LINE
    if mark:
        text = f"• {text[mark.end() :]}"
    elif is_heading(text, first, usual):
        kind = BlockKind.HEADING
    return Paragraph(kind, text, first.size, first.bold, space)


def is_heading(text: str, line: Line, usual: Type) -> bool:
    """Whether a paragraph looks like a heading."""
    if not any(letter.isalpha() for letter in text) or text[-1] in ",;":
        return False
    if line.size >= usual.size + LARGER:
        return len(text) <= LONGEST_HEADING and not (text[-1] == "." and len(text) > LONGEST_BOLD_HEADING)
    bold = line.bold and usual.bold_headings and line.size >= usual.size - LARGER
    return bold and len(text) <= LONGEST_BOLD_HEADING and text[-1] not in ".:!"


def with_levels(parts: Iterable[Part]) -> list[Part]:
    """The parts with the depths of headings: 1 for the largest."""
    found = list(parts)
    looks = sorted(
        {look(it) for it in found if isinstance(it, Paragraph) and it.kind is BlockKind.HEADING}, reverse=True
    )
    return [
        replace(it, level=min(looks.index(look(it)) + 1, DEEPEST))
        if isinstance(it, Paragraph) and it.kind is BlockKind.HEADING
        else it
        for it in found
    ]


def look(part: Paragraph) -> tuple[float, bool]:
    """What tells headings of different depth apart."""
    return part.size, part.bold


def join_flows(flows: Iterable[Sequence[Part]], words: Collection[str]) -> list[Part]:
    """The parts of all flows; a paragraph that goes on in the next column or on the next page is one."""
    found: list[Part] = []
    for flow in flows:
        parts = list(flow)
        if found and parts and goes_on(found[-1], parts[0]):
            last, first = found.pop(), parts.pop(0)
            if isinstance(last, Paragraph) and isinstance(first, Paragraph):
                found.append(replace(last, text=join(last.text, first.text, words)))
        found += parts
    return found


def goes_on(last: Part, first: Part) -> bool:
    """Whether what stands at the top of a column is the rest of what stands at the foot of the one before."""
    if not isinstance(last, Paragraph) or not isinstance(first, Paragraph) or first.kind is not BlockKind.LINE:
        return False
    if last.kind is BlockKind.HEADING or look(last) != look(first) or SENTENCE_END.search(last.text):
        return False
    return first.text[:1].islower() or last.text[-1] in HYPHENS
