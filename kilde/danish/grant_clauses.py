"""What a grant is for and how long it lasts, as far as its sentence says so."""

from __future__ import annotations

import re
from functools import cache

from kilde.danish.folding import BLANK, DASH, GAP
from kilde.danish.lexicon_rows import read_rows

MAX_PURPOSE = 200
"""Characters of a purpose; a longer one is cut at a word."""

_MEANWHILE = r"(?:om året|årligt|hver|i støtte|i tilskud|i \d{4}(?:-\d{2,4})?|i perioden [^,.;]{4,30}?|over [^\W\d_]+ år|over \d år)"
_PURPOSE = re.compile(rf"{GAP}(?:{_MEANWHILE}{GAP}){{0,2}}til{GAP}(?=\S)")
_CLAUSE_END = re.compile(
    r"[;:()\n\t•]|[.!?](?=\s|\Z)"
    rf"|,?{GAP}(?:mens|hvoraf|heraf|fordi|hvis|medens)(?!\w)"
    rf"|,{GAP}(?:men|som|der|hvor|hvilket|så|når|idet|efter|at|og{GAP}(?:det|de|den|han|hun|der))(?!\w)"
)
_TRAILING = re.compile(r"(?:[\s,]|(?<=\s)og|(?<=\s)samt|[–-])+\Z")
_YEAR = r"(?:19|20)[0-9]{2}"


@cache
def _period() -> re.Pattern[str]:
    months = "|".join(sorted({row[0] for row in read_rows("months.tsv")}, key=len, reverse=True))
    day = rf"(?:[0-9]{{1,2}}\.{GAP})?(?:{months})\.?"
    to = rf"{GAP}(?:{DASH}|til(?:{GAP}og{GAP}med)?){GAP}(?:den{GAP}|d\.{GAP})?"
    return re.compile(
        rf"(?<![\w.,])(?:{day}(?:{GAP}{_YEAR})?{to}{day}{GAP}{_YEAR}|{_YEAR}(?:{to}|/){_YEAR}|{_YEAR}(?:{DASH}|/)[0-9]{{2}})(?![\w%])",
        re.IGNORECASE,
    )
