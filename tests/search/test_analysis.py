"""`kilde analyze`: what a word is found by, what it looks up, and why."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import DANISH
from kilde.cli import cli
from kilde.errors import QueryError
from search.analysis import lookups, tokens
from search.synonyms import parse_synonyms


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("indsatserne", [("indsats", "word")]),
        ("integrationsindsats", [("integration+indsats", "compound"), ("integration", "part"), ("indsats", "part")]),
        ("Randers", [("@randers", "name")]),
        ("lommepenge", [("lomme+penge", "compound"), ("lomme", "part"), ("penge", "part")]),
        ("zorbing", [("~zorbing", "stem"), ("@zorbing", "form")]),
        ("69,90", [("69,9", "number")]),
        ("§ 17", [("§17", "section"), ("17", "part")]),
        ("16.09.2020", [("16.9.2020", "number"), ("2020", "part")]),
        ("it-systemet", [("it+system", "compound"), ("it", "part"), ("system", "part")]),
    ],
)
def test_each_key_has_a_kind(text: str, keys: list[tuple[str, str]]) -> None:
    (token,) = tokens(text)
    assert [(it.key, it.kind) for step in token.steps for it in step.keys] == keys


@given(st.text(alphabet="aAåæ1-.,'§ \u00adHøjeVejen", max_size=60))
def test_the_tokens_are_those_of_the_index(text: str) -> None:
    """The same spans, positions and keys, each with a reason."""
    shown = [(it.start, it.end, tuple(tuple(key.key for key in step.keys) for step in it.steps)) for it in tokens(text)]
    assert shown == [(it.start, it.end, it.keys.steps) for it in DANISH(text)]
    assert all(key.why for it in tokens(text) for step in it.steps for key in step.keys)


def test_a_query_shows_what_is_looked_up() -> None:
    found = lookups('og Høje-Taastrup =igu "ny pulje"', parse_synonyms("ny pulje = satspulje"))
    assert [(it.text, it.stop, it.marked) for it in found] == [
        ("og", True, False),
        ("Høje-Taastrup", False, False),
        ("=igu", False, True),
        ('"ny pulje"', False, False),
    ]
    assert found[1].steps == (("høj",), ("@tåstrup",))
    assert found[3].synonyms == ("satspulje",)
    with pytest.raises(QueryError):
        lookups("(igu")


def test_the_command_prints_both_sides() -> None:
    result = CliRunner().invoke(cli, ["analyze", "--format", "json", "sprogcentrenes"])
    found = json.loads(result.stdout)
    assert [step["keys"][0]["key"] for step in found["index"][0]["steps"]] == ["sprog+center"]
    assert found["query"][0]["whole"] == ["sprog+center"]
    table = CliRunner().invoke(cli, ["analyze", "(sprogcentrenes"])
    assert table.exit_code == 0
    assert "compound" in table.stdout
    assert "no query: character 1" in table.stdout
