"""Money and percentages in Danish text, each exact to the digit and to the character.

`find_amounts` reads running text, `cell_amounts` the bare numbers of a table's column whose head gives the unit. Counts
("15 kommuner") are `groups`' business, and percentage points are no percentages.

>>> [(m.surface, str(m.value)) for m in find_amounts("Der er afsat 69,9 mio. kr., heraf 10-15 pct. til drift.")]
[('69,9 mio. kr.', '69900000'), ('10-15 pct.', '10')]
"""

from __future__ import annotations

import re
from heapq import merge
from operator import attrgetter

from kilde.danish.amount_claims import Scan
from kilde.danish.amount_columns import HeadUnit, head_unit, is_given, read_bare
from kilde.danish.amount_context import MoneyContext
from kilde.danish.amount_qualifiers import qualify
from kilde.danish.amount_readings import Reading, Refuse, ignore
from kilde.danish.amount_scans import read_digits, read_words
from kilde.danish.amount_units import DKK, PERCENT
from kilde.danish.folding import Folded, fold
from kilde.danish.mentions import AmountMention, Rejected
from kilde.danish.numbers import print_number

__all__ = ["HeadUnit", "cell_amounts", "find_amounts", "head_unit", "is_given", "parse_amount", "print_amount"]

_LINE = re.compile(r"[^\n]+")


def find_amounts(text: str, rejected: list[Rejected] | None = None) -> list[AmountMention]:
    """The amounts of a text, in its order and without overlaps; never raises.

    What looked like one and was refused is added to `rejected`, with the rule that refused it.
    """
    folded = fold(text)
    scan = Scan(folded.text, _refusals(text, folded, rejected), MoneyContext(folded.text))
    found: list[AmountMention] = []
    end = 0
    worded = list(read_words(scan))
    digits = read_digits(scan)
    for reading in merge(digits, worded, key=attrgetter("start")) if worded else digits:
        if reading.start >= end:
            found.append(_mention(text, folded, reading))
            end = reading.end
    return found


def cell_amounts(cell: str, head: HeadUnit, rejected: list[Rejected] | None = None) -> list[AmountMention]:
    """The amounts of a cell below a head: those that say their unit, else the bare numbers, line by line.

    >>> head = head_unit("Bevilling i 1.000 kr.")
    >>> [str(m.value) for m in cell_amounts("1.250,5", head)]
    ['1250500']
    """
    refused: list[Rejected] = []
    found = find_amounts(cell, refused)
    folded = fold(cell)
    for line in _LINE.finditer(folded.text):
        start, end = folded.span(*line.span())
        if not any(start < mention.end and mention.start < end for mention in found):
            found.extend(_mention(cell, folded, reading) for reading in read_bare(folded.text, *line.span(), head))
    if rejected is not None:
        rejected += [one for one in refused if not any(one.start < m.end and m.start < one.end for m in found)]
    return sorted(found, key=lambda mention: mention.start)


def _refusals(text: str, folded: Folded, rejected: list[Rejected] | None) -> Refuse:
    if rejected is None:
        return ignore

    def refuse(start: int, end: int, rule: str) -> None:
        first, last = folded.span(start, end)
        rejected.append(Rejected(first, last, text[first:last], "amount", rule))

    return refuse


def _mention(text: str, folded: Folded, reading: Reading) -> AmountMention:
    start, end = folded.span(reading.start, reading.end)
    approximate, bound = qualify(folded.text, reading.start, reading.end)
    return AmountMention(
        start=start,
        end=end,
        surface=text[start:end],
        value=reading.value,
        value_to=reading.value_to,
        unit=reading.unit,
        approximate=approximate,
        bound=bound,
        rule=reading.rule,
        problem=reading.problem,
    )


def parse_amount(text: str) -> AmountMention | None:
    """The amount that the whole text is, white space around it apart; None for anything else."""
    found = find_amounts(text)
    if len(found) == 1 and found[0].surface == text.strip():
        return found[0]
    return None


def print_amount(mention: AmountMention) -> str:
    """The amount in Danish notation, which `parse_amount` reads back to the same value and unit.

    >>> print_amount(parse_amount("½ mio. kr."))
    '500.000 kr.'
    """
    unit = {DKK: "kr.", PERCENT: "pct."}.get(mention.unit, mention.unit)
    value = print_number(mention.value)
    if mention.value_to is None:
        return f"{value} {unit}"
    if mention.value == mention.value.to_integral_value():
        value += ",0"  # "10 til 15.000 kr." would leave out thousands
    return f"{value} til {print_number(mention.value_to)} {unit}"
