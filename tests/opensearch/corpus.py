"""The corpus of the contract: made newsletters, articles and minutes, and documents with all roles and themes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from benchmarks.made import fill_store, made_documents
from index.build import rebuild_index
from kilde.folder import DataFolder
from kilde.model import Document
from kilde.opensearch import OpenSearch
from kilde.store import Store
from search.cli import StoreTexts
from search.engine import Engine, open_engine
from tests.opensearch.cluster import Cluster
from tests.search import corpus

RECORDS = 5_000
MADE = 4_400
SEED = 8


@dataclass(frozen=True, slots=True)
class Both:
    """One store, and both engines over it."""

    folder: DataFolder
    place: OpenSearch
    store: Store
    embedded: Engine
    remote: Engine
    documents: tuple[Document, ...]


def documents(records: int = RECORDS, made: int = MADE) -> tuple[Document, ...]:
    """Documents with so many records, of which so many are made."""
    return tuple(chain(made_documents(made, SEED), _others(records - made)))


def place_of(cluster: Cluster, index: str = "kilde", *, shards: int = 2, replicas: int = 1) -> OpenSearch:
    """An index of the cluster."""
    return OpenSearch(tuple(cluster.addresses), index, shards=shards, replicas=replicas)


def build_both(path: Path, place: OpenSearch, found: tuple[Document, ...]) -> Both:
    """A data folder with these documents, and an index of each engine."""
    folder = DataFolder(path)
    folder.make()
    fill_store(folder.store, iter(found))
    store = Store(folder.store)
    for each in (folder.index, place):
        assert rebuild_index(each, store, jobs=1) == sum(len(it.records) for it in found)
    texts = StoreTexts(store)
    return Both(folder, place, store, open_engine(folder.index, texts), open_engine(place, texts), found)


def _others(records: int) -> Iterator[Document]:
    left = records
    for each in corpus.documents(SEED, records):
        if len(each.records) <= left:
            left -= len(each.records)
            yield each
        if not left:
            return
