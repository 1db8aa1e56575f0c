"""Snippets: the best window, at word bounds, with slices of the text marked."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.page import Segment
from search.snippets import CUT, LONGEST_WORD, WIDTH, joined, snippet
from tests.timing import least_seconds

LOREM = "Kommunen holder møde om budgettet. " * 40
"""Sentences that nobody searches for."""


def spans_of(text: str, *words: str) -> list[tuple[int, int]]:
    """Where the words stand."""
    found = []
    for word in words:
        start = text.find(word)
        while start >= 0:
            found.append((start, start + len(word)))
            start = text.find(word, start + 1)
    return found


def shown(pieces: tuple[Segment, ...]) -> str:
    """The snippet with its marks in brackets."""
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


# Text, words that match, width, snippet: each for one rule of the module.
CASES = [
    # Short texts are given whole; a mark may stand at either end.
    ("En særlig indsats.", ["indsats"], 240, "En særlig [indsats]."),
    ("indsats", ["indsats"], 240, "[indsats]"),
    ("  En indsats\n", ["indsats"], 240, "En [indsats]"),
    # White space stays as it came.
    ("Ny pulje\n\nEn  indsats", ["indsats"], 240, "Ny pulje\n\nEn  [indsats]"),
    # Cut between words, and said so.
    ("Der er afsat midler til en særlig indsats i 2020.", ["indsats"], 24, "…særlig [indsats] i 2020."),
    ("indsats i boligområder", ["indsats"], 12, "[indsats] i…"),
    ("i boligområder indsats", ["indsats"], 12, "…[indsats]"),
    # The beginning of a sentence is a better place to begin than the middle of one.
    (
        "Det er et krav. Ny pulje til en særlig indsats for unge mennesker i byen.",
        ["indsats"],
        60,
        "…Ny pulje til en særlig [indsats] for unge mennesker i byen.",
    ),
    # Most different matches before most matches before the first.
    (f"pulje {LOREM}pulje pulje {LOREM}pulje indsats", ["pulje", "indsats"], 20, "…[pulje] [indsats]"),
    (f"pulje {LOREM}pulje og pulje {LOREM}", ["pulje"], 20, "…[pulje] og [pulje]…"),
    (f"pulje {LOREM}pulje", ["pulje"], 20, "[pulje] Kommunen…"),
    ("Pulje, " + LOREM + "pulje pulje", ["Pulje", "pulje"], 15, "…[pulje] [pulje]"),
    # A mark within a word does not cut the word.
    ("Der er en integrationsindsats nu", ["indsats"], 10, "…integrations[indsats]…"),
    # Without matches the beginning.
    ("Kommunen holder møde om budgettet.", [], 20, "Kommunen holder møde…"),
    ("", [], 240, ""),
    (" \n", [], 240, ""),
]


@pytest.mark.parametrize(("text", "words", "width", "expected"), CASES)
def test_snippets(text: str, words: list[str], width: int, expected: str) -> None:
    """A text and its matches give this snippet."""
    assert shown(snippet(text, spans_of(text, *words), width)) == expected


def test_joined_orders_clips_and_merges() -> None:
    """Spans come out in order, within the text, and apart from each other."""
    assert joined([(8, 99), (3, 5), (4, 6), (-2, 1), (6, 7), (2, 2), (50, 60)], 10) == [(0, 1), (3, 7), (8, 10)]


TEXTS = st.one_of(
    st.text(st.characters(exclude_characters=CUT), max_size=400),
    st.lists(st.sampled_from(["indsats", "og", "kommune.", "\n", "x" * 90, "Åbenrå", "\t"]), max_size=120).map(
        " ".join
    ),
)
SPANS = st.lists(st.tuples(st.integers(-5, 420), st.integers(-5, 420)), max_size=12)


@given(TEXTS, SPANS, st.integers(1, 300))
def test_pieces_are_slices(text: str, spans: list[tuple[int, int]], width: int) -> None:
    """But for the marks of a cut the snippet is one slice of the text; pieces take turns, and marks are matches."""
    pieces = snippet(text, spans, width)
    whole = "".join(piece.text for piece in pieces)
    inner = whole.strip(CUT)
    lead = len(whole) - len(whole.lstrip(CUT))
    assert all(piece.text for piece in pieces)
    assert all(one.marked != other.marked for one, other in pairwise(pieces))
    matches = joined(spans, len(text))
    starts = [start for start in range(len(text) + 1) if text.startswith(inner, start)]
    assert any(_are_matches(pieces, start - lead, matches) for start in starts)


def _are_matches(pieces: tuple[Segment, ...], place: int, matches: list[tuple[int, int]]) -> bool:
    """Whether the marked pieces lie within matches, if the snippet begins at this place of the text."""
    for piece in pieces:
        end = place + len(piece.text)
        if piece.marked and not any(low <= place and end <= high for low, high in matches):
            return False
        place = end
    return True


@given(TEXTS, SPANS, st.integers(1, 300))
def test_length_is_bounded(text: str, spans: list[tuple[int, int]], width: int) -> None:
    """No snippet is much longer than asked for: a word at either end, and the marks of a cut."""
    assert sum(len(piece.text) for piece in snippet(text, spans, width)) <= width + 2 * LONGEST_WORD + 2


@given(TEXTS, SPANS)
def test_a_match_is_shown(text: str, spans: list[tuple[int, int]]) -> None:
    """Where something matches, something is marked; and the same comes out again."""
    pieces = snippet(text, spans)
    matches = [span for span in joined(spans, len(text)) if text[slice(*span)].strip()]
    assert any(piece.marked for piece in pieces) or not matches
    assert pieces == snippet(text, reversed(spans))


def test_cuts_stand_between_words() -> None:
    """In plain prose both ends are word bounds, and the snippet is nearly as long as allowed."""
    text = LOREM + "En særlig indsats for unge. " + LOREM
    whole = "".join(piece.text for piece in snippet(text, spans_of(text, "indsats")))
    inner = whole.strip(CUT)
    start = text.index(inner)
    assert not (text[start - 1].isalnum() and text[start].isalnum())
    assert not (text[start + len(inner)].isalnum() and text[start + len(inner) - 1].isalnum())
    assert WIDTH - 60 <= len(whole) <= WIDTH + 2


def test_work_grows_with_the_text() -> None:
    """Four times the text and the matches is at most some ten times the work."""
    short, long = (
        least_seconds(partial(snippet, text, spans_of(text, "ab"))) for text in ("ab " * 5_000, "ab " * 20_000)
    )
    assert long < 10 * short + 0.01
