"""The order of a concordance's lines, and samples of them.

Words sort as Danes sort them. More lines than memory should hold are sorted in parts on the disk and merged; what is
kept in memory does not grow with their number. A sample depends on its seed and the lines alone, not on their order.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from heapq import heappush, heappushpop, merge
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from kilde.errors import UsageError
from search.export_cells import Line

PART = 20_000
"""Lines that are sorted in memory."""
FARTHEST = 9
"""Words from the keyword that can be sorted by."""

Key = Callable[[Line], list[Any]]

ORDERS = ("date", "document", "keyword", "left", "right")
"""Names of orders; a word's place (1L, 2R) is one too."""

_PLACE = re.compile(f"([1-{FARTHEST}])([LR])", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_LETTERS = str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c", "ü": "y", "ð": "d", "þ": "th"})
_RING = "\u030a"


def danish_key(text: str) -> str:
    """A text as Danes sort it: æ, ø, å behind z, aa with å, accents and case aside.

    >>> sorted(["Åbenrå", "Ølgod", "Aalborg", "Ærø", "Varde", "Zebra", "Århus", "andel"], key=danish_key)
    ['andel', 'Varde', 'Zebra', 'Ærø', 'Ølgod', 'Åbenrå', 'Aalborg', 'Århus']
    """
    plain = unicodedata.normalize("NFC", text).casefold().replace("aa", "å").translate(_LETTERS)
    return "".join(it for it in unicodedata.normalize("NFD", plain) if not unicodedata.combining(it))


def key_of(order: str) -> Key | None:
    """What lines sort by: orders parted by commas, each behind the one before; None for the order they come in."""
    parts = [_part(name.strip()) for name in order.split(",")]
    keys = [part for part in parts if part is not None]
    if not keys:
        return None
    if len(keys) < len(parts):
        raise UsageError(f"--sort {order}: date is what lines have by themselves; leave it out beside others")
    return lambda line: [value for key in keys for value in key(line)]


def _part(name: str) -> Key | None:
    if name == "date":
        return None
    if name == "document":
        return lambda line: [danish_key(line["title"]), line["document"], line["document_start"]]
    if name == "keyword":
        return lambda line: [danish_key(line["keyword"])]
    if name in ("left", "right"):
        return lambda line: [danish_key(" ".join(_side(line, name)))]
    place = _PLACE.fullmatch(name)
    if place is None:
        raise UsageError(f"--sort {name!r}: expected {', '.join(ORDERS)}, or a word's place from 1L to {FARTHEST}R")
    number, side = int(place[1]), "left" if place[2].upper() == "L" else "right"
    return lambda line: [danish_key("".join(_side(line, side)[number - 1 : number]))]


def _side(line: Line, side: str) -> list[str]:
    """The words on a side, the nearest first."""
    words = _WORDS.findall(line[side])
    return words[::-1] if side == "left" else words


def in_order(lines: Iterable[Line], key: Key, part: int = PART) -> Iterator[Line]:
    """The lines sorted, at most a few times `part` of them in memory; those of one key in the order they came in."""
    waiting = enumerate(lines)
    files: list[IO[str]] = []
    try:
        while batch := _sorted(islice(waiting, part), key):
            if len(batch) < part and not files:
                yield from (line for _, _, line in batch)
                return
            files.append(_kept(batch))
        for _, _, line in merge(*map(_read, files)):
            yield line
    finally:
        for file in files:
            file.close()


def _sorted(lines: Iterable[tuple[int, Line]], key: Key) -> list[list[Any]]:
    """Lines with their keys and the numbers they came with, which no two share."""
    return sorted([key(line), number, line] for number, line in lines)


def _kept(batch: list[Any]) -> IO[str]:
    file = TemporaryFile("w+", encoding="utf-8", errors="surrogatepass")  # noqa: SIM115 (`in_order` closes it)
    file.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in batch)
    file.seek(0)
    return file


def _read(file: IO[str]) -> Iterator[list[Any]]:
    for line in file:
        yield json.loads(line)


def sample(lines: Iterable[Line], size: int, seed: int) -> list[Line]:
    """So many of the lines, each with the same chance, in the order they came in.

    A line's lot is drawn from the seed and what it is, so that the same lines give the same sample whatever order they
    come in. Only the sample is kept in memory.
    """
    chosen: list[tuple[bytes, int, Line]] = []
    for number, line in enumerate(lines):
        lot = _lot(line, seed)
        if len(chosen) < size:
            heappush(chosen, (lot, -number, line))
        elif size:
            heappushpop(chosen, (lot, -number, line))
    return [line for _, _, line in sorted(chosen, key=lambda each: -each[1])]


def _lot(line: Line, seed: int) -> bytes:
    text = f"{seed}/{line['record']}/{line['version']}/{line['document_start']}/{line['document_end']}"
    return blake2b(text.encode(), digest_size=16).digest()
