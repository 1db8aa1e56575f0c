"""Forms as they stand in the texts of a segment, by their folded spellings: for prefixes and misspelt words.

Only the forms that begin with one letter are read, when they are first asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from index.arrays import Integers
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
    letters: NDArray[np.uint16]
    """Their code points, a row of LONGEST_FORM for each, 0 behind the end; 0xFFFF stands for those beyond."""

    @property
    def nbytes(self) -> int:
        """Memory of the strings and arrays, about."""
        return self.sizes.nbytes + self.letters.nbytes + int(self.sizes.sum()) * 2 + len(self.folded) * 120

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
    written = [form.decode("utf-8", "surrogatepass") for start, stop in bounds for form in table.terms(start, stop)]
    pairs = sorted(pair for pair in ((fold(form), form) for form in written) if pair[0].startswith(letter))
    folded = tuple(pair[0] for pair in pairs)
    return Forms(folded, tuple(pair[1] for pair in pairs), *_spelt(folded))


def _place(table: TermsTable, span: tuple[int, int], prefix: str) -> int:
    """The number of the first term that does not sort before a prefix."""
    numbers = range(*span)
    return span[0] + bisect_left(numbers, prefix.encode(), key=lambda number: table.terms(number, number + 1)[0])


def _spelt(words: Sequence[str]) -> tuple[Integers, NDArray[np.uint16]]:
    """The sizes of words, and their code points in rows."""
    sizes = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    rows = np.array([*words, ""], dtype=f"U{LONGEST_FORM}").view(np.uint32).reshape(-1, LONGEST_FORM)
    return sizes, np.minimum(rows, 0xFFFF).astype(np.uint16)[: len(words)]
