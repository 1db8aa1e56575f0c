"""What more than one machine costs and gives: `python -m benchmarks.distributed`.

    python -m benchmarks.distributed --only dask [--documents 2000] [--seed 1]
    python -m benchmarks.distributed --only opensearch [--records 100000] [--seed 1] [--folder DIR] [--heap 1g]

dask: the batches of a made corpus, read by two processes of this machine and by a scheduler's worker of two threads on
loopback, by turns, both warm; and a task that does nothing. All share this machine's cores, so the difference is what
dask costs, not what a second machine gives.

opensearch: one record store, the embedded index and indexes in clusters of one node and of three, one JVM each, all on
this machine; the records written a second and their processor time, the questions of `benchmarks.search` asked of all
engines by turns, as pages with snippets, and the records a second that are held against the 200 questions of the mix as
saved searches. `--folder` names a data folder of `benchmarks.search --folder`, whose store is used and whose index is
made anew.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.clusters import measure_opensearch
from benchmarks.corpus import write_corpus
from benchmarks.processor import processor_seconds
from benchmarks.search import machine
from ingest.archiving.archive import ArchiveWriter
from ingest.archiving.reading import read_archive
from ingest.distributed import connect
from ingest.parcels import Parcel, pack, read_parcels
from ingest.pipeline import batches, originals_in
from ingest.sandbox import SandboxExecutor
from ingest.scheduler import find_scheduler
from ingest.sources.folder import find_targets, see
from ingest.sources.seen import Seen
from kilde.folder import DataFolder
from tests.ingest.dask_hosts import farm

THREADS = 2
TURNS = 3
EMPTY_TASKS = 200


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the wall, and of processor time in all processes."""

    wall: float
    processor: float


def measure_dask(documents: int, seed: int) -> list[str]:
    """Read batches by both pools by turns; returns the lines of the report."""
    with tempfile.TemporaryDirectory() as name, farm(1, apart=False, threads=THREADS) as found:
        parcels = archived_batches(Path(name), documents, seed)
        with SandboxExecutor(THREADS) as own, connect(find_scheduler(found.address, {})) as (remote, _):
            pools: dict[str, Executor] = {"processes of this machine": own, "dask": remote}
            spent: dict[str, list[Spent]] = {label: [] for label in pools}
            for turn in range(TURNS + 1):
                for label, pool in pools.items():
                    took = read_all(pool, parcels)
                    spent[label] += [took] if turn else []
            task = empty_task(remote)
    work = {label: median(it.processor for it in found) / documents * 1000 for label, found in spent.items()}
    seconds = {label: median(it.wall for it in found) for label, found in spent.items()}
    plain, dask = work.values()
    return [
        f"{documents:,} documents in {len(parcels)} batches, {THREADS} readers; medians of {TURNS} turns.",
        "",
        "| who reads | seconds | documents a second | ms of processor time a document |",
        "|---|---|---|---|",
        *(
            f"| {label} | {seconds[label]:.1f} | {documents / seconds[label]:.0f} | {work[label]:.2f} |"
            for label in pools
        ),
        "",
        f"dask costs {dask - plain:.2f} ms of processor time a document ({dask / plain - 1:+.0%}), sending included;"
        f" a task that does nothing takes {task * 1000:.1f} ms; a batch is"
        f" {plain * documents / len(parcels):.0f} ms of work.",
    ]


def archived_batches(folder: Path, documents: int, seed: int) -> list[list[Parcel]]:
    """A made corpus as the pipeline's batches, with their bytes."""
    write_corpus(documents, seed, folder / "corpus")
    with ArchiveWriter(folder / "raw") as archive:
        for target in find_targets([folder / "corpus"], None):
            seen = see(target, now=datetime.now(UTC))
            assert isinstance(seen, Seen)
            archive.append(seen.observation, seen.body, None)
        archive.sync()
    return [pack(folder / "raw", originals_in(batch)) for batch in batches(read_archive(folder / "raw"))]


def read_all(pool: Executor, work: Sequence[Sequence[Parcel]]) -> Spent:
    """What reading all batches takes until their documents are here."""
    start, before = time.perf_counter(), processor_seconds()
    for task in [pool.submit(read_parcels, batch) for batch in work]:
        task.result()
    return Spent(time.perf_counter() - start, processor_seconds() - before)


def empty_task(pool: Executor) -> float:
    """Seconds that a task takes which does nothing."""
    start = time.perf_counter()
    for task in [pool.submit(len, "") for _ in range(EMPTY_TASKS)]:
        task.result()
    return (time.perf_counter() - start) / EMPTY_TASKS


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=["dask", "opensearch"], help="measure one of the two")
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep what is built here, and use what is there")
    parser.add_argument("--heap", default="1g", help="of each node")
    args = parser.parse_args()
    print(f"{machine()}, {os.cpu_count()} cores.\n", flush=True)
    if args.only in (None, "dask"):
        print("\n".join(measure_dask(args.documents, args.seed)), "\n", flush=True)
    if args.only in (None, "opensearch"):
        with tempfile.TemporaryDirectory() as name:
            folder = DataFolder(args.folder or Path(name) / "data")
            print("\n".join(measure_opensearch(folder, args.records, args.seed, args.heap)), flush=True)


if __name__ == "__main__":
    main()
