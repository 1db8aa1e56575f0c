"""Keeping an index in a cluster in step with the record store: the other side of `index.writer`.

A session has a number of its own, higher than any before, which is the external version of all it writes: what a dead
session still had on its way comes to nothing. Readers see nothing of a session before its commit refreshes the index;
the change that is covered is noted after that. What a session wrote that never came to its commit is written again by
the next, which begins where the last commit ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from index.opensearch import state
from index.opensearch.bulk import Rejected
from index.opensearch.client import LONG_PATIENCE, Client, ClusterError, retried
from index.opensearch.comparing import differing
from index.opensearch.layout import forms_body, meta_of, records_body
from index.opensearch.loading import TOGETHER, Loaded, Loader, load_in_processes, read_and_load
from index.opensearch.names import Pair
from index.opensearch.state import Built, built, pairs
from kilde.entries import Entry, entries_of
from kilde.errors import DamagedError, KildeError, MissingError
from kilde.model import Document
from kilde.opensearch import OpenSearch
from kilde.store import Store

_MOMENT = 10
"""Seconds that shards which are moving have, each time that is looked."""
_READY = 60
"""Seconds that the shards of a new index have to be there."""


class OpenSearchWriter:
    """Writes to a cluster. Connects when first asked."""

    def __init__(self, place: OpenSearch, fetched: Callable[[Document], date]) -> None:
        self._place = place
        self._fetched = fetched
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        """The connections."""
        self._client = self._client or Client(self._place)
        return self._client

    @contextmanager
    def session(
        self,
        *,
        rebuild: bool = False,
        jobs: int = 1,
        apart: bool = False,  # noqa: ARG002 (the cluster is apart)
    ) -> Iterator[OpenSearchSession]:
        """As `index.writer.IndexWriter.session`. The data folder's lock is what keeps other writers away."""
        before = self._last()
        begun = _begin_again(self.client, before, rebuild=rebuild)
        session = OpenSearchSession(self.client, begun, self._fetched, jobs=jobs)
        try:
            yield session
        finally:
            if begun.fresh and not session.committed:
                state.remove(self.client, begun.pair)

    def update(self, documents: Iterable[Document], removed: Iterable[str], change: int) -> int:
        """Replace the records of documents, and take out those of others."""
        with self.session() as session:
            for name in removed:
                session.remove(name)
            for document in documents:
                session.add(document)
            return session.commit(change)

    def rebuild(self, documents: Iterable[Document], change: int) -> int:
        """Make the index anew from all documents."""
        with self.session(rebuild=True) as session:
            for document in documents:
                session.add(document)
            return session.commit(change)

    def covers(self) -> int:
        """The change that the index covers, -1 where there is none that can be read; ClusterError without an answer."""
        try:
            return built(self.client).change
        except (MissingError, DamagedError):
            return -1

    def differing(self, store: Store) -> list[str]:
        """The documents of which the index has other records than the store."""
        return differing(self.client, built(self.client).pair, store)

    def verify(self) -> tuple[str, ...]:
        """What is wrong with the index, as far as the cluster and its statement say."""
        try:
            found = built(self.client)
            held = self.client.ask("GET", f"/{found.pair.records}/_count")
        except KildeError as error:
            return (str(error),)
        if held["count"] != found.records:
            what = f"the index {self._place} holds {held['count']:,} records where {found.records:,} were written"
            return (f"{what}: {state.REBUILD}",)
        return ()

    def tidy(self) -> None:
        """Leave nothing of what was before the last commit."""
        current = built(self.client).pair
        for each in pairs(self.client):
            if each != current:
                state.remove(self.client, each)

    def discard(self) -> None:
        """Take the index away."""
        for each in pairs(self.client):
            state.remove(self.client, each)

    def size(self) -> int:
        """Bytes that the index takes in the cluster, copies of shards included; 0 where there is none, or no answer."""
        path = f"/{self._place.index}-*/_stats/store"
        try:
            found = self.client.ask("GET", path, params={"filter_path": "_all.total.store.size_in_bytes"}, patience=0)
            return int(found["_all"]["total"]["store"]["size_in_bytes"])
        except (KeyError, ClusterError):
            return 0

    def _last(self) -> Built | None:
        try:
            return built(self.client)
        except (MissingError, DamagedError):
            return None


class _Begun:
    """What a session writes to, its number, and whether that is new."""

    def __init__(self, pair: Pair, number: int, before: Built | None) -> None:
        self.pair = pair
        self.number = number
        self.before = before

    @property
    def fresh(self) -> bool:
        """Whether the pair is new, and not searched yet."""
        return self.before is None

    def mended(self, change: int) -> int:
        """The number of the last commit that covered no further change, when this one covers a change."""
        if self.before is None:
            return 0
        return self.number if change == self.before.change else self.before.mended


class OpenSearchSession:
    """Writes one commit."""

    def __init__(self, client: Client, begun: _Begun, fetched: Callable[[Document], date], *, jobs: int) -> None:
        self._client = client
        self._begun = begun
        self._fetched = fetched
        self._jobs = jobs
        self._loader = Loader(client, begun.pair, begun.number, fresh=begun.fresh)
        self._waiting: dict[str, Sequence[Entry]] = {}
        self._put: set[str] = set()
        self._loaded = Loaded()
        self.committed = False

    @property
    def rejected(self) -> Sequence[Rejected]:
        """The records that the index does not take."""
        return self._loaded.rejected

    def add(self, document: Document) -> None:
        """Put a document's records in the place of those that the index has of it."""
        self.put(document.id, entries_of(document, self._fetched(document)))

    def put(self, document: str, entries: Sequence[Entry]) -> None:
        """As `add`, for entries. One that comes again takes the place of what was put before."""
        self._waiting[document] = entries
        if len(self._waiting) >= TOGETHER:
            self._flush()

    def remove(self, document: str) -> None:
        """Take out the records of a document."""
        self.put(document, ())

    def read(self, store: Path, documents: Iterable[str]) -> None:
        """As `add`, for documents that are read from a store."""
        self._flush()
        it = self._begun
        if self._jobs > 1:
            self._add(
                load_in_processes(
                    self._client.place, it.pair, it.number, store, documents, self._jobs, fresh=it.fresh
                )
            )  # fmt: skip
            return
        with Store(store) as opened:
            self._add(read_and_load(self._loader, opened, documents))

    def commit(self, change: int) -> int:
        """Let all of it be found, and note the change that is covered. ClusterError leaves what was covered before."""
        self._flush()
        it = self._begun
        for index in (it.pair.forms, it.pair.records):
            refresh(self._client, index)
        records = int(self._client.ask("GET", f"/{it.pair.records}/_count", patience=LONG_PATIENCE)["count"])
        expected = self._loaded.records - self._loaded.replaced - len(self.rejected)
        if it.fresh and records != expected:
            raise KildeError(f"{records:,} of {expected:,} records came to be in {it.pair.records}: build it once more")
        mended = it.mended(change)
        meta = meta_of(generation=it.number, writing=it.number, change=change, records=records, mended=mended)
        state.note(self._client, it.pair.records, meta)
        if it.fresh:
            swap(self._client, it.pair)
        self.committed = True
        return self._loaded.records

    def _flush(self) -> None:
        if not self._waiting:
            return
        if not self._put.isdisjoint(self._waiting):
            # What this session wrote of them must be found, so that it goes.
            refresh(self._client, self._begun.pair.records)
            self._loader = Loader(self._client, self._begun.pair, self._begun.number, fresh=False)
        self._add(self._loader.load(list(self._waiting.items())))
        self._put |= self._waiting.keys()
        self._waiting.clear()

    def _add(self, more: Loaded) -> None:
        self._loaded.records += more.records
        self._loaded.replaced += more.replaced
        self._loaded.rejected += more.rejected


def refresh(client: Client, index: str) -> None:
    """Let all that was written to an index be found, when all its shards are there, in all their copies."""
    retried(lambda: _refresh(client, index), LONG_PATIENCE)


def _refresh(client: Client, index: str) -> None:
    params = {"wait_for_status": "yellow", "timeout": f"{_MOMENT}s"}
    client.ask("GET", f"/_cluster/health/{index}", params=params, patience=0)
    shards = client.ask("POST", f"/{index}/_refresh", patience=0)["_shards"]
    if shards["failed"]:
        raise ClusterError(f"OpenSearch ({client.place}) could not refresh {shards['failed']} shards of {index}", 503)


def swap(client: Client, pair: Pair) -> None:
    """Let searches go to a pair, in one step; the pair before stays for those that are under way."""
    others = [each.records for each in pairs(client) if each != pair]
    actions = [{"remove": {"index": index, "alias": pair.alias, "must_exist": False}} for index in others]
    actions.append({"add": {"index": pair.records, "alias": pair.alias}})
    client.ask("POST", "/_aliases", {"actions": actions})


def _begin_again(client: Client, before: Built | None, *, rebuild: bool) -> _Begun:
    """A session's number and pair; pairs that no reader needs any more are taken away."""
    there = pairs(client)
    for gone in there:
        if before is None or gone != before.pair:
            state.remove(client, gone)
    last = max((each.number for each in there), default=0)
    if before is not None and not rebuild:
        number = before.writing + 1
        meta = meta_of(
            generation=before.generation, writing=number, change=before.change, records=before.records,
            mended=before.mended,
        )  # fmt: skip
        state.note(client, before.pair.records, meta)
        return _Begun(before.pair, number, before)
    pair = Pair(client.place.index, last + 1)
    number = (before.writing if before else last * 1_000_000) + 1
    _make(client, pair, number)
    return _Begun(pair, number, None)


def _make(client: Client, pair: Pair, number: int) -> None:
    """Make the indices of a pair, and wait for their shards: all copies of them, so that any node may be lost."""
    meta = meta_of(generation=0, writing=number, change=-1, records=0, mended=0)
    for index, body in ((pair.forms, forms_body(client.place)), (pair.records, records_body(client.place, meta))):
        client.ask("PUT", f"/{index}", body, params={"timeout": f"{_READY}s"})
    place, path = client.place, f"/_cluster/health/{pair.records},{pair.forms}"
    nodes = int(client.ask("GET", "/_cluster/health")["number_of_data_nodes"])
    copies = 2 * place.shards * min(place.replicas + 1, nodes)
    params = {"wait_for_active_shards": copies, "timeout": f"{_READY}s"}
    try:
        client.ask("GET", path, params=params, seconds=_READY + 10)
    except ClusterError as error:
        if error.status != 408:
            raise
        # Where there is no room for all copies, it is enough that every shard is there.
        if client.ask("GET", path)["status"] == "red":
            raise ClusterError(f"OpenSearch ({place}) has no room for the shards of {pair.records}") from None
