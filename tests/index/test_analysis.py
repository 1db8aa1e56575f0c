"""The analyzer finds what a Danish reader would, and nothing that only looks like it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import DANISH, ExactForms, WholeWords, ask
from index.filters import exact_form, numbers
from tests.timing import least_seconds

EQUIVALENCE = [
    tuple(line.replace("\\n", "\n").split("\t"))
    for line in Path(__file__).with_name("equivalence.tsv").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#")
]


def finds(query: str, text: str, whole: bool = False) -> bool:
    """Whether a search for the words of a query, or for the `whole` of it, finds the text: by the engine's rules."""
    places: dict[str, set[int]] = {}
    for form in DANISH(text):
        for number, step in enumerate(form.keys.steps):
            for key in step:
                places.setdefault(key, set()).add(form.position + number)
    return all(_finds_word(word, places) for word in ([query] if whole else query.split()))


def _finds_word(word: str, places: dict[str, set[int]]) -> bool:
    asked = ask(word)
    if len(asked.forms) == 1 and any(key in places for key in asked.forms[0].whole):
        return True
    starts = [set[int]().union(*(places.get(key, set()) for key in step)) for step in asked.steps]
    return any(all(first + ahead in each for ahead, each in enumerate(starts)) for first in starts[0])


@pytest.mark.parametrize(("kind", "query", "text"), EQUIVALENCE, ids=[" ".join(row) for row in EQUIVALENCE])
def test_forms_meet_or_stay_apart(kind: str, query: str, text: str) -> None:
    assert finds(query, text) is (kind == "match")


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(EQUIVALENCE) >= 200
    assert sum(row[0] == "differ" for row in EQUIVALENCE) >= 60


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("69,9", "69,9"),
        ("69,90", "69,9"),
        ("1.250,00", "1250"),
        ("1.250", "1250"),
        ("1250", "1250"),
        ("1.000.000", "1000000"),
        ("12.30", "12.30"),
        ("16.09.2020", "16.9.2020"),
        ("0751", "0751"),
        ("1.2.3.4", "1.2.3.4"),
        ("0,0", "0"),
        ("000", "000"),
    ],
)
def test_numbers_keep_their_decimals_and_lose_their_grouping(written: str, key: str) -> None:
    keys = numbers(written)
    assert keys is not None
    assert keys.whole == (key,)


def test_a_word_divided_at_a_line_end_or_by_soft_hyphens_is_one_form_with_its_whole_span() -> None:
    text = "en integrations-\ngrunduddannelse, sags\u00adbehandler"
    forms = [text[form.start : form.end] for form in DANISH(text)]
    assert forms == ["en", "integrations-\ngrunduddannelse", "sags\u00adbehandler"]


def test_pieces_with_a_capital_have_positions_of_their_own() -> None:
    assert [form.position for form in DANISH("i Høje-Taastrup nu")] == [0, 1, 3]
    assert [form.position for form in DANISH("et arbejds-fællesskab nu")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("form", "exact"),
    [("Århus", "århus"), ("AARHUS", "aarhus"), ("igu’en", "igu'en"), ("E\u2011mail", "e-mail"), ("cafe\u0301", "café")],
)
def test_an_exact_form_folds_case_and_typography_only(form: str, exact: str) -> None:
    assert exact_form(form) == exact


@given(st.text(max_size=200))
def test_spans_slice_the_text_in_order_and_nothing_raises(text: str) -> None:
    end = position = 0
    for form in DANISH(text):
        assert end <= form.start < form.end <= len(text)
        assert form.position >= position
        assert all(key for step in form.keys.steps for key in step)
        end, position = form.end, form.position + len(form.keys.steps)


@given(st.text(alphabet="aA1 -.,'’\u00adåæ\n", max_size=60))
def test_the_same_text_gives_the_same_keys_by_either_way(text: str) -> None:
    assert DANISH.all_keys(text) == [form.keys for form in DANISH(text)]


@given(st.text(alphabet="aAsen1-'.,å ", min_size=1, max_size=30))
def test_a_text_finds_itself(text: str) -> None:
    """Every form of a text is found by a query for it, whatever it is made of."""
    for form in DANISH(text):
        word = text[form.start : form.end]
        assert finds(word, text, whole=True), word


def test_whoosh_gets_a_token_for_each_key() -> None:
    tokens = [(t.text, t.pos) for t in WholeWords()("Flygtningefamilier i Odense", positions=True)]
    assert tokens == [("flygtning+familie", 0), ("flygtning", 0), ("familie", 0), ("i", 1), ("@odense", 2)]
    assert [t.text for t in ExactForms()("DUÅ-programmet")] == ["duå-programmet", "duå", "programmet"]


@pytest.mark.parametrize("unit", ["1.", "1,", "a-", "a'", "\u00ad", "A-1", "-\n", "å", "aa", "1.000.", "s"])
def test_hostile_text_takes_time_in_proportion(unit: str) -> None:
    """Ten times the text takes about ten times as long; a pattern that backtracks would take a hundred times."""
    small, large = (least_seconds(partial(analysed, unit * times), runs=1) for times in (10_000, 100_000))
    assert large < 40 * small + 0.2


def analysed(text: str) -> None:
    """Make all forms of a text."""
    for _ in DANISH(text):
        pass
