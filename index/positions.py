"""Positions of a term in a document as the value of its posting: bytes that Whoosh's `formats.Positions` reads.

A value is the number of positions (4 bytes, the highest first) and a pickle of their differences. Whoosh unpickles
whatever can be counted through, so differences below 256, nearly all, are pickled as a string of bytes, others as a
tuple of whole numbers of one width. All values of a flush are written, and read, with a few operations on arrays.
"""

from __future__ import annotations

import numpy as np

from index.arrays import Array, Bytes, Counts, Integers, spread, starts_of

_SHORT, _LONG, _OPEN, _CLOSE, _STOP = (ord(opcode) for opcode in "CB(t.")
"""Opcodes of pickle: a string of less than 256 bytes, a longer one, a tuple's two ends, and the end."""
_TWO, _FOUR = ord("M"), ord("J")
"""Opcodes of pickle: a whole number of two bytes, and of four, the lowest first."""
_SHORTEST_LONG = 256


def encode(positions: Array, counts: Array) -> tuple[Bytes, Counts]:
    """The values of postings: their bytes one after the other, and the size of each.

    `positions` are those of all postings, rising within each, `counts` how many each has, one at least. A value's
    bytes begin with the opcode and size that make it a string of bytes in a pickle.
    """
    counts = counts.astype(np.int64, copy=False)
    firsts = starts_of(counts)
    differences: Array = np.diff(positions, prepend=positions[:1])
    differences[firsts] = positions[firsts]
    highest = np.maximum.reduceat(differences, firsts)
    stride = np.where(highest < 1 << 8, 1, np.where(highest < 1 << 16, 3, 5))
    many = (stride == 1) & (counts >= _SHORTEST_LONG)
    before = np.where(stride > 1, 5, np.where(many, 9, 6))
    inner = before + stride * counts + np.where(stride > 1, 2, 1)
    long = inner >= _SHORTEST_LONG
    sizes = (inner + np.where(long, 5, 2)).astype(np.uint32)
    ends = np.cumsum(sizes, dtype=np.int64)
    values = np.zeros(int(ends[-1]), dtype=np.uint8)
    begins = ends - inner
    _put_prefix(values, begins - np.where(long, 5, 2), inner, long)
    _put_count(values, begins, counts)
    _put_prefix(values, begins[stride == 1] + 4, counts[stride == 1], many[stride == 1])
    values[ends - 1] = _STOP
    tuples = np.flatnonzero(stride > 1)
    values[begins[tuples] + 4] = _OPEN
    values[ends[tuples] - 2] = _CLOSE
    begins += before
    _put_differences(values, begins, differences, counts, stride)
    return values, sizes


def decode(values: Bytes, sizes: Array) -> tuple[Integers, Integers]:
    """The positions of values one after the other, and how many each has: what `encode` was given."""
    if not len(sizes):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    starts = starts_of(sizes)
    begins = starts + np.where(values[starts] == _LONG, 5, 2)
    counts = np.zeros(len(starts), dtype=np.int64)
    for byte in range(4):
        counts = counts << 8 | values[begins + byte]
    opcodes = values[begins + 4]
    tuples = opcodes == _OPEN
    stride = np.where(tuples, np.where(values[begins + 5] == _TWO, 3, 5), 1)
    first = begins + np.where(tuples, 6, np.where(opcodes == _LONG, 9, 6))
    places = np.repeat(first, counts) + np.repeat(stride, counts) * spread(np.zeros_like(counts), counts)
    differences = values[places].astype(np.int64)
    for least, bytes_ in ((3, (1,)), (5, (2, 3))):
        wide = np.flatnonzero(np.repeat(stride >= least, counts))
        for byte in bytes_:
            differences[wide] |= values[places[wide] + byte].astype(np.int64) << 8 * byte
    return _summed(differences, counts), counts


def _summed(differences: Integers, counts: Integers) -> Integers:
    """Running sums within each posting."""
    sums = np.cumsum(differences)
    firsts = starts_of(counts)
    before = sums[firsts] - differences[firsts]
    return sums - np.repeat(before, counts)


def _put_prefix(values: Bytes, places: Integers, sizes: Integers, long: Array) -> None:
    """Opcode and size of a string of bytes."""
    values[places] = np.where(long, _LONG, _SHORT)
    values[places + 1] = sizes & 255
    if long.any():
        for byte in range(1, 4):
            values[places[long] + 1 + byte] = sizes[long] >> 8 * byte & 255


def _put_count(values: Bytes, places: Integers, counts: Integers) -> None:
    """A whole number of four bytes, the highest first; nearly all fit into the last."""
    values[places + 3] = counts & 255
    large = np.flatnonzero(counts > 255)
    for byte in range(1, 4):
        values[places[large] + 3 - byte] = counts[large] >> 8 * byte & 255


def _put_differences(values: Bytes, first: Integers, differences: Array, counts: Integers, stride: Integers) -> None:
    if int(stride.max()) == 1:
        values[spread(first, counts)] = differences
        return
    for width, opcode, bytes_ in ((1, 0, 1), (3, _TWO, 2), (5, _FOUR, 4)):
        here = np.flatnonzero(stride == width)
        found = differences[spread(starts_of(counts)[here], counts[here])]
        inside = spread(np.zeros(len(here), dtype=np.int64), counts[here])
        places = np.repeat(first[here], counts[here]) + width * inside
        if width > 1:
            values[places] = opcode
            places += 1
        for byte in range(bytes_):
            values[places + byte] = found >> 8 * byte & 255
