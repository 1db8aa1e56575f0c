"""The array types of the index, what is done to ragged arrays, and named arrays in one memory-mapped file.

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


def open_arrays(path: Path) -> tuple[dict[str, Array], mmap.mmap]:
    """The arrays of such a file, mapped into memory and read only, and the map. DamagedError where it is none."""
    wrong = DamagedError(f"{path} holds no arrays of this version of Kilde")
    try:
        mapped = map_file(path)
        size = int.from_bytes(mapped[len(_MAGIC) : len(_MAGIC) + 8], "little")
        start = len(_MAGIC) + 8 + size
        if mapped[: len(_MAGIC)] != _MAGIC or size > min(_LONGEST_HEADER, len(mapped)):
            raise wrong
        rows = json.loads(mapped[len(_MAGIC) + 8 : start])
        arrays = {
            name: np.frombuffer(mapped, dtype=np.dtype(kind), count=count, offset=start + place)
            for name, (kind, count, place) in rows.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise wrong from error
    return arrays, mapped
