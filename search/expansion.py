"""The forms of the index that a `prefix*` or a `word~` stands for, and the nearest form to a misspelt word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nsmallest

from index.columns import Segment
from kilde.danish.stems import fold
from search.query_tree import Word

MOST_FORMS = 1000
"""Forms that a prefix stands for; the shortest are taken."""
MOST_NEAR = 100
"""Forms that a fuzzy word stands for; the nearest are taken."""
_FAR = 9
_LONG = 6
"""Letters from which a fuzzy word may differ in two places."""


def expand(word: Word, field: str, segments: Sequence[Segment]) -> tuple[tuple[str, ...], str | None]:
    """The forms in a field that `word*` or `word~` stands for, and a note where there are more than are searched."""
    found = _with_prefix(word.text, field, segments) if word.prefix else _nearly(word.text, field, segments)
    most, sign = (MOST_FORMS, "*") if word.prefix else (MOST_NEAR, "~")
    if len(found) <= most:
        return tuple(found), None
    return tuple(found[:most]), f"{word.text}{sign} stands for {len(found):,} words; {most:,} of them are searched"


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


def allowed_distance(word: str) -> int:
    """How far a form may be from a fuzzy word."""
    return 2 if len(word) >= _LONG else 1


def _with_prefix(text: str, field: str, segments: Sequence[Segment]) -> list[str]:
    prefix = fold(text)
    found = {form for segment in segments for form in segment.forms_from(field, prefix)}
    return sorted(found, key=lambda form: (len(form), form))


def _nearly(text: str, field: str, segments: Sequence[Segment], first: str | None = None) -> list[str]:
    """The forms within the distance allowed that begin with the same letter or with `first`, the nearest first."""
    word = fold(text)
    limit = allowed_distance(word)
    seen = {form for segment in segments for form in segment.forms_from(field, first or word[:1])}
    near = ((distance(word, fold(form), limit), form) for form in _of_length(seen, len(word), limit))
    return [form for far, form in sorted(near) if far <= limit]


def _of_length(forms: Iterable[str], length: int, limit: int) -> Iterable[str]:
    # aa may stand for å, so a form can be longer than its folded spelling.
    return (form for form in forms if length - limit <= len(form) <= length + limit + form.count("aa"))


def _frequency(form: str, field: str, segments: Sequence[Segment]) -> int:
    return sum(len(segment.postings(field, form).documents) for segment in segments)
