"""Where the words of a query stand in a text: the spans that a snippet marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.analysis import DANISH, Form
from index.filters import exact_form
from kilde.danish.stems import fold
from search.matching import BODY, Step, asked_of, steps_of
from search.query_tree import FieldIs, Near, Node, Phrase, Word
from search.stops import terms

MOST_TEXT = 1_000_000
"""Characters of a record that are looked at."""

Expansions = Mapping[tuple[str, Word], tuple[str, ...]]


def marks(tree: Node | None, text: str, expansions: Expansions) -> list[tuple[int, int]]:
    """The spans of the forms that a query asks for, in order. `expansions` are those of the engine's `Collection`."""
    if tree is None:
        return []
    forms = list(DANISH(text[:MOST_TEXT]))
    found = {place for term in terms(tree, ruled_out=False) for place in _places(term, forms, expansions)}
    return [(forms[place].start, forms[place].end) for place in sorted(found)]


def _places(term: Word | Phrase | Near | FieldIs, forms: Sequence[Form], expansions: Expansions) -> set[int]:
    """The numbers of the forms that a term asks for; filters and titles mark nothing."""
    match term:
        case Word(text, exact=True):
            return _with_forms({exact_form(text)}, forms)
        case Word(fuzzy=True):
            return _with_forms(set(expansions.get((BODY, term), ())), forms)
        case Word(text, prefix=True):
            begin = fold(text)
            return {number for number, form in enumerate(forms) if _begins(form, begin)}
        case Word() | Phrase():
            return {place for run in _runs(term, forms) for place in run}
        case Near(left, right, distance):
            return _near(_runs(left, forms), _runs(right, forms), distance, forms)
        case _:
            return set()


def _with_forms(wanted: set[str], forms: Sequence[Form]) -> set[int]:
    return {number for number, form in enumerate(forms) if not wanted.isdisjoint(form.keys.exact)}


def _begins(form: Form, begin: str) -> bool:
    return any(fold(each).startswith(begin) for each in form.keys.exact)


def _runs(part: Word | Phrase, forms: Sequence[Form]) -> list[range]:
    """Where a word or phrase stands: runs of numbers of forms."""
    asked = asked_of(part)
    steps = steps_of(part)
    first = frozenset(steps[0]) if steps else frozenset()
    begins = [place for place, form in enumerate(forms) if not first.isdisjoint(form.keys.steps[0])]
    found = [range(place, end) for place in begins if (end := _run(forms, place, steps)) > place]
    if len(steps) > 1 and len(asked.forms) == 1:
        whole = asked.forms[0].whole
        found += [range(place, place + 1) for place, form in enumerate(forms) if _has(form.keys.steps[0], whole)]
    return found


def _run(forms: Sequence[Form], place: int, steps: Sequence[Step]) -> int:
    """The number behind the last form of the steps that begin here; `place` itself where they do not."""
    number, inside = place, 0
    for step in steps:
        if number >= len(forms) or not _has(forms[number].keys.steps[inside], step):
            return place
        inside += 1
        if inside == len(forms[number].keys.steps):
            number, inside = number + 1, 0
    return number + (1 if inside else 0)


def _near(left: Sequence[range], right: Sequence[range], distance: int, forms: Sequence[Form]) -> set[int]:
    found: set[int] = set()
    for here in left:
        for there in right:
            first, second = sorted((here, there), key=lambda run: run.start)
            if forms[second.start].position - forms[first.stop - 1].position <= distance:
                found.update(here, there)
    return found


def _has(step: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(key in wanted for key in step)
