"""Sentences of a Danish text, as spans.

A sentence ends with a full stop, question or exclamation mark before a capital, a number or a quotation, at an empty line, at a tab
(between cells), before a list item, and at the end of a short line (a heading, an entry of a list). A point after an abbreviation
("f.eks.", "mio. kr."), an ordinal ("12. marts") or an initial does not end it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from kilde.danish.folding import BLANK, DASH
from kilde.danish.lexicon_rows import read_rows

SHORT_LINE = 60
"""Characters: a shorter line before a capital ends there; a longer one was broken for the page."""

REACH = 24
"""Characters before a point in which its abbreviation is looked for."""

_BREAK = re.compile(
    rf"""(?P<stop> [.!?…]++ [)\]"'”»’]*+ (?:\s++ [.!?…]++)*+ ) (?=\s) (?P<space>\s*+) (?P<next> [\W_]{{0,2}}+ (?P<char>\w)? )
       | (?P<cell>\t)\s*+
       | (?P<line> \n ) (?P<rest>\s*+) (?P<item> (?:[•*·▪◦‣]|{DASH}) {BLANK} )?""",
    re.VERBOSE,
)
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n|\t")
_WORD = re.compile(r"(?:[^\W_]+\.)*[^\W_]+\Z")
_NUMBER_BEFORE = re.compile(rf"[0-9½]{BLANK}?(?:mi[oa]\.|mill\.)?{BLANK}?\Z")
