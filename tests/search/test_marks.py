"""A query marks what it found in a text, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.marks import marks
from search.matching import BODY
from search.query_language import parse_query
from search.query_tree import Word


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("indsats", "Indsatsen og integrationsindsatserne.", ["Indsatsen", "integrationsindsatserne"]),
        ("barn", "børn, bør, barnets", ["børn", "barnets"]),
        ("Aarhus", "I Århus, i AARHUS og Aarhus'", ["Århus", "AARHUS", "Aarhus"]),
        ('"særlig indsats"', "en særlig indsats, særlig og indsats", ["særlig", "indsats"]),
        ("særlig NEAR/2 indsats", "særlig stor indsats og en indsats", ["særlig", "indsats"]),
        ("=indsats", "indsats indsatsen", ["indsats"]),
        ("inds*", "indsats indse Indsigt uindset", ["indsats", "indse", "Indsigt"]),
        ("pulje -indsats", "pulje indsats", ["pulje"]),
        ("pulje OR indsats", "pulje indsats", ["pulje", "indsats"]),
        ("Høje-Taastrup", "Høje-Taastrup, Høje Tåstrup og Høje", ["Høje-Taastrup", "Høje", "Tåstrup"]),
        ('"i Høje Taastrup"', "nu i Høje-Taastrup", ["i", "Høje-Taastrup"]),
        ("69,9", "69,9 og 69,90 og 69", ["69,9", "69,90"]),
        ("sagsbehandler", "sags\u00adbehandlerne", ["sags\u00adbehandlerne"]),
        ("kommune:Aarhus dato:2020 titel:nyt", "Aarhus 2020 nyt", []),
        ("", "tekst", []),
    ],
)
def test_what_was_searched_is_marked(query: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in marks(parse_query(query), text, {})] == marked


def test_a_fuzzy_word_marks_the_forms_it_stands_for() -> None:
    word = Word("flygtnig", fuzzy=True)
    text = "Flygtning, flygtninge og flygtig"
    found = marks(word, text, {(BODY, word): ("flygtning", "flygtig")})
    assert [text[start:end] for start, end in found] == ["Flygtning", "flygtig"]


@given(st.text(max_size=120), st.sampled_from(['"a b"', "a NEAR/2 b", "aa* -b", "Aa-B", "=a", "1 OR å"]))
def test_marks_are_in_order_and_within_the_text(text: str, query: str) -> None:
    end = 0
    for start, stop in marks(parse_query(query), text, {}):
        assert end <= start < stop <= len(text)
        end = stop
