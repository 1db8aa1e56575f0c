"""Sentences of a text."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilde.danish.text import sentence_at, sentences
from tests.danish.tables import read_cases, spaced
from tests.timing import least_seconds


@pytest.mark.parametrize(("text", "expected", "reason"), read_cases("sentences.tsv"))
def test_a_text_has_its_sentences(text: str, expected: str, reason: str) -> None:
    text = spaced(text)
    assert "|".join(text[start:end] for start, end in sentences(text)) == spaced(expected), reason


PIECES = (
    "Det",
    "er",
    "5",
    "12.",
    "kr.",
    "mio.",
    "f.eks.",
    "Slut.",
    "Hvad?",
    "A.",
    '"',
    "(",
    ")",
    " ",
    "\n",
    "\n\n",
    "\t",
    "• ",
    "- ",
)


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(PIECES)).map(" ".join), st.lists(st.sampled_from(PIECES)).map("".join)
    )
)
def test_sentences_are_apart_and_hold_all_but_white_space(text: str) -> None:
    spans = sentences(text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    held = {position for start, end in spans for position in range(start, end)}
    assert all(position in held or character.isspace() for position, character in enumerate(text))


def test_a_position_has_its_sentence() -> None:
    spans = sentences("Et. To.  Tre.")
    assert [sentence_at(spans, position) for position in (0, 2, 4, 7, 12)] == [(0, 3), (0, 3), (4, 7), (4, 7), (9, 13)]
    assert sentence_at([], 5) == (5, 5)


@pytest.mark.parametrize(
    "piece", [". ", "a. ", "\n", "\t", "1. ", "kr. ", "! A", ".\n", "\n- ", "(", "1.1.", "mio. kr. 1 ", " \n"]
)
def test_the_work_grows_as_the_text_does(piece: str) -> None:
    text = piece * (8_000 // len(piece))
    small, large = (least_seconds(partial(sentences, text * times)) for times in (1, 8))
    assert large < 24 * small + 0.01
