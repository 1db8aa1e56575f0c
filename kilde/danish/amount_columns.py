"""Amounts in a table's column: the unit that its head gives, and the bare numbers below it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from kilde.danish.folding import BLANK, GAP, fold
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.mentions import AmountMention, Rejected
from kilde.danish.amount_readings import Reading, read_term
from kilde.danish.amount_series import Term, find_figures, last_series
from kilde.danish.amount_units import DKK, PERCENT, Unit, forms, magnitude_pattern, read_magnitude, read_unit, unit_pattern

MAX_HEAD = 200
"""Characters: what is longer is no head."""


@dataclass(frozen=True, slots=True)
class HeadUnit:
    """What a bare number in a column counts: `multiplier` of a unit (DKK, percent or another ISO 4217 code)."""

    multiplier: Decimal
    unit: str
