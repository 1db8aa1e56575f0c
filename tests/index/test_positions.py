"""Positions: what Whoosh decodes is what was encoded, however far apart and however many they are."""

from __future__ import annotations

from pickle import loads

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import formats

from index.arrays import starts_of
from index.positions import decode, encode

ONE = st.lists(st.integers(0, 1 << 23) | st.integers(0, 300), min_size=1, max_size=12, unique=True).map(sorted)

CASES = {
    "the first word": [0],
    "the last of one byte": [255],
    "the first of two bytes": [256],
    "the last of two bytes": [65_535],
    "beyond 65,535": [65_536, 65_537],
    "as far as a text goes": [9_999_999],
    "255 close together": list(range(255)),
    "256 close together": list(range(256)),
    "10,000 close together": list(range(10_000)),
    "10,000 far apart": list(range(0, 3_000_000, 300)),
    "one far behind": [0, 1, 2, 5_000_000],
    "the same place twice": [7, 7],
}


@pytest.mark.parametrize("positions", CASES.values(), ids=CASES.keys())
def test_whoosh_decodes_what_is_encoded(positions: list[int]) -> None:
    values, sizes = encode(np.array(positions), np.array([len(positions)]))
    assert len(values) == sizes.sum()
    value = loads(values.tobytes() + b".")
    assert formats.Positions().decode_positions(value) == positions
    assert formats.Positions().decode_frequency(value) == len(positions)
    assert formats.Positions().decode_weight(value) == len(positions)


@settings(deadline=None)
@given(st.lists(ONE, min_size=1, max_size=20))
def test_values_of_many_postings_are_decoded_together(postings: list[list[int]]) -> None:
    counts = np.array([len(each) for each in postings])
    values, sizes = encode(np.array([place for each in postings for place in each]), counts)
    found, many = decode(values, sizes)
    assert many.tolist() == counts.tolist()
    assert found.tolist() == [place for each in postings for place in each]
    for start, size, each in zip(starts_of(sizes), sizes, postings, strict=True):
        assert formats.Positions().decode_positions(loads(values[start : start + size].tobytes() + b".")) == each


def test_no_values_have_no_positions() -> None:
    found, many = decode(np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.uint32))
    assert (len(found), len(many)) == (0, 0)
