"""Posting lists in the bytes that Whoosh 3 reads (codec W3): lists of a field in, blocks out, and back.

A list is the tag `W3Bl`, then for each block its length (negative in the last one), a pickled tuple (number of
postings, last document, highest weight, compression, shortest and longest field length as bytes) and the pickled and
perhaps compressed data: differences of document numbers, weights (None for all 1), values. `docs/index-format.md`
shows the bytes. The pickles are written directly, in the few opcodes named here, so that they can be read without
making an object of every posting.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pickle import UnpicklingError, loads
from struct import Struct, error, pack

import numpy as np

from index.arrays import Array, Bytes, Counts, Integers, starts_of
from index.postings import Lists, Values
from kilde.errors import DamagedError

SIZE = 1024
"""Postings of a block. Whoosh writes 128 and reads any number; larger blocks are written and read faster."""
_SMALLEST_COMPRESSED = 200
"""Bytes below which compressing a block costs more than it saves."""
_LEVEL = 1
_WINDOW = 10
"""Bits: postings repeat after a few bytes, and a small window is quick to set up."""
_MEMORY = 5

_TAG = b"W3Bl"
_LENGTH = Struct("!i")
_VALUES, _NO_VALUES = b"(", b"N\x87."
_END = b"t\x87."
_NONE = b"N"
_ONE, _TWO, _FOUR, _OPEN, _CLOSE = (ord(opcode) for opcode in "KMJ(t")
_BYTES = {ord("C"): 1, ord("B"): 4}
"""Opcodes of strings of bytes, and the bytes that their sizes take."""
_WIDTHS = {_ONE: 2, _TWO: 3, _FOUR: 5}
"""Opcodes of whole numbers, and the bytes that a number takes with its opcode."""
_FLOAT = ord("G")
_FLOAT_SIZE = 9
_INFO_END = b"t."

TERM = np.dtype(
    [("inlined", "u1"), ("weight", ">f4"), ("count", ">u4"), ("shortest", "u1"), ("longest", "u1"),
     ("highest", ">f4"), ("first", ">u4"), ("last", ">u4"), ("place", ">i8"), ("size", ">i4")]
)  # fmt: skip
"""Whoosh's W3TermInfo: what the table of terms says of a list."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Posting lists as bytes, and a row of `TERM` for each list; places count from the first byte."""

    data: bytes
    rows: Array


@dataclass(frozen=True, slots=True)
class _Blocks:
    """The blocks of some lists: where each starts and ends among the postings, and which of the lists it is of."""

    starts: Integers
    stops: Integers
    owners: Integers
    last: Array


@dataclass(frozen=True, slots=True)
class _Info:
    """What Whoosh's block says of itself, besides how it is compressed."""

    count: int
    compressed: bool
    end: int
    """The place behind it."""


def encode(lists: Lists, lengths: Bytes | None) -> Encoded:
    """Write posting lists. `lengths` has the length byte of each document's field, None where it is not scored."""
    if not len(lists.documents):
        return Encoded(b"", np.zeros(0, dtype=TERM))
    blocks = _blocks(lists.counts)
    weights = np.ones(len(lists.documents), dtype=np.uint32) if lists.weights is None else lists.weights
    found = np.zeros(len(lists.documents), dtype=np.uint8) if lengths is None else lengths[lists.documents]
    pieces, spans = _pieces(lists, weights, found, blocks)
    rows = np.zeros(len(lists.terms), dtype=TERM)
    firsts = starts_of(lists.counts)
    rows["count"] = lists.counts
    rows["weight"] = np.add.reduceat(weights, firsts, dtype=np.float64)
    rows["highest"] = np.maximum.reduceat(weights, firsts)
    rows["shortest"], rows["longest"] = np.minimum.reduceat(found, firsts), np.maximum.reduceat(found, firsts)
    rows["first"] = lists.documents[firsts]
    rows["last"] = lists.documents[firsts + lists.counts - 1]
    rows["place"], rows["size"] = np.array(spans, dtype=np.int64).T
    return Encoded(b"".join(pieces), rows)


def _blocks(counts: Counts) -> _Blocks:
    counts = counts.astype(np.int64)
    parts = -(-counts // SIZE)
    owners = np.repeat(np.arange(len(counts)), parts)
    number = np.arange(len(owners)) - np.repeat(starts_of(parts), parts)
    starts = starts_of(counts)[owners] + number * SIZE
    stops = np.minimum(starts + SIZE, np.cumsum(counts)[owners])
    return _Blocks(starts, stops, owners, number == parts[owners] - 1)


def _pieces(
    lists: Lists, weights: Counts, lengths: Bytes, blocks: _Blocks
) -> tuple[list[bytes], list[tuple[int, int]]]:
    """The bytes of all blocks, and the place and size of each list.

    Lists that are the same to the byte, as are those of the forms that only one document has, are written once.
    """
    highest = np.maximum.reduceat(weights, blocks.starts)
    bodies = list(_bodies(lists, weights, highest, blocks))
    compressed = [len(body) >= _SMALLEST_COMPRESSED for body in bodies]
    infos, bounds = _infos(lists, highest, lengths, compressed, blocks)
    opens = (np.diff(blocks.owners, prepend=-1) > 0).tolist()
    pieces: list[bytes] = []
    spans: list[tuple[int, int]] = []
    seen: dict[bytes, int] = {}
    place = 0
    for number, (body, large, first, last) in enumerate(
        zip(bodies, compressed, opens, blocks.last.tolist(), strict=True)
    ):
        data = _compressed(body) if large else body
        info = b"".join((b"(", infos[bounds[number] : bounds[number + 1]], _INFO_END))
        size = len(info) + len(data)
        block = b"".join((_TAG if first else b"", _LENGTH.pack(-size if last else size), info, data))
        if not first:
            spans[-1] = (spans[-1][0], spans[-1][1] + len(block))
        elif last and seen.setdefault(block, place) < place:
            spans.append((seen[block], len(block)))
            continue
        else:
            spans.append((place, len(block)))
        pieces.append(block)
        place += len(block)
    return pieces, spans


def _infos(
    lists: Lists, highest: Counts, lengths: Bytes, compressed: list[bool], blocks: _Blocks
) -> tuple[bytes, list[int]]:
    """The numbers of the tuples before the blocks' data, pickled, and the bounds of each block's."""
    numbers = np.empty((len(blocks.starts), 6), dtype=np.int64)
    numbers[:, 0] = blocks.stops - blocks.starts
    numbers[:, 1] = lists.documents[blocks.stops - 1]
    numbers[:, 2] = highest
    numbers[:, 3] = np.where(compressed, _LEVEL, 0)
    numbers[:, 4] = np.minimum.reduceat(lengths, blocks.starts)
    numbers[:, 5] = np.maximum.reduceat(lengths, blocks.starts)
    widths = _width(numbers)
    data = _packed(numbers.reshape(-1), widths.reshape(-1))
    return data, [*starts_of(widths.sum(axis=1)).tolist(), len(data)]


def _bodies(lists: Lists, weights: Counts, highest: Counts, blocks: _Blocks) -> Iterator[bytes]:
    """The pickled data of each block."""
    documents, bounds = _document_bytes(lists.documents, blocks)
    lowest = np.minimum.reduceat(weights, blocks.starts)
    plain = ((lowest == 1) & (highest == 1)).tolist()
    values = memoryview(lists.values.data) if lists.values is not None else None
    edges = [0] * (len(blocks.starts) + 1)
    if lists.values is not None:
        ends = np.concatenate([[0], np.cumsum(lists.values.sizes, dtype=np.int64)])
        edges = ends[np.append(blocks.starts, len(weights))].tolist()
    spans = zip(blocks.starts.tolist(), blocks.stops.tolist(), strict=True)
    for number, (start, stop) in enumerate(spans):
        weight = _NONE if plain[number] else _weight_bytes(weights[start:stop])
        head = documents[bounds[number] : bounds[number + 1]]
        if values is None:
            yield b"".join((b"(", head, b"t", weight, _NO_VALUES))
        else:
            yield b"".join((b"(", head, b"t", weight, _VALUES, values[edges[number] : edges[number + 1]], _END))


def _document_bytes(documents: Counts, blocks: _Blocks) -> tuple[bytes, list[int]]:
    """Differences of documents as pickled whole numbers, and the bounds of each block's.

    A block's first document has the width that it needs, the others that of the widest of them.
    """
    differences: Integers = np.diff(documents.astype(np.int64), prepend=np.int64(0)).astype(np.int64, copy=False)
    firsts = documents[blocks.starts].astype(np.int64)
    differences[blocks.starts] = 0
    widths = np.repeat(_width(np.maximum.reduceat(differences, blocks.starts)), blocks.stops - blocks.starts)
    differences[blocks.starts] = firsts
    widths[blocks.starts] = _width(firsts)
    data = _packed(differences, widths)
    return data, [*starts_of(widths)[blocks.starts].tolist(), len(data)]


def _packed(numbers: Integers, widths: Integers) -> bytes:
    """Pickled whole numbers one after the other, each of a width of `_WIDTHS`."""
    places = starts_of(widths)
    data = np.zeros(int(widths.sum()), dtype=np.uint8)
    for opcode, width in _WIDTHS.items():
        here = np.flatnonzero(widths == width)
        data[places[here]] = opcode
        for byte in range(width - 1):
            data[places[here] + 1 + byte] = numbers[here] >> 8 * byte & 255
    return data.tobytes()


def _width(numbers: Integers) -> Integers:
    """The bytes that a pickled whole number takes."""
    return np.where(numbers < 1 << 8, 2, np.where(numbers < 1 << 16, 3, 5))


def _weight_bytes(weights: Counts) -> bytes:
    highest = int(weights.max())
    if highest == int(weights.min()):
        return pack(">cd", b"G", highest)
    if highest < 1 << 8:
        sizes = pack("<cB", b"C", len(weights)) if len(weights) < 1 << 8 else pack("<cI", b"B", len(weights))
        return sizes + weights.astype(np.uint8).tobytes()
    rows = np.zeros(len(weights), dtype=[("opcode", "u1"), ("weight", "<u4")])
    rows["opcode"], rows["weight"] = _FOUR, weights
    return b"(" + rows.tobytes() + b"t"


def _compressed(body: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY)
    return packer.compress(body) + packer.flush()


def decode(data: bytes, *, with_values: bool = True) -> tuple[Counts, Counts, Values | None]:
    """A list's documents, weights and values. DamagedError when the bytes are none."""
    documents, weights, pieces, sizes = [], [], [], []
    try:
        for info, body in _read_blocks(data):
            place, found = _numbers(body, 1, info.count, running=True)
            place, heavy = _read_weights(body, place, len(found))
            documents.append(found)
            weights.append(heavy)
            if with_values and body[place : place + 1] == _VALUES:
                pieces.append(body[place + 1 : -len(_END)])
                sizes += _value_sizes(body[place:-2])
    except (ValueError, LookupError, zlib.error, error, EOFError, UnpicklingError) as wrong:
        raise _damaged() from wrong
    values = Values(b"".join(pieces), np.array(sizes, dtype=np.uint32)) if pieces else None
    return np.concatenate(documents).astype(np.uint32), np.concatenate(weights), values


def _read_blocks(data: bytes) -> Iterator[tuple[_Info, bytes]]:
    if data[:4] != _TAG:
        raise _damaged()
    place, last = 4, False
    while not last:
        (size,) = _LENGTH.unpack_from(data, place)
        last, size = size < 0, abs(size)
        start, place = place + 4, place + 4 + size
        info = _read_info(data, start)
        body = data[info.end : place]
        yield info, zlib.decompress(body) if info.compressed else body


def _read_info(data: bytes, place: int) -> _Info:
    numbers: list[int] = []
    place += 1
    while len(numbers) < 6:
        width = _WIDTHS[data[place]]
        numbers.append(int.from_bytes(data[place + 1 : place + width], "little"))
        place += width
    return _Info(numbers[0], numbers[3] > 0, place + len(_INFO_END))


def _numbers(body: bytes, place: int, count: int, *, running: bool) -> tuple[int, Integers]:
    """The whole numbers of a pickled tuple, the first of its own width, the others of one; and the place behind."""
    found = np.zeros(count, dtype=np.int64)
    for start, stop in ((0, 1), (1, count)):
        if stop > start:
            width = _WIDTHS[body[place]]
            rows = np.frombuffer(body, dtype=np.uint8, count=width * (stop - start), offset=place).reshape(-1, width)
            for byte in range(width - 1):
                found[start:stop] |= rows[:, 1 + byte].astype(np.int64) << 8 * byte
            place += width * (stop - start)
    return place + 1, np.cumsum(found) if running else found


def _read_weights(body: bytes, place: int, count: int) -> tuple[int, Counts]:
    opcode = body[place]
    if opcode == ord(_NONE):
        return place + 1, np.ones(count, dtype=np.uint32)
    if opcode == _FLOAT:
        weight = int(np.frombuffer(body, dtype=">f8", count=1, offset=place + 1)[0])
        return place + _FLOAT_SIZE, np.full(count, weight, dtype=np.uint32)
    if opcode in _BYTES:
        start = place + 1 + _BYTES[opcode]
        return start + count, np.frombuffer(body, dtype=np.uint8, count=count, offset=start).astype(np.uint32)
    after, weights = _numbers(body, place + 1, count, running=False)
    return after, weights.astype(np.uint32)


def _value_sizes(values: bytes) -> list[int]:
    """The sizes of the pickled strings in a tuple, opcodes included."""
    return [len(value) + (2 if len(value) < 1 << 8 else 5) for value in loads(values + b".")]  # noqa: S301 - own file


def _damaged() -> DamagedError:
    return DamagedError("a posting list of the index is damaged: `kilde index --rebuild` makes it anew")
