"""The array types of the index, what is done to ragged arrays, and named arrays in one file.

A ragged array is two: all its pieces one after the other, and the size of each.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kilde.errors import DamagedError

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Bytes: TypeAlias = NDArray[np.uint8]
Counts: TypeAlias = NDArray[np.uint32]
"""Numbers from 0 to 2^32 - 1: documents, positions, sizes."""
Array: TypeAlias = NDArray[Any]

_MAGIC = b"KildeA1\n"
_ALIGNED = 64
_LONGEST_HEADER = 1 << 20


def starts_of(sizes: Array) -> Integers:
    """Where each piece starts."""
    ends = np.cumsum(sizes, dtype=np.int64)
    return ends - sizes


def spread(starts: Array, sizes: Array) -> Integers:
    """The places of all items of pieces: `start, start + 1, ...` for each piece, one after the other."""
    sizes = sizes.astype(np.int64, copy=False)
    places = np.repeat(starts - starts_of(sizes), sizes)
    places += np.arange(len(places))
    return places


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write named arrays of one dimension into a file, each where a processor likes to read it."""
    rows = {}
    place = 0
    for name, array in arrays.items():
        rows[name] = (array.dtype.str, len(array), place)
        place += -(-array.nbytes // _ALIGNED) * _ALIGNED
    header = json.dumps(rows).encode()
    header += b" " * (-(len(_MAGIC) + 8 + len(header)) % _ALIGNED)
    with path.open("wb") as file:
        file.write(_MAGIC + len(header).to_bytes(8, "little") + header)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(bytes(-array.nbytes % _ALIGNED))


def map_file(path: Path) -> mmap.mmap:
    """A file's bytes, mapped into memory and read only."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def release(mapped: mmap.mmap) -> None:
    """Let go of the memory that a mapped file takes; it is read again where it is needed."""
    if hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


class FileArray:
    """An array in a file, of which only what is asked for is read.

    A mapped file would do the same, but what a process has mapped counts as its memory as long as nobody else needs it.
    """

    def __init__(self, path: Path, dtype: str, size: int, place: int) -> None:
        self._path = path
        self._dtype = np.dtype(dtype)
        self._size = size
        self._place = place

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> Array:
        """A part without steps, read anew."""
        start, stop, _ = part.indices(self._size)
        place = self._place + start * self._dtype.itemsize
        return np.fromfile(self._path, dtype=self._dtype, count=max(stop - start, 0), offset=place)


def open_arrays(path: Path) -> dict[str, FileArray]:
    """The arrays of such a file. DamagedError where it is none."""
    wrong = DamagedError(f"{path} holds no arrays of this version of Kilde")
    try:
        with path.open("rb") as file:
            magic, size = file.read(len(_MAGIC)), int.from_bytes(file.read(8), "little")
            if magic != _MAGIC or size > _LONGEST_HEADER:
                raise wrong
            rows = json.loads(file.read(size))
        start = len(_MAGIC) + 8 + size
        return {name: FileArray(path, kind, count, start + place) for name, (kind, count, place) in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise wrong from error
