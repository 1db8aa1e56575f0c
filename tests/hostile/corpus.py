"""Hostile files, made by script: what a broken program or an ill-willed person may put in front of a reader.

Each has a number of the list of cases that it belongs to, and says what may come of it. No bomb is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

DOCUMENT = "document"
DEATHS = frozenset({"crashed", "timeout", "out_of_memory"})
"""What the sandbox says of a reader that it had to end; no file of the corpus may come to that unless it says so."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """A hostile file: its case, its name on disk, and how its bytes are made."""

    case: str
    name: str
    make: Callable[[], bytes]
    outcomes: frozenset[str] | None = None
    """What may come of it: DOCUMENT or codes of failures; None for anything but DEATHS."""
    words: str = ""
    """Text that must not be lost: it stands in a document, or else there is a failure."""
    quick: bool = False
    """It belongs to the short form that every run of the tests reads."""

    @property
    def title(self) -> str:
        """The name of its test."""
        return f"{self.case} {self.name}"


def hostile(
    case: str,
    name: str,
    make: Callable[..., bytes],
    *args: Any,
    outcomes: str = "",
    words: str = "",
    quick: bool = False,
) -> Hostile:
    """A hostile file whose bytes are a call of a function; `outcomes` are words parted by spaces."""
    return Hostile(case, name, partial(make, *args), frozenset(outcomes.split()) or None, words, quick)
