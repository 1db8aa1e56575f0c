"""Saved searches give the same news from both engines, night after night, each hit once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.made import fill_store
from index.build import update_index
from kilde.model import Document
from kilde.saved import save_search
from kilde.state import State
from search.page import Query, Sort
from search.saved import finish_delivery, keys_of, news, question_json
from tests.opensearch.asked import queries, words_of
from tests.opensearch.cluster import Cluster
from tests.opensearch.corpus import Both, build_both, documents, place_of

SEARCHES = 40
NIGHTS = 3
WHEN = "2026-01-02T03:04:05Z"


def test_the_news_of_saved_searches_are_the_same(clean_cluster: Cluster, tmp_path: Path) -> None:
    """What a night brought, by record or by document, and nothing twice; a night without news has none."""
    found = documents(records=900, made=700)
    nights = [found[number::NIGHTS] for number in range(NIGHTS)]
    both = build_both(tmp_path / "data", place_of(clean_cluster), nights[0])
    searches = {f"s{number}": query for number, query in enumerate(queries(21, SEARCHES, words_of(found)))}
    with State(tmp_path / "one.sqlite") as ours, State(tmp_path / "other.sqlite") as theirs:
        for name, query in searches.items():
            for state in (ours, theirs):
                save_search(state, name, question_json(query), WHEN)
        given = [_night(both, searches, ours, theirs)]
        for night in nights[1:]:
            _arrive(both, night)
            given.append(_night(both, searches, ours, theirs))
        assert all(each > SEARCHES for each in given)
        assert _night(both, searches, ours, theirs) == 0
    both.store.connection.close()


def _arrive(both: Both, night: Sequence[Document]) -> None:
    fill_store(both.folder.store, iter(night))
    for place in (both.folder.index, both.place):
        assert update_index(place, both.store) > 0


def _night(both: Both, searches: dict[str, Query], ours: State, theirs: State) -> int:
    """Give the news of all searches; returns how many there were."""
    given = 0
    for name, query in searches.items():
        keys = []
        for state, engine in ((ours, both.embedded), (theirs, both.remote)):
            answer = engine.ask(query)
            fresh = news(state, name, answer)
            keys.append(keys_of(answer.reading, fresh))
            finish_delivery(state, name, keys[-1])
        expected, got = keys
        is_ranking = query.sort is Sort.RELEVANCE
        assert (sorted(got) if is_ranking else got) == (sorted(expected) if is_ranking else expected), query.text
        given += len(got)
    return given
