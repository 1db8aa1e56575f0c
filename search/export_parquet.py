"""Exports as Parquet, with the manifest in the file's metadata under the key `kilde`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from search.export_cells import About, Column, Counts, Kind, Line
from search.export_extras import load

BATCH = 10_000
"""Lines of a row group; it is all that stands in memory."""


def write_parquet(lines: Iterable[Line], columns: Sequence[Column], stream: BinaryIO, about: About) -> Counts:
    """A typed column for each column. MissingError where pyarrow is not installed."""
    arrow = load("pyarrow", "parquet", "a Parquet file")
    parquet = load("pyarrow.parquet", "parquet", "a Parquet file")
    schema = arrow.schema([arrow.field(column.name, _type(arrow, column.kind)) for column in columns])
    count = 0
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in _batches(lines):
            arrays = [
                arrow.array([_value(line[column.name], column.kind) for line in batch], type=field.type)
                for column, field in zip(columns, schema, strict=True)
            ]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))
            count += len(batch)
        writer.add_key_value_metadata({"kilde": json.dumps(about({"rows": count}), ensure_ascii=False)})
    return {"rows": count}


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    waiting = iter(lines)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _value(value: Any, kind: Kind) -> Any:
    """A value as Arrow takes it: numbers of one kind, and no halves of characters."""
    match kind:
        case Kind.NUMBER:
            return None if value is None else float(value)
        case Kind.NUMBERS:
            return [float(each) for each in value]
        case Kind.TEXT:
            return None if value is None else value.encode("utf-8", "replace").decode()
        case _:
            return value


def _type(arrow: Any, kind: Kind) -> Any:
    types = {
        Kind.TEXT: arrow.string(),
        Kind.INTEGER: arrow.int64(),
        Kind.NUMBER: arrow.float64(),
        Kind.TEXTS: arrow.list_(arrow.string()),
        Kind.NUMBERS: arrow.list_(arrow.float64()),
    }
    return types[kind]
