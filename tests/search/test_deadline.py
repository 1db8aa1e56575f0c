"""Questions end: past the deadline with an error that says what to do, and the worst ones cost what their words do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import pytest

from search.deadline import NEVER, Deadline, TooLongError, within
from search.engine import open_engine
from search.page import FACETS, Query
from search.query_errors import MAX_TERMS
from search.query_language import parse_query
from search.ranking import Ranker
from tests.index.builders import Texts, built
from tests.search.corpus import documents
from tests.timing import least_seconds

CORPUS = documents(9, 300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("deadline"), CORPUS)


def query(text: str) -> Query:
    return Query(text, parse_query(text), facets=FACETS)


@pytest.mark.parametrize("text", ["indsats", "inds* OR børn~", '"ny pulje"', "indsats NEAR/3 børn", "-skole", ""])
def test_past_the_deadline_a_search_ends(text: str, folder: Path) -> None:
    with pytest.raises(TooLongError, match="narrow it"):
        open_engine(folder, Texts(CORPUS)).search(query(text), Deadline(monotonic() - 1))


def test_before_the_deadline_it_changes_nothing(folder: Path) -> None:
    engine = open_engine(folder, Texts(CORPUS))
    assert engine.search(query("indsats OR pul*"), within(60)) == engine.search(query("indsats OR pul*"), NEVER)


WORST = {
    "prefixes": [f"{letters}*" for letters in ("in", "bø", "fl", "ko", "pu", "sk", "bo", "aa", "od", "ra", "fr", "ny")],
    "misspelt": [
        "indsatx",
        "børm",
        "flygtnige",
        "komunen",
        "puljr",
        "skoln",
        "bolih",
        "frivilige",
        "støtet",
        "arbejds",
    ],
    "ruled out": ["indsats", "børn", "flygtninge", "kommunen", "pulje", "skolen", "bolig", "Aarhus", "Odense", "nye"],
    "phrases": ['"og i"', '"i til"', '"til den"', '"den og"', '"og til"', '"i den"', '"den i"', '"til i"', '"og den"'],
}


@pytest.mark.parametrize("kind", WORST)
@pytest.mark.parametrize("by", [" OR ", " "])
def test_many_words_cost_what_they_cost_one_by_one(kind: str, by: str, folder: Path) -> None:
    """Nothing multiplies: the longest query of a kind takes no more than a few times its parts alone."""
    sign = "-" if kind == "ruled out" else ""
    most = MAX_TERMS // max(part.count(" ") + 1 for part in WORST[kind])
    parts = [sign + WORST[kind][place % len(WORST[kind])] for place in range(most)]
    alone, together = (
        least_seconds(lambda: ask(folder, parts)),
        least_seconds(lambda: ask(folder, [by.join(parts)])),
    )
    assert together < 4 * alone


def ask(folder: Path, texts: Sequence[str]) -> None:
    """Ask some queries, nothing decoded before."""
    ranker = Ranker(folder)
    for text in texts:
        ranker.rank(query(text))
