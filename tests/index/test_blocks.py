"""Posting lists: what is written is what is read, by us and by an unmodified Whoosh."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import formats
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.filedb.structfile import BufferFile

from index.blocks import Block, decode, encode
from kilde.errors import DamagedError

WEIGHTS = st.sampled_from([1.0, 2.0, 3.5])


@st.composite
def postings(draw: st.DrawFn) -> Block:
    documents = sorted(draw(st.sets(st.integers(0, 100_000), min_size=1, max_size=400)))
    count = len(documents)
    weights = draw(st.lists(WEIGHTS, min_size=count, max_size=count) | st.just([1.0] * count))
    values = draw(st.none() | st.lists(st.binary(max_size=12), min_size=count, max_size=count))
    return Block(documents, weights, values)


def together(blocks: list[Block]) -> tuple[list[int], list[float], list[bytes]]:
    return (
        [each for block in blocks for each in block.documents],
        [each for block in blocks for each in block.weights],
        [each for block in blocks for each in block.values or ()],
    )


@given(postings())
def test_what_is_written_is_read(block: Block) -> None:
    assert together(list(decode(encode(block, None).data))) == together([block])


@given(postings())
def test_whoosh_reads_what_is_written(block: Block) -> None:
    written = encode(block, bytes(200 for _ in range(100_001)))
    whoosh_matcher: Any = W3LeafMatcher
    matcher = whoosh_matcher(BufferFile(memoryview(written.data)), 0, len(written.data), formats.Positions())
    found = []
    while matcher.is_active():
        found.append((matcher.id(), matcher.weight()))
        matcher.next()
    assert found == list(zip(block.documents, block.weights, strict=True))
    assert written.weight == pytest.approx(sum(block.weights))
    assert (written.shortest, written.longest) == (200, 200)


def test_long_lists_are_parted_into_blocks_of_128() -> None:
    blocks = list(decode(encode(Block(list(range(300)), [1.0] * 300, None), None).data))
    assert [len(block.documents) for block in blocks] == [128, 128, 44]


def test_bytes_that_are_no_list_are_refused_with_the_way_out() -> None:
    with pytest.raises(DamagedError, match="kilde index --rebuild"):
        list(decode(BytesIO(b"none of it").read()))
