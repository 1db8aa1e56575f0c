"""Time building an index: `python -m benchmarks.index [--records N ...] [--rounds R] [--million]`.

Kilde with one process and with two, SQLite FTS5, tantivy and stock Whoosh index the same records of about 280 words,
each in a fresh process, in turn, `--rounds` times over; of each the best round counts, and all figures are of one run.
Then an update of 100 records in the index that was built, for Kilde and FTS5 in turn, and the first answer of a fresh
process. `--million` builds an index of 1,000,000 records with two processes instead, without the others, and asks it
the questions of `benchmarks.search`. Everything goes to standard output as Markdown, progress to standard error.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from benchmarks.contenders import Kilde
from benchmarks.index_engines import ENGINES, Fts5
from benchmarks.index_records import read_records, write_records
from benchmarks.installed import installed
from benchmarks.search import ROUNDS, SAMPLE, interleaved, make_broad, make_mix, sampled
from index.analysis import DANISH, read_keys
from index.snapshot import open_snapshot
from index.vocabulary import Numbers
from index.writer import open_writer
from kilde.entries import Entry

CHANGED: Final = 100
UPDATES: Final = 5
FRESH: Final = 3
FORMS: Final = 10_000
MILLION: Final = 1_000_000
QUERY: Final = "kommune"


def build(name: str, records: Path, count: int, folder: Path) -> dict[str, float]:
    """Build an index in a fresh process."""
    print(f"{name}: {count:,} records ...", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks.index_engines", name, str(records), str(count), str(folder)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    print(f"  {found['seconds']:.1f} s, {found['peak']:.0f} MB, {found['size']:.0f} MB", file=sys.stderr, flush=True)
    return found


def changed(entries: list[Entry], number: int) -> list[Entry]:
    """The same records with a word more in each."""
    return [entry._replace(text=f"{entry.text} rettelse{number}") for entry in entries]


def updates(records: Path, count: int, kilde: Path, fts5: Path) -> tuple[float, float, float]:
    """Seconds of an update, Kilde's and FTS5's, in turn; and the share of segments an open reader keeps."""
    step = max(count // CHANGED, 1)
    old = [entry for number, entry in enumerate(read_records(records, count)) if number % step < 4][:CHANGED]
    table, writer = Fts5(fts5 / "fts5.sqlite"), open_writer(kilde)
    times: dict[str, list[float]] = defaultdict(list)
    before, kept = open_snapshot(kilde), 0.0
    for number in range(UPDATES + 1):
        new = changed(old, number)
        start = time.perf_counter()
        with writer.session() as session:
            for document, entries in groupby(new, attrgetter("document")):
                session.put(document, list(entries))
            session.commit(number + 2)
        middle = time.perf_counter()
        table.replace(zip(old, new, strict=True))
        times["kilde"].append(middle - start)
        times["fts5"].append(time.perf_counter() - middle)
        after = open_snapshot(kilde, before)
        same = {segment.id for segment in before.segments} & {segment.id for segment in after.segments}
        kept, before, old = len(same) / len(before.segments), after, new
    return median(times["kilde"][1:]), median(times["fts5"][1:]), kept


def first_answer(folder: Path) -> dict[str, float]:
    """Seconds of the first answer of a fresh process, its start with it, to a broad question with three facets."""
    rows = []
    for _ in range(FRESH):
        start = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.index_first", str(folder), QUERY]
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=installed()).stdout)
        rows.append({"whole": time.perf_counter() - start} | found)
    return min(rows, key=lambda row: row["whole"])


def least(records: Path, count: int) -> str:
    """What any index of these records costs in one process: to read and hash them, find their words, and sort those."""
    seconds: list[float] = []
    start = time.perf_counter()
    texts = []
    for entry in read_records(records, count):
        texts.append(entry.text)
        sha256(entry.text.encode()).digest()
    seconds.append(time.perf_counter() - start)
    start = time.perf_counter()
    numbers: Numbers[str] = Numbers()
    words = np.array([numbers[word] for text in texts for word in DANISH.words(text)], dtype=np.uint64)
    seconds.append(time.perf_counter() - start)
    keys = (words << np.uint64(40)) + np.arange(len(words), dtype=np.uint64)
    start = time.perf_counter()
    keys.sort(kind="stable")
    seconds.append(time.perf_counter() - start)
    forms = random.Random(1).sample(list(numbers), min(FORMS, len(numbers)))
    start = time.perf_counter()
    for form in forms:
        read_keys(form)
    seconds.append((time.perf_counter() - start) * len(numbers) / len(forms))
    return (
        "The least, in one process: {:.1f} s to read the records and hash their text, {:.1f} s to find their"
        " {:,} words, {:.1f} s to sort these once, {:.1f} s to analyse their {:,} different forms once."
    ).format(*seconds[:2], len(words), *seconds[2:], len(numbers))


def compare(records: Path, count: int, rounds: int, names: list[str], work: Path) -> None:
    """Build with all engines in turn, and print a table."""
    best: dict[str, dict[str, float]] = {}
    for number in range(rounds):
        for name in names:
            found = build(name, records, count, work / f"{name}-{number}")
            if name not in best or found["seconds"] < best[name]["seconds"]:
                best[name] = found
    base, stock = best["fts5"], best.get("whoosh")
    print(f"\n### {count:,} records\n")
    print("| engine | seconds | records a second | to FTS5 | to Whoosh | processor s | peak MB | size MB | to FTS5 |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, found in best.items():
        whoosh = f"{stock['seconds'] / found['seconds']:.1f}x" if stock else ""
        print(
            f"| {name} | {found['seconds']:.1f} | {count / found['seconds']:,.0f}"
            f" | {base['seconds'] / found['seconds']:.2f}x | {whoosh} | {found['processor']:.0f}"
            f" | {found['peak']:.0f} | {found['size']:.0f} | {found['size'] / base['size']:.2f}x |"
        )
    folder = work / "kilde in two processes-0"
    answer = first_answer(folder)
    ours, theirs, kept = updates(records, count, folder, work / "fts5-0")
    print(f"\n{_answered(answer)}")
    print(least(records, count))
    print(
        f"An update of {CHANGED} records: {ours * 1000:.0f} ms, FTS5 {theirs * 1000:.0f} ms ({ours / theirs:.2f}x);"
        f" an open reader keeps {kept:.0%} of its segments."
    )


def _answered(answer: dict[str, float]) -> str:
    return (
        f"The first answer of a fresh process: {answer['whole']:.2f} s, of which {answer['imports']:.2f} s are imports"
        f" and {answer['first'] * 1000:.0f} ms the answer; the same once more {answer['again'] * 1000:.1f} ms."
    )


def answers(records: Path, folder: Path) -> str:
    """How fast the questions of `benchmarks.search` are answered, warm in one process."""
    sample = list(read_records(records, SAMPLE))
    texts, kommuner = sampled(entry.text for entry in sample), {code for it in sample for code, _ in it.kommuner}
    rng = random.Random(1)
    mix, broad = make_mix(texts, sorted(kommuner), rng), make_broad(texts, rng)
    ours = Kilde(folder)
    hits = sum(ours.ask(asked).total for asked in broad) / len(broad)
    many, few = (interleaved({ours.name: ours.ask}, questions, "", ROUNDS) for questions in (broad, mix))
    return (
        f"Milliseconds, p50 / p95: broad questions with three facets ({hits:,.0f} hits each)"
        f" {many.at(ours.name, 50):.1f} / {many.at(ours.name, 95):.1f}, the mix of {len(mix)}"
        f" {few.at(ours.name, 50):.1f} / {few.at(ours.name, 95):.1f}."
    )


def million(records: Path, work: Path) -> None:
    """One build of a million records."""
    found = build("kilde in two processes", records, MILLION, work / "million")
    print(f"\n### {MILLION:,} records\n")
    print(
        f"Built in {found['seconds']:.0f} s ({MILLION / found['seconds']:,.0f} records a second) by two processes,"
        f" {found['processor']:.0f} s of processor time; peak {found['peak']:.0f} MB, index {found['size']:.0f} MB."
    )
    print(_answered(first_answer(work / "million")))
    print(answers(records, work / "million"))


def main() -> None:
    """Read the options, make the records, measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, nargs="*", default=[20_000, 100_000])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--engines", nargs="*", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--folder", type=Path, help="where made records are kept for the next time")
    args: Any = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        records = args.folder or Path(work) / "records"
        counts = [MILLION] if args.million else args.records
        write_records(records, max(counts))
        if args.million:
            million(records, Path(work))
            return
        for count in counts:
            (Path(work) / str(count)).mkdir()
            compare(records, count, args.rounds, args.engines, Path(work) / str(count))


if __name__ == "__main__":
    main()
