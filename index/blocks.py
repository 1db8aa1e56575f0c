"""Posting lists as Whoosh 3 writes them (codec W3): blocks of at most 128 postings, whole, in and out.

A list is the tag `W3Bl`, then for each block its length (negative in the last one), a pickled tuple (number of
postings, last document, highest weight, compression, shortest and longest field length as bytes) and the pickled and
perhaps compressed data: differences of document numbers, weights (None for all 1), values.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from operator import sub
from pickle import dumps, loads
from pickle import load as load_pickle
from typing import Any

from kilde.errors import DamagedError

_TAG = b"W3Bl"
_SIZE = 128
_SMALLEST_COMPRESSED = 400
"""Bytes below which compressing a block costs more than it saves."""
_LEVEL = 1
_PROTOCOL = 3
"""Of pickle: the first that writes bytes as bytes, which 2, Whoosh's own, does not. Both are read alike."""
_LENGTH = struct.Struct("!i")


@dataclass(frozen=True, slots=True)
class Block:
    """Postings of one term: documents in rising order, their weights, and their values (None where there are none)."""

    documents: Sequence[int]
    weights: Sequence[float]
    values: Sequence[bytes] | None


@dataclass(frozen=True, slots=True)
class Written:
    """A posting list's bytes, and what Whoosh's table of terms says about it; lengths are Whoosh's bytes for them."""

    data: bytes
    weight: float
    highest: float
    shortest: int
    longest: int


def encode(postings: Block, lengths: bytes | None) -> Written:
    """Write a whole posting list. `lengths` has the length byte of each document's field, None if it is not scored."""
    documents, weights, values = postings.documents, postings.weights, postings.values
    found = b"\0" if lengths is None else bytes(map(lengths.__getitem__, documents))
    if len(documents) == 1:
        block = _encode_block(documents, weights, values, found, True)
        return Written(_TAG + block, weights[0], weights[0], found[0], found[0])
    pieces = [_TAG]
    for start in range(0, len(documents), _SIZE):
        end = start + _SIZE
        here = found if lengths is None else found[start:end]
        some = None if values is None else values[start:end]
        pieces.append(_encode_block(documents[start:end], weights[start:end], some, here, end >= len(documents)))
    return Written(b"".join(pieces), sum(weights), max(weights), min(found), max(found))


def _encode_block(
    documents: Sequence[int], weights: Sequence[float], values: Sequence[bytes] | None, lengths: bytes, last: bool
) -> bytes:
    kept = None if values is None else tuple(values)
    data = dumps((_differences(documents), _shortened(weights), kept), _PROTOCOL)
    level = _LEVEL if len(data) >= _SMALLEST_COMPRESSED else 0
    info = dumps((len(documents), documents[-1], max(weights), level, min(lengths), max(lengths)), _PROTOCOL)
    if level:
        data = zlib.compress(data, level)
    size = len(info) + len(data)
    return _LENGTH.pack(-size if last else size) + info + data


def decode(data: bytes) -> Iterator[Block]:
    """The blocks of a posting list. DamagedError when the bytes are none."""
    if data[:4] != _TAG:
        raise DamagedError("a posting list of the index is damaged: `kilde index --rebuild` makes it anew")
    place, last = 4, False
    while not last:
        (size,) = _LENGTH.unpack_from(data, place)
        last, size = size < 0, abs(size)
        place += _LENGTH.size
        yield _block(data[place : place + size])
        place += size


def _block(data: bytes) -> Block:
    stream = BytesIO(data)
    count, _, _, level, _, _ = load_pickle(stream)  # noqa: S301 - the index is Kilde's own file
    rest = data[stream.tell() :]
    differences, weights, values = loads(zlib.decompress(rest) if level else rest)  # noqa: S301
    return Block(_summed(differences), _lengthened(weights, count), values)


def _differences(documents: Sequence[int]) -> tuple[int, ...]:
    return (documents[0], *map(sub, documents[1:], documents))


def _summed(differences: Sequence[int]) -> list[int]:
    return list(accumulate(differences))


def _shortened(weights: Sequence[float]) -> Any:
    if len(set(weights)) == 1:
        return None if weights[0] == 1.0 else weights[0]
    return tuple(weights)


def _lengthened(weights: Any, count: int) -> Sequence[float]:
    if weights is None:
        return [1.0] * count
    return [weights] * count if isinstance(weights, float) else list(weights)
