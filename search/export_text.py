"""Exports as text: CSV and JSON Lines, both UTF-8, line by line."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from search.export_cells import About, Column, Counts, Line, csv_cell, row


def write_csv(lines: Iterable[Line], columns: Sequence[Column], stream: BinaryIO, about: About) -> Counts:  # noqa: ARG001
    """A head and a line for each line, also where a text has line breaks."""
    names = [column.name for column in columns]
    writer = csv.writer(codecs.getwriter("utf-8")(stream, "replace"), lineterminator="\n")
    writer.writerow(names)
    count = 0
    for line in lines:
        writer.writerow(map(csv_cell, row(line, names)))
        count += 1
    return {"rows": count}


def write_jsonl(lines: Iterable[Line], columns: Sequence[Column], stream: BinaryIO, about: About) -> Counts:  # noqa: ARG001
    """One JSON object a line, everything in it as it is."""
    count = 0
    for line in lines:
        stream.write((json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
        count += 1
    return {"rows": count}


def csv_text(lines: Iterable[Line], columns: Sequence[Column]) -> str:
    """A small CSV as text."""
    stream = io.BytesIO()
    write_csv(lines, columns, stream, lambda counts: dict(counts))
    return stream.getvalue().decode()
