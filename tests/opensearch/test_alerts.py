"""Saved searches give the same news from both engines, night after night, each hit once; and they are percolated."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from benchmarks.made import fill_store
from index.build import rebuild_index, update_index
from kilde.danish.mentions import Role
from kilde.errors import MissingError
from kilde.model import Document, DocumentKind
from kilde.saved import remove_search, save_search
from kilde.state import State
from kilde.store_writer import StoreWriter
from kilde.watched import watched
from search.engine import Engine
from search.opensearch import answer as remote
from search.opensearch.asking import Asker
from search.opensearch.compiling import Json
from search.opensearch.watching import Compile, places_of_news
from search.page import By, Filters, Query, Sort
from search.query import parse_query
from search.saved import finish_delivery, keys_of, news, question_json, saved_queries
from search.watch import Watch
from tests.index.builders import Part, document
from tests.opensearch.asked import queries, words_of
from tests.opensearch.cluster import Cluster
from tests.opensearch.corpus import Both, build_both, documents, place_of

SEARCHES = 30
NIGHTS = 3
WHEN = "2026-01-02T03:04:05Z"

ALL = Filters()
FULL = "in full"
"""How a search is asked that old records may newly answer; all others are percolated."""


def asked(text: str, *, sort: Sort = Sort.NEWEST, by: By = By.RECORD, filters: Filters = ALL) -> Query:
    """A query to save."""
    return Query(text, parse_query(text) if text else None, filters, sort=sort, by=by)


TABLE = {
    "a-word": asked("bolig"),
    "a-word-ranked": asked("bolig", sort=Sort.RELEVANCE),
    "by-document": asked("bolig", by=By.DOCUMENT),
    "one-form": asked("=boligen"),
    "a-compound": asked("pulje"),
    "a-phrase": asked('"nye boliger"'),
    "a-phrase-with-stop-words": asked('"støtte til unge"'),
    "near": asked("bolig NEAR/3 unge"),
    "phrases-near": asked('"nye boliger" NEAR/6 "de unge"'),
    "a-prefix-that-grows": asked("bolig*"),
    "misspelt": asked("boligne~"),
    "a-word-in-titles": asked("title:referat"),
    "a-phrase-in-titles": asked('title:"referat fra"'),
    "a-kommune": asked("kommune:Aarhus"),
    "a-kommune-as-a-place": asked("bolig", filters=Filters(kommune=("0751",), role=("place",))),
    "a-region": asked("region:Hovedstaden"),
    "a-kind": asked("kind:minutes"),
    "facets-chosen": asked("bolig", filters=Filters(kommune=("0751", "0461"), kind=("newsletter", "minutes"))),
    "amounts": asked("amount:100.000..500.000"),
    "amounts-from": asked("", filters=Filters(amount_min=50_000_000)),
    "dates-published": asked("date:2020..2021"),
    "dates-mentioned": asked("bolig", filters=Filters(mentions_from=date(2021, 1, 1), mentions_to=date(2021, 6, 30))),
    "none-of-a-word": asked("bolig NOT unge"),
    "none-of-a-prefix": asked("bolig NOT ung*"),
    "only-negation": asked("NOT bolig"),
    "any-of": asked('pulje OR "nye boliger" OR (skole NOT kommune:Odense)'),
    "everything": asked(""),
    "nothing": asked("zyzzyva"),
}
AARHUS = (("0751", Role.AUTHORITY), ("0751", Role.PLACE))
AT_FIRST = (
    document("a", ["Nye boliger til de unge.", "Puljen til skoler er tom."], published="2020-03"),
    document("b", [Part("Boligen i Aarhus er solgt.", kommuner=(("0751", Role.PLACE),))], kind=DocumentKind.MINUTES),
    document(
        "c", [Part("Tilskud til unge i Odense.", kommuner=(("0461", Role.AUTHORITY),), amounts=(("250000", None),))]
    ),
    document("d", ["Ingen ved noget om det."], title="Referat fra mødet", published=None),
)
EVENINGS: Sequence[Sequence[Document]] = (
    (
        document("e", ["Kommunen giver støtte til unge.", "De unge får boligen i byen."], published="2021-02"),
        document("f", [Part("Boligkvoten er brugt.", amounts=(("600000", "900000"),), kommuner=AARHUS)]),
        document("b", [Part("Boligerne i Aarhus sælges.", kommuner=(("0751", Role.PLACE),))], version="v2",
                 kind=DocumentKind.MINUTES),
    ),
    (
        document("g", [Part("En boligpulje på 100.000 kr. fra 2021.", amounts=(("100000", None),), kommuner=AARHUS,
                            dates=((date(2021, 1, 1), date(2021, 12, 31)),))], kind=DocumentKind.MINUTES),
        document("h", ["Nye boliger: dem har de unge ventet på.", "Skolepuljen."], title="Referat fra rådet"),
        document("c", [Part("Nye boliger i København.", kommuner=(("0101", Role.PLACE),))], version="v2"),
    ),
    (document("a", ["Ungdomsboliger og boligformer.", "Puljer.", "Bolgien er stavet forkert."], version="v2"),),
)  # fmt: skip


@dataclass(slots=True)
class Alerts:
    """Both engines over one store, each with its own state; `ways` is how OpenSearch was asked last, by search."""

    both: Both
    ours: State
    theirs: State
    ways: dict[str, list[str] | str] = field(default_factory=dict)

    def save(self, name: str, query: Query) -> None:
        """Save a search under a name, in the place of one that has it."""
        for state in (self.ours, self.theirs):
            with suppress(MissingError):
                remove_search(state, name)
            save_search(state, name, question_json(query), WHEN)

    def arrive(self, evening: Sequence[Document], withdrawn: Sequence[str] = ()) -> None:
        """Documents come, change or go; both indices follow."""
        fill_store(self.both.folder.store, iter(evening))
        with StoreWriter(self.both.folder.store) as writer:
            for name in withdrawn:
                writer.make_container(name)
            writer.commit()
        for place in (self.both.folder.index, self.both.place):
            assert update_index(place, self.both.store) >= len(evening)

    def night(self) -> dict[str, list[str]]:
        """Give the news of all searches; returns what they were."""
        given = {}
        for name, query in saved_queries(self.ours).items():
            expected, total = self.give(self.ours, self.both.embedded, name, query)
            got = self.give(self.theirs, self.both.remote, name, query)
            order = sorted if query.sort is Sort.RELEVANCE else list
            assert (order(got[0]), got[1]) == (order(expected), total), name
            given[name] = got[0]
        return given

    def give(self, state: State, engine: Engine, name: str, query: Query) -> tuple[list[str], int]:
        """Give the news of a search; returns them, and how many hits there are in all."""
        answer = engine.ask(query)
        fresh = news(answer, Watch(name, state, self.both.store, lambda: saved_queries(state)))
        keys = keys_of(answer.reading, fresh)
        finish_delivery(state, name, keys, fresh.watched)
        return keys, fresh.total


@pytest.fixture
def alerts(clean_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alerts:
    both = build_both(tmp_path / "data", place_of(clean_cluster), AT_FIRST)
    made = Alerts(both, State(tmp_path / "ours.sqlite"), State(tmp_path / "theirs.sqlite"))

    def noted(asker: Asker, question: Json, watch: Watch, *rest: Compile) -> list[str] | None:
        places = places_of_news(asker, question, watch, *rest)
        made.ways[watch.name] = FULL if places is None else places
        return places

    monkeypatch.setattr(remote, "places_of_news", noted)
    return made


def test_every_kind_of_search_is_percolated(alerts: Alerts) -> None:
    """Evenings on which documents come, change and go; only a question that old records may answer is asked in full."""
    for name, query in TABLE.items():
        alerts.save(name, query)
    nights = [alerts.night()]
    assert set(alerts.ways.values()) == {FULL}
    assert watched(alerts.theirs).keys() == TABLE.keys()
    for evening, withdrawn in zip(EVENINGS, (("d",), (), ("e", "g")), strict=True):
        alerts.arrive(evening, [document(name, []).id for name in withdrawn])
        nights.append(alerts.night())
        assert [name for name, way in alerts.ways.items() if way == FULL] == []
    assert not any(alerts.night().values())
    silent = {name for name in TABLE if not any(night[name] for night in nights[1:])}
    assert silent == {"nothing"}, "a search that finds nothing new shows nothing"
    assert alerts.ways["a-word"] == [], "nothing is left that waits"


def test_what_changes_a_question_asks_it_in_full(alerts: Alerts) -> None:
    """Another search under the same name, another meaning of a value, an index that is made anew; once each."""
    alerts.save("s", asked("bolig"))
    alerts.save("publisher", asked("publisher:bolig"))
    alerts.night()
    alerts.arrive([replace(EVENINGS[0][0], publisher="Bolig")])
    assert len(alerts.night()["publisher"]) == 2
    alerts.arrive([replace(EVENINGS[0][1], publisher="Bolig og By")])
    assert alerts.night()["publisher"] == []
    assert FULL not in alerts.ways.values()
    alerts.arrive([EVENINGS[1][0]], [EVENINGS[0][0].id])
    assert len(alerts.night()["publisher"]) == 1, (
        "no publisher has that very name any more: all that have the word count"
    )
    assert (alerts.ways["publisher"], alerts.ways["s"] == FULL) == (FULL, False)
    alerts.save("s", asked("unge"))
    assert alerts.night()["s"]
    assert alerts.ways["s"] == FULL
    rebuild_index(alerts.both.place, alerts.both.store, 1)
    alerts.night()
    assert set(alerts.ways.values()) == {FULL}
    alerts.night()
    assert FULL not in alerts.ways.values()


def test_records_that_were_lost_and_mended_are_news(alerts: Alerts, clean_cluster: Cluster) -> None:
    """A cluster lost a record before its search was asked: it comes when it is there again, though nothing changed."""
    alerts.save("s", asked("bolig"))
    alerts.night()
    alerts.arrive(EVENINGS[0])
    lost = EVENINGS[0][0].records[1].id
    (index,) = clean_cluster.ask("GET", "/kilde/_alias")
    clean_cluster.ask("POST", f"/{index}/_delete_by_query?refresh=true", {"query": {"term": {"id": lost}}})
    alerts.save("later", asked("bolig", by=By.DOCUMENT))
    got = {
        name: alerts.give(alerts.theirs, alerts.both.remote, name, query)[0]
        for name, query in saved_queries(alerts.theirs).items()
    }
    assert lost not in got["s"]
    assert update_index(alerts.both.place, alerts.both.store) > 0
    for name, query in saved_queries(alerts.ours).items():
        late, _ = alerts.give(alerts.theirs, alerts.both.remote, name, query)
        expected, _ = alerts.give(alerts.ours, alerts.both.embedded, name, query)
        assert sorted(got[name] + late) == sorted(expected)
        assert late


def test_news_are_given_though_a_node_is_lost(alerts: Alerts, clean_cluster: Cluster) -> None:
    """The node that holds questions; and what was percolated and not given waits for the next run."""
    for name, query in TABLE.items():
        alerts.save(name, query)
    alerts.night()
    alerts.arrive(EVENINGS[0])
    first, *others = saved_queries(alerts.theirs).items()
    news(
        alerts.both.remote.ask(first[1]),
        Watch(first[0], alerts.theirs, alerts.both.store, lambda: dict([first, *others])),
    )
    clean_cluster.await_green()
    alerts.arrive(EVENINGS[1])
    clean_cluster.kill(sorted(clean_cluster.primaries("kilde-*-questions"))[0])
    assert any(alerts.night().values())
    assert FULL not in alerts.ways.values()


def test_the_news_of_many_searches_are_the_same(clean_cluster: Cluster, tmp_path: Path) -> None:
    """Searches and documents that were made by chance: what a night brought, and nothing twice."""
    found = documents(records=600, made=450)
    nights = [found[number::NIGHTS] for number in range(NIGHTS)]
    both = build_both(tmp_path / "data", place_of(clean_cluster), nights[0])
    alerts = Alerts(both, State(tmp_path / "ours.sqlite"), State(tmp_path / "theirs.sqlite"))
    for number, query in enumerate(queries(21, SEARCHES, words_of(found))):
        alerts.save(f"s{number:02}", query)
    given = [alerts.night()]
    for night in nights[1:]:
        alerts.arrive(night)
        given.append(alerts.night())
    assert all(sum(map(len, each.values())) > SEARCHES for each in given)
    assert not any(alerts.night().values())
