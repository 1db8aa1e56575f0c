"""What an index in a cluster costs and gives beside the embedded one: the part of `benchmarks.distributed` for it."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from benchmarks.contenders import Asked
from benchmarks.made import fill_store, made_documents
from benchmarks.processor import processor_seconds
from benchmarks.search import ROUNDS, SAMPLE, Times, interleaved, make_broad, make_mix, sampled
from index.build import rebuild_index
from index.opensearch.client import Client
from index.opensearch.state import built
from index.writer import open_writer
from kilde.entries import read_entries
from kilde.folder import DataFolder
from kilde.opensearch import OpenSearch
from kilde.saved import save_search
from kilde.state import State
from kilde.store import Store
from kilde.watched import note_watched
from search.opensearch.answer import selected
from search.opensearch.asking import Asker
from search.opensearch.watching import watched_from
from search.page import Query
from search.question import read
from search.saved import news, question_json
from search.watch import Watch
from search.web.library import Library
from tests.opensearch.cluster import Cluster, start_cluster

EMBEDDED = "embedded"
ARRIVALS = 400
"""Changes of the store that are percolated: two a document."""
WHEN = "2026-01-02T03:04:05Z"


@dataclass(frozen=True, slots=True)
class Nodes:
    """A cluster to measure: its nodes, and how the index is laid out over them."""

    count: int
    shards: int
    replicas: int

    def __str__(self) -> str:
        return f"{self.count} node{'s' if self.count > 1 else ''}"


CLUSTERS = (Nodes(1, 1, 0), Nodes(3, 3, 1))


@dataclass(slots=True)
class Measured:
    """What was measured of an engine."""

    seconds: float
    """Of making the index, committed, counted and compared with the store."""
    processor: float
    """Seconds of processor time that it took, of Kilde and all nodes."""
    size: int
    """Bytes of the index, copies of shards included."""
    ask: Callable[[Asked], object]
    memory: int = 0
    """Bytes of main memory that all nodes have in use at the end."""
    alerts: float = 0.0
    """Records a second that are percolated."""


def measure_opensearch(folder: DataFolder, records: int, seed: int, heap: str) -> list[str]:
    """Load and ask the clusters and the embedded engine; returns the lines of the report."""
    if not folder.path.exists():
        folder.make()
        fill_store(folder.store, made_documents(records, seed))
    mix, broad = questions(folder, random.Random(seed))
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        found = {EMBEDDED: measured(stack, DataFolder(folder.path))}
        clusters: dict[str, tuple[Cluster, DataFolder]] = {}
        for nodes in CLUSTERS:
            cluster = stack.enter_context(start_cluster(Path(name) / str(nodes.count), nodes.count, heap))
            place = OpenSearch(tuple(cluster.addresses), shards=nodes.shards, replicas=nodes.replicas)
            clusters[str(nodes)] = cluster, DataFolder(folder.path, place)
            found[str(nodes)] = measured(stack, DataFolder(folder.path, place))
        asks = {each: it.ask for each, it in found.items()}
        many, few = (interleaved(asks, asked, "", ROUNDS) for asked in (broad, mix))
        for each, (cluster, there) in clusters.items():
            cluster.await_green()
            found[each].size = open_writer(there.index).size()
            found[each].alerts = percolated(Path(name) / each, there, mix)
            found[each].memory = resident(cluster)
    with Store(folder.store) as store:
        count = store.counts().records
    return report(found, count, heap, many, few)


def report(found: dict[str, Measured], count: int, heap: str, many: Times, few: Times) -> list[str]:
    """The lines of the report."""
    names = ("engine", "records a second", "processor, ms a record", "index, MB", "memory, MB", "broad + 3 facets",
             "mix of 200", "alerts")  # fmt: skip
    rows = [
        (
            name, number(count / it.seconds), f"{it.processor / count * 1000:.2f}", number(it.size / 1e6),
            number(it.memory / 1e6), both(many, name), both(few, name), number(it.alerts),
        )
        for name, it in found.items()
    ]  # fmt: skip
    return [
        f"{count:,} records; heaps of {heap}; milliseconds, p50 / p95; alerts: records a second, held against the mix.",
        "",
        *(f"| {' | '.join(cells)} |" for cells in (names, ["---"] * len(names), *rows)),
    ]


def number(value: float) -> str:
    """A whole number; nothing for what was not measured."""
    return f"{value:,.0f}" if value else ""


def measured(stack: ExitStack, folder: DataFolder) -> Measured:
    """An index of a whole store, made anew, and what asks it for pages."""
    with Store(folder.store) as store:
        start, before = time.perf_counter(), processor_seconds()
        rebuild_index(folder.index, store, os.cpu_count())
        seconds, processor = time.perf_counter() - start, processor_seconds() - before
    library = stack.enter_context(opened(folder))
    size = open_writer(folder.index).size()
    return Measured(seconds, processor, size, lambda asked: library.engine.search(asked.query))


def questions(folder: DataFolder, rng: random.Random) -> tuple[list[Asked], list[Asked]]:
    """The mix and the broad questions of `benchmarks.search`."""
    with Store(folder.store) as store:
        names = [name for name, _ in store.changed(0)]
        entries = (entry for found in read_entries(store, names) for entry in found)
        sample = list(islice(entries, SAMPLE))
    texts = sampled(entry.text for entry in sample)
    kommuner = sorted({code for entry in sample for code, _ in entry.kommuner})
    return make_mix(texts, kommuner, rng), make_broad(texts, rng)


def percolated(path: Path, folder: DataFolder, mix: list[Asked]) -> float:
    """Records a second that are read, encoded and held against the questions of the mix, their news found."""
    assert folder.opensearch is not None
    queries = {f"s{number}": asked.query for number, asked in enumerate(mix)}
    asker = Asker(client := Client(folder.opensearch), built(client))
    with State(path.with_suffix(".sqlite")) as state, Store(folder.store) as store, opened(folder) as library:
        for name, query in queries.items():
            save_search(state, name, question_json(query), WHEN)
            it = watched_from(asker, selected(read(query, library.engine.lexicon())), name)
            note_watched(state, replace(it, change=it.change - ARRIVALS))
        records = sum(map(len, read_entries(store, [name for name, _ in store.changed(asker.built.change - ARRIVALS)])))
        first: Query = queries["s0"]
        start = time.perf_counter()
        news(library.engine.ask(first), Watch("s0", state, store, lambda: queries))
        seconds = time.perf_counter() - start
    client.close()
    return records / seconds


@contextmanager
def opened(folder: DataFolder) -> Iterator[Library]:
    """A library over a data folder, closed at the end."""
    library = Library(folder.path, folder.opensearch)
    try:
        yield library
    finally:
        library.close()


def resident(cluster: Cluster) -> int:
    """Bytes of main memory that the nodes have in use."""
    return sum(psutil.Process(it.process.pid).memory_info().rss for it in cluster.nodes if it.process)


def both(times: Times, name: str) -> str:
    """The median and the 95th percentile."""
    return f"{times.at(name, 50):.2f} / {times.at(name, 95):.2f}"
