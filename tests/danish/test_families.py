"""All forms of a word find each other: a table of words of every declension and conjugation."""

from __future__ import annotations

import pytest

from kilde.danish.words import query_keys, read
from tests.danish.tables import read_cases

FAMILIES = [(kind, tuple(forms.split())) for kind, forms in read_cases("families.tsv")]


def finds(query: str, word: str) -> bool:
    """Whether a query for one word finds a text with the other."""
    return not set(query_keys(query)).isdisjoint(read(word).all)


@pytest.mark.parametrize("forms", [forms for _, forms in FAMILIES], ids=[forms[0] for _, forms in FAMILIES])
def test_every_form_finds_the_word_and_is_found_by_it(forms: tuple[str, ...]) -> None:
    word = forms[0].removesuffix("'")
    missed = [form for form in forms[1:] if not finds(word, form) or not finds(form, word)]
    assert not missed


def test_the_table_holds_every_class_of_word() -> None:
    assert len(FAMILIES) >= 300
    assert len({kind for kind, _ in FAMILIES}) >= 12
