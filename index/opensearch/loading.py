"""Documents on their way into a cluster: entries to actions, with what must go from there; here or in processes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from threading import Thread

from index.opensearch.bulk import Action, Rejected, put, send, take_out
from index.opensearch.client import Client
from index.opensearch.encoding import form_of, record_of
from index.opensearch.names import Pair
from kilde.entries import Entry, read_entries
from kilde.opensearch import OpenSearch
from kilde.store import Store

TOGETHER = 200
"""Documents that are looked up and sent together."""
_MOST_FORMS = 300_000
"""Forms that are remembered as sent."""
_AHEAD = 2
"""Batches that wait for each process."""
_PAGE = 10_000


@dataclass(slots=True)
class Loaded:
    """How many records were sent, how many were there before of the same documents, and what was rejected."""

    records: int = 0
    replaced: int = 0
    rejected: list[Rejected] = field(default_factory=list)


class Loader:
    """Sends documents of one session; `fresh` where the index held nothing when it began."""

    def __init__(self, client: Client, pair: Pair, written: int, *, fresh: bool) -> None:
        self._client = client
        self._pair = pair
        self._written = written
        self._fresh = fresh
        self._sent: set[str] = set()

    def load(self, documents: Sequence[tuple[str, Sequence[Entry]]]) -> Loaded:
        """Put the entries of documents in the place of what the index has of them."""
        left = {} if self._fresh else self._records_of([document for document, _ in documents])
        known = len(left)
        actions: list[Action] = []
        for _, entries in documents:
            for place, entry in enumerate(entries):
                actions += self._actions(entry, place)
                left.pop(entry.id, None)
        for record, document in left.items():
            head = take_out(self._pair.records, record, routing=document, version=self._written)
            actions.append(Action(head, None, document))
        return Loaded(sum(len(entries) for _, entries in documents), known, send(self._client, actions))

    def _actions(self, entry: Entry, place: int) -> Iterator[Action]:
        body, forms = record_of(entry, place)
        head = put(self._pair.records, entry.id, routing=entry.document, version=self._written)
        yield Action(head, body, entry.document, entry.version)
        for name, several in forms.items():
            for form in several:
                id_, body = form_of(name, form)
                if id_ not in self._sent:
                    self._sent.add(id_)
                    yield Action({"create": {"_index": self._pair.forms, "_id": id_}}, body)
        if len(self._sent) > _MOST_FORMS:
            self._sent.clear()

    def _records_of(self, documents: Sequence[str]) -> dict[str, str]:
        """The records that the index has of documents, each with its document, as of its last refresh."""
        found: dict[str, str] = {}
        after: list[object] = []
        while True:
            body = {
                "size": _PAGE,
                "query": {"terms": {"document": list(documents)}},
                "sort": [{"id": "asc"}],
                "_source": False,
                "docvalue_fields": ["document"],
                **({"search_after": after} if after else {}),
            }
            hits = self._client.ask("POST", f"/{self._pair.records}/_search", body)["hits"]["hits"]
            found |= {hit["_id"]: hit["fields"]["document"][0] for hit in hits}
            if len(hits) < _PAGE:
                return found
            after = hits[-1]["sort"]


def read_and_load(loader: Loader, store: Store, documents: Iterable[str]) -> Loaded:
    """Send documents that the store has."""
    waiting, found = iter(documents), Loaded()
    while batch := list(islice(waiting, TOGETHER)):
        _add(found, _load_batch(loader, store, batch))
    return found


def load_in_processes(
    place: OpenSearch, pair: Pair, written: int, store: Path, documents: Iterable[str], jobs: int, *, fresh: bool
) -> Loaded:
    """As `read_and_load`, in so many processes; each document may come once only."""
    waiting, found = iter(documents), Loaded()
    running: set[Future[Loaded]] = set()
    pool = ProcessPoolExecutor(
        jobs, get_context("forkserver"), initializer=_begin, initargs=(place, pair, written, store, fresh)
    )
    with pool:
        while batch := list(islice(waiting, TOGETHER)):
            running.add(pool.submit(_work, batch))
            if len(running) >= jobs * _AHEAD:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for each in done:
                    _add(found, each.result())
        for each in running:
            _add(found, each.result())
    return found


_AT_WORK: list[tuple[Loader, Store]] = []
"""Of a process of the pool: what it sends with, and reads from."""


def _begin(place: OpenSearch, pair: Pair, written: int, store: Path, fresh: bool) -> None:
    parent = parent_process()
    if parent is not None:
        Thread(target=lambda: (wait_for([parent.sentinel]), os._exit(1)), daemon=True).start()
    _AT_WORK.append((Loader(Client(place), pair, written, fresh=fresh), Store(store)))


def _work(documents: Sequence[str]) -> Loaded:
    loader, store = _AT_WORK[0]
    return _load_batch(loader, store, documents)


def _load_batch(loader: Loader, store: Store, documents: Sequence[str]) -> Loaded:
    """Documents without any record are sent too, so that what the index has of them goes."""
    named = {entries[0].document: entries for entries in read_entries(store, documents) if entries}
    return loader.load([(document, named.get(document, [])) for document in documents])


def _add(total: Loaded, more: Loaded) -> None:
    total.records += more.records
    total.replaced += more.replaced
    total.rejected += more.rejected
