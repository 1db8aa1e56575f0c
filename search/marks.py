"""Where the words of a query stand in a text: the spans that a snippet marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, islice

from index.analysis import DANISH
from index.filters import Keys, exact_form
from kilde.danish.folding import fold as folded
from kilde.danish.stems import fold
from search.matching import BODY, Step, asked_of, steps_of
from search.query_tree import FieldIs, Near, Node, Phrase, Word
from search.stops import terms

MOST_TEXT = 1_000_000
"""Characters of a record that are looked at."""

Expansions = Mapping[tuple[str, Word], tuple[str, ...]]


def marks(tree: Node | None, text: str, expansions: Expansions) -> list[tuple[int, int]]:
    """The spans of the forms that a query asks for, in order. `expansions` are those of the engine's `Collection`."""
    asked = [term for term in terms(tree, ruled_out=False) if not isinstance(term, FieldIs)] if tree else []
    if not asked:
        return []
    text = text[:MOST_TEXT]
    # Keys of all forms, spans of the few that are found: a page of hits has thousands of words.
    forms = DANISH.all_keys(text)
    found = {place for term in asked for place in _places(term, forms, expansions)}
    return _spans(text, found) if found else []


def _spans(text: str, numbers: set[int]) -> list[tuple[int, int]]:
    """The spans of the forms with these numbers, in the text as given."""
    seen = folded(text)
    matches = islice(DANISH.forms.finditer(seen.text), max(numbers) + 1)
    found = (match.span() for number, match in enumerate(matches) if number in numbers)
    return [seen.span(*span) for span in found] if seen.cuts else list(found)


def _places(term: Word | Phrase | Near, forms: Sequence[Keys], expansions: Expansions) -> set[int]:
    """The numbers of the forms that a term asks for."""
    match term:
        case Word(text, exact=True):
            return _with_forms({exact_form(text)}, forms)
        case Word(fuzzy=True):
            return _with_forms(set(expansions.get((BODY, term), ())), forms)
        case Word(text, prefix=True):
            begin = fold(text)
            return {number for number, keys in enumerate(forms) if _begins(keys, begin)}
        case Near(left, right, distance):
            return _near(_runs(left, forms), _runs(right, forms), distance, forms)
        case _:
            return {place for run in _runs(term, forms) for place in run}


def _with_forms(wanted: set[str], forms: Sequence[Keys]) -> set[int]:
    return {number for number, keys in enumerate(forms) if not wanted.isdisjoint(keys.exact)}


def _begins(keys: Keys, begin: str) -> bool:
    return any(fold(each).startswith(begin) for each in keys.exact)


def _runs(part: Word | Phrase, forms: Sequence[Keys]) -> list[range]:
    """Where a word or phrase stands: runs of numbers of forms."""
    asked = asked_of(part)
    steps = steps_of(part)
    first = frozenset(steps[0]) if steps else frozenset()
    begins = [place for place, keys in enumerate(forms) if not first.isdisjoint(keys.steps[0])]
    found = [range(place, end) for place in begins if (end := _run(forms, place, steps)) > place]
    if len(steps) > 1 and len(asked.forms) == 1:
        whole = asked.forms[0].whole
        found += [range(place, place + 1) for place, keys in enumerate(forms) if _has(keys.steps[0], whole)]
    return found


def _run(forms: Sequence[Keys], place: int, steps: Sequence[Step]) -> int:
    """The number behind the last form of the steps that begin here; `place` itself where they do not."""
    number, inside = place, 0
    for step in steps:
        if number >= len(forms) or not _has(forms[number].steps[inside], step):
            return place
        inside += 1
        if inside == len(forms[number].steps):
            number, inside = number + 1, 0
    return number + (1 if inside else 0)


def _near(left: Sequence[range], right: Sequence[range], distance: int, forms: Sequence[Keys]) -> set[int]:
    positions = list(accumulate((len(keys.steps) for keys in forms), initial=0)) if left and right else []
    found: set[int] = set()
    for here in left:
        for there in right:
            first, second = sorted((here, there), key=lambda run: run.start)
            if positions[second.start] - positions[first.stop - 1] <= distance:
                found.update(here, there)
    return found


def _has(step: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(key in wanted for key in step)
