"""Posting lists of one field as arrays: what a flush makes, what a merge joins, and what is written in blocks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from index.arrays import Array, Bytes, Counts, spread, starts_of


@dataclass(frozen=True, slots=True)
class Values:
    """What postings carry, as `index.positions` writes it: the bytes one after the other, and the size of each."""

    data: Any
    """Bytes that can be sliced: an array or a memory map."""
    sizes: Counts


@dataclass(frozen=True, slots=True)
class Lists:
    """The posting lists of consecutive terms of a field."""

    terms: list[bytes]
    """Rising."""
    counts: Counts
    """Postings of each term; none has none."""
    documents: Counts
    """Of all postings, rising within a term."""
    weights: Counts | None
    """How often the term stands there; None where it is never more than once, as far as anyone asks."""
    values: Values | None

    @property
    def length(self) -> int:
        """What the documents' lengths in this field come to."""
        return len(self.documents) if self.weights is None else int(self.weights.sum(dtype=np.int64))


def renumbered(lists: Lists, numbers: Array) -> Lists:
    """The lists with other numbers for their documents; postings of those whose number is below 0 are left out."""
    documents = numbers[lists.documents]
    keep = documents >= 0
    if keep.all():
        return Lists(lists.terms, lists.counts, documents.astype(np.uint32), lists.weights, lists.values)
    owners = np.repeat(np.arange(len(lists.terms)), lists.counts)[keep]
    counts = np.bincount(owners, minlength=len(lists.terms))
    left = np.flatnonzero(counts)
    values = lists.values
    if values is not None:
        data: Bytes = np.frombuffer(values.data, dtype=np.uint8)
        starts, sizes = starts_of(values.sizes)[keep], values.sizes[keep]
        values = Values(data[spread(starts, sizes)], sizes)
    return Lists(
        [lists.terms[place] for place in left],
        counts[left].astype(np.uint32),
        documents[keep].astype(np.uint32),
        None if lists.weights is None else lists.weights[keep],
        values,
    )


def joined(parts: list[Lists]) -> Lists:
    """Several lists as one: a term's postings stand in the order of the parts, whose documents must follow."""
    if len(parts) == 1:
        return parts[0]
    terms = sorted(set().union(*(part.terms for part in parts)))
    places = {term: place for place, term in enumerate(terms)}
    owners = np.array([places[term] for part in parts for term in part.terms], dtype=np.int64)
    order = np.argsort(owners, kind="stable")
    counts = np.concatenate([part.counts for part in parts])
    total = np.bincount(owners, weights=counts, minlength=len(terms)).astype(np.uint32)
    postings = spread(starts_of(counts)[order], counts[order])
    documents = np.concatenate([part.documents for part in parts])[postings]
    weights = None
    if all(part.weights is not None for part in parts):
        weights = np.concatenate([part.weights for part in parts if part.weights is not None])[postings]
    return Lists(terms, total, documents, weights, _joined_values(parts, order, postings))


def _joined_values(parts: list[Lists], order: Array, postings: Array) -> Values | None:
    """The values in the order of the lists; whole lists are copied, not their values one by one."""
    found = [part.values for part in parts if part.values is not None]
    if len(found) < len(parts):
        return None
    pieces = []
    for part, values in zip(parts, found, strict=True):
        ends = np.concatenate([[0], np.cumsum(values.sizes, dtype=np.int64)])
        lists = np.concatenate([[0], np.cumsum(part.counts, dtype=np.int64)])
        bounds = ends[lists].tolist()
        data = memoryview(values.data)
        pieces += [data[start:stop] for start, stop in pairwise(bounds)]
    sizes = np.concatenate([values.sizes for values in found])[postings]
    return Values(np.frombuffer(b"".join([pieces[place] for place in order.tolist()]), dtype=np.uint8), sizes)
