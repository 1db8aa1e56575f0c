"""What other parts of Kilde say, told in Danish: refusals of queries, notes of the engine, problems in reading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import search.web
from kilde.errors import QueryError
from search.query import parse_query
from search.web.danish import told, told_of_query
from tests.search.test_query import REFUSED

PACKAGE = Path(search.web.__file__).parent


@pytest.mark.parametrize("query", [query for query, *_ in REFUSED])
def test_every_refusal_of_a_query_is_in_danish(query: str) -> None:
    """What the query language says of each query that it refuses has its Danish, position and all."""
    with pytest.raises(QueryError) as refused:
        parse_query(query)
    language, said = told_of_query(str(refused.value), "da")
    assert language == "da"
    assert said.startswith(f"Tegn {(refused.value.position or 0) + 1}: ")
    assert not re.search(r"\b(expected|found|nearest|words)\b", said.replace(query, ""))


def test_sentences_have_the_same_places_in_both_languages() -> None:
    """The Danish names nothing that the English does not, and no English stands twice."""
    rows = [line.split("\t") for line in (PACKAGE / "danish.tsv").read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]  # fmt: skip
    for english, danish in rows:
        assert set(re.findall(r"{(.)}", danish)) <= set(re.findall(r"{(.)}", english))
    assert len({english for english, _ in rows}) == len(rows)


@pytest.mark.parametrize(
    ("said", "danish"),
    [
        ("also searched: hus", "Der er også søgt på: hus"),
        ("ignored, since nearly all texts have them: og, i", "Ikke brugt, da næsten alle tekster har dem: og, i"),
        ("Farum is in Furesø now: all of it is searched", "Farum ligger i Furesø i dag: der er søgt på hele kommunen"),
        ("the title says 'oktober' and nothing says which year", "titlen siger »oktober«, og intet siger hvilket år"),
        (
            'the sheet "Mor\'s" is hidden in the workbook; it is read',
            "arket »Mor's« er skjult i projektmappen; det er læst",
        ),
        ("the file is empty", "filen er tom"),
        ("the server answers 404", "serveren svarer 404"),
        ("the server answers 500 for a list (tries: 3)", "serveren svarer 500 på en liste (forsøg: 3)"),
        (
            "robots.txt cannot be had (the server answers 503); nothing is fetched until the next run",
            "robots.txt kan ikke hentes (serveren svarer 503); intet hentes før næste kørsel",
        ),
        (
            "late: nothing published for 9 days, and it is weekly",
            "forsinket: intet er udgivet i 9 dage, og den plejer at udkomme ugentligt",
        ),
    ],
)
def test_what_others_say_is_told_in_danish(said: str, danish: str) -> None:
    """Sentences of the engine and of reading, what they name kept; English pages show them as they are."""
    assert told(said, "da") == ("da", danish)
    assert told(said, "en") == ("en", said)


def test_what_is_not_known_stays_english() -> None:
    """A sentence that has no Danish is marked as English, and a very long one is not looked at."""
    assert told("nobody has said this before", "da") == ("en", "nobody has said this before")
    assert told("the visit ended early: for no reason", "da")[0] == "en"
    assert told("the file is empty" + " " * 5_000, "da")[0] == "en"
