"""Facets: which values are selected, which records that leaves, and how many hits each value would have.

A facet's own selection does not restrict its own counts: its values are alternatives. Facets combine with AND.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import numpy as np

from index.columns import Integers, Mask, Segment
from kilde.danish.stems import fold
from search.labels import label
from search.matching import facet_fields, value_mask
from search.page import FACETS, FacetValue, Filters
from search.query_names import KINDS, region_key, regions
from search.query_tree import And, Exactly, FieldIs, Node, Or

MOST_VALUES = 1000
"""Values of a facet that an answer has."""

ValuesOf: TypeAlias = Callable[[str], frozenset[str]]
"""A field of facets -> all its values in the index."""


def selected_by_text(tree: Node | None, taken: Iterable[str]) -> tuple[Node | None, dict[str, tuple[FieldIs, ...]]]:
    """Parts of a query that say what a filter would: `kommune:Aarhus`, or alternatives of one facet, at the top.

    Gives the tree without them, and them by facet. A facet that is named twice, or is `taken` by a filter, stays in
    the tree, since both must hold.
    """
    parts = tree.parts if isinstance(tree, And) else (tree,) if tree is not None else ()
    named = [(part, _alternatives(part)) for part in parts]
    times = Counter([*taken, *(found[0].field.value for _, found in named if found)])
    chosen = {found[0].field.value: found for _, found in named if found and times[found[0].field] == 1}
    rest = tuple(part for part, found in named if not found or found[0].field not in chosen)
    if len(rest) > 1:
        return And(rest), chosen
    return (rest[0] if rest else None), chosen


def selected_by_filters(filters: Filters, values_of: ValuesOf) -> dict[str, frozenset[str]]:
    """The selections of a query's filters: the values as they stand in the index, though case or spelling differ."""
    return {
        name: frozenset().union(*(_as_indexed(name, text, values_of, filters.role) for text in texts))
        for name in FACETS
        if (texts := getattr(filters, name))
    }


def matching_values(term: FieldIs, values_of: ValuesOf, roles: tuple[str, ...]) -> frozenset[str]:
    """The values in the index that `field:value` means: the value in any case, else all that have all of its words."""
    assert isinstance(term.value, Exactly)
    same = _as_indexed(term.field.value, term.value.value, values_of, roles)
    known = _known(term.field.value, values_of, roles)
    words = set(fold(term.value.value).split())
    return same if same & known else frozenset(each for each in known if words <= set(fold(each).split()))


def masks(segment: Segment, selections: Mapping[str, frozenset[str]], roles: tuple[str, ...]) -> dict[str, Mask]:
    """For each facet with a selection the records that it leaves."""
    return {name: value_mask(segment, name, values, roles) for name, values in selections.items()}


def counts(segment: Segment, name: str, roles: tuple[str, ...], among: Mask, by_document: bool) -> Counter[str]:
    """How many of the records in the mask, or of their documents, have each value of a facet."""
    fields = facet_fields(name, roles)
    if len(fields) == 1 and not by_document:
        column = segment.facet(fields[0])
        found = zip(column.values, column.counts(among).tolist(), strict=True)
        return Counter({value: count for value, count in found if count})
    units = segment.documents if by_document else np.arange(segment.size)
    total: dict[str, list[Integers]] = {}
    for field in fields:
        column = segment.facet(field)
        inside = among[column.documents]
        documents, ordinals = units[column.documents[inside]], column.ordinals[inside]
        for place in np.unique(ordinals):
            total.setdefault(column.values[place], []).append(documents[ordinals == place])
    return Counter({value: len(np.unique(np.concatenate(each))) for value, each in total.items()})


def shown(name: str, found: Counter[str], selected: frozenset[str]) -> tuple[FacetValue, ...]:
    """A facet's values for an answer: those with the most hits first, selected ones even without hits."""
    rows = sorted((-found[value], label(name, value), value) for value in {*found, *selected})
    return tuple(
        FacetValue(value, text, -count, value in selected)
        for place, (count, text, value) in enumerate(rows)
        if place < MOST_VALUES or value in selected
    )


def _alternatives(tree: Node) -> tuple[FieldIs, ...]:
    """The values of one facet that a part of a query asks for, any of them; none where it asks for something else."""
    parts = tree.parts if isinstance(tree, Or) else (tree,)
    values = tuple(part for part in parts if isinstance(part, FieldIs) and isinstance(part.value, Exactly))
    same = len(values) == len(parts) and len({each.field for each in values}) == 1
    return values if same else ()


def _as_indexed(name: str, text: str, values_of: ValuesOf, roles: tuple[str, ...]) -> frozenset[str]:
    """The value itself as it stands in the index, whatever its case; as it was given where it does not stand there."""
    if name == "region":
        text = regions().get(region_key(text), text)
    elif name == "kind" and text.casefold() in KINDS:
        text = KINDS[text.casefold()].value
    wanted = fold(text.strip())
    return frozenset(each for each in _known(name, values_of, roles) if fold(each) == wanted) or frozenset({text})


def _known(name: str, values_of: ValuesOf, roles: tuple[str, ...]) -> frozenset[str]:
    fields = facet_fields(name, roles)
    return values_of(fields[0]) if len(fields) == 1 else frozenset().union(*map(values_of, fields))
