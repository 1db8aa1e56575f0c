"""Processes that build segments: each has a share of the documents, and makes one segment of them.

They are started by a fork server, so that none inherits an open lock; each ends when its parent is gone. What they
are given is a document's entries, or the ids of documents that they read from the store themselves. A worker is sent
no more than it has asked for, so little waits in pipes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from typing import Any, Protocol

from index.building import Builder
from kilde.entries import BATCH, Entry, read_entries
from kilde.errors import KildeError
from kilde.store import Store

_WAITING = 2
"""Messages that a worker may have unread."""
_GRACE = 10.0
"""Seconds that a worker has to end."""


class Builders(Protocol):
    """What a commit is built with: in this process or in others."""

    def replace(self, document: str, entries: Sequence[Entry]) -> int:
        """Take all entries of a document, in the place of those taken before; returns how many."""

    def read(self, store: Path, documents: Iterable[str]) -> int:
        """Take the entries of the current versions of documents, from the store; returns how many.

        None of them may come a second time.
        """

    def finish(self) -> list[Any]:
        """Write the segments, synced, and end; Whoosh's descriptions of them."""

    def close(self) -> None:
        """Give up what is not finished."""


class HereBuilders:
    """Builds one segment in this process."""

    def __init__(self, folder: Path) -> None:
        self._builder = Builder(folder)

    def replace(self, document: str, entries: Sequence[Entry]) -> int:
        """Take all entries of a document."""
        return self._builder.replace(document, entries)

    def read(self, store: Path, documents: Iterable[str]) -> int:
        """Take documents from the store."""
        with Store(store) as opened:
            return sum(map(self._builder.add, read_entries(opened, documents)))

    def finish(self) -> list[Any]:
        """Write the segment, if there is anything in it."""
        segment = self._builder.finish()
        return [] if segment is None else [segment]

    def close(self) -> None:
        """Remove what is on disk besides the segment."""
        self._builder.close()


@dataclass(slots=True)
class _Worker:
    """A process, and what it has not answered yet."""

    process: Any
    connection: Connection
    unanswered: int = 0
    written: int = 0
    segments: list[Any] = field(default_factory=list)


class Workers:
    """Builds a segment in each of some processes."""

    def __init__(self, folder: Path, jobs: int) -> None:
        context = get_context("forkserver")
        self._workers = []
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, folder), daemon=True)
            process.start()
            theirs.close()
            self._workers.append(_Worker(process, ours))
        self._homes: dict[str, _Worker] = {}

    def replace(self, document: str, entries: Sequence[Entry]) -> int:
        """Send a document to a worker: the one that has it already, else one that waits for work."""
        worker = self._homes.get(document)
        if worker is None and entries:
            worker = self._homes[document] = self._free()
        if worker is not None:
            self._send(worker, ("replace", document, entries))
        return len(entries)

    def read(self, store: Path, documents: Iterable[str]) -> int:
        """Let the workers read documents, in batches."""
        before = sum(worker.written for worker in self._workers)
        waiting = iter(documents)
        while batch := list(islice(waiting, BATCH)):
            self._send(self._free(), ("read", store, batch))
        while busy := [worker for worker in self._workers if worker.unanswered]:
            self._receive(busy)
        return sum(worker.written for worker in self._workers) - before

    def finish(self) -> list[Any]:
        """Let all workers write their segments at once."""
        for worker in self._workers:
            self._send(worker, ("finish",))
        while busy := [worker for worker in self._workers if worker.unanswered]:
            self._receive(busy)
        self.close()
        return [segment for worker in self._workers for segment in worker.segments]

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.connection.close()
            worker.process.join(_GRACE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()

    def _free(self) -> _Worker:
        """The worker with the least to do, when it has room for more."""
        while True:
            worker = min(self._workers, key=lambda each: each.unanswered)
            if worker.unanswered < _WAITING:
                return worker
            self._receive(self._workers)

    def _send(self, worker: _Worker, message: tuple[Any, ...]) -> None:
        while worker.unanswered >= _WAITING:
            self._receive([worker])
        try:
            worker.connection.send(message)
        except OSError:
            raise _ended() from None
        worker.unanswered += 1

    def _receive(self, workers: Sequence[_Worker]) -> None:
        """Wait for an answer of any of these, and take those that are there."""
        by_connection = {worker.connection: worker for worker in workers}
        for connection in wait(list(by_connection)):
            worker = by_connection[connection]  # type: ignore[index]
            try:
                answer = worker.connection.recv()
            except (EOFError, OSError):
                raise _ended() from None
            worker.unanswered -= 1
            if isinstance(answer, BaseException):
                raise answer
            if isinstance(answer, int):
                worker.written += answer
            else:
                worker.segments = answer


def _ended() -> KildeError:
    return KildeError("a process that was building the index has ended: try again, with fewer jobs if memory is short")


def _work(connection: Connection, folder: Path) -> None:
    """A worker's life: build until told to finish, or until the parent is gone."""
    _end_with_parent()
    builders = HereBuilders(folder)
    try:
        while True:
            kind, *message = connection.recv()
            try:
                answer = getattr(builders, kind)(*message)
            except Exception as error:
                answer = error
            connection.send(answer)
    except (EOFError, OSError):
        builders.close()


def _end_with_parent() -> None:
    """End at once when the parent ends, however it does."""
    parent = parent_process()
    if parent is not None:
        Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()
