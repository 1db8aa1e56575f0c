"""Names of indices: which pairs are Kilde's, and which others are left alone."""

from __future__ import annotations

import pytest

from index.opensearch.names import Pair, pair_of, pairs_of


def test_a_pair_is_known_by_its_names() -> None:
    """Each of its indices leads back to it."""
    pair = Pair("kilde", 3)
    names = ("kilde-000003-records", "kilde-000003-forms", "kilde-000003-questions")
    assert (pair.records, pair.forms, pair.questions) == names
    assert [pair_of("kilde", name) for name in names] == [pair] * 3


@pytest.mark.parametrize(
    "index", ["kilde", "kilde-3-records", "kilde-000003", "kilde-000003-records-x", "other-000003-records", "kildex"]
)
def test_other_indices_are_none_of_ours(index: str) -> None:
    """They are never taken away."""
    assert pair_of("kilde", index) is None


def test_pairs_come_in_the_order_they_were_made() -> None:
    """Each once, also where one index of it is missing."""
    names = ["kilde-000010-forms", "kilde-000009-records", "kilde-000010-records", ".tasks"]
    assert [pair.number for pair in pairs_of("kilde", names)] == [9, 10]
