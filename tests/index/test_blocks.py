"""Posting lists: what is written is what is read, by us and by an unmodified Whoosh."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import formats
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.filedb.structfile import BufferFile

from index import positions
from index.blocks import SIZE, decode, encode
from index.postings import Lists, Values
from kilde.errors import DamagedError

MOST = 200_000


@st.composite
def lists(draw: st.DrawFn, highest: int = 400) -> Lists:
    """A few lists; their documents lie close together or far apart, their weights are all the same or not."""
    counts = draw(st.lists(st.integers(1, highest), min_size=1, max_size=4))
    random = np.random.default_rng(draw(st.integers(0, 1 << 30)))
    span = draw(st.sampled_from([2, 50, 500])) * max(counts)
    documents = [np.sort(random.choice(min(span, MOST), count, replace=False)) for count in counts]
    heaviest = draw(st.sampled_from([1, 3, 300]))
    weights = random.integers(draw(st.sampled_from([1, heaviest])), heaviest + 1, sum(counts)).astype(np.uint32)
    values = None
    if draw(st.booleans()):
        steps = random.integers(1, draw(st.sampled_from([3, 300, 70_000])), int(weights.sum()))
        values = Values(
            *positions.encode(np.concatenate([np.cumsum(each) for each in _parted(steps, weights)]), weights)
        )
    terms = [b"%04d" % number for number in range(len(counts))]
    return Lists(terms, np.array(counts, np.uint32), np.concatenate(documents).astype(np.uint32), weights, values)


def _parted(numbers: Any, sizes: Any) -> list[Any]:
    return np.split(numbers, np.cumsum(sizes)[:-1])


@settings(deadline=None)
@given(lists())
def test_what_is_written_is_read(found: Lists) -> None:
    written = encode(found, None)
    ends = np.cumsum(found.counts)
    for row, start, end in zip(written.rows, [0, *ends], ends, strict=False):
        documents, weights, values = decode(written.data[row["place"] : row["place"] + row["size"]])
        assert documents.tolist() == found.documents[start:end].tolist()
        assert found.weights is not None
        assert weights.tolist() == found.weights[start:end].tolist()
        assert (values is None) == (found.values is None)
        if values is not None and found.values is not None:
            assert values.sizes.tolist() == found.values.sizes[start:end].tolist()


@settings(deadline=None)
@given(lists())
def test_whoosh_reads_what_is_written(found: Lists) -> None:
    written = encode(found, np.full(MOST, 200, dtype=np.uint8))
    ends = np.cumsum(found.counts)
    for row, start, end in zip(written.rows, [0, *ends], ends, strict=False):
        read = _read_by_whoosh(written.data, int(row["place"]), int(row["size"]), found.values is not None)
        weights = found.weights[start:end].tolist() if found.weights is not None else []
        assert [each[:2] for each in read] == list(zip(found.documents[start:end].tolist(), weights, strict=True))
        if found.values is not None:
            assert [len(each[2]) for each in read] == weights
        assert (row["shortest"], row["longest"], row["weight"]) == (200, 200, sum(weights))


def _read_by_whoosh(data: bytes, place: int, size: int, with_positions: bool) -> list[tuple[int, float, list[int]]]:
    whoosh_matcher: Any = W3LeafMatcher
    form = formats.Positions() if with_positions else formats.Existence()
    matcher = whoosh_matcher(BufferFile(memoryview(data)), place, size, form)
    found = []
    while matcher.is_active():
        found.append((matcher.id(), matcher.weight(), matcher.value_as("positions") if with_positions else []))
        matcher.next()
    return found


def test_long_lists_are_parted_into_blocks_that_whoosh_steps_through() -> None:
    count = 2 * SIZE + 44
    documents = np.arange(0, 3 * count, 3, dtype=np.uint32)
    found = Lists([b"og"], np.array([count], np.uint32), documents, np.ones(count, np.uint32), None)
    written = encode(found, None)
    whoosh_matcher: Any = W3LeafMatcher
    matcher = whoosh_matcher(BufferFile(memoryview(written.data)), 0, len(written.data), formats.Existence())
    matcher.skip_to(3 * (count - 2))
    assert (matcher.id(), matcher.block_max_id()) == (3 * (count - 2), 3 * (count - 1))
    assert decode(written.data)[0].tolist() == documents.tolist()


@pytest.mark.parametrize("data", [b"none of it", b"", b"W3Bl", b"W3Bl\xff\xff\xff\xe0" + bytes(32)])
def test_bytes_that_are_no_list_are_refused_with_the_way_out(data: bytes) -> None:
    with pytest.raises(DamagedError, match="kilde index --rebuild"):
        decode(data)
