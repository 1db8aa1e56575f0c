"""The documents of a store by when their current versions were first seen: the order of feeds."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.columns import Integers


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The documents, the one seen last first, and when each was seen: their places are those in both."""

    change: int
    """The change of the store for which this holds."""
    documents: tuple[str, ...]
    seen: tuple[str, ...]
    ranks: dict[bytes, int]
    """The place of each document."""
    columns: dict[str, Integers] = field(default_factory=dict)
    """Of segments that an engine asked for, by their ids: the place of each record's document, -1 for none."""


def arrivals_of(change: int, seen: list[tuple[str, str]]) -> Arrivals:
    """Documents with their times, the latest first."""
    ranks = {document.encode(): rank for rank, (document, _) in enumerate(seen)}
    return Arrivals(change, tuple(document for document, _ in seen), tuple(when for _, when in seen), ranks)
