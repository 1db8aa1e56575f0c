"""Number words: a table of them, and what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilde.danish.numerals import LIMIT, parse_cardinal, parse_ordinal, print_cardinal

CARDINALS = [
    ("nul", 0),
    ("to", 2),
    ("én", 1),
    ("tolv", 12),
    ("Femogtyve", 25),
    ("fem og tyve", 25),
    ("fem-og-tyve", 25),
    ("halvtreds", 50),
    ("otteogfyrre", 48),
    ("syvoghalvtresindstyve", None),
    ("syvoghalvtredsindstyve", 57),
    ("tres", 60),
    ("niognitten", None),
    ("nioghalvfems", 99),
    ("femti", 50),
    ("to ti", None),
    ("hundrede", 100),
    ("et hundrede og fem", 105),
    ("tohundredefemogtyve", 225),
    ("to hundrede fem og tyve", 225),
    ("tolv hundrede", 1200),
    ("nittenhundrede og femogfyrre", 1945),
    ("tusind", 1000),
    ("tusind og en", 1001),
    ("titusinde", 10_000),
    ("femogtyvetusinde", 25_000),
    ("to hundrede tusinde", 200_000),
    ("to millioner", 2_000_000),
    ("en milliard to hundrede millioner", 1_200_000_000),
    ("halv\u00adtreds", 50),
    # what is no number word
    ("", None),
    (" ", None),
    ("og", None),
    ("tyve og", None),
    ("tyve fem", None),
    ("to tre", None),
    ("tusind tusind", None),
    ("millioner", None),
    ("halvanden", None),
    ("fem kommuner", None),
    ("25", None),
    ("firserne", None),
    ("en" * 5000, None),
]

ORDINALS = [
    ("første", 1),
    ("anden", 2),
    ("andet", 2),
    ("Tredje", 3),
    ("ottende", 8),
    ("trettende", 13),
    ("attende", 18),
    ("tyvende", 20),
    ("enogtyvende", 21),
    ("to og tyvende", 22),
    ("tredivte", 30),
    ("enogtredivte", 31),
    ("femoghalvtredsindstyvende", 55),
    ("hundredeogførste", 101),
    ("", None),
    ("otte", None),
    ("frihundende", None),
    ("eftertrettende", None),
    ("den ottende", None),
]


@pytest.mark.parametrize(("text", "value"), CARDINALS)
def test_cardinal(text: str, value: int | None) -> None:
    assert parse_cardinal(text) == value


@pytest.mark.parametrize(("text", "value"), ORDINALS)
def test_ordinal(text: str, value: int | None) -> None:
    assert parse_ordinal(text) == value


@given(st.one_of(st.integers(0, 3000), st.integers(0, LIMIT - 1)))
def test_a_printed_number_is_read_back(number: int) -> None:
    assert parse_cardinal(print_cardinal(number)) == number
    assert parse_cardinal(print_cardinal(number).replace(" ", "")) == number


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(["en", "og", "tyve", "hundrede", "tusind", "ende", " "])).map("".join)
    )
)
def test_no_text_raises(text: str) -> None:
    for parse in (parse_cardinal, parse_ordinal):
        value = parse(text)
        assert value is None or 0 <= value < LIMIT * 10


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_a_number_without_words_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="expected a number"):
        print_cardinal(number)
