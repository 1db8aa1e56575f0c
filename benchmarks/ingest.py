"""Time ingest over a made corpus: `python -m benchmarks.ingest --documents 2000 [--seed 1] [--jobs 2]`.

Two runs over the same files: one in a single process with a clock around each stage, and one as a user runs it, with
all processes, for the figures that count. Prints documents and MB of text a second by stage, the size of each layer,
and peak memory.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ingest.reading
from benchmarks.corpus import write_corpus
from index.writer import open_writer
from ingest.archive import ArchiveWriter, read_archive, read_body
from ingest.sources.folder import Seen, find_targets, see
from kilde import runs
from kilde.folder import DataFolder
from kilde.model import Document
from kilde.status import size_of
from kilde.store import Store


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


def by_stage(corpus: Path, folder: DataFolder) -> tuple[Stages, int, int]:
    """Run the stages one after the other in this process; returns them with the number of records and characters."""
    stages = Stages()
    folder.make()
    now = datetime.now(UTC)
    with stages.stage("archive"), ArchiveWriter(folder.archive) as archive:
        for target in find_targets([corpus], None):
            seen = see(target, now=now)
            if isinstance(seen, Seen):
                archive.append(seen.observation, seen.body, None)
        archive.sync()
    reading = ingest.reading
    reading.extract = stages.wrapped("extract", ingest.reading.extract)
    documents: list[Document] = []
    for archived in read_archive(folder.archive):
        body = read_body(folder.archive, archived.body, archived.observation.digest)
        with stages.stage("read"):
            documents.append(ingest.reading.read_document(body, archived.observation))
    with stages.stage("store"), Store(folder.store, readonly=False) as store:
        for archived, document in zip(read_archive(folder.archive), documents, strict=True):
            place = (archived.place.file, archived.place.offset)
            store.add_observation(document.id, archived.observation, *place, place)
            store.add_version(document)
            store.make_current(document.id, document.version)
        store.commit()
    with stages.stage("index"):
        open_writer(folder.index).rebuild(iter(documents), 1)
    return stages, sum(len(it.records) for it in documents), sum(len(it.text) for it in documents)


def peak_mb() -> tuple[float, float]:
    """Peak resident memory of this process and of the largest child, in MB."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return tuple(resource.getrusage(kind).ru_maxrss / 1024 for kind in kinds)  # type: ignore[return-value]


def main() -> None:
    """Make the corpus, run, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name) / "corpus"
        write_corpus(args.documents, args.seed, corpus)
        files = sum(path.stat().st_size for path in corpus.rglob("*") if path.is_file()) / 1e6
        whole = DataFolder(Path(name) / "whole")
        start = time.perf_counter()
        report, _ = runs.ingest(whole, find_targets([corpus], None), runs.Options(args.jobs), lambda _: None)
        wall = time.perf_counter() - start
        own, child = peak_mb()
        again = time.perf_counter()
        runs.ingest(whole, find_targets([corpus], None), runs.Options(args.jobs), lambda _: None)
        again = time.perf_counter() - again
        stages, records, characters = by_stage(corpus, DataFolder(Path(name) / "stages"))
        text = characters / 1e6
        size = f"{files:.1f} MB, {text:.1f} M characters of text, {records:,} records"
        print(f"{args.documents:,} documents, {size}")
        print(f"\n{'one process, by stage':24}{'seconds':>9}{'documents/s':>13}{'M chars/s':>11}")
        for stage, seconds in stages.seconds.items():
            print(f"{stage:24}{seconds:9.1f}{args.documents / seconds:13.0f}{text / seconds:11.2f}")
        print(f"\n{f'whole, {args.jobs} jobs':24}{wall:9.1f}{args.documents / wall:13.0f}{text / wall:11.2f}")
        print(f"{'again, nothing new':24}{again:9.1f}{args.documents / again:13.0f}")
        sizes = {"archive": whole.archive, "store": whole.store, "index": whole.index}
        print("\nsize: " + ", ".join(f"{layer} {size_of(path) / 1e6:.1f} MB" for layer, path in sizes.items()))
        print(f"peak memory: {own:.0f} MB, and {child:.0f} MB in the largest of the reading processes")
        print(f"report: {report}")


if __name__ == "__main__":
    main()
