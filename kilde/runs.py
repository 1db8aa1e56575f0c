"""Runs that write to the data folder: what joins archive, store and index."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from index.build import rebuild_index, update_index
from ingest.archive import ArchiveWriter
from ingest.pipeline import Pipeline, Report, Watcher
from ingest.sources.folder import Target, Unseen, see
from kilde.errors import DamagedError
from kilde.folder import DataFolder
from kilde.lock import write_lock
from kilde.state import State, Unreadable
from kilde.store import Store

FEW = 48
"""Originals below which starting processes costs more than they save."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes about its work."""

    jobs: int
    index: bool = True
    published: str | None = None


class HereExecutor(Executor):
    """Runs tasks in this process, one after the other: for a few originals, and where processes are not wanted."""

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a task now."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


@contextmanager
def executor_for(jobs: int, originals: int | None) -> Iterator[tuple[Executor, int]]:
    """An executor and its number of processes; `originals` is None where nobody knows how many there are."""
    if jobs == 1 or (originals is not None and originals <= FEW):
        yield HereExecutor(), 1
        return
    # Not by fork: a child would inherit the lock and hold it on when this process is killed.
    context = get_context("forkserver")
    context.set_forkserver_preload(["ingest.pipeline"])
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=end_with_parent) as pool:
        yield pool, jobs


def end_with_parent() -> None:
    """Let a reading process end when the run that started it is gone, however that ended.

    Else it would wait for ever.
    """
    parent = parent_process()
    if parent is not None:
        Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()


@contextmanager
def noted_run(state: State, command: str) -> Iterator[Report]:
    """Note a run's start and its end with the report."""
    started = datetime.now(UTC)
    clock = time.monotonic()
    number = state.start_run(command, f"{started:%Y-%m-%dT%H:%M:%SZ}")
    report = Report()
    yield report
    report.seconds = round(time.monotonic() - clock, 2)
    state.finish_run(number, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", asdict(report))


def ingest(folder: DataFolder, targets: Sequence[Target], options: Options, watch: Watcher) -> tuple[Report, int]:
    """Ingest files; returns the report, and how many originals an interrupted run had left to be read."""
    folder.make()
    now = datetime.now(UTC)
    left = Report()
    with (
        write_lock(folder.path),
        State(folder.state) as state,
        noted_run(state, "ingest") as report,
        Store(folder.store, readonly=False) as store,
    ):
        with (
            ArchiveWriter(folder.archive) as archive,
            executor_for(options.jobs, len(targets)) as (executor, workers),
        ):
            Pipeline(store, folder.archive, executor, workers, watch, left).catch_up()
            seen = (see(target, now=now, published=options.published) for target in targets)
            unseen = Pipeline(store, folder.archive, executor, workers, watch, report).ingest(seen, archive)
        note_unreadable(state, targets, unseen, now)
        if options.index:
            update_index(folder.index, store)
    return report, left.added


def note_unreadable(state: State, targets: Sequence[Target], unseen: Sequence[Unseen], now: datetime) -> None:
    """Keep the list of files that could not be archived."""
    known = {(it.source, it.locator) for it in state.unreadable()}
    failed = {(it.target.source, it.target.locator) for it in unseen}
    for target in targets:
        key = (target.source, target.locator)
        if key in known and key not in failed:
            state.clear_unreadable(*key)
    observed = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    for it in unseen:
        state.add_unreadable(Unreadable(it.target.source, it.target.locator, it.code, it.detail, observed))


def dry_run(targets: Sequence[Target], options: Options, watch: Watcher) -> Report:
    """Read files as `ingest` would, in a data folder that goes away: nothing is stored."""
    with TemporaryDirectory(prefix="kilde-") as folder:
        return ingest(DataFolder(Path(folder)), targets, replace(options, index=False), watch)[0]


def ingest_from_archive(folder: DataFolder, options: Options, watch: Watcher) -> Report:
    """Make store and index anew from the archive; readers see the old ones until the new ones are whole."""
    folder.require()
    with write_lock(folder.path), State(folder.state) as state, noted_run(state, "ingest --from-archive") as report:
        ArchiveWriter(folder.archive).close_stream()
        with open_for_rebuild(folder) as store, executor_for(options.jobs, None) as (executor, workers):
            store.clear()
            Pipeline(store, folder.archive, executor, workers, watch, report, atomic=True).catch_up()
            store.commit()
            if options.index:
                rebuild_index(folder.index, store)
        report.seen = report.added
    return report


def open_for_rebuild(folder: DataFolder) -> Store:
    """The store to rebuild; one that cannot be opened is replaced, since all it held comes from the archive."""
    try:
        return Store(folder.store, readonly=False)
    except DamagedError:
        for suffix in ("", "-wal", "-shm"):
            folder.store.with_name(folder.store.name + suffix).unlink(missing_ok=True)
        return Store(folder.store, readonly=False)
