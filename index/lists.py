"""The posting list of a term in an open Whoosh segment: the one place that reaches into its reader."""

from __future__ import annotations

from typing import Any

import numpy as np
from whoosh.reading import TermNotFound

from index import blocks
from index.arrays import Counts
from index.postings import Values


def posting_list(
    reader: Any, field: str, term: bytes, *, with_values: bool = False
) -> tuple[Counts, Counts, Values | None]:
    """The documents, weights and perhaps values of a term in a `SegmentReader`; none where the segment lacks it."""
    try:
        info = reader._terms.term_info(field, term)
    except TermNotFound:
        return np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint32), None
    offset, length = info.extent()
    # Whoosh unpacks the length without taking it out of its tuple.
    size = length[0] if isinstance(length, tuple) else length
    return blocks.decode(bytes(reader._terms._postfile.get(offset, size)), with_values=with_values)
