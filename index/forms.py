"""Forms as they stand in the texts of a segment, by their folded spellings: for prefixes and misspelt words.

Only the forms that begin with one letter are read, when they are first asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from index.arrays import Bytes, Integers
from index.terms import TermsTable
from kilde.danish.stems import fold

LONGEST_FORM = 40
"""Letters of a form that are compared with misspelt words."""
_BEYOND_ASCII = "\x80"


@dataclass(frozen=True, slots=True)
class Forms:
    """Forms of a field in the order of their folded spellings."""

    folded: tuple[str, ...]
    written: tuple[str, ...]
    """As they stand in the texts, in lower case."""
    sizes: Integers
    """The letters of each folded spelling."""
    letters: Bytes
    """Codes of their letters, a row of LONGEST_FORM for each, 0 behind the end."""

    @property
    def nbytes(self) -> int:
        """Memory of the strings and arrays, about."""
        # Most forms are spelt as they are folded, and are one string then.
        return self.sizes.nbytes + self.letters.nbytes + int(self.sizes.sum()) + len(self.folded) * 75

    def beginning(self, prefix: str) -> list[str]:
        """The forms, as written, whose folded spelling begins with this."""
        start = bisect_left(self.folded, prefix)
        found = takewhile(lambda place: self.folded[place].startswith(prefix), range(start, len(self.folded)))
        return [self.written[place] for place in found]


def read_forms(table: TermsTable, field: str, letter: str) -> Forms:
    """The forms of a field whose folded spelling begins with a letter.

    Reads only the terms that can fold to it: those that begin with it, and those with a letter beyond ASCII.
    """
    span = table.span(field)
    parts = [("aa", "ab")] if letter == "å" else [(letter, chr(ord(letter) + 1))] if letter.isascii() else []
    bounds = [(_place(table, span, low), _place(table, span, high)) for low, high in parts]
    bounds.append((_place(table, span, _BEYOND_ASCII), span[1]))
    found = [form.decode("utf-8", "surrogatepass") for start, stop in bounds for form in table.terms(start, stop)]
    pairs = sorted(pair for pair in ((fold(form), form) for form in found) if pair[0].startswith(letter))
    written = tuple(pair[1] for pair in pairs)
    folded = tuple(form if form == pair[0] else pair[0] for form, pair in zip(written, pairs, strict=True))
    sizes = np.fromiter(map(len, folded), dtype=np.int64, count=len(folded))
    return Forms(folded, written, sizes, codes_of(folded))


def codes_of(words: Sequence[str]) -> Bytes:
    """Codes of the letters of folded words in rows: Latin-1 has all that Danish needs, 255 stands for all others."""
    rows = np.array([*words, ""], dtype=f"U{LONGEST_FORM}").view(np.uint32).reshape(-1, LONGEST_FORM)
    return np.minimum(rows, 255).astype(np.uint8)[: len(words)]


def _place(table: TermsTable, span: tuple[int, int], prefix: str) -> int:
    """The number of the first term that does not sort before a prefix."""
    numbers = range(*span)
    return span[0] + bisect_left(numbers, prefix.encode(), key=lambda number: table.terms(number, number + 1)[0])
