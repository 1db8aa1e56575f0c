"""Synonyms: read from a file, applied to words and phrases, named in the answer, never without a limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from kilde.errors import SettingsError
from kilde.settings import Settings
from search.engine import open_engine
from search.page import Query
from search.query import parse_query, print_query
from search.synonyms import MOST_ADDED, NONE, parse_synonyms, read_synonyms, synonyms_of, widened
from tests.index.builders import Texts, built, document
from tests.search.trees import trees

LINES = """
# Kilde: Integrationsministeriets ordliste
igu = integrationsgrunduddannelse
duå\tde utrolige år   # et forældreprogram
"""
SYNONYMS = parse_synonyms(LINES)


@pytest.mark.parametrize(
    ("query", "wider"),
    [
        ("igu", "igu OR integrationsgrunduddannelse"),
        ("IGU'en", "IGU'en OR integrationsgrunduddannelse"),
        ("integrationsgrunduddannelserne", "integrationsgrunduddannelserne OR igu"),
        ("duå", 'duå OR "de utrolige år"'),
        ('"de utrolige år"', '"de utrolige år" OR duå'),
        ("unge igu", "unge (igu OR integrationsgrunduddannelse)"),
        ("NOT igu", "NOT (igu OR integrationsgrunduddannelse)"),
        ("titel:igu", "title:igu OR title:integrationsgrunduddannelse"),
        ("=igu", "=igu"),
        ("igu*", "igu*"),
        ("igu~", "igu~"),
        ("igu NEAR/3 unge", "igu NEAR/3 unge"),
        ("unge", "unge"),
    ],
)
def test_a_query_stands_for_its_synonyms_too(query: str, wider: str) -> None:
    tree, notes = widened(parse_query(query), SYNONYMS)
    assert print_query(tree) == wider
    assert bool(notes) == (wider != print_query(parse_query(query)))


def test_an_answer_has_the_hits_of_all_and_says_so(tmp_path: Path) -> None:
    """`=igu` is without them; what is found is marked."""
    documents = [
        document("a", ["En igu i Aarhus."]),
        document("b", ["Integrationsgrunduddannelsen er ny."]),
        document("c", ["Vejen er lang."]),
    ]
    engine = open_engine(built(tmp_path, documents), Texts(documents))

    def hits(text: str) -> tuple[int, tuple[str, ...], set[str]]:
        page = engine.search(Query(text, parse_query(text), synonyms=SYNONYMS))
        marked = {piece.text for hit in page.hits for piece in hit.snippet if piece.marked}
        return page.total, page.notes, marked

    both = {"igu", "Integrationsgrunduddannelsen"}
    assert hits("igu") == (2, ("also searched: integrationsgrunduddannelse",), both)
    assert hits("=igu") == (1, (), {"igu"})
    assert engine.search(Query("igu", parse_query("igu"))).total == 1


@given(trees)
def test_without_synonyms_a_tree_stays_as_it_is(tree) -> None:  # type: ignore[no-untyped-def]
    assert widened(tree, NONE) == (tree, ())
    assert widened(tree, parse_synonyms("qzx = qzy")) == (tree, ())


def test_a_query_is_widened_up_to_a_limit() -> None:
    many = parse_synonyms(f"ord = {' = '.join(f'o0x{place}' for place in range(15))}")
    tree, notes = widened(parse_query(" ".join(["ord"] * 10)), many)
    assert print_query(tree).count("o0x") == MOST_ADDED
    assert notes[-1] == f"{150 - MOST_ADDED} synonyms are not searched: a query takes {MOST_ADDED}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("igu", "line 1: expected 2 to 16"),
        ("\nigu = ", "line 2: expected 2 to 16"),
        ("igu = en to tre fire fem seks syv", "expected 1 to 6 words"),
        ("igu = --", "expected 1 to 6 words"),
        ("a = b\n" * 10_001, "at most 10,000 lines"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        parse_synonyms(text)


def test_the_file_is_that_of_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "synonymer.txt"
    file.write_text(LINES, encoding="utf-8")
    assert synonyms_of(Settings(synonyms=file).synonyms).others.keys() == SYNONYMS.others.keys()
    assert synonyms_of(Settings().synonyms) is NONE
    with pytest.raises(SettingsError, match="there is no file of synonyms"):
        read_synonyms(tmp_path / "ingen.txt")
    file.write_bytes(b"\xff\xfe\xfa = x")
    with pytest.raises(SettingsError, match="UTF-8"):
        read_synonyms(file)
    file.write_text("#" * 1_000_001, encoding="utf-8")
    with pytest.raises(SettingsError, match="at most 1,000,000 bytes"):
        read_synonyms(file)
