"""The forms of the index that a `prefix*` or a `word~` stands for, and the nearest form to a misspelt word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np

from index.columns import Integers, Segment
from index.forms import LONGEST_FORM, Forms, codes_of
from kilde.danish.stems import fold
from search.query_tree import Word

MOST_FORMS = 1000
"""Forms that a prefix stands for; the shortest are taken."""
MOST_NEAR = 100
"""Forms that a fuzzy word stands for; the nearest are taken."""
_FAR = 9
_LONG = 6
"""Letters from which a fuzzy word may differ in two places."""


@dataclass(frozen=True, slots=True)
class _Expanded:
    """The forms that a word stands for, as they are held: at most as many as are searched, and how many there are."""

    forms: tuple[str, ...]
    total: int

    @property
    def nbytes(self) -> int:
        """Memory, about."""
        return 80 * len(self.forms)


def expand(word: Word, field: str, segments: Sequence[Segment]) -> tuple[tuple[str, ...], str | None]:
    """The forms in a field that `word*` or `word~` stands for, and a note where there are more than are searched."""
    if not segments:
        return (), None
    others = tuple(segment.id for segment in segments)
    found = segments[0].kept((others, field, word), lambda: _expanded(word, field, segments))
    if found.total <= len(found.forms):
        return found.forms, None
    sign = "*" if word.prefix else "~"
    most = len(found.forms)
    return found.forms, f"{word.text}{sign} stands for {found.total:,} words; {most:,} of them are searched"


def nearest(word: str, field: str, segments: Sequence[Segment], n: int = 5) -> list[str]:
    """At most n forms of a field that look most like a word; those in more records first among equals."""
    folded = fold(word)
    # The second letter comes first where the first one was left out or the two were swapped.
    forms = dict.fromkeys(form for first in folded[:2] for form in _nearly(word, field, segments, first))
    found = ((distance(folded, fold(form), _FAR), -_frequency(form, field, segments), form) for form in forms)
    return [form for *_, form in nsmallest(n, found)]


def distance(left: str, right: str, limit: int) -> int:
    """Letters to change, leave out, put in or swap to make one of the other; limit + 1 where more are needed."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, start=1):
        last, row, older = row, [i], before
        before = last
        for j, other in enumerate(right, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and min(last) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def distances(word: str, forms: Forms, limit: int) -> Integers:
    """As `distance` from a folded word, of all forms at once; limit + 1 for those with more than LONGEST_FORM letters.

    A table of costs is filled as ever, cell by cell near its diagonal, each cell for all forms together.
    """
    found = np.full(len(forms.folded), limit + 1, dtype=np.int64)
    fits = np.flatnonzero((np.abs(forms.sizes - len(word)) <= limit) & (forms.sizes <= LONGEST_FORM))
    sizes, letters = forms.sizes[fits], forms.letters[fits].T.copy()
    codes = codes_of([word])[0, : len(word)].tolist()
    high = np.full(len(fits), limit + 1, dtype=np.int8)
    rows = [{column: np.full(len(fits), column, dtype=np.int8) for column in range(limit + 1)}]
    for i, code in enumerate(codes, start=1):
        last, row = rows[-1], {0: np.full(len(fits), i, dtype=np.int8)} if i <= limit else {}
        for j in range(max(1, i - limit), min(i + limit, LONGEST_FORM) + 1):
            cost = last.get(j - 1, high) + (letters[j - 1] != code)
            for other in (last.get(j), row.get(j - 1)):
                if other is not None:
                    np.minimum(cost, other + 1, out=cost)
            if i > 1 and j > 1 and j - 2 in rows[-2]:
                swapped = (letters[j - 2] == code) & (letters[j - 1] == codes[i - 2])
                np.minimum(cost, np.where(swapped, rows[-2][j - 2] + 1, high), out=cost)
            row[j] = cost
        rows = [last, row]
    for j, cost in rows[-1].items():
        ends = sizes == j
        found[fits[ends]] = np.minimum(cost[ends], limit + 1)
    return found


def allowed_distance(word: str) -> int:
    """How far a form may be from a fuzzy word."""
    return 2 if len(word) >= _LONG else 1


def _expanded(word: Word, field: str, segments: Sequence[Segment]) -> _Expanded:
    found = _with_prefix(word.text, field, segments) if word.prefix else _nearly(word.text, field, segments)
    return _Expanded(tuple(found[: MOST_FORMS if word.prefix else MOST_NEAR]), len(found))


def _with_prefix(text: str, field: str, segments: Sequence[Segment]) -> list[str]:
    prefix = fold(text)
    found = {form for segment in segments for form in segment.forms_from(field, prefix)} if prefix else ()
    return sorted(found, key=lambda form: (len(form), form))


def _nearly(text: str, field: str, segments: Sequence[Segment], first: str | None = None) -> list[str]:
    """The forms within the distance allowed that begin with the same letter or with `first`, the nearest first."""
    word = fold(text)
    limit = allowed_distance(word)
    if not word or len(word) > LONGEST_FORM:
        return []
    near: dict[str, int] = {}
    for segment in segments:
        forms = segment.forms(field, first or word[0])
        far = distances(word, forms, limit)
        near |= {forms.written[place]: int(far[place]) for place in np.flatnonzero(far <= limit)}
    return sorted(near, key=lambda form: (near[form], form))


def _frequency(form: str, field: str, segments: Sequence[Segment]) -> int:
    return sum(len(segment.postings(field, form).documents) for segment in segments)
