"""Time the extractors: `python -m benchmarks.extract [--documents 200] [FILE ...]`.

Prints MB of text (UTF-8) a second for each extractor and for all of them together, on the text of a made corpus
(which is dense with kommuner, dates and amounts), on FILEs of text of your own, and on hostile text, where what
counts is the time beside that of ordinary text. Each text is read in records of at most 2,000 characters, as a
document is; one process, best of three.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from benchmarks.corpus import documents
from ingest.extract import EXTRACTORS, Findings, Passage, extract
from ingest.formats import media_type_of, read_layout
from kilde.danish.dates import DateContext
from kilde.model import PartialDate, RecordKind

RECORD = 2_000
ROUNDS = 3
SIZE = 1_000_000
CONTEXT = DateContext(published=PartialDate(date(2020, 3, 1).year, 3))
HOSTILE = {
    "digits": "0123456789" * (SIZE // 10),
    "commas": "," * SIZE,
    "kommuner og": "kommuner og " * (SIZE // 12),
    "1.1.1.1": "1." * (SIZE // 2),
    "mio. kr.": "mio. kr. " * (SIZE // 9),
}


def passages(text: str) -> list[Passage]:
    """A text in pieces of the size of records, cut at ends of lines where there are any."""
    pieces, start = [], 0
    while start < len(text):
        end = text.rfind("\n", start, start + RECORD) + 1 or start + RECORD
        pieces.append(Passage(text[start:end], RecordKind.ITEM, (), CONTEXT))
        start = end
    return pieces


def best(task: Callable[[], object]) -> float:
    """The shortest of some rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return min(times)


def speeds(name: str, pieces: Sequence[Passage]) -> None:
    """Print one line: each extractor alone, with what it needs already found, and all together."""
    size = sum(len(piece.text.encode("utf-8")) for piece in pieces) / 1e6
    row = []
    for index, extractor in enumerate(EXTRACTORS):
        ready = [found_before(piece, index) for piece in pieces]
        row.append(size / best(lambda run=extractor, it=ready: [run(*each) for each in zip(pieces, it, strict=True)]))
    together = size / best(lambda: [extract(piece) for piece in pieces])
    print(f"{name[:24]:24}{size:7.2f}" + "".join(f"{speed:10.2f}" for speed in (*row, together)))


def found_before(piece: Passage, index: int) -> Findings:
    """What the extractors before one find."""
    found = Findings()
    for extractor in EXTRACTORS[:index]:
        found = extractor(piece, found)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--documents", type=int, default=200)
    args = parser.parse_args()
    names = [extractor.__name__.removeprefix("extract_") for extractor in EXTRACTORS]
    print(f"{'MB a second':24}{'size':>7}" + "".join(f"{name:>10}" for name in (*names, "all")))
    made = "\n".join(
        read_layout(text.encode(), media_type_of(path)).text for path, text in documents(args.documents, 1)
    )
    speeds("made corpus", passages(made))
    for path in args.files:
        speeds(path.name, passages(path.read_text(encoding="utf-8")))
    for name, text in HOSTILE.items():
        speeds(name, [Passage(text, RecordKind.ITEM, (), CONTEXT)])


if __name__ == "__main__":
    main()
