"""Time exports of mentions: `python -m benchmarks.export [--mentions 100000 1000000] [--forms csv parquet]`.

Each export is the command as a user runs it, in a process of its own, over a store with so many mentions (documents of
the made corpus, read once and stored under many names). Prints lines a second, the size of the file, and peak memory:
it should hardly differ between the numbers.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path

from benchmarks.corpus import write_corpus
from ingest.reading import read_document
from ingest.sources.folder import find_targets, see
from ingest.sources.seen import Seen
from kilde.folder import DataFolder
from kilde.model import Document, Observation
from kilde.store_writer import StoreWriter
from search.export import FORMS

READ = 200
"""Documents of the corpus that are read."""
COMMAND = """
import atexit, re, sys
from pathlib import Path
from kilde.cli import main
atexit.register(lambda: print(re.search("VmHWM:.*", Path("/proc/self/status").read_text())[0], file=sys.stderr))
main()
"""
"""The command `kilde`; on Linux, as the peak is read from /proc."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One export."""

    seconds: float
    cpu: float
    """Seconds of processor time: what another load of the machine hardly changes."""
    bytes: int
    peak_mb: float


def read_corpus(folder: Path, seed: int) -> list[tuple[Observation, Document]]:
    """Some documents of a corpus, as an ingest reads them."""
    write_corpus(READ, seed, folder)
    now = datetime.now(UTC)
    seen = (see(target, now=now) for target in find_targets([folder], None))
    return [(it.observation, read_document(it.body, it.observation)) for it in seen if isinstance(it, Seen)]


def copies(read: Sequence[tuple[Observation, Document]]) -> Iterator[tuple[Observation, Document]]:
    """The documents again and again, each time under names of their own."""
    for number in count():
        for observation, document in read:
            id_ = new_id(number, document.id)
            records = tuple(
                replace(record, id=new_id(number, record.id), document=id_) for record in document.records
            )  # fmt: skip
            locator = f"{number}/{observation.locator}"
            yield replace(observation, locator=locator), replace(document, id=id_, locator=locator, records=records)


def new_id(number: int, old: str) -> str:
    """An id for a copy."""
    return sha256(f"{number} {old}".encode()).hexdigest()[:16]


def fill(folder: DataFolder, read: Sequence[tuple[Observation, Document]], mentions: int) -> None:
    """Make a store with at least so many mentions."""
    folder.make()
    left = mentions
    with StoreWriter(folder.store) as store:
        for number, (observation, document) in enumerate(copies(read)):
            place = ("kilde-00001.warc.gz", number)
            store.add_observation(document.id, observation, place, (*place, ()))
            store.add_version(document)
            store.make_current(document.id, document.version)
            left -= sum(len(record.kommuner) for record in document.records)
            if left <= 0:
                break
        store.reach(("kilde-00001.warc.gz", number))
        store.commit()


def export(folder: DataFolder, form: str, target: Path) -> Measured:
    """Run the command in a process of its own, which says at its end how much memory it has used at most."""
    command = [sys.executable, "-c", COMMAND, "--data", str(folder.path), "mentions", "--all"]
    start, before = time.perf_counter(), used()
    result = subprocess.run(
        [*command, "--output", str(target), "--format", form], stderr=subprocess.PIPE, text=True, check=True
    )
    seconds = time.perf_counter() - start
    cpu = used() - before
    return Measured(seconds, cpu, target.stat().st_size, int(result.stderr.split()[-2]) / 1024)


def used() -> float:
    """Processor time of all processes that were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Make the stores, export from them, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mentions", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--forms", nargs="+", choices=list(FORMS), default=list(FORMS))
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        read = read_corpus(root / "corpus", args.seed)
        heads = f"{'mentions':>10}  {'form':8}{'seconds':>9}{'of CPU':>8}{'lines/s of CPU':>16}"
        print(f"{heads}{'MB':>8}{'peak memory, MB':>17}")
        for mentions in args.mentions:
            folder = DataFolder(root / str(mentions))
            fill(folder, read, mentions)
            for form in args.forms:
                found = export(folder, form, root / f"mentions.{form}")
                rate = f"{found.seconds:9.1f}{found.cpu:8.1f}{mentions / found.cpu:16,.0f}"
                line = f"{mentions:10,}  {form:8}{rate}{found.bytes / 1e6:8.1f}{found.peak_mb:17.0f}"
                print(line, flush=True)


if __name__ == "__main__":
    main()
