"""Prefixes and fuzzy words stand for the forms of the index that they should."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.columns import Segment
from index.snapshot import open_snapshot
from search.expansion import distance, expand, nearest
from search.query_tree import Word
from tests.index.builders import built, document

FORMS = (
    "indsats indsatsen indsatser Indsigt integration Århus Aarhus aarhusiansk ung unge flygtning flygtninge børn bør"
)


@pytest.fixture(scope="module")
def segments(tmp_path_factory: pytest.TempPathFactory) -> tuple[Segment, ...]:
    folder: Path = built(tmp_path_factory.mktemp("forms"), [document("a", [FORMS]), document("b", ["indsats"])])
    return open_snapshot(folder).segments


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        (Word("inds", prefix=True), {"indsats", "indsatsen", "indsatser", "indsigt"}),
        (Word("INDSA", prefix=True), {"indsats", "indsatsen", "indsatser"}),
        (Word("år", prefix=True), {"århus", "aarhus", "aarhusiansk"}),
        (Word("aarhusi", prefix=True), {"aarhusiansk"}),
        (Word("zz", prefix=True), set()),
        (Word("indsatz", fuzzy=True), {"indsats"}),
        (Word("flygtnige", fuzzy=True), {"flygtning", "flygtninge"}),
        (Word("ugn", fuzzy=True), {"ung"}),
        (Word("aahrus", fuzzy=True), {"aarhus", "århus"}),
        (Word("bøm", fuzzy=True), {"bør"}),
    ],
)
def test_a_word_stands_for_forms(word: Word, forms: set[str], segments: tuple[Segment, ...]) -> None:
    found, note = expand(word, "exact", segments)
    assert set(found) == forms
    assert note is None


def test_the_nearest_and_most_frequent_form_comes_first(segments: tuple[Segment, ...]) -> None:
    assert nearest("indsat", "exact", segments)[0] == "indsats"


@given(st.text("abcå", max_size=6), st.text("abcå", max_size=6), st.integers(0, 4))
def test_distance_is_what_trying_everything_gives(left: str, right: str, limit: int) -> None:
    assert distance(left, right, limit) == min(_tried(left, right), limit + 1)


@cache
def _tried(left: str, right: str) -> int:
    """Optimal string alignment by trying every first step."""
    if not left or not right:
        return len(left) + len(right)
    steps = [
        _tried(left[1:], right) + 1,
        _tried(left, right[1:]) + 1,
        _tried(left[1:], right[1:]) + (left[0] != right[0]),
    ]
    if len(left) > 1 and len(right) > 1 and left[:2] == right[1::-1]:
        steps.append(_tried(left[2:], right[2:]) + 1)
    return min(steps)
