"""Time reading and extraction: `python -m benchmarks.extract [--documents 200] [FILE ...]`.

Prints millions of characters of text a second, in one process, the best of three rounds: reading (bytes to records) and
extraction as a document passes through them, then each extractor alone. Measured on the made corpus (as pages and as
text), on sentences without mentions, on minutes full of them, on FILEs of your own, and each extractor on hostile text,
where what counts is the time beside that of ordinary text. The time is the processor's, so that what else runs on the
machine counts less.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.author import Author
from benchmarks.corpus import newsletter_page, newsletter_text
from benchmarks.vocabulary import read_vocabulary
from ingest import reading
from ingest.extract import EXTRACTORS, Findings, Passage, extract
from ingest.formats import media_type_of
from ingest.reading import read_document
from kilde.danish.dates import DateContext
from kilde.model import Observation, PartialDate, RecordKind

ROUNDS = 3
SIZE = 1_000_000
CONTEXT = DateContext(published=PartialDate(2020, 3))
HOSTILE = {
    "digits": "0123456789" * (SIZE // 10),
    "commas": "," * SIZE,
    "kommuner og": "kommuner og " * (SIZE // 12),
    "1.1.1.1": "1." * (SIZE // 2),
    "mio. kr.": "mio. kr. " * (SIZE // 9),
}


class File(NamedTuple):
    """A document to read."""

    name: str
    body: bytes


class Clock:
    """Stands where `reading` calls `extract`: counts its time and keeps what it was given."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.passages: list[Passage] = []

    def __call__(self, passage: Passage) -> Findings:
        """Extract, and count the time."""
        self.passages.append(passage)
        start = time.process_time()
        found = extract(passage)
        self.seconds += time.process_time() - start
        return found


def sentences(author: Author) -> str:
    """A page of sentences that mention nothing."""
    return "\n\n".join(" ".join(author.fill(author.plain) for _ in range(6)) for _ in range(12))


def minutes(author: Author) -> str:
    """Minutes in which every sentence mentions a kommune, a date, an amount or a count."""
    parts = ["Referat af møde i Økonomiudvalget"]
    for heading in ("Indstilling", "Sagsfremstilling", "Økonomi", "Beslutning"):
        parts += [heading, *(" ".join(author.fill(author.mentioning) for _ in range(5)) for _ in range(3))]
    return "\n\n".join(parts) + "\n"


def made(write: Callable[[Author], str], suffix: str, count: int) -> list[File]:
    """So many documents of one shape."""
    vocabulary = read_vocabulary()
    return [File(f"{number}{suffix}", write(Author(vocabulary, 1, number)).encode()) for number in range(count)]


def read_all(files: Sequence[File]) -> tuple[int, float, Clock]:
    """The characters of text, the seconds of reading without extraction, and the clock of extraction."""
    clock = Clock()
    setattr(reading, "extract", clock)  # noqa: B010 - a function of another module, for the time of the measurement
    start = time.process_time()
    characters = sum(len(read_document(file.body, seen(file)).text) for file in files)
    spent = time.process_time() - start - clock.seconds
    setattr(reading, "extract", extract)  # noqa: B010
    return characters, spent, clock


def seen(file: File) -> Observation:
    """A file as it is observed."""
    digest = hashlib.sha256(file.body).hexdigest()
    media_type = media_type_of(file.name)
    return Observation("benchmark", file.name, digest, len(file.body), media_type, "2026-01-01T00:00:00Z")


def report(name: str, files: Sequence[File]) -> None:
    """Print one line: reading and extraction as they happen, then each extractor."""
    rounds = [read_all(files) for _ in range(ROUNDS)]
    characters, passages = rounds[0][0], rounds[0][2].passages
    read = min(spent for _, spent, _ in rounds)
    found = min(clock.seconds for _, _, clock in rounds)
    speeds = [characters / 1e6 / seconds for seconds in (read, found, read + found)]
    print(row(name, characters, [*speeds, *extractor_speeds(passages, characters)]))


def extractor_speeds(passages: Sequence[Passage], characters: int) -> Iterator[float]:
    """Of each extractor alone, with what it needs already found."""
    found = [Findings() for _ in passages]
    for extractor in EXTRACTORS:
        best = float("inf")
        for _ in range(ROUNDS):
            start = time.process_time()
            after = [extractor(*each) for each in zip(passages, found, strict=True)]
            best = min(best, time.process_time() - start)
        found = after
        yield characters / 1e6 / max(best, 1e-9)


def row(name: str, characters: int, speeds: Sequence[float | None]) -> str:
    """One line of the table; None is a blank."""
    cells = (" " * 10 if speed is None else f"{speed:10.2f}" for speed in speeds)
    return f"{name[:24]:24}{characters / 1e6:7.2f}" + "".join(cells)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--documents", type=int, default=200)
    args = parser.parse_args()
    names = [extractor.__name__.removeprefix("extract_") for extractor in EXTRACTORS]
    columns = ("read", "extract", "both", *names)
    print(f"{'M characters a second':24}{'size':>7}" + "".join(f"{name:>10}" for name in columns))
    half = args.documents // 2
    report("made corpus, pages", made(newsletter_page, ".html", half))
    report("made corpus, text", made(newsletter_text, ".txt", half))
    report("ordinary sentences", made(sentences, ".txt", half))
    report("minutes", made(minutes, ".txt", half))
    for path in args.files:
        report(path.name, [File(path.name, path.read_bytes())])
    for name, text in HOSTILE.items():
        passage = Passage(text, RecordKind.ITEM, (), CONTEXT)
        print(row(name, len(text), [None, None, None, *extractor_speeds([passage], len(text))]))


if __name__ == "__main__":
    main()
