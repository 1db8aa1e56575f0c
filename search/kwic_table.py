"""A concordance on a terminal: the keywords below each other, when on the left and where on the right."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from search.export_cells import Line
from search.table import shown

DATE = 10
ID = 8
"""Characters of a record's id that `kilde show` is content with."""
NARROWEST = 10
"""Cells on each side, however narrow the terminal."""
PUNCTUATION = frozenset(".,;:!?)]”’»")


def print_kwic(lines: Iterable[Line], console: Console) -> None:
    """Print lines as they come, each on one line of the terminal."""
    side = max((console.width - DATE - ID - 3) * 2 // 5, NARROWEST)
    rest = max(console.width - DATE - ID - 3 - side, NARROWEST)
    for line in lines:
        console.print(_line(line, side, rest), soft_wrap=True)


def _line(line: Line, side: int, rest: int) -> Text:
    keyword, right = shown(line["keyword"]), shown(line["right"])
    gap = "" if right[:1] in PUNCTUATION else " "
    text = Text()
    text.append(f"{line['published'] or 'undated':{DATE}} ", "dim")
    text.append(_end(shown(line["left"]), side) + " ")
    behind = Text.assemble((keyword, "bold cyan"), gap + right)
    behind.truncate(rest, overflow="ellipsis", pad=True)
    text.append_text(behind)
    text.append(f" {line['record'][:ID]}", "dim")
    return text


def _end(text: str, width: int) -> str:
    """The end of a text, in so many cells."""
    if cell_len(text) <= width:
        return " " * (width - cell_len(text)) + text
    turned = set_cell_size(text[::-1], width - 1)
    return set_cell_size(f"…{turned[::-1]}", width)
