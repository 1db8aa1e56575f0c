"""The posting lists of an open Whoosh segment, read in whole blocks: the one place that reaches into its reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.reading import TermNotFound

from index.blocks import Block, decode


def posting_lists(reader: Any, field: str, term: bytes) -> Iterator[Block]:
    """The blocks of a term's postings in a `SegmentReader`; none where the segment lacks the term."""
    try:
        info = reader._terms.term_info(field, term)
    except TermNotFound:
        return
    if info.is_inlined():
        documents, weights, values = info.inlined_postings()
        yield Block(documents, weights, values or None)
        return
    offset, length = info.extent()
    # Whoosh unpacks the length without taking it out of its tuple.
    size = length[0] if isinstance(length, tuple) else length
    yield from decode(reader._terms._postfile.get(offset, size))
