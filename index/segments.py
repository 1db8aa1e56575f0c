"""Whoosh's segment writer with its inner loop replaced: postings are gathered by term and written in whole blocks.

What it writes is Whoosh's own format (codec W3), which an unmodified Whoosh reads. The slow parts of the stock
writer are passed by: a tuple per posting in a sorting pool, and a field length looked up for each.
"""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from functools import lru_cache
from operator import sub
from pathlib import Path
from struct import pack
from typing import Any

from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from index import blocks
from index.analysis import DANISH
from index.codec import WholeListCodec
from index.fields import FIELDS, Entry, FieldType
from index.fields import pack as pack_spans
from index.filters import Keys
from index.inversion import Inversion
from index.lists import posting_lists
from index.storage import IndexStorage

MOST_SEGMENTS = 8
"""Segments that an index is left with."""
MOST_TEXT = 10_000_000
"""Characters of a record that are indexed, so that memory is bounded: about 3,000 pages."""
_MOST_DELETED = 1 / 3
"""Share of deleted records above which a segment is written anew."""


class SegmentsWriter(SegmentWriter):
    """One commit: deletions, added entries, merged segments."""

    def __init__(self, index: Any) -> None:
        super().__init__(index, codec=WholeListCodec(), limitmb=1)
        self.inversion = Inversion(Path(self._tempstorage.folder))
        pool: Any = _Pool(self.inversion)
        self.pool = pool
        self._added_documents: dict[str, list[int]] = {}
        self._leaves: dict[str, Any] = {}

    def add_entry(self, entry: Entry) -> None:
        """Add a record."""
        document = self.docnum
        self.perdocwriter.start_doc(document)
        keys_of: dict[str, list[Keys]] = {}
        for field in FIELDS:
            value = field.values(entry)
            if field.type in (FieldType.TEXT, FieldType.EXACT):
                keys = keys_of.get(value)
                if keys is None:
                    keys = keys_of[value] = DANISH.all_keys(value[:MOST_TEXT])
                add = self._add_words if field.type is FieldType.TEXT else self._add_forms
                length = add(field.name, keys)
                self.perdocwriter.add_field(field.name, self.schema[field.name], None, length)
            else:
                self._add_values(field.name, field.type, value)
        self.perdocwriter.finish_doc()
        self._added_documents.setdefault(entry.document.id, []).append(document)
        self.docnum += 1
        self._added = True
        self.inversion.relieve()

    def delete_document_records(self, document: str) -> None:
        """Delete the records of a document, those added in this commit too."""
        for number in self._added_documents.pop(document, ()):
            self.newsegment.delete_document(number)
        term = document.encode()
        for number, segment in enumerate(self.segments):
            reader = self._leaf(number)
            for block in posting_lists(reader, "document", term):
                for each in block.documents:
                    segment.delete_document(each)

    def add_reader(self, reader: Any) -> None:
        """Take over the live records of a segment that is being merged."""
        start = self.docnum
        names = set(self.schema.names())
        moved = self.write_per_doc(names, reader)
        for field, term in reader.all_terms():
            if field not in names:
                continue
            text = term.decode("utf-8", "surrogatepass")
            for block in posting_lists(reader, field, term):
                self.inversion.extend(field, text, _moved(block, start, moved))
        self._added = True

    def merged(self) -> list[Any]:
        """Merge what should be merged, finish the new segment, and give the segments that are left."""
        keep, merge = plan_merge(self.segments, 1 if self._added else 0)
        for segment in merge:
            reader = _segment_reader(self, segment)
            self.add_reader(reader)
            reader.close()
        if self._added:
            keep.append(self._finalize_segment())
        else:
            self._close_segment()
        return keep

    def commit_with(self, note: dict[str, Any]) -> None:
        """Commit; `note` goes into the manifest. On any error the index is left as it was."""
        storage: IndexStorage = self.storage
        try:
            segments = self.merged()
            self._close_leaves()
            records = sum(segment.doc_count_all() - segment.deleted_count() for segment in segments)
            names = {name for segment in segments for name in segment.list_files(storage)}
            storage.prepare(self.generation, names, note | {"records": records})
            self._commit_toc(segments)
        except BaseException:
            self._close_leaves()
            self._cleanup_on_error()
            raise
        self._finish()

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        lengths = self.per_document_reader()
        try:
            self.fieldwriter.add_postings(self.schema, lengths, self.inversion.sorted())
        finally:
            lengths.close()
        self.fieldwriter.close()

    def _cleanup_on_error(self) -> None:
        with suppress(Exception):
            self._close_segment()
        super()._cleanup_on_error()

    def cancel(self, **kwargs: Any) -> None:
        """Give up; the index is left as it was."""
        self._close_leaves()
        super().cancel(**kwargs)

    def _add_words(self, field: str, keys: list[Keys]) -> int:
        positions: defaultdict[str, list[int]] = defaultdict(list)
        position = 0
        for steps in [form.steps for form in keys]:
            for step in steps:
                for key in step:
                    positions[key].append(position)
                position += 1
        self.inversion.add(
            field, self.docnum, [(key, float(len(places)), _places(places)) for key, places in positions.items()]
        )
        return sum(map(len, positions.values()))

    def _add_forms(self, field: str, keys: list[Keys]) -> int:
        forms = {form for each in keys for form in each.exact}
        self.inversion.add(field, self.docnum, [(form, 1.0, None) for form in forms])
        return len(forms)

    def _add_values(self, field: str, kind: FieldType, value: Any) -> None:
        writer, spec = self.perdocwriter, self.schema[field]
        if kind is FieldType.CARD:
            writer.add_field(field, spec, value, 0)
        elif kind is FieldType.SPANS:
            writer.add_column_value(field, spec.column_type, pack_spans(value))
        else:
            values = [value] if kind is FieldType.KEY else value
            self.inversion.add(field, self.docnum, [(each, 1.0, None) for each in values])
            if kind is FieldType.KEY:
                writer.add_column_value(field, spec.column_type, value.encode())

    def _leaf(self, number: int) -> Any:
        segment = self.segments[number]
        key = segment.segment_id()
        if key not in self._leaves:
            self._leaves[key] = _segment_reader(self, segment)
        return self._leaves[key]

    def _close_leaves(self) -> None:
        for reader in self._leaves.values():
            reader.close()
        self._leaves.clear()


def plan_merge(segments: list[Any], added: int) -> tuple[list[Any], list[Any]]:
    """Which segments to keep and which to merge, so that at most `MOST_SEGMENTS` are left with the `added` one.

    The smallest are merged, and each next one while it is no larger than what is merged already: every record is
    rewritten a number of times that grows with the logarithm of the index.
    """
    live = {id(segment): segment.doc_count_all() - segment.deleted_count() for segment in segments}
    worn = [each for each in segments if each.deleted_count() > _MOST_DELETED * each.doc_count_all()]
    sound = sorted((each for each in segments if each not in worn), key=lambda each: live[id(each)])
    count = 0
    if len(sound) + added + (1 if worn and not added else 0) > MOST_SEGMENTS:
        total = sum(live[id(each)] for each in sound[:2])
        count = 2
        while count < len(sound) and live[id(sound[count])] <= total:
            total += live[id(sound[count])]
            count += 1
    return sound[count:], worn + sound[:count]


class _Pool:
    """Stands where Whoosh's writer has its sorting pool, which is not used."""

    def __init__(self, inversion: Inversion) -> None:
        self.cleanup = inversion.clear


def _segment_reader(writer: Any, segment: Any) -> Any:
    return SegmentReader(writer.storage, writer.schema, segment)


def _moved(block: blocks.Block, start: int, moved: dict[int, int] | None) -> blocks.Block:
    """The block's live postings under the numbers of the new segment."""
    if moved is None:
        return blocks.Block([start + each for each in block.documents], block.weights, block.values)
    live = [place for place, each in enumerate(block.documents) if each in moved]
    return blocks.Block(
        [moved[block.documents[place]] for place in live],
        [block.weights[place] for place in live],
        None if block.values is None else [block.values[place] for place in live],
    )


def _places(places: list[int]) -> bytes:
    """Positions as Whoosh's `formats.Positions` reads them: their number, and a pickled list of differences."""
    if len(places) == 1:
        return _one_place(places[0])
    differences = map(sub, places, (0, *places))
    return pack("!I", len(places)) + b"](" + b"".join(map(_pickled, differences)) + b"e."


@lru_cache(maxsize=1 << 16)
def _one_place(place: int) -> bytes:
    return _number(1) + b"]" + _pickled(place) + b"a."


@lru_cache(maxsize=1 << 16)
def _pickled(number: int) -> bytes:
    """A whole number as pickle writes it, without the frame."""
    if number < 1 << 8:
        return b"K" + pack("<B", number)
    return b"M" + pack("<H", number) if number < 1 << 16 else b"J" + pack("<i", number)


@lru_cache(maxsize=1 << 10)
def _number(count: int) -> bytes:
    return pack("!I", count)
