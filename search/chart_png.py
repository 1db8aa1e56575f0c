"""A chart as PNG, for slides and word processors; needs the extra `chart`."""

from __future__ import annotations

from typing import BinaryIO

from search.chart import Axis, Chart, marked_periods
from search.chart_words import Caption, number
from search.export_extras import load

INCHES = 8
DPI = 150
FACTS = 9
"""Size of the text below the bars."""


def write_png(chart: Chart, caption: Caption, stream: BinaryIO) -> None:
    """Draw the chart. MissingError where matplotlib is not installed."""
    figures = load("matplotlib.figure", "chart", "a PNG")
    canvas = load("matplotlib.backends.backend_agg", "chart", "a PNG")
    standing = chart.axis in (Axis.YEAR, Axis.MONTH)
    height = 5.5 if standing else max(len(chart.bars) * 0.3 + 2, 3)
    figure = figures.Figure(figsize=(INCHES, height), layout="constrained")
    axes = figure.add_subplot()
    labels, counts = [_plain(bar.label) for bar in chart.bars], [bar.count for bar in chart.bars]
    places = range(len(labels))
    if standing:
        axes.bar(places, counts, color="#2f5d8a")
        marks = marked_periods(chart.bars)
        axes.set_xticks([place for place, _ in marks], [mark for _, mark in marks])
        axes.yaxis.get_major_locator().set_params(integer=True)
    else:
        drawn = axes.barh(places, counts, color="#2f5d8a")
        axes.bar_label(drawn, [number(count) for count in counts], padding=3)
        axes.set_yticks(places, labels)
        axes.invert_yaxis()
        axes.get_xaxis().set_visible(False)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(_plain("\n".join(filter(None, (caption.title, caption.filters)))), loc="left", wrap=True)
    figure.supxlabel(_plain("\n".join((*caption.notes, caption.footing))), x=0.01, ha="left", fontsize=FACTS)
    facts = {"Title": caption.title, "Description": caption.text, "Software": "Kilde"}
    canvas.FigureCanvasAgg(figure).print_png(stream, metadata=facts)


def _plain(text: str) -> str:
    """A text in which nothing is taken for a formula."""
    return text.replace("$", r"\$")
