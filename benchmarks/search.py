"""How fast answers come, beside stock Whoosh, SQLite FTS5 and tantivy: `python -m benchmarks.search`.

    python -m benchmarks.search [--records 20000 100000] [--seed 1] [--folder DIR] [--markdown]

One process holds all engines, warm, and asks each question of all of them by turns, so that whatever else the machine
does falls on all. A question counts with the median of its rounds. The mix is 200 questions without facets: words,
two words, phrases, prefixes, misspelt words, words of some years, words of a kommune. Broad questions are 30 words that
stand in a tenth of the records or more, with three facets. The full page is what users get, with snippets from the
store and coverage. First answer and memory are those of processes of their own.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.contender_tantivy import Tantivy
from benchmarks.contenders import FACETS, Asked, Contender, Kilde, Sqlite, Stock
from benchmarks.installed import installed
from benchmarks.made import fill_store, made_documents
from index.analysis import DANISH
from index.build import rebuild_index
from kilde.danish.words import is_stop_word
from kilde.entries import read_entries
from kilde.folder import DataFolder
from kilde.store import Store
from search.web.library import Library

ROUNDS = 5
SAMPLE = 5_000
"""Records whose words questions are made of."""
BANDS = ((0.001, 0.01), (0.01, 0.05), (0.05, 0.2), (0.2, 0.8))
"""Shares of the records that have a word: questions take from each alike."""
BROAD = 0.1
STARTS = 3
FIRST = "import sys; from kilde.cli import main; sys.argv[0] = 'kilde'; main()"
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds by engine and question."""

    of: dict[str, list[float]]

    def at(self, name: str, percent: int) -> float:
        """A percentile of the questions' medians."""
        return float(np.percentile(self.of[name], percent, method="higher"))


@dataclass(frozen=True, slots=True)
class Texts:
    """What questions are drawn from: texts of records as lower-case words, and words by how many records have them."""

    texts: list[list[str]]
    shares: dict[str, float]

    def band(self, low: float, high: float) -> list[str]:
        """The words in such a share of the records, in an order that never changes."""
        return sorted(word for word, share in self.shares.items() if low <= share < high)


def sampled(texts: Iterable[str]) -> Texts:
    """The words of some texts, without numbers and stop words where words are counted."""
    split = [[word.lower() for word in DANISH.words(text)] for text in texts]
    found = Counter(word for words in split for word in set(words))
    kept = {word: count / len(split) for word, count in found.items() if _telling(word)}
    return Texts(split, kept)


def make_mix(texts: Texts, kommuner: Sequence[str], rng: random.Random) -> list[Asked]:
    """The 200 questions of the mix."""
    bands = [texts.band(low, high) for low, high in BANDS]
    long = [[word for word in band if len(word) > 6] for band in bands[:3]]

    def word() -> str:
        return rng.choice(rng.choice(bands))

    def years() -> tuple[int, int]:
        first = rng.randint(2010, 2024)
        return first, first + rng.randint(0, 2)

    asked = [Asked("term", (word(),)) for _ in range(40)]
    asked += [Asked("and", (word(), word())) for _ in range(40)]
    asked += [Asked("phrase", _pair(texts, rng)) for _ in range(25)]
    asked += [Asked("prefix", (rng.choice(rng.choice(long))[: rng.choice((3, 4, 5))],)) for _ in range(20)]
    asked += [Asked("fuzzy", (_misspelt(rng.choice(long[1] + long[2]), rng),)) for _ in range(15)]
    asked += [Asked("date", (word(),), years=years()) for _ in range(30)]
    asked += [Asked("kommune", (word(),), kommune=rng.choice(kommuner)) for _ in range(30)]
    rng.shuffle(asked)
    return asked


def make_broad(texts: Texts, rng: random.Random) -> list[Asked]:
    """30 words of many records, with facets."""
    words = texts.band(BROAD, 1)
    return [Asked("term", (word,), facets=FACETS) for word in rng.sample(words, min(30, len(words)))]


def interleaved(
    asks: dict[str, Callable[[Asked], object]], questions: Sequence[Asked], slow: str, rounds: int
) -> Times:
    """Time each question with each engine by turns, after a round that is not counted.

    The slow one is only asked in the first rounds, one counted: its prefixes take seconds.
    """
    times: dict[str, list[list[float]]] = {name: [[] for _ in questions] for name in asks}
    for turn in range(rounds + 1):
        for number, question in enumerate(questions):
            for name, ask in asks.items():
                if name == slow and turn > 1:
                    continue
                start = time.perf_counter()
                ask(question)
                if turn:
                    times[name][number].append((time.perf_counter() - start) * 1000)
    return Times({name: [median(each) for each in found] for name, found in times.items()})


def build(folder: DataFolder, records: int, seed: int) -> None:
    """Fill store and index of a data folder, and the indexes of the others beside it."""
    folder.make()
    fill_store(folder.store, made_documents(records, seed))
    with Store(folder.store) as store:
        rebuild_index(folder.index, store, 2)
        names = [name for name, _ in store.changed(0)]
        for other in (Sqlite(folder.path / "fts5.sqlite", folder.index), Tantivy(folder.path / "tantivy")):
            other.fill(entry for entries in read_entries(store, names) for entry in entries)


def first_answer(folder: DataFolder, word: str) -> float:
    """Seconds that a fresh `kilde search` takes for a page with facets; the median of some."""
    facets = [part for name in FACETS for part in ("--facet", name)]
    command = [sys.executable, "-c", FIRST, "--data", str(folder.path), "search", word, *facets, "--format", "json"]
    seconds = []
    for _ in range(STARTS):
        start = time.perf_counter()
        answer = subprocess.run(command, check=True, capture_output=True, env=installed()).stdout
        seconds.append(time.perf_counter() - start)
        assert json.loads(answer)["total"], "a broad word has hits"
    return median(seconds)


def peak_of(folder: DataFolder, questions: Sequence[Asked]) -> float:
    """MB at the peak of a process that answers all questions with full pages. Where Linux says so; else 0."""
    given = json.dumps([[it.kind, it.words, it.years, it.kommune, it.facets] for it in questions])
    command = [sys.executable, "-m", "benchmarks.search", "--peak", str(folder.path)]
    answer = subprocess.run(command, check=True, capture_output=True, input=given.encode()).stdout
    return float(answer)


def print_peak(folder: DataFolder) -> None:
    """Answer the questions on standard input, and print the peak of this process."""
    pages = full_pages(folder)
    for kind, words, years, kommune, facets in json.load(sys.stdin):
        pages(Asked(kind, tuple(words), tuple(years) if years else None, kommune, tuple(facets)))
    status = Path("/proc/self/status")
    found = PEAK.search(status.read_text(encoding="ascii")) if status.exists() else None
    print(int(found[1]) / 1024 if found else 0)


def full_pages(folder: DataFolder) -> Callable[[Asked], object]:
    """What answers a question as the web does: a page with snippets and coverage."""
    library = Library(folder.path)
    return lambda asked: library.search(asked.query)


def measure(folder: DataFolder, seed: int) -> list[str]:
    """Ask everything of all engines; returns the lines of the report."""
    with Store(folder.store) as store:
        names = [name for name, _ in store.changed(0)]
        entries = (entry for found in read_entries(store, names) for entry in found)
        sample = list(islice(entries, SAMPLE))
    texts = sampled(entry.text for entry in sample)
    kommuner = sorted({code for entry in sample for code, _ in entry.kommuner})
    rng = random.Random(seed)
    mix, broad = make_mix(texts, kommuner, rng), make_broad(texts, rng)
    engines: list[Contender] = [
        Kilde(folder.index), Stock(folder.index), Sqlite(folder.path / "fts5.sqlite", folder.index),
        Tantivy(folder.path / "tantivy"),
    ]  # fmt: skip
    asks: dict[str, Callable[[Asked], object]] = {engine.name: engine.ask for engine in engines}
    asks["full page"] = full_pages(folder)
    many, few = (interleaved(asks, questions, Stock.name, ROUNDS) for questions in (broad, mix))
    lines = ["| engine | broad + 3 facets | mix of 200 | hits of a broad question |", "|---|---|---|---|"]
    for engine in engines:
        hits = sum(engine.ask(asked).total for asked in broad) / len(broad)
        lines.append(f"| {engine.name} | {_pair_of(many, engine.name)} | {_pair_of(few, engine.name)} | {hits:,.0f} |")
    lines.append(f"| Kilde, full page | {_pair_of(many, 'full page')} | {_pair_of(few, 'full page')} | |")
    ours, stock, sqlite, tantivy = (engine.name for engine in engines)
    alike = [asked for asked in (*mix, *broad) if asked.kind not in ("prefix", "fuzzy")]
    same = sum(_same(engines[0], engines[1], asked) for asked in alike)
    lines += [
        "",
        f"Broad p95 over tantivy's: {many.at(ours, 95) / many.at(tantivy, 95):.2f}; SQLite's mix p95 over Kilde's: "
        f"{few.at(sqlite, 95) / few.at(ours, 95):.1f}; stock Whoosh's broad p50 and p95 over Kilde's: "
        f"{many.at(stock, 50) / many.at(ours, 50):.0f} and {many.at(stock, 95) / many.at(ours, 95):.0f}. "
        f"Whoosh finds the same number of records, and the same facets, in {same} of {len(alike)}; its prefixes and "
        "misspelt words are other ones.",
        f"First answer of a fresh `kilde search`, imports included: {first_answer(folder, broad[0].words[0]):.2f} s. "
        f"Peak memory after all questions: {peak_of(folder, [*mix, *broad]):.0f} MB.",
        "",
        "| mix by kind, p50 / p95 | " + " | ".join(asks) + " |",
        "|---|" + "---|" * len(asks),
    ]
    for kind in sorted({asked.kind for asked in mix}):
        chosen = [number for number, asked in enumerate(mix) if asked.kind == kind]
        part = Times({name: [found[number] for number in chosen] for name, found in few.of.items()})
        lines.append(f"| {kind} | " + " | ".join(_pair_of(part, name) for name in asks) + " |")
    return lines


def machine() -> str:
    """What the figures were measured on."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    name = found[1] if found else platform.machine()
    return f"{name}, Python {platform.python_version()}, numpy {np.__version__}"


def main() -> None:
    """Make the corpora, measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep what is built here, and use what is there")
    parser.add_argument("--peak", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peak:
        print_peak(DataFolder(args.peak))
        return
    print(f"Milliseconds, p50 / p95; {machine()}.")
    with tempfile.TemporaryDirectory() as name:
        for records in args.records:
            folder = DataFolder((args.folder or Path(name)) / str(records))
            if not folder.path.exists():
                build(folder, records, args.seed)
            print(f"\n{records:,} records:\n", flush=True)
            print("\n".join(measure(folder, args.seed)), flush=True)


def _telling(word: str) -> bool:
    return word.isalpha() and len(word) > 2 and not is_stop_word(word)


def _pair(texts: Texts, rng: random.Random) -> tuple[str, ...]:
    """Two words that stand side by side somewhere."""
    while True:
        words = rng.choice(texts.texts)
        place = rng.randrange(max(len(words) - 1, 1))
        pair = tuple(words[place : place + 2])
        if len(pair) == 2 and all(map(_telling, pair)):
            return pair


def _misspelt(word: str, rng: random.Random) -> str:
    place = rng.randrange(2, len(word))
    return word[:place] + word[place + 1 :]


def _same(one: Contender, other: Contender, asked: Asked) -> bool:
    here, there = one.ask(asked), other.ask(asked)
    return here.total == there.total and here.facets == there.facets


def _pair_of(times: Times, name: str) -> str:
    return f"{times.at(name, 50):.2f} / {times.at(name, 95):.2f}"


if __name__ == "__main__":
    main()
