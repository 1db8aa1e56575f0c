"""Ids of documents and records, as CONTRACTS defines them, and how a record keeps its id when its document changes."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kilde.model import Record, RecordKind

BYTES = 10
"""Bytes of a digest that give the 16 characters of an id."""
SIMILAR = 0.8
"""The share of words that two versions of a record have in common, from which they count as the same record."""
MOST_PAIRS = 250_000
"""Pairs of records whose texts are compared at most; beyond that only headings match."""
NOT_WORD = re.compile(r"[\W_]+")


def document_id(source: str, locator: str) -> str:
    """The id of what stands under a locator of a source.

    >>> document_id("nyhedsbreve", "2020/januar.txt")
    'upe4nlchcrpiw67g'
    """
    return short_hash(source, locator)


def short_hash(*parts: str) -> str:
    """16 lower-case base32 characters of the sha-256 of the parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest[:BYTES]).decode("ascii").lower()


def normalise_heading(heading: str) -> str:
    """A heading as it counts for the id: words only, without regard to case."""
    return NOT_WORD.sub(" ", heading.casefold()).strip()


class RecordIds:
    """Gives the records of a document, in order, the ids of a document seen for the first time; it counts headings."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.seen: Counter[tuple[str, str]] = Counter()

    def next(self, kind: RecordKind, heading: str) -> str:
        """The id of the next record."""
        key = (kind.value, normalise_heading(heading))
        self.seen[key] += 1
        return short_hash(self.document, *key, str(self.seen[key]))


def number_records(records: Sequence[Record]) -> list[Record]:
    """The records with the ids that they have in a document seen for the first time."""
    ids = RecordIds(records[0].document if records else "")
    return [replace(record, id=ids.next(record.kind, record.heading)) for record in records]


def keep_ids(records: Sequence[Record], before: Sequence[Record]) -> list[Record]:
    """The records of a new version with the ids of the records that they were before.

    Records match by kind and heading, of several with one heading those with the same text first; then by the
    similarity of their texts. A record that is new gets an id that none of the others has.
    """
    matches = match_headings(records, before)
    match_texts(records, before, matches)
    taken = {before[old].id for old in matches.values()}
    kept = []
    for index, record in enumerate(number_records(records)):
        id_, attempt = before[matches[index]].id if index in matches else record.id, 1
        while index not in matches and id_ in taken:
            attempt += 1
            id_ = short_hash(record.id, str(attempt))
        taken.add(id_)
        kept.append(replace(record, id=id_))
    return kept


def match_headings(records: Sequence[Record], before: Sequence[Record]) -> dict[int, int]:
    """The old record of each new one with the same kind and heading."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for old, record in enumerate(before):
        groups[record.kind.value, normalise_heading(record.heading)].append(old)
    matches: dict[int, int] = {}
    keys = [(record.kind.value, normalise_heading(record.heading)) for record in records]
    for index, record in enumerate(records):
        same = next((old for old in groups[keys[index]] if before[old].text == record.text), None)
        if same is not None:
            matches[index] = same
            groups[keys[index]].remove(same)
    for index in range(len(records)):
        if index not in matches and groups[keys[index]]:
            matches[index] = groups[keys[index]].pop(0)
    return matches


def match_texts(records: Sequence[Record], before: Sequence[Record], matches: dict[int, int]) -> None:
    """Add matches of records of one kind with other headings and nearly the same text, the nearest first."""
    new = [index for index in range(len(records)) if index not in matches]
    old = [index for index in range(len(before)) if index not in set(matches.values())]
    if len(new) * len(old) > MOST_PAIRS:
        return
    bags = {index: Counter(before[index].text.split()) for index in old}
    pairs = []
    for index in new:
        bag = Counter(records[index].text.split())
        for other in old:
            if records[index].kind is before[other].kind:
                pairs.append((similarity(bag, bags[other]), -index, -other))
    for score, index, other in sorted(pairs, reverse=True):
        if score >= SIMILAR and -index not in matches and -other not in matches.values():
            matches[-index] = -other


def similarity(one: Counter[str], other: Counter[str]) -> float:
    """Twice the words in common over the words of both (Dice), from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
