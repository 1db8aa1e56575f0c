"""Records of about 280 words as entries of an index, made of those of `benchmarks.made`, in files of a thousand.

Each engine that is measured reads the same ones, and reading them costs next to nothing.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks.made import made_documents
from kilde.entries import Entry, entries_of

IN_FILE: Final = 1_000
JOINED: Final = 2
"""Made records that are put together to one."""
IN_DOCUMENT: Final = 4
_FETCHED: Final = date(2026, 1, 2)


def write_records(folder: Path, count: int, seed: int = 1) -> None:
    """Write so many records, if they are not there already."""
    folder.mkdir(parents=True, exist_ok=True)
    last = folder / f"{count}.whole"
    if last.exists():
        return
    rows = _entries(count, seed)
    number = 0
    while batch := [tuple(entry) for entry in islice(rows, IN_FILE)]:
        (folder / f"{number:06}.records").write_bytes(pickle.dumps(batch, 5))
        number += 1
        if number % 20 == 0:
            print(f"\r{number * IN_FILE:,} of {count:,} records made", end="", flush=True)
    print()
    last.touch()


def read_records(folder: Path, count: int) -> Iterator[Entry]:
    """The first `count` records of a folder."""
    for number, start in enumerate(range(0, count, IN_FILE)):
        rows = pickle.loads((folder / f"{number:06}.records").read_bytes())
        yield from (Entry(*row) for row in rows[: count - start])


def _entries(count: int, seed: int) -> Iterator[Entry]:
    made = (entry for each in made_documents(count * JOINED, seed) for entry in entries_of(each, _FETCHED))
    number = 0
    while parts := list(islice(made, JOINED)):
        yield parts[0]._replace(
            id=f"{number:020}",
            document=f"{number // IN_DOCUMENT:016}",
            text="\n\n".join(part.text for part in parts),
            kommuner=tuple(it for part in parts for it in part.kommuner),
            dates=tuple(it for part in parts for it in part.dates),
            amounts=tuple(it for part in parts for it in part.amounts),
        )
        number += 1
