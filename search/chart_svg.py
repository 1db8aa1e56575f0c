"""A chart as SVG: readable without colours, by a screen reader, and by hand. Months and years stand, all else lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, floor, log10

from search.chart import Axis, Bar, Chart, marked_periods
from search.chart_words import Caption, number

WIDTH = 800
MARGIN = 24
LINE = 20
"""From one line of text to the next."""
PLOT = 300
"""Height of standing bars."""
ROW = 26
"""Height of a lying bar with its gap."""
LABELS = 230
"""Width of the labels of lying bars."""
COUNTS = 70
"""Width of the counts behind them."""
LETTERS = 95
"""Characters on a line."""
LONGEST_LABEL = 32
FEWEST_TICKS = 4

INK, QUIET, BAR, GRID = "#1a1a1a", "#4d4d4d", "#2f5d8a", "#d9d9d9"
"""Each at least 4.5 to 1 against white, the grid aside."""


def svg_of(chart: Chart, caption: Caption) -> str:
    """The picture, with its caption as title and description."""
    heads = [*_wrapped(caption.title, LETTERS * 4 // 5), *_wrapped(caption.filters, LETTERS)]
    top = MARGIN + len(heads) * (LINE + 2) + 16
    standing = chart.axis in (Axis.YEAR, Axis.MONTH)
    bars = list(_standing(chart.bars, top) if standing else _lying(chart.bars, top))
    below = top + (PLOT + 40 if standing else len(chart.bars) * ROW + 24)
    feet = [line for note in (*caption.notes, caption.footing) for line in _wrapped(note, LETTERS)]
    height = below + len(feet) * LINE + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        ' role="img" aria-labelledby="title desc" lang="da" font-family="system-ui, sans-serif" font-size="14"'
        f' fill="{INK}">',
        f'<title id="title">{_safe(caption.title)}</title>',
        f'<desc id="desc">{_safe(_description(chart, caption))}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *_head(heads, len(_wrapped(caption.title, LETTERS * 4 // 5))),
        *(bars or [_text(MARGIN, top + LINE, "Ingen fundet")]),
        *(_text(MARGIN, below + place * LINE, line, size=12, fill=QUIET) for place, line in enumerate(feet)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def ticks(most: int) -> list[int]:
    """Round numbers from 0 to at least `most`.

    >>> ticks(87), ticks(3), ticks(0)
    ([0, 50, 100], [0, 1, 2, 3], [0, 1])
    """
    raw = max(most, 1) / FEWEST_TICKS
    power = 10 ** floor(log10(raw))
    step = max(next(int(digit * power) for digit in (1, 2, 5, 10) if digit * power >= raw), 1)
    return list(range(0, step * (ceil(max(most, 1) / step) + 1), step))


def _description(chart: Chart, caption: Caption) -> str:
    values = "; ".join(f"{bar.label}: {number(bar.count)}" for bar in chart.bars)
    return f"Søjlediagram. {caption.text} {values or 'Ingen fundet'}."


def _head(lines: Sequence[str], titles: int) -> Iterator[str]:
    for place, line in enumerate(lines):
        is_title = place < titles
        yield _text(
            MARGIN,
            MARGIN + LINE + place * (LINE + 2) - 6,
            line,
            size=18 if is_title else 13,
            weight="bold" if is_title else "normal",
            fill=INK if is_title else QUIET,
        )


def _standing(bars: Sequence[Bar], top: int) -> Iterator[str]:
    if not bars:
        return
    marks = ticks(max(bar.count for bar in bars))
    left = MARGIN + 10 + 8 * len(number(marks[-1]))
    wide = (WIDTH - MARGIN - left) / len(bars)
    for count in marks:
        height = top + PLOT - PLOT * count / marks[-1]
        yield f'<path d="M{left} {height:.1f}H{WIDTH - MARGIN}" stroke="{GRID if count else INK}"/>'
        yield _text(left - 8, height + 4, number(count), size=12, fill=QUIET, anchor="end")
    for place, bar in enumerate(bars):
        height = PLOT * bar.count / marks[-1]
        x, thick = left + place * wide + wide * 0.1, wide * 0.8
        yield _bar(x, top + PLOT - height, thick, height, bar)
    for place, mark in marked_periods(bars):
        yield _text(left + place * wide + wide / 2, top + PLOT + 18, mark, size=12, anchor="middle")


def _lying(bars: Sequence[Bar], top: int) -> Iterator[str]:
    if not bars:
        return
    most = max(bar.count for bar in bars) or 1
    room = WIDTH - 2 * MARGIN - LABELS - COUNTS
    for place, bar in enumerate(bars):
        y, length = top + place * ROW, room * bar.count / most
        label = bar.label if len(bar.label) <= LONGEST_LABEL else bar.label[: LONGEST_LABEL - 1] + "…"
        yield _text(MARGIN + LABELS - 8, y + ROW / 2 + 3, label, size=13, anchor="end")
        yield _bar(MARGIN + LABELS, y + 2, length, ROW - 6, bar)
        yield _text(MARGIN + LABELS + length + 6, y + ROW / 2 + 3, number(bar.count), size=13)


def _bar(x: float, y: float, width: float, height: float, bar: Bar) -> str:
    title = _safe(f"{bar.label}: {number(bar.count)}")
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{BAR}">'
        f"<title>{title}</title></rect>"
    )


def _text(
    x: float, y: float, text: str, *, size: int = 14, weight: str = "normal", fill: str = INK, anchor: str = "start"
) -> str:
    look = f'font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{_safe(text)}</text>'


def _wrapped(text: str, width: int) -> list[str]:
    """A text in lines; a word that is longer than a line is cut."""
    lines: list[str] = []
    for word in text.split():
        piece = word if len(word) <= width else word[: width - 1] + "…"
        if lines and len(lines[-1]) + 1 + len(piece) <= width:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return lines


def _safe(text: str) -> str:
    return escape("".join(it for it in text if it.isprintable() or it == " "))
