"""A chart on a terminal: lying bars of blocks, readable without colours."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from search.chart import Axis, Chart
from search.table import shown

BLOCKS = " ▏▎▍▌▋▊▉█"
"""Eighths of a block."""
LONGEST_LABEL = 30
NARROWEST = 8
NAMES = {Axis.YEAR: "year", Axis.MONTH: "month", Axis.KOMMUNE: "kommune", Axis.REGION: "region", Axis.AMOUNTS: "size"}


def print_chart(chart: Chart, console: Console) -> None:
    """Print the bars, what they are above them."""
    console.print(Text(f"{chart.unit.value} by {NAMES[chart.axis]}", "bold"))
    labels = [shown(bar.label) for bar in chart.bars]
    wide = min(max(map(cell_len, labels), default=0), LONGEST_LABEL)
    most = max((bar.count for bar in chart.bars), default=0)
    numbers = len(f"{most:,}")
    room = max(console.width - wide - numbers - 3, NARROWEST)
    for text, bar in zip(labels, chart.bars, strict=True):
        name = set_cell_size(text if cell_len(text) <= wide else text[: wide - 1] + "…", wide)
        line = Text.assemble(name, " ", f"{bar.count:{numbers},} ", (blocks(bar.count, most, room), "cyan"))
        console.print(line, no_wrap=True, crop=True)


def blocks(count: int, most: int, room: int) -> str:
    """A bar of so many cells for the largest count; something for any but none.

    >>> blocks(5, 10, 9), blocks(0, 10, 9), blocks(1, 10_000, 9)
    ('████▌', '', '▏')
    """
    eighths = max(round(room * 8 * count / most), 1) if count else 0
    return "█" * (eighths // 8) + BLOCKS[eighths % 8].strip()
