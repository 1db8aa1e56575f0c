"""Time ingest over a made corpus: `python -m benchmarks.ingest [--documents 20000] [--seed 1] [--jobs 2]`.

Each run is a process of its own, as a user's: once without the index, once more over the same files, once with the
index, and once over a tenth of the files for the growth of memory. Another run in a single process has a clock around
each stage. Prints MB of text a second (bytes of UTF-8), the share of each stage, the size of each layer, and peak
memory.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import ingest.reading
from benchmarks.corpus import write_corpus
from benchmarks.installed import installed
from index.writer import open_writer
from ingest.archiving.archive import Archived, ArchiveWriter
from ingest.archiving.reading import read_archive, read_body
from ingest.sources.folder import find_targets, see
from ingest.sources.seen import Seen
from kilde.folder import DataFolder
from kilde.model import Document
from kilde.status import size_of
from kilde.store import Store
from kilde.store_writer import StoreWriter

STAGED = 2000
"""Documents of the run with a clock around each stage."""
RUN = "import sys; from kilde.cli import main; sys.argv[0] = 'kilde'; main()"


@dataclass(frozen=True, slots=True)
class Timed:
    """One run: seconds on the wall, seconds of its own report (without the start of Python), peak memory in MB."""

    wall: float
    inside: float
    peak: float
    report: dict[str, Any]


def run_ingest(data: Path, corpus: Path, jobs: int, *options: str) -> Timed:
    """Run `kilde ingest` as a user does; the peak is that of the largest of its processes."""
    command = [sys.executable, "-c", RUN, "--data", str(data), "ingest", str(corpus), "--jobs", str(jobs), *options]
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=installed()
    )
    assert process.stdout is not None
    answer = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"kilde ingest ended with {process.returncode}")
    report = json.loads(answer)
    return Timed(wall, report["seconds"], usage.ru_maxrss / 1024, report)


class Stages:
    """Seconds spent in each stage; a stage inside another is taken out of it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.open: list[str] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of a block."""
        start = time.perf_counter()
        self.open.append(name)
        yield
        self.open.pop()
        spent = time.perf_counter() - start
        self.seconds[name] += spent
        if self.open:
            self.seconds[self.open[-1]] -= spent

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that counts its time."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.stage(name):
                return function(*args, **kwargs)

        return timed


def by_stage(corpus: Path, folder: DataFolder) -> tuple[Stages, float]:
    """Run the stages one after the other in this process; returns them with the MB of text."""
    stages = Stages()
    folder.make()
    now = datetime.now(UTC)
    with stages.stage("archive"), ArchiveWriter(folder.archive) as archive:
        for target in islice(find_targets([corpus], None), STAGED):
            seen = see(target, now=now)
            if isinstance(seen, Seen):
                archive.append(seen.observation, seen.body, None)
        archive.sync()
    found = [it for it in read_archive(folder.archive) if isinstance(it, Archived)]
    plain = ingest.reading.extract
    ingest.reading.extract = stages.wrapped("extract", plain)
    documents: list[Document] = []
    for archived in found:
        body = read_body(folder.archive, archived.body, archived.observation.digest)
        with stages.stage("read"):
            documents.append(ingest.reading.read_document(body, archived.observation))
    ingest.reading.extract = plain
    with stages.stage("store"), StoreWriter(folder.store) as store:
        for archived, document in zip(found, documents, strict=True):
            place = (archived.place.file, archived.place.offset)
            store.add_observation(document.id, archived.observation, place, (*place, ()))
            store.add_version(document)
            store.make_current(document.id, document.version)
        store.commit()
    with stages.stage("index"):
        open_writer(folder.index).rebuild(iter(documents), 1)
    return stages, sum(len(it.text.encode()) for it in documents) / 1e6


def text_mb(folder: DataFolder) -> float:
    """MB of text in a store, in UTF-8."""
    with Store(folder.store) as store:
        return (
            float(store.connection.execute("SELECT sum(length(CAST(text AS BLOB))) FROM version").fetchone()[0]) / 1e6
        )


def main() -> None:
    """Make the corpus, run, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        write_corpus(args.documents, args.seed, base / "corpus")
        write_corpus(max(args.documents // 10, 1), args.seed, base / "tenth")
        small = run_ingest(base / "small", base / "tenth", args.jobs, "--no-index")
        plain = run_ingest(base / "plain", base / "corpus", args.jobs, "--no-index")
        again = run_ingest(base / "plain", base / "corpus", args.jobs, "--no-index")
        whole = run_ingest(base / "whole", base / "corpus", args.jobs)
        text = text_mb(DataFolder(base / "whole"))
        files, records = args.documents, whole.report["records"]
        print(f"{files:,} documents, {text:.1f} MB of text, {records:,} records; {args.jobs} jobs")
        print(f"\n{'':34}{'seconds':>9}{'documents/s':>13}{'MB text/s':>11}{'peak MB':>9}")
        for label, it in (("archive to store (--no-index)", plain), ("archive to index", whole)):
            print(f"{label:34}{it.wall:9.1f}{files / it.wall:13.0f}{text / it.wall:11.2f}{it.peak:9.0f}")
        label = "again, nothing new, whole command"
        print(f"{label:34}{again.wall:9.2f}{files / again.wall:13.0f}{'':11}{again.peak:9.0f}")
        print(f"{'  without the start of Python':34}{again.inside:9.2f}{files / again.inside:13.0f}")
        print(
            f"\npeak memory over that of a tenth of the documents: {plain.peak / small.peak:.2f} ({small.peak:.0f} MB)"
        )
        folder = DataFolder(base / "whole")
        sizes = {"archive": folder.archive, "store": folder.store, "index": folder.index}
        print("size: " + ", ".join(f"{layer} {size_of(path) / 1e6:.1f} MB" for layer, path in sizes.items()))
        stages, staged = by_stage(base / "corpus", DataFolder(base / "stages"))
        total = sum(stages.seconds.values())
        print(f"\n{f'one process, {min(STAGED, files):,} documents':34}{'seconds':>9}{'share':>8}{'MB text/s':>11}")
        for stage, seconds in stages.seconds.items():
            print(f"{stage:34}{seconds:9.1f}{seconds / total:8.0%}{staged / seconds:11.2f}")


if __name__ == "__main__":
    main()
