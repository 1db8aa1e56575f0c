"""Whoosh's table of terms (a `.trm` file): a hash table that also knows the order of its keys.

A key is the number of the field (2 bytes, the highest first) and the term; a value is a row of `index.blocks.TERM`.
The table has three parts: keys with their values, rising; 256 tables of places by hash; the places in order.
"""

from __future__ import annotations

import pickle
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from struct import Struct
from typing import IO
from zlib import crc32

import numpy as np

from index.arrays import Array, Bytes, Integers
from index.blocks import TERM

_HEAD = b"HSH3" + bytes([1]) + bytes(8)
"""The tag, the kind of hash (1 for CRC-32), and 8 bytes that Whoosh leaves for later."""
_SIZES = Struct("!ii")
_TABLES = 256
_SLOT = np.dtype([("hash", ">u4"), ("place", ">i8")])
_TABLE = np.dtype([("place", ">i8"), ("slots", ">i4")])
_SLOT_ROW, _TABLE_ROW = Struct("!Iq"), Struct("!qi")


class TermsWriter:
    """Writes a table into an open file, from its start. Fields and terms must come rising."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._size = file.write(_HEAD)
        self._fields: dict[str, int] = {}
        self._hashes = array("I")
        self._places = array("Q")

    def add(self, field: str, terms: Sequence[bytes], rows: Array) -> None:
        """Add terms of a field with their rows of `TERM`, whose places must count from the start of the postings."""
        prefix = self._fields.setdefault(field, len(self._fields)).to_bytes(2, "big")
        values, width = rows.tobytes(), TERM.itemsize
        place = self._size
        pieces: list[bytes] = []
        places: list[int] = []
        for number, term in enumerate(terms):
            key = prefix + term
            pieces += (_SIZES.pack(len(key), width), key, values[number * width : (number + 1) * width])
            places.append(place)
            place += _SIZES.size + len(key) + width
            self._hashes.append(crc32(key))
        self._places.extend(places)
        self._file.write(b"".join(pieces))
        self._size = place

    def finish(self) -> int:
        """Write the tables of hashes; returns the size of all."""
        hashes, places = np.frombuffer(self._hashes, dtype=np.uint32), np.frombuffer(self._places, dtype=np.int64)
        of_table = (hashes & (_TABLES - 1)).astype(np.uint8)
        order = np.argsort(of_table, kind="stable")
        stops = np.cumsum(np.bincount(of_table, minlength=_TABLES)).tolist()
        tables = np.zeros(_TABLES, dtype=_TABLE)
        place = self._size
        for number, (start, stop) in enumerate(zip([0, *stops], stops, strict=False)):
            slots = _slots(hashes[order[start:stop]], places[order[start:stop]])
            tables[number] = place, len(slots)
            place += self._file.write(slots.tobytes())
        kind = "I" if self._size < 1 << 32 else "q"
        extras = pickle.dumps({"fieldmap": self._fields, "indextype": kind, "indexlen": len(places)}, 2)
        rising = places.astype(">u4" if kind == "I" else ">i8").tobytes()
        tail = len(extras) + len(rising)
        return place + sum(
            self._file.write(each) for each in (tables.tobytes(), extras, rising, tail.to_bytes(4, "big"))
        )


def _slots(hashes: Array, places: Array) -> Array:
    """The slots of one table, a quarter more than its keys.

    A key stands in the slot that its hash names or, where that is taken, in the next free one; behind the last slot
    comes the first. So keys sorted by slot stand at the slot named or just behind the one before.
    """
    size = len(hashes) + (len(hashes) + 3) // 4
    found = np.zeros(size, dtype=_SLOT)
    if not size:
        return found
    wanted = (hashes >> 8).astype(np.int64) % size
    order = np.argsort(wanted, kind="stable")
    rank = np.arange(len(order))
    pushed = np.maximum.accumulate(wanted[order] - rank) + rank
    inside = pushed < size
    free = np.setdiff1d(np.arange(size), pushed[inside])[: np.count_nonzero(~inside)]
    slots = np.concatenate([pushed[inside], free])
    found["hash"][slots], found["place"][slots] = hashes[order], places[order]
    return found


class TermsTable:
    """The table of an open segment: the terms of a field in order, and what the table says of them, as arrays."""

    def __init__(self, data: Bytes) -> None:
        """`data` is the whole file, which may be mapped."""
        self._data = data
        tail = int.from_bytes(data[-4:].tobytes(), "big")
        end = len(data) - 4
        # The pickle ends at its own end, the places in order follow it.
        found = pickle.loads(data[end - tail : end].tobytes())  # noqa: S301 - the index is Kilde's own file
        self._kind = np.dtype({"B": "u1", "H": ">u2", "i": ">i4", "I": ">u4", "q": ">i8"}[found["indextype"]])
        self._count: int = found["indexlen"]
        self._start = end - self._count * self._kind.itemsize
        self._fields: dict[str, int] = found["fieldmap"]
        self._tables = end - tail - _TABLES * _TABLE.itemsize

    def fields(self) -> list[str]:
        """The fields that have terms."""
        return list(self._fields)

    def span(self, field: str) -> tuple[int, int]:
        """The numbers of a field's first term and of the one behind its last."""
        number = self._fields.get(field)
        if number is None:
            return 0, 0
        first, last = (bisect_left(range(self._count), each, key=self._field_of) for each in (number, number + 1))
        return first, last

    def row(self, field: str, term: bytes) -> np.void | None:
        """What the table says of a term, as a row of `TERM`; None where it has no such term."""
        number = self._fields.get(field)
        if number is None:
            return None
        key = number.to_bytes(2, "big") + term
        sought = crc32(key)
        data, slot = self._data.data, _SLOT.itemsize
        first, slots = _TABLE_ROW.unpack_from(data, self._tables + (sought & (_TABLES - 1)) * _TABLE.itemsize)
        for step in range(slots):
            found, place = _SLOT_ROW.unpack_from(data, first + ((sought >> 8) + step) % slots * slot)
            if not place:
                return None
            if found == sought:
                start = place + _SIZES.size
                size, _ = _SIZES.unpack_from(data, place)
                if data[start : start + size] == key:
                    row: np.void = np.frombuffer(data, dtype=TERM, count=1, offset=start + size)[0]
                    return row
        return None

    def terms(self, start: int, stop: int) -> list[bytes]:
        """The terms with these numbers."""
        places = self._places(start, stop)
        sizes = (self._sizes(places) - 2).tolist()
        data = self._data.data
        return [
            bytes(data[place : place + size])
            for place, size in zip((places + _SIZES.size + 2).tolist(), sizes, strict=True)
        ]

    def rows(self, start: int, stop: int) -> Array:
        """What the table says of the terms with these numbers, as rows of `TERM`."""
        places = self._places(start, stop)
        first = places + _SIZES.size + self._sizes(places)
        found = self._data[first[:, None] + np.arange(TERM.itemsize)]
        return np.ascontiguousarray(found).view(TERM).reshape(-1)

    def _places(self, start: int, stop: int) -> Integers:
        width = self._kind.itemsize
        here = self._data[self._start + start * width : self._start + stop * width]
        return np.frombuffer(here, dtype=self._kind).astype(np.int64)

    def _sizes(self, places: Integers) -> Integers:
        """The sizes of the keys at these places."""
        found = np.zeros(len(places), dtype=np.int64)
        for byte in range(4):
            found = found << 8 | self._data[places + byte]
        return found

    def _field_of(self, number: int) -> int:
        place = int(self._places(number, number + 1)[0]) + _SIZES.size
        return int(self._data[place]) << 8 | int(self._data[place + 1])
