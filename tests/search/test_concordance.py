"""Concordances: context at word bounds, on one line, and the sentence around the match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.concordance import LONGEST_SENTENCE, WIDTH, Context, concordance, folded

# Text with the match in brackets, width, and what is expected: one row for each rule.
CASES = [
    ("De fem kommuner, blandt dem [Ribe] og Tønder.", 60, "De fem kommuner, blandt dem|og Tønder."),
    ("De fem kommuner, blandt dem [Ribe] og Tønder.", 12, "blandt dem|og Tønder."),
    ("De fem kommuner, blandt dem [Ribe] og Tønder.", 10, "blandt dem|og Tønder."),
    ("De fem kommuner, blandt dem [Ribe] og Tønder.", 9, "dem|og"),
    ("De fem\n\tkommuner,\u00a0 blandt dem\n[Ribe]\nog\nTøn\u00adder.", 60, "De fem kommuner, blandt dem|og Tønder."),
    ("[Ribe]", 60, "|"),
    ("([Ribe])", 60, "(|)"),
    ("Nær [Ribe]modellen er ny", 12, "Nær|modellen er"),
    ("x" * 50 + "[Ribe]" + "y" * 50, 20, "x" * 20 + "|" + "y" * 20),
    ("ord" + " " * 900 + "[Ribe]" + "\n" * 900 + "ord", 20, "|"),
]


def marked(text: str) -> tuple[str, int, int]:
    """The text without the brackets, and the span they stood around."""
    start, end = text.index("["), text.index("]") - 1
    return text.replace("[", "").replace("]", ""), start, end


@pytest.mark.parametrize(("written", "width", "expected"), CASES)
def test_context(written: str, width: int, expected: str) -> None:
    """A match has this to its left and right."""
    context = concordance(*marked(written), width)
    assert f"{context.left}|{context.right}" == expected
    assert context.match == "Ribe"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Det er nyt. Her er [Ribe] med. Og slut.", "Her er Ribe med."),
        ("Overskrift\n\nHer er\nf.eks. [Ribe] med.", "Her er f.eks. Ribe med."),
        ("Her er [Ribe. Og] slut.", "Her er Ribe. Og slut."),
        ("[Ribe]", "Ribe"),
    ],
)
def test_sentence(written: str, expected: str) -> None:
    """A match stands in this sentence; one that reaches over several has them all."""
    assert concordance(*marked(written)).sentence == expected


def test_a_very_long_sentence_is_cut() -> None:
    """What never ends is given in part, around the match."""
    text = "ord " * 1000 + "Ribe" + " ord" * 1000
    sentence = concordance(text, 4000, 4004).sentence
    assert sentence.startswith("…ord ord")
    assert sentence.endswith("ord ord…")
    assert " ord Ribe ord " in sentence
    assert len(sentence) <= LONGEST_SENTENCE + 8


TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(["Ribe", "og. Så", "\n", "\t", "\u00ad", "x" * 80, "12. marts"]), max_size=80).map(
        " ".join
    ),
)


@given(TEXTS, st.integers(0, 300), st.integers(0, 300), st.integers(1, 80))
def test_context_is_of_the_text(text: str, one: int, other: int, width: int) -> None:
    """All parts are short, on one line, and stand in the text; the same comes out again."""
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    context = concordance(text, start, end, width)
    assert context == concordance(text, start, end, width)
    assert len(context.left) <= width >= len(context.right)
    assert folded(text[:start]).endswith(context.left)
    assert folded(text[end:]).startswith(context.right)
    assert context.match == folded(text[start:end])
    for part in (context.left, context.match, context.right, context.sentence):
        assert part == folded(part)
    assert context.match in context.sentence
    if len(context.sentence) < LONGEST_SENTENCE:
        assert context.sentence in folded(text)


def test_default_width() -> None:
    """Some sixty characters on each side."""
    text = "et ord " * 50 + "Ribe" + " og nyt" * 50
    context = concordance(text, 350, 354)
    assert isinstance(context, Context)
    assert WIDTH - 8 <= len(context.left) <= WIDTH
    assert WIDTH - 8 <= len(context.right) <= WIDTH
