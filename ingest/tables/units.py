"""The unit that stands above a table instead of in its heads: "Beløb i 1.000 kr.", "(mio. kr.)", "Alle tal er i t.kr."

It is joined to the heads that name money or a year and no unit of their own, so that a field says what it counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.layout import Block, BlockKind
from ingest.outline import words
from ingest.tables.heads import Row
from kilde.danish.amounts import head_unit

LONGEST = 250
UNIT = (
    r"(?:1(?:[. ]|\xa0)?000[ \xa0]?kr\.?|kr\.?[ \xa0]1\.?000"
    r"|(?:hele[ \xa0])?(?:tusinde?r?|mio\.?|mia\.?|mill\.?|millioner|milliarder)[ \xa0]?(?:kr\.?|kroner)"
    r"|t\.?[ \xa0]?kr\.?|tkr\.?|mio\.|mia\.|DKK|kr\.|kroner)"
)
CAPTION = re.compile(
    rf"(?:\A|[(\[,;:–-][ \xa0]*|(?<!\w)(?:i|angivet i|opgjort i|er i)[ \xa0]+)(?P<unit>{UNIT})"
    r"(?:[ \xa0,(]*(?:\d{4}[ \xa0\-–]*)?(?:årets priser|løbende priser|p/l|pl|priser|niveau))?[)\].: \xa0]*\Z",
    re.IGNORECASE,
)
WRITTEN = re.compile(
    r"(?<!\w)(?:kr|dkk|mio|mia|mill|tkr|t\.kr|pct|procent|euro|eur|tusinde?|antal)(?!\w)|[%€]", re.IGNORECASE
)
SUM = re.compile(r"[-–]?(?:\d{1,3}(?:[. \xa0]\d{3})+|\d+)(?:,\d+)?(?:,-)?")
COUNTED = re.compile(
    r"(?:19|20)\d\d|.*\b(?:budget|budgettet|regnskab|forbrug|afvigelse|overslag\w*|drift|anlæg|netto|brutto)\b.*",
    re.IGNORECASE,
)
"""Columns of sums in budgets and accounts."""


def caption_unit(text: str) -> str | None:
    """The unit with which a caption ends, as it is written; None where it gives none.

    >>> caption_unit("Tabel 2. Bevillinger pr. kommune (1.000 kr.)"), caption_unit("Puljen er på 15 mio. kr.")
    ('1.000 kr.', None)
    """
    if len(text) > LONGEST:
        return None
    found = CAPTION.search(text)
    return found["unit"] if found else None


def with_unit(names: Sequence[str], unit: str | None, rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The names of columns, those of sums without a unit of their own with the unit of the table.

    >>> with_unit(["Kommune", "Tilskud", "Andel (pct.)"], "1.000 kr.", [["Aarhus", "500", "12,5"]])
    ('Kommune', 'Tilskud (1.000 kr.)', 'Andel (pct.)')
    """
    return tuple(
        f"{name} ({unit})" if unit and takes_unit(name) and holds_sums(column, rows) else name
        for column, name in enumerate(names)
    )


def holds_sums(column: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether most cells of a column are bare numbers: "Tilsagn givet" is a column of days."""
    cells = [row[column] for row in rows if column < len(row) and any(map(str.isdigit, row[column]))]
    return sum(SUM.fullmatch(cell) is not None for cell in cells) * 2 > len(cells)


def takes_unit(name: str) -> bool:
    """Whether a column's name is one of money, or of a year in a budget, and names no unit."""
    if WRITTEN.search(name):
        return False
    return head_unit(name) is not None or COUNTED.fullmatch(name) is not None


def find_units(text: str, blocks: Sequence[Block], rows: Sequence[Row]) -> tuple[dict[int, str], set[int]]:
    """The unit above each table, by the table's number, and the rows that say nothing else."""
    units: dict[int, str] = {}
    unit_rows: set[int] = set()
    begun: set[int] = set()
    for row in rows:
        table = row.block.table
        if table not in begun:
            begun.add(table)
            above = (caption_unit(words(text, block)) for block in captions(blocks, row.index))
            unit = next((it for it in above if it), None)
            units |= {table: unit} if unit else {}
        said = {cell for cell in row.cells if cell}
        if len(said) == 1 and (unit := caption_unit(next(iter(said)))) and len(row.cells) > 1:
            units[table] = unit
            unit_rows.add(row.index)
    return units, unit_rows


def captions(blocks: Sequence[Block], index: int) -> list[Block]:
    """The two blocks above a table, the nearer first, as far as they are lines."""
    found: list[Block] = []
    for block in reversed(blocks[max(0, index - 2) : index]):
        if block.kind not in {BlockKind.LINE, BlockKind.HEADING}:
            break
        found.append(block)
    return found
