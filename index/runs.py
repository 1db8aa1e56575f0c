"""What a flush made, as a source for the segment that is to be written: in memory, or in a file.

A run's file is read once, by the process that wrote it, and goes away with its folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from index.arrays import Array, Bytes, FileArray, open_arrays, write_arrays
from index.inversion import Column, Run
from index.postings import Lists, Values

_BETWEEN = b"\xff"
"""Stands behind each term in a file, and in no UTF-8."""


class RunField:
    """The lists of one field of a run, read a few terms at a time."""

    def __init__(self, arrays: Mapping[str, Array | FileArray], terms: Callable[[int, int], list[bytes]]) -> None:
        self.counts = arrays["counts"]
        self.terms = terms
        self._documents = arrays["documents"]
        self._weights = arrays.get("weights")
        self._sizes = arrays.get("sizes")
        self._values = arrays.get("values")
        self._bounds = arrays["bounds"]
        self._value_bounds = arrays.get("value_bounds")

    def lists(self, start: int, stop: int) -> Lists:
        """The lists of the terms with these numbers."""
        here = _between(self._bounds, start, stop)
        weights = None if self._weights is None else self._weights[here].astype(np.uint32)
        values = None
        if self._values is not None and self._sizes is not None and self._value_bounds is not None:
            data = self._values[_between(self._value_bounds, start, stop)]
            values = Values(data, self._sizes[here].astype(np.uint32))
        counts = self.counts[start:stop].astype(np.uint32)
        return Lists(self.terms(start, stop), counts, self._documents[here].astype(np.uint32), weights, values)


class RunSource:
    """A run that is written into a segment."""

    def __init__(
        self,
        size: int,
        fields: dict[str, RunField],
        lengths: dict[str, Bytes],
        columns: dict[str, Column],
    ) -> None:
        self.size = size
        self.lengths = lengths
        self.columns = columns
        self._fields = fields

    def fields(self) -> list[str]:
        """The fields that have terms."""
        return list(self._fields)

    def field(self, name: str) -> RunField:
        """The lists of a field."""
        return self._fields[name]

    def release(self) -> None:
        """There is nothing to let go of."""


def source_of(run: Run) -> RunSource:
    """A run in memory."""
    fields = {name: RunField(_arrays(lists), _in_memory(lists.terms)) for name, lists in run.lists.items()}
    return RunSource(run.size, fields, run.lengths, run.columns)


def write_run(path: Path, run: Run) -> None:
    """Write a run into a file; numbers take as few bytes as their highest needs."""
    arrays: dict[str, Array] = {f"length/{name}": each for name, each in run.lengths.items()}
    for name, column in run.columns.items():
        arrays |= {f"column/{name}/data": column.data, f"column/{name}/sizes": column.sizes}
    for name, lists in run.lists.items():
        sizes = np.fromiter(map(len, lists.terms), dtype=np.int64, count=len(lists.terms))
        terms = {
            "terms": np.frombuffer(b"".join(term + _BETWEEN for term in lists.terms), dtype=np.uint8),
            "term_bounds": _bounds(sizes + 1),
        }
        arrays |= {f"lists/{name}/{part}": _narrow(array) for part, array in (_arrays(lists) | terms).items()}
    write_arrays(path, arrays | {"size": np.array([run.size])})


def open_run(path: Path) -> RunSource:
    """A run in its file."""
    arrays = open_arrays(path)
    parts: dict[str, dict[str, FileArray]] = {}
    columns: dict[str, dict[str, FileArray]] = {}
    for name, array in arrays.items():
        kind, *rest = name.split("/")
        if kind in ("lists", "column"):
            (parts if kind == "lists" else columns).setdefault(rest[0], {})[rest[1]] = array
    return RunSource(
        int(arrays["size"][:][0]),
        {name: RunField(found, _in_file(found["terms"], found["term_bounds"])) for name, found in parts.items()},
        {name.removeprefix("length/"): array[:] for name, array in arrays.items() if name.startswith("length/")},
        {name: Column(found["data"], found["sizes"][:]) for name, found in columns.items()},
    )


def _arrays(lists: Lists) -> dict[str, Array]:
    bounds = _bounds(lists.counts)
    found = {"counts": lists.counts, "documents": lists.documents, "bounds": bounds}
    if lists.weights is not None:
        found["weights"] = lists.weights
    if lists.values is not None:
        ends = _bounds(lists.values.sizes)
        found |= {"sizes": lists.values.sizes, "values": lists.values.data, "value_bounds": ends[bounds]}
    return found


def _bounds(sizes: Array) -> Array:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])


def _narrow(array: Array) -> Array:
    return array.astype(np.min_scalar_type(int(array.max()))) if len(array) else array


def _in_memory(terms: list[bytes]) -> Callable[[int, int], list[bytes]]:
    return lambda start, stop: terms[start:stop]


def _in_file(data: FileArray, bounds: FileArray) -> Callable[[int, int], list[bytes]]:
    return lambda start, stop: data[_between(bounds, start, stop)].tobytes().split(_BETWEEN)[:-1]


def _between(bounds: Array | FileArray, start: int, stop: int) -> slice:
    """Where the pieces with these numbers stand."""
    found = bounds[start : stop + 1]
    return slice(int(found[0]), int(found[-1]))
