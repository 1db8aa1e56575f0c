"""What a reader sees of the index: the segments of one commit. It holds while other commits come and go."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from struct import error
from time import sleep
from typing import Any

import numpy as np
from whoosh import reading

from index import storage
from index.cache import Cache
from index.columns import Mask, Segment
from index.lists import SegmentReader
from index.segments import SegmentFiles
from index.storage import REBUILD, Manifest
from kilde.errors import DamagedError

CACHE_BYTES = 256 * 1024 * 1024
"""Memory for decoded postings, at least."""
_CACHE_SHARE = 4
"""The share of the index, as one part in so many, that is allowed where that is more: common words grow with it."""
_TRIES = 20
_LOOKS = 3
_WAIT = 0.05
"""Seconds; a commit removes old files just after it counts."""

_BROKEN = (
    OSError,
    EOFError,
    UnpicklingError,
    error,
    # Whoosh-Reloaded has no error of its own for this.
    getattr(reading, "CorruptIndexError", EOFError),
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    NameError,
    AttributeError,
    AssertionError,
    OverflowError,
    MemoryError,
)
"""What Whoosh raises on files that are not as it wrote them; none of it says so."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The segments of a commit with the records that are live in each, and its manifest."""

    folder: Path
    manifest: Manifest
    segments: tuple[Segment, ...]
    live: tuple[Mask, ...]

    @property
    def documents(self) -> int:
        """Records in all segments, deleted ones included: what Whoosh's scores count with."""
        return sum(segment.size for segment in self.segments)


def open_snapshot(folder: Path, before: Snapshot | None = None, cache: Cache | None = None) -> Snapshot:
    """The newest commit of the index in a folder; `before` itself where it still is that.

    Segments that `before` has too keep their arrays. MissingError when there is no index, DamagedError when it is not
    as it was written or belongs to another version; both name the command that mends it.
    """
    for attempt in range(_TRIES):
        seen = _place(folder)
        try:
            if before is not None and seen == (before.folder, before.manifest.toc):
                return before
            return _open(seen[0], before, cache or Cache(CACHE_BYTES))
        except DamagedError:
            # Between looking and opening another commit may have come, and taken files away.
            if attempt == _TRIES - 1 or _place(folder) == seen:
                raise
        sleep(_WAIT)
    raise DamagedError(f"the index in {folder} changes faster than it can be read")


def _place(folder: Path) -> tuple[Path, int]:
    """Where the newest commit is.

    A rebuild names its own folder before it takes the old one away: where that happens between looking at the name and
    into the folder, another look finds the new one.
    """
    for attempt in range(_LOOKS):
        try:
            generation = storage.current(folder)
            return generation, storage.newest_toc(generation)
        except (DamagedError, FileNotFoundError):
            if attempt == _LOOKS - 1:
                raise
    raise DamagedError(f"the index in {folder} changes faster than it can be read")


def _open(generation: Path, before: Snapshot | None, cache: Cache) -> Snapshot:
    try:
        manifest = storage.manifest(generation)
        known = {segment.id: segment for segment in before.segments} if before else {}
        found = (each for each in storage.segments_of(generation) if each.doc_count_all())
        segments = tuple(_segment(generation, each, known, cache) for each in found)
    except _BROKEN as error:
        raise DamagedError(f"the index in {generation} cannot be read ({error}): {REBUILD}") from error
    cache.allow(max(CACHE_BYTES, sum(segment.nbytes for segment in segments) // _CACHE_SHARE))
    live = tuple(segment.live() for segment in segments)
    if sum(int(np.count_nonzero(each)) for each in live) != manifest.records:
        raise DamagedError(
            f"the index in {generation} does not hold the {manifest.records} records it should: {REBUILD}"
        )
    return Snapshot(generation, manifest, segments, live)


def _segment(generation: Path, described: Any, known: dict[str, Segment], cache: Cache) -> Segment:
    files = SegmentFiles(generation, described)
    reader = SegmentReader(files, described)
    same = known.get(described.segment_id())
    return same.with_reader(reader) if same else Segment(reader, files, cache)
