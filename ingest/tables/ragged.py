"""Rows with more or fewer cells than their table has columns: which cell stands in which column, as far as it shows.

A row that lost a cell, or has a delimiter too many, must not shift what comes after into other columns. The columns of
the whole rows say where numbers stand; a cell whose column they do not settle keeps no column's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

NUMBER = re.compile(r"[-–]?[\d\s.,:/%()+-]*\d[\d\s.,:/%()+-]*(?:kr\.?|mio\.?(?: kr\.?)?|pct\.?)?(?:,-)?", re.IGNORECASE)
MOSTLY = 0.8
Profile = Sequence[bool | None]
"""By column: True where whole rows have numbers, False where they have none, None where they have both or nothing."""


def profile_of(rows: Sequence[Sequence[str]], columns: int) -> list[bool | None]:
    """What stands in each column of the rows that have as many cells as the table has columns."""
    profile: list[bool | None] = []
    for column in range(columns):
        cells = [row[column] for row in rows if len(row) == columns and row[column]]
        share = sum(is_number(cell) for cell in cells) / len(cells) if cells else 0.5
        profile.append(True if share >= MOSTLY else (False if share <= 1 - MOSTLY else None))
    return profile


def is_number(cell: str) -> bool:
    """Whether a cell is a number, an amount or a date in digits."""
    return NUMBER.fullmatch(cell) is not None


def align(cells: Sequence[str], profile: Profile) -> list[int | None]:
    """The column of each cell; None where it cannot be told.

    >>> align(["Aarhus", "500.000"], [False, False, True])
    [0, 2]
    >>> align(["Aarhus", "Sti", "bro", "500.000"], [False, False, True])
    [None, None, None, 2]
    """
    missing = len(profile) - len(cells)
    if missing == 0:
        return list(range(len(cells)))
    readings = [reading for reading in shifts(len(cells), missing) if fits(cells, reading, profile)]
    return [only({reading[index] for reading in readings}) for index in range(len(cells))]


def shifts(count: int, missing: int) -> list[list[int | None]]:
    """The columns of cells for each place where some were lost, or where one was split into too many.

    The parts of a split cell have no column. The first cell is never the one that was lost.
    """
    if missing > 0:
        return [[index if index < at else index + missing for index in range(count)] for at in range(1, count + 1)]
    return [
        [index if index < at else (None if index <= at - missing else index + missing) for index in range(count)]
        for at in range(count + missing)
    ]


def only(columns: set[int | None]) -> int | None:
    """The column that all readings give a cell."""
    return next(iter(columns)) if len(columns) == 1 else None


def fits(cells: Sequence[str], reading: Sequence[int | None], profile: Profile) -> bool:
    """Whether every cell stands in a column of its kind; no number is split into parts of which one is none."""
    split = [index for index, column in enumerate(reading) if column is None]
    if split and profile[split[0]] and not all(is_number(cells[index]) for index in split):
        return False
    return all(
        column is None or not cell or profile[column] is None or profile[column] == is_number(cell)
        for cell, column in zip(cells, reading, strict=True)
    )
