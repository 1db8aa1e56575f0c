"""Runs that write to the data folder: what joins archive, store and index."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from index.build import rebuild_index, update_index
from index.writer import open_writer
from ingest.archiving.archive import ArchiveWriter, Place
from ingest.archiving.erasing import Erased, erase
from ingest.fetching.pacing import Hosts
from ingest.keeping import Keeper, Tombstones, Watcher
from ingest.pipeline import Pipeline
from ingest.report import Report
from ingest.scheduler import Scheduler
from ingest.sources.files import see_files
from ingest.sources.folder import Target
from ingest.sources.seen import Gone, Seen, Sight, Unchanged, Unseen
from ingest.sources.shards import Shard, shared_sights
from kilde.errors import DamagedError
from kilde.fetched import forget_fetched, note_fetched
from kilde.folder import DataFolder
from kilde.lock import write_lock
from kilde.state import State, Unreadable
from kilde.store_writer import StoreWriter
from kilde.tombstones import Stone, add_tombstone, forgotten_digests, note_erased, stone_of, tombstones
from kilde.workforce import Workforce, open_workforce

FORGETTING, ERASURE = "forget", "erase"
"""The names under which state.sqlite keeps the documents that are being forgotten, and erased from the archive."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes about its work."""

    jobs: int
    index: bool = True
    published: str | None = None
    scheduler: Scheduler | None = None
    """Where the machines are that read, if this one does not."""
    shard: Shard | None = None
    """The share of this machine where several ingest."""


@dataclass(slots=True)
class Run:
    """A run under way: all that it holds open, and its report."""

    folder: DataFolder
    state: State
    store: StoreWriter
    archive: ArchiveWriter
    workforce: Workforce
    watch: Watcher
    number: int
    started: datetime
    tombstones: Tombstones
    hosts: Hosts = field(default_factory=Hosts)
    """How the hosts of this run are doing: pauses, robots.txt and failures, whichever source asks."""
    report: Report = field(default_factory=Report)
    left: Report = field(default_factory=Report)
    """What an interrupted run had left to be read."""

    def pipeline(self, report: Report | None = None) -> Pipeline:
        """A pipeline that counts into a report, the run's own unless another is given."""
        into = report or self.report
        force = self.workforce
        keeper = Keeper(self.store, self.watch, into, self.tombstones)
        return Pipeline(keeper, self.folder.archive, force.executor, force.workers, apart=force.apart)

    def ingest(self, sights: Iterable[Sight], report: Report | None = None) -> list[Unseen]:
        """Archive, read and store originals, and note which could not be archived; returns those."""
        known = {(it.source, it.locator) for it in self.state.unreadable()}
        unseen = self.pipeline(report).ingest(
            self.watching(sights, known), self.archive, lambda safe: note_fetched(self.state, safe, self.now())
        )
        for it in unseen:
            self.state.add_unreadable(Unreadable(it.source, it.locator, it.code, it.detail, self.now()))
        return unseen

    def watching(self, sights: Iterable[Sight], unreadable: set[tuple[str, str]]) -> Iterator[Sight]:
        """The sights as they come; what could not be archived before and now can is taken off the list."""
        for sight in sights:
            if not isinstance(sight, Unseen) and unreadable and (key := key_of(sight)) in unreadable:
                self.state.clear_unreadable(*key)
            yield sight

    def update_index(self) -> int:
        """Bring the index up to the store; returns the records written."""
        return update_index(self.folder.index, self.store)

    def now(self) -> str:
        """The time of the run, UTC."""
        return f"{self.started:%Y-%m-%dT%H:%M:%SZ}"


@contextmanager
def open_run(
    folder: DataFolder, command: str, jobs: int, watch: Watcher, scheduler: Scheduler | None = None
) -> Iterator[Run]:
    """Begin a run: take the lock, note it, and read what an interrupted run left in the archive.

    Raises LockedError where another run is at work, SchedulerError where the scheduler that is to read does not answer.
    The run's report is noted when the block ends without an error.
    """
    folder.make()
    clock = time.monotonic()
    started = datetime.now(UTC)
    with ExitStack() as stack:
        stack.enter_context(write_lock(folder.path))
        state = stack.enter_context(State(folder.state))
        finish_forgetting(folder, state, Options(jobs))
        store = stack.enter_context(StoreWriter(folder.store))
        end = store.archive_end()
        archive = stack.enter_context(ArchiveWriter(folder.archive, acknowledged=Place(*end) if end else None))
        workforce = stack.enter_context(open_workforce(jobs, scheduler))
        number = state.start_run(command, f"{started:%Y-%m-%dT%H:%M:%SZ}")
        run = Run(folder, state, store, archive, workforce, watch, number, started, tombstones_of(state))
        run.pipeline(run.left).catch_up()
        yield run
        finish(state, number, run.report, clock)


def take_out_forgotten(folder: DataFolder, store: StoreWriter, state: State) -> None:
    """Take what has a tombstone out of the index and then out of the store, and leave no byte of it in its file.

    In this order, so that no search finds what it cannot show.
    """
    left = [it.document for it in tombstones(state) if (known := store.known(it.document)) and not known.forgotten]
    writer = open_writer(folder.index)
    covered = writer.covers()
    if left and covered >= 0:
        writer.update((), left, covered)
    store.forget(left)
    store.scrub()


def finish_forgetting(folder: DataFolder, state: State, options: Options) -> list[Erased]:
    """Finish what `kilde forget` began, here or in a run that was cut short; returns what was erased.

    With an erasure pending the archive is written anew, and store and index are made from it.
    """
    forgetting = state.pending(FORGETTING)
    if forgetting:
        bury(state, [stone_of(it) for it in forgetting["stones"]], erased=forgetting["erase"])
    erasing = state.pending(ERASURE)
    if not forgetting and not erasing:
        return []
    with open_for_rebuild(folder) as store:
        take_out_forgotten(folder, store, state)
    erased = erase(folder.archive, erasing) if erasing else []
    if erasing:
        rebuild_store(folder, state, replace(options, index=False), lambda _: None)
    with StoreWriter(folder.store) as store:
        rebuild_index(folder.index, store)
    open_writer(folder.index).tidy()  # the index before has it still
    note_erased(state, erasing or (), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    state.set_pending(ERASURE, None)
    state.set_pending(FORGETTING, None)
    return erased


def bury(state: State, stones: Sequence[Stone], *, erased: bool) -> None:
    """Set tombstones; may be called again after an interruption."""
    for stone in stones:
        it = stone.tombstone
        add_tombstone(state, it, stone.digests, stone.records)
        forget_fetched(state, it.source, it.locator)
        state.clear_unreadable(it.source, it.locator)
    if erased:
        state.set_pending(ERASURE, [it.tombstone.document for it in stones])


def key_of(sight: Seen | Unchanged | Gone) -> tuple[str, str]:
    """Source and locator of an original."""
    it = sight.observation if isinstance(sight, Seen) else sight
    return it.source, it.locator


def finish(state: State, number: int, report: Report, clock: float) -> None:
    """Note how a run ended."""
    report.seconds = round(time.monotonic() - clock, 2)
    state.finish_run(number, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", asdict(report))


def tombstones_of(state: State) -> Tombstones:
    """What is not to be taken in again."""
    return Tombstones(frozenset(it.document for it in tombstones(state)), forgotten_digests(state))


def ingest(folder: DataFolder, targets: Sequence[Target], options: Options, watch: Watcher) -> tuple[Report, int]:
    """Ingest files; returns the report, and how many originals an interrupted run had left to be read."""
    with open_run(folder, "ingest", options.jobs, watch, options.scheduler) as run:
        return ingest_sights(run, see_share(run, targets, options), options)


def see_share(run: Run, targets: Iterable[Target], options: Options) -> Iterator[Sight]:
    """The originals of files, or this machine's share of them."""
    sights = see_files(targets, run.started, options.published)
    return shared_sights(sights, options.shard) if options.shard else sights


def ingest_sights(run: Run, sights: Iterable[Sight], options: Options) -> tuple[Report, int]:
    """Ingest originals, whatever they come from, and bring the index up to them."""
    run.ingest(sights)
    if options.index:
        run.update_index()
    return run.report, run.left.added


def dry_run(targets: Sequence[Target], options: Options, watch: Watcher) -> Report:
    """Read files as `ingest` would, in a data folder that goes away: nothing is stored."""
    with TemporaryDirectory(prefix="kilde-") as folder:
        return ingest(DataFolder(Path(folder)), targets, replace(options, index=False), watch)[0]


def ingest_from_archive(folder: DataFolder, options: Options, watch: Watcher) -> Report:
    """Make store and index anew from the archive; readers see the old ones until the new ones are whole."""
    folder.require()
    clock = time.monotonic()
    started = datetime.now(UTC)
    with write_lock(folder.path), State(folder.state) as state:
        number = state.start_run("ingest --from-archive", f"{started:%Y-%m-%dT%H:%M:%SZ}")
        finish_forgetting(folder, state, options)
        report = rebuild_store(folder, state, options, watch)
        finish(state, number, report, clock)
    return report


def rebuild_store(folder: DataFolder, state: State, options: Options, watch: Watcher) -> Report:
    """Make store and index anew under a lock that is held."""
    report = Report()
    # What the store knows of the archive does not count here: this is what is left to do where a part of it is lost.
    ArchiveWriter(folder.archive).close_stream()
    with open_for_rebuild(folder) as store, open_workforce(options.jobs, options.scheduler) as force:
        store.clear()
        stones = tombstones_of(state)
        store.forget(stones.documents)
        keeper = Keeper(store, watch, report, stones)
        Pipeline(keeper, folder.archive, force.executor, force.workers, atomic=True, apart=force.apart).catch_up()
        store.commit()
        if options.index:
            rebuild_index(folder.index, store)
    report.seen = report.added
    return report


def open_for_rebuild(folder: DataFolder) -> StoreWriter:
    """The store to rebuild; one that cannot be opened is replaced, since all it held comes from the archive.

    The index goes with it: the numbers of changes that it covers are those of the old one.
    """
    try:
        return StoreWriter(folder.store)
    except DamagedError:
        open_writer(folder.index).discard()
        for suffix in ("", "-wal", "-shm"):
            folder.store.with_name(folder.store.name + suffix).unlink(missing_ok=True)
        return StoreWriter(folder.store)
