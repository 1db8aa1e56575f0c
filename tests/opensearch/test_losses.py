"""Nodes that die, records that are rejected, indices that take no writes: nothing is lost, nothing is there twice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from benchmarks.made import fill_store, made_documents
from index.build import rebuild_index, update_index
from index.opensearch.client import Client, ClusterError
from index.opensearch.comparing import differing
from index.opensearch.state import built, pairs
from index.writer import open_writer
from kilde.model import Document
from kilde.opensearch import OpenSearch
from kilde.record_keys import REJECTED
from kilde.store import Store
from kilde.store_writer import StoreWriter
from search.cli import StoreTexts
from search.engine import open_engine
from search.opensearch import walking
from search.page import Query, Sort
from search.query import parse_query
from tests.opensearch.cluster import Cluster
from tests.opensearch.corpus import place_of

RECORDS = 1_200
KILLS = 10 if os.environ.get("KILDE_OPENSEARCH") == "long" else 2
PATIENCE = 240.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    fill_store(tmp_path / "kilde.sqlite", made_documents(RECORDS, 3))
    with Store(tmp_path / "kilde.sqlite") as opened:
        yield opened


def test_a_node_that_is_killed_while_it_is_written_to_costs_nothing(clean_cluster: Cluster, store: Store) -> None:
    """The node that holds primaries, at any moment of a load; what counts in the end is what the store has."""
    cluster, random = clean_cluster, Random(5)
    place = place_of(cluster)
    client = Client(place)
    for _ in range(KILLS):
        with ThreadPoolExecutor(1) as pool:
            loading = pool.submit(_run, rebuild_index, place, store)
            index = _await(lambda: _begun(client, random.randint(1, RECORDS // 2)), loading.done)
            victim = random.choice(sorted(cluster.primaries(index)))
            cluster.kill(victim)
            assert not loading.done(), "the node was killed too late to show anything"
            assert loading.result(PATIENCE) >= RECORDS
        assert _held(client) == _expected(store)
        assert differing(client, built(client).pair, store) == []
        cluster.start(victim)
        cluster.await_green()
    client.close()


def test_a_new_index_has_all_its_copies_before_it_is_written_to(clean_cluster: Cluster) -> None:
    """Or the first node that is lost would take the only copy with it; more copies than nodes are not waited for."""
    for replicas, copies in ((1, 2), (2, 3), (5, 3)):
        place = place_of(clean_cluster, replicas=replicas)
        with open_writer(place).session(rebuild=True) as session:
            (pair,) = pairs(Client(place))
            health = clean_cluster.ask("GET", f"/_cluster/health/{pair.records},{pair.forms}")
            assert health["active_shards"] == 2 * place.shards * copies
            session.commit(1)
        open_writer(place).discard()


def test_an_update_that_loses_a_node_is_made_good(clean_cluster: Cluster, store: Store) -> None:
    """Documents changed, gone and new; the node dies between the first write and the commit."""
    cluster, place = clean_cluster, place_of(clean_cluster)
    rebuild_index(place, store, 1)
    client = Client(place)
    _change(store)
    victim = sorted(cluster.primaries(built(client).pair.records))[0]
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(_run, update_index, place, store)
        time.sleep(0.2)
        cluster.kill(victim)
        assert loading.result(PATIENCE) > 0
    assert _held(client) == _expected(store)
    client.close()


def test_what_was_lost_is_written_again(clean_cluster: Cluster, store: Store) -> None:
    """Records taken out of the index, older ones put in: the next run finds and mends them, though nothing changed."""
    place = place_of(clean_cluster)
    rebuild_index(place, store, 1)
    client = Client(place)
    pair, expected = built(client).pair, _expected(store)
    for record in sorted(expected)[:3]:
        clean_cluster.ask("DELETE", f"/{pair.records}/_doc/{record}?routing={expected[record]}")
    clean_cluster.ask("POST", f"/{pair.records}/_refresh")
    assert len(differing(client, pair, store)) in (1, 2, 3)
    assert update_index(place, store) > 0
    assert _held(client) == expected
    assert update_index(place, store) == 0
    client.close()


def test_rejected_records_are_quarantined_and_the_rest_is_found(clean_cluster: Cluster, store: Store) -> None:
    """A record whose id is longer than the cluster takes: its document is told, and out; a rebuild tries it again."""
    place = place_of(clean_cluster)
    poison = _with_long_id(next(iter(made_documents(20, 77))))
    fill_store(store.path, iter([poison]))
    for _ in range(2):
        rebuild_index(place, store, 1)
        with Store(store.path) as committed:
            found = [it for it in committed.quarantined() if it.code == REJECTED]
        assert [(it.document, "Validation Failed" in it.detail) for it in found] == [(poison.id, True)]
        client = Client(place)
        held = _held(client)
        assert poison.id not in held.values()
        assert len(held) == RECORDS
        client.close()
    assert update_index(place, store) == 0


def test_an_index_that_takes_no_writes_says_so_and_stays_searched(clean_cluster: Cluster, store: Store) -> None:
    """Nothing is covered that was not written; when writes are taken again the next run goes on."""
    place = place_of(clean_cluster)
    rebuild_index(place, store, 1)
    writer = open_writer(place)
    covered, pair = writer.covers(), built(Client(place)).pair
    _change(store)
    clean_cluster.ask("PUT", f"/{pair.records}/_settings", {"index.blocks.write": True})
    with pytest.raises(ClusterError, match="takes no writes"):
        update_index(place, store)
    assert writer.covers() == covered
    assert open_engine(place, StoreTexts(store)).search(Query(limit=0)).total == RECORDS
    clean_cluster.ask("PUT", f"/{pair.records}/_settings", {"index.blocks.write": False})
    assert update_index(place, store) > 0
    assert _held(Client(place)) == _expected(store)


def test_an_export_that_loses_a_node_has_every_record_once(
    clean_cluster: Cluster, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, though the point in time was lost with the node."""
    monkeypatch.setattr(walking, "CHUNK", 100)
    place = place_of(clean_cluster)
    rebuild_index(place, store, 1)
    clean_cluster.await_green()
    engine = open_engine(place, StoreTexts(store))
    query = Query("kommune OR indsats OR nyt", parse_query("kommune OR indsats OR nyt OR og"), sort=Sort.NEWEST)
    expected = [each.record for each in engine.ask(query).walk()]
    found = engine.ask(query).walk()
    got = [each.record for each in islice(found, 150)]
    clean_cluster.kill(sorted(clean_cluster.primaries(built(Client(place)).pair.records))[0])
    got += [each.record for each in found]
    assert got == expected
    assert len(set(got)) == len(got) > 500


def test_searches_go_on_while_an_index_is_made_anew(clean_cluster: Cluster, store: Store) -> None:
    """No error, and never fewer or more hits than there are records; then one pair is left when that is asked for."""
    place = place_of(clean_cluster)
    rebuild_index(place, store, 1)
    engine = open_engine(place, StoreTexts(store))
    totals: set[int] = set()
    asked = 0
    with ThreadPoolExecutor(1) as pool:
        for _ in range(2):
            loading = pool.submit(_run, rebuild_index, place, store)
            while not loading.done():
                totals.add(engine.search(Query(limit=5)).total)
                asked += 1
            loading.result()
    assert totals == {RECORDS}
    assert asked > 10
    open_writer(place).tidy()
    assert pairs(Client(place)) == [built(Client(place)).pair]
    open_writer(place).discard()
    assert (pairs(Client(place)), open_writer(place).covers()) == ([], -1)


def _run(build: Callable[[OpenSearch, Store, int], int], place: OpenSearch, store: Store) -> int:
    """Build in a thread, which reads with a connection of its own."""
    with Store(store.path) as opened:
        return build(place, opened, 1)


def _begun(client: Client, records: int) -> str | None:
    """The index that is being written, when it has so many records."""
    there = pairs(client)
    if not there:
        return None
    index = there[-1].records
    try:
        stats = client.ask("GET", f"/{index}/_stats/indexing", params={"filter_path": "_all.primaries.indexing"})
    except ClusterError:
        return None
    done = stats.get("_all", {}).get("primaries", {}).get("indexing", {}).get("index_total", 0)
    return index if records <= done < RECORDS else None


def _await(look: Callable[[], str | None], ended: Callable[[], bool]) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not ended():
        found = look()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("the load ended before anything could be done to it")


def _held(client: Client) -> dict[str, str]:
    """The records of the index, each with its document; one that is there twice is an error."""
    engine = open_engine(client.place, _NoTexts())
    found = [(each.record, each.document) for each in engine.ask(Query()).walk()]
    assert len({record for record, _ in found}) == len(found)
    return dict(found)


class _NoTexts:
    def text(self, record_id: str, version: str) -> str:
        raise AssertionError(f"nobody asked for the text of {record_id} in {version}")


def _expected(store: Store) -> dict[str, str]:
    with Store(store.path) as committed:
        rows = committed.connection.execute(
            "SELECT r.id, r.document FROM record r JOIN document d ON d.id = r.document AND d.version = r.digest"
        )
        return dict(rows.fetchall())


def _change(store: Store) -> None:
    """Let some documents have no text any more, and some a version with fewer records."""
    with Store(store.path) as committed:
        names = [name for name, _ in committed.changed(0)]
        shorter = [committed.document(name) for name in names[5:30]]
    with StoreWriter(store.path) as writer:
        for name in names[:5]:
            writer.make_container(name)
        for document in filter(None, shorter):
            version = document.version[::-1]
            records = tuple(replace(each, version=version) for each in document.records[:-1])
            writer.add_version(replace(document, version=version, records=records))
            writer.make_current(document.id, version)
        writer.commit()


def _with_long_id(document: Document) -> Document:
    records = tuple(replace(each, id=each.id + "0" * 600, document="f" * 16) for each in document.records)
    return replace(document, id="f" * 16, records=records)
