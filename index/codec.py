"""Whoosh's codec W3 with posting lists written whole; what it writes says plain W3, and any Whoosh reads it."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct, pack
from typing import Any

from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3Codec, W3FieldWriter, W3Segment

from index.blocks import Block, Written, encode

_TERM_INFO = Struct("!BfIBBfIIqi")
"""Whoosh's W3TermInfo: 0 (not inlined), weight, documents, length bounds, highest weight, first, last, place, size."""


class WholeListCodec(W3Codec):
    """W3 with whole posting lists; segments say plain W3."""

    def field_writer(self, storage: Any, segment: Any) -> Any:
        """A writer of posting lists, as Whoosh asks for it."""
        return _FieldWriter(self, storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> Any:  # noqa: ARG002 - Whoosh's signature
        """A segment that names the codec every Whoosh has."""
        return W3Segment(W3Codec(), indexname)


class _FieldWriter(W3FieldWriter):
    """Writes posting lists whole."""

    def add_postings(self, schema: Any, lengths: Any, items: Iterator[tuple[str, str, Block]]) -> None:
        current, length_bytes = None, None
        self._place = self._postfile.tell()
        for field, term, postings in items:
            if field != current:
                if current is not None:
                    self.finish_field()
                self.start_field(field, schema[field])
                current, length_bytes = field, _length_bytes(lengths, field)
                self._prefix = pack("!H", self._fieldid)
            self._write(term.encode("utf-8", "surrogatepass"), encode(postings, length_bytes), postings)
        if current is not None:
            self.finish_field()

    def _write(self, term: bytes, written: Written, postings: Block) -> None:
        documents = postings.documents
        info = _TERM_INFO.pack(
            0,
            written.weight,
            len(documents),
            written.shortest,
            written.longest,
            written.highest,
            documents[0],
            documents[-1],
            self._place,
            len(written.data),
        )
        self._postfile.write(written.data)
        self._place += len(written.data)
        self._tindex.add(self._prefix + term, info)


def _length_bytes(lengths: Any, field: str) -> bytes | None:
    name = f"_{field}_len"
    if not lengths.has_column(name):
        return None
    return bytes(lengths.column_reader(name, LENGTHS_COLUMN))
