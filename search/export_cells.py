"""Columns of an export, and the cells of its flat forms (CSV, XLSX): one line, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from search.concordance import folded

Line = dict[str, Any]
"""One line of an export: values by the names of its columns."""

Counts = dict[str, int]
"""How many `rows` were written, and on how many `sheets` where the form has some."""

About = Callable[[Counts], dict[str, Any]]
"""What was written -> the manifest of the export; asked for when all lines are written."""

PARTED = "; "
"""Stands between several values in one cell."""

_SIGNS = "=+\\-@＝＋－＠"
_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
_FORMULA = re.compile(rf"[\s{_UNSEEN}]*[{_SIGNS}]|[\t\r\n]")
"""How a cell begins that a spreadsheet may run: blanks and what nobody sees do not protect from it."""
_PARTED_FORMULA = re.compile(rf"(?<=[;\t|])([\s\x22{_UNSEEN}]*)(?=[=+@＝＋－＠]|-(?![0-9]))")
"""The same behind a sign that parts cells elsewhere: Danish spreadsheets part at semicolons, whatever is quoted."""


class Kind(StrEnum):
    """What the values of a column are; any may be missing."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TEXTS = "texts"
    """A list of texts."""
    NUMBERS = "numbers"
    """A list of numbers."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of its values in a line, and what they are."""

    name: str
    kind: Kind = Kind.TEXT


def columns(names: str, **kinds: Kind) -> tuple[Column, ...]:
    """Columns by their names in one string, of texts unless `kinds` says otherwise.

    >>> [column.kind.value for column in columns("title start", start=Kind.INTEGER)]
    ['text', 'integer']
    """
    return tuple(Column(name, kinds.get(name, Kind.TEXT)) for name in names.split())


def safe_cell(value: object) -> object:
    """A cell of a CSV: text that a spreadsheet would run as a formula gets an apostrophe before it.

    >>> safe_cell("=1+1"), safe_cell("Århus"), safe_cell(-5)
    ("'=1+1", 'Århus', -5)
    """
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take a cell with this text for a formula."""
    return _FORMULA.match(text) is not None


def csv_cell(value: Any) -> object:
    """A value for a CSV: on one line, safe at its beginning and wherever a spreadsheet may part it.

    Numbers that Kilde itself writes stay as they are, lists of them too.

    >>> csv_cell("ja;=1+1"), csv_cell([100, -5]), csv_cell(None)
    ("ja;'=1+1", '100; -5', None)
    """
    if isinstance(value, str):
        return safe_cell(_PARTED_FORMULA.sub(r"\1'", folded(value)))
    if isinstance(value, list):
        return csv_cell(flat(value)) if not all(isinstance(each, int | float) for each in value) else flat(value)
    return value


def flat(value: Any) -> Any:
    """A value for one cell: several values parted by `; `, everything else as it is."""
    return PARTED.join(map(str, value)) if isinstance(value, list) else value


def row(line: Line, names: Sequence[str]) -> list[Any]:
    """The values of a line in the order of its columns."""
    return [line[name] for name in names]
