"""What is found in a record: a list of extractors, and the loop over it.

An extractor takes a passage and what the ones before it found, and returns that with its own finds added. To add one,
write the function and put it into EXTRACTORS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kilde.danish.amounts import HeadUnit, cell_amounts, find_amounts, head_unit, is_given
from kilde.danish.dates import IMPOSSIBLE, DateContext, find_dates
from kilde.danish.grants import find_grants, row_grants
from kilde.danish.groups import find_groups
from kilde.danish.places import find_kommuner
from kilde.model import (
    AmountMention,
    DateMention,
    Field,
    GrantMention,
    GroupMention,
    KommuneMention,
    Problem,
    RecordKind,
    Rejected,
    Severity,
    Span,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where it stands in the passage, and its cells.

    A merged cell that began in a row above stands outside of the row, and may stand outside of the passage.
    """

    start: int
    end: int
    cells: tuple[Field, ...]
    shared: frozenset[int] = frozenset()
    """Where the cells begin that stand beside several rows."""

    def own(self, cell: Field) -> bool:
        """Whether a cell's text is in this row."""
        return self.start <= cell.start < self.end


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of a record, its kind, its cells, and the context in which its dates are read."""

    text: str
    kind: RecordKind
    rows: tuple[Row, ...]
    """The row that the passage is, or the rows of tables that stand in it."""
    context: DateContext
    rejected: list[Rejected] | None = None
    """Where given, candidates that a rule refused are added to it: for `kilde explain`."""


class Findings(NamedTuple):
    """What was found in a passage so far; spans count from the passage's start."""

    kommuner: tuple[KommuneMention, ...] = ()
    dates: tuple[DateMention, ...] = ()
    amounts: tuple[AmountMention, ...] = ()
    groups: tuple[GroupMention, ...] = ()
    grants: tuple[GrantMention, ...] = ()
    impossible: tuple[Rejected, ...] = ()
    """What is written as a date, and there is no such day."""


DIGIT = re.compile(r"\d")

Extractor = Callable[[Passage, Findings], Findings]


def extract_kommuner(passage: Passage, found: Findings) -> Findings:
    """Kommuner, as authority, place or institution."""
    return found._replace(kommuner=tuple(find_kommuner(passage.text, passage.rejected)))


def extract_dates(passage: Passage, found: Findings) -> Findings:
    """Days and periods."""
    refused: list[Rejected] = []
    dates = tuple(find_dates(passage.text, passage.context, refused))
    if passage.rejected is not None:
        passage.rejected.extend(refused)
    return found._replace(dates=dates, impossible=tuple(it for it in refused if it.rule == IMPOSSIBLE))


def extract_amounts(passage: Passage, found: Findings) -> Findings:
    """Money and percentages; bare numbers where the head of their column gives a unit."""
    written = find_amounts(passage.text, passage.rejected)
    if not passage.rows:
        return found._replace(amounts=tuple(written))
    bare = (
        amount
        for row in passage.rows
        for cell in row.cells
        if row.own(cell) and (unit := unit_in(row.cells, cell)) is not None
        for amount in column_amounts(passage.text, cell, unit)
    )
    return found._replace(amounts=tuple(merge(written, bare)))


@lru_cache(maxsize=1024)
def unit_of(name: str) -> HeadUnit | None:
    """The unit that a column's name gives; a table asks for the same few names row after row."""
    return head_unit(name)


def unit_in(row: Sequence[Field], cell: Field) -> HeadUnit | None:
    """The unit of a cell: its column's, else that of the table, which stands over the column of the rows' names.

    "Beløb i 1.000 kr." over "Udgift" is the unit of all columns whose heads give none, such as years.
    """
    own = unit_of(cell.name)
    names = row[0]
    if own is not None:
        return None if cell is names and not DIGIT.search(cell.value) else own
    return unit_of(names.name) if cell is not names and not DIGIT.search(names.value) else None


def column_amounts(text: str, cell: Field, unit: HeadUnit) -> Iterable[AmountMention]:
    """The bare numbers of a cell under a head with a unit."""
    value = text[cell.start : cell.end]
    return (replace(it, start=it.start + cell.start, end=it.end + cell.start) for it in cell_amounts(value, unit))


def merge(written: Sequence[AmountMention], bare: Iterable[AmountMention]) -> list[AmountMention]:
    """Amounts in order; where two overlap, the one whose unit is written with it."""
    kept = list(written)
    kept += [it for it in bare if not any(it.start < other.end and other.start < it.end for other in written)]
    return sorted(kept, key=lambda it: it.start)


def extract_groups(passage: Passage, found: Findings) -> Findings:
    """Counts without names."""
    return found._replace(groups=tuple(find_groups(passage.text, found.amounts, passage.rejected)))


def extract_grants(passage: Passage, found: Findings) -> Findings:
    """Kommuner with what they are given: by the columns of a row with money in it, else by the sentence."""
    if not found.amounts or not (
        found.kommuner or any(not row.own(cell) for row in passage.rows for cell in row.cells)
    ):
        return found
    tables = [row for row in passage.rows if any(money_column(row.cells, cell) for cell in row.cells)]
    grants = [grant for row in tables for grant in grants_of_row(passage, row, found)]
    if passage.kind is not RecordKind.ROW or not tables:
        inside = [(row.start, row.end) for row in tables]
        grants += [
            it for it in grants_of_text(passage, found) if not any(start <= it.start < end for start, end in inside)
        ]
    return found._replace(grants=tuple(sorted(grants, key=lambda it: it.start)))


def grants_of_text(passage: Passage, found: Findings) -> list[GrantMention]:
    """The grants of sentences; these are only looked for where a kommune and an amount share a paragraph."""
    text, places = (
        passage.text,
        sorted([*((it.start, "kommune") for it in found.kommuner), *((it.start, "amount") for it in found.amounts)]),
    )
    near = any(one[1] != next_[1] and "\n\n" not in text[one[0] : next_[0]] for one, next_ in pairwise(places))
    return find_grants(text, found.kommuner, found.amounts, passage.rejected) if near else []


PURPOSE_COLUMNS = ("projekt", "projekttitel", "projektnavn", "formål", "aktivitet", "titel", "indsats", "beskrivelse")
PERIOD_COLUMNS = ("periode", "projektperiode", "bevillingsperiode", "år")


def grants_of_row(passage: Passage, row: Row, found: Findings) -> list[GrantMention]:
    """The grants of a table's row, by the names of its columns.

    A kommune that stands beside several rows is given what each of them gives. A sum beside several rows is nobody's,
    nor is one in a column of what was asked for or of what others pay.
    """
    purpose, period = named(row.cells, PURPOSE_COLUMNS), named(row.cells, PERIOD_COLUMNS)
    money = [cell for cell in row.cells if money_column(row.cells, cell)]
    recipients = [cell for cell in row.cells if cell not in (*money, purpose, period)] or list(row.cells)
    given = [cell for cell in money if cell.start not in row.shared and is_given(cell.name)]
    above = [it for cell in recipients if not row.own(cell) for it in find_kommuner(cell.value)]
    return row_grants(
        [*above, *(it for it in found.kommuner if inside_any(it, [cell for cell in recipients if row.own(cell)]))],
        [it for it in found.amounts if inside_any(it, given)],
        purpose.value if purpose else None,
        period.value if period else None,
        row.start,
        row.end,
        passage.text[row.start : row.end],
    )


def inside_any(mention: KommuneMention | AmountMention, cells: Sequence[Field]) -> bool:
    """Whether a mention stands in one of the cells."""
    return any(cell.start <= mention.start < cell.end for cell in cells)


def money_column(row: Sequence[Field], cell: Field) -> bool:
    """Whether a cell is in a column of money."""
    unit = unit_in(row, cell)
    return unit is not None and unit.unit != "percent"


def named(cells: Sequence[Field], names: Sequence[str]) -> Field | None:
    """The first cell whose column has one of the names."""
    return next((cell for cell in cells if cell.name.casefold().rstrip(":") in names), None)


EXTRACTORS: tuple[Extractor, ...] = (
    extract_kommuner,
    extract_dates,
    extract_amounts,
    extract_groups,
    extract_grants,
)


def extract(passage: Passage) -> Findings:
    """Run all extractors over a passage."""
    found = Findings()
    for extractor in EXTRACTORS:
        found = extractor(passage, found)
    return found


def problems_of(found: Findings, offset: int) -> list[Problem]:
    """What the finds themselves say is wrong with the text; spans in the document's text."""
    doubtful: tuple[DateMention | AmountMention, ...] = (*found.dates, *found.amounts)
    return [
        Problem(code, Severity.NOTE, f"{it.surface!r}", Span(offset + it.start, offset + it.end))
        for it in (*doubtful, *found.impossible)
        if (code := it.rule if isinstance(it, Rejected) else it.problem)
    ]
