"""A whole segment in Whoosh's own format (codec W3): written from sources at once, and read again as a source.

All files of a segment stand in one compound file: postings, the table of terms, and a column for each kind of value.
"""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from struct import pack, unpack_from
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3Segment

from index import blocks
from index.arrays import Array, Bytes, map_file, release, spread, starts_of
from index.inversion import Column
from index.merging import Source, joined_lengths, merged
from index.postings import Lists, Values, renumbered
from index.terms import TermsTable, TermsWriter

_NAME = "MAIN"
_MANY_ROWS = 1 << 15
"""Rows above which a column has a table of where they start."""
_HEAD = 12
"""Bytes before the first file: where the directory stands, and its size."""


def write_segment(folder: Path, sources: Sequence[Source]) -> Any:
    """Write the documents of all sources as one segment, synced; returns Whoosh's segment for the table of contents."""
    segment: Any = W3Segment(W3Codec(), _NAME)
    segment.compound = True
    segment.set_doc_count(sum(source.size for source in sources))
    path = folder / segment.make_filename(segment.COMPOUND_EXT)
    with path.open("wb") as file:
        compound = _Compound(file, segment.segment_id())
        segment._fieldlengths = _write_lists(folder, compound, sources)
        for field in _names(source.lengths for source in sources):
            lengths = joined_lengths(sources, field)
            if lengths is not None:
                compound.add(f"_{field}_len.col", [lengths.data])
        for name in _names(source.columns for source in sources):
            compound.add(f"{name}.col", _column(sources, name))
        compound.finish()
        file.flush()
        os.fsync(file.fileno())
    return segment


class _Compound:
    """A file of files, as Whoosh's `CompoundStorage` reads it."""

    def __init__(self, file: IO[bytes], prefix: str) -> None:
        self._file = file
        self._prefix = prefix
        self._directory: dict[str, dict[str, Any]] = {}
        self._place = file.write(bytes(_HEAD))

    def add(self, name: str, pieces: Iterable[Any]) -> None:
        """Add a file, given in pieces."""
        size = sum(self._file.write(piece) for piece in pieces)
        self._directory[f"{self._prefix}.{name}"] = {"offset": self._place, "length": size, "modified": 0.0}
        self._place += size

    def finish(self) -> None:
        """Write the directory."""
        size = self._file.write(pickle.dumps(self._directory, 2) + pickle.dumps({}, 2))
        self._file.seek(0)
        self._file.write(pack("!qi", self._place, size))


def _write_lists(folder: Path, compound: _Compound, sources: Sequence[Source]) -> dict[str, int]:
    """Write postings and the table of terms; returns what the lengths of each field come to."""
    totals: dict[str, int] = {}
    with tempfile.TemporaryFile(dir=folder) as terms:
        table = TermsWriter(terms)

        def postings() -> Iterator[bytes]:
            place = 0
            for field in _names(source.fields() for source in sources):
                lengths = joined_lengths(sources, field)
                for lists in merged(sources, field):
                    encoded = blocks.encode(lists, lengths)
                    encoded.rows["place"] += place
                    place += len(encoded.data)
                    table.add(field, lists.terms, encoded.rows)
                    if lengths is not None:
                        totals[field] = totals.get(field, 0) + lists.length
                    yield encoded.data

        compound.add("pst", postings())
        table.finish()
        terms.seek(0)
        compound.add("trm", iter(lambda: terms.read(1 << 20), b""))
    return totals


def _column(sources: Sequence[Source], name: str) -> Iterator[Any]:
    """A column of values of any size, as Whoosh's `VarBytesColumn` reads it."""
    rows = []
    for source in sources:
        column = source.columns.get(name)
        if column is None:
            rows.append(np.zeros(source.size, dtype=np.uint32))
        else:
            rows.append(column.sizes)
            yield column.data[:]
            source.release()
    sizes = np.concatenate(rows)
    code = _code(sizes)
    yield sizes.astype(_BIG[code]).tobytes()
    if len(sizes) <= _MANY_ROWS:
        yield code.encode()
        return
    starts = starts_of(sizes)
    other = _code(starts)
    yield starts.astype(_BIG[other]).tobytes()
    yield (code + other + "X").encode()


_BIG = {"B": ">u1", "H": ">u2", "i": ">i4", "I": ">u4"}
"""Codes of whole numbers in Whoosh's columns, the highest byte first."""


def _code(numbers: Array) -> str:
    """The narrowest code, as Whoosh chooses it. OverflowError for 4 GB and more in one column of one segment."""
    highest = int(numbers.max()) if len(numbers) else 0
    for code, limit in (("B", 1 << 8), ("H", 1 << 16), ("i", 1 << 31), ("I", 1 << 32)):
        if highest < limit:
            return code
    raise OverflowError("a column of the index has more than 4 GB in one segment")


def _names(parts: Iterable[Iterable[str]]) -> list[str]:
    return sorted(set().union(*parts))


class SegmentFiles:
    """The files in a segment's compound file, mapped."""

    def __init__(self, folder: Path, segment: Any) -> None:
        self.data = map_file(folder / segment.make_filename(segment.COMPOUND_EXT))
        self._size = segment.doc_count_all()
        place, size = unpack_from("!qi", self.data)
        prefix = segment.segment_id() + "."
        directory = pickle.loads(self.data[place : place + size])  # noqa: S301 - the index is Kilde's own file
        self.spans = {
            name.removeprefix(prefix): (found["offset"], found["length"]) for name, found in directory.items()
        }

    def file(self, name: str) -> Bytes:
        """A file's bytes."""
        offset, length = self.spans[name]
        return np.frombuffer(self.data, dtype=np.uint8, count=length, offset=offset)

    def column(self, name: str) -> Column:
        """A column of values of any size."""
        data = self.file(f"{name}.col")
        codes = data[-3:].tobytes().decode("latin-1")
        end = len(data) - 1
        if codes[-1] == "X":
            end = len(data) - 3 - self._size * np.dtype(_BIG[codes[1]]).itemsize
            codes = codes[0]
        width = np.dtype(_BIG[codes[-1]])
        start = end - self._size * width.itemsize
        return Column(data[:start], data[start:end].view(width).astype(np.uint32))

    def names(self, field: str) -> NDArray[np.bytes_]:
        """The values of a key field."""
        column = self.column(field)
        data, sizes = column.data.tobytes(), column.sizes
        if len(sizes) and sizes[0] and (sizes == sizes[0]).all():
            return np.frombuffer(data, dtype=f"S{sizes[0]}")
        ends = np.cumsum(sizes).tolist()
        return np.array([data[start:end] for start, end in zip([0, *ends], ends, strict=False)], dtype="S")


class SegmentSource:
    """The live documents of a segment that is to be merged."""

    def __init__(self, folder: Path, segment: Any) -> None:
        self._files = SegmentFiles(folder, segment)
        live = np.ones(segment.doc_count_all(), dtype=bool)
        live[np.fromiter(segment.deleted_docs(), dtype=np.int64)] = False
        self._live = np.flatnonzero(live)
        self._numbers = np.where(live, np.cumsum(live) - 1, -1)
        self.size = len(self._live)
        self._table = TermsTable(self._files.file("trm"))
        columns = [name.removesuffix(".col") for name in self._files.spans if name.endswith(".col")]
        lengths = [name for name in columns if name.endswith("_len")]
        self.lengths = {
            name.removeprefix("_").removesuffix("_len"): self._files.file(f"{name}.col")[self._live] for name in lengths
        }
        self.columns = {name: self._live_column(name) for name in columns if name not in lengths}

    def fields(self) -> list[str]:
        """The fields that have terms."""
        return self._table.fields()

    def field(self, name: str) -> SegmentField:
        """The lists of a field."""
        return SegmentField(self._table, self._files, self._numbers, name)

    def release(self) -> None:
        """Let go of memory that can be filled again."""
        release(self._files.data)

    def _live_column(self, name: str) -> Column:
        column = self._files.column(name)
        if len(self._live) == len(column.sizes):
            return column
        sizes = column.sizes[self._live]
        return Column(column.data[spread(starts_of(column.sizes)[self._live], sizes)], sizes)


class SegmentField:
    """The lists of one field of a segment."""

    def __init__(self, table: TermsTable, files: SegmentFiles, numbers: Array, field: str) -> None:
        self._table = table
        self._data = files.data
        self._offset = files.spans["pst"][0]
        self._numbers = numbers
        self._first, last = table.span(field)
        self._rows = table.rows(self._first, last)
        self.counts = self._rows["count"].astype(np.uint32)

    def terms(self, start: int, stop: int) -> list[bytes]:
        """The terms with these numbers."""
        return self._table.terms(self._first + start, self._first + stop)

    def lists(self, start: int, stop: int) -> Lists:
        """The lists of the terms with these numbers, without deleted documents."""
        rows = self._rows[start:stop]
        spans = zip((rows["place"] + self._offset).tolist(), rows["size"].tolist(), strict=True)
        found = [blocks.decode(self._data[place : place + size]) for place, size in spans]
        values = [each for _, _, each in found if each is not None]
        lists = Lists(
            self.terms(start, stop),
            self.counts[start:stop],
            _joined([documents for documents, _, _ in found]),
            _joined([weights for _, weights, _ in found]),
            Values(b"".join(each.data for each in values), _joined([each.sizes for each in values]))
            if values
            else None,
        )
        return renumbered(lists, self._numbers)


def _joined(parts: list[Array]) -> Array:
    return np.concatenate([np.zeros(0, dtype=np.uint32), *parts])
