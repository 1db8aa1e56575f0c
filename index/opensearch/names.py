"""The names of what Kilde keeps in a cluster: an alias, and behind it a numbered pair of indices.

`kilde` is an alias of `kilde-000003-records`; `kilde-000003-forms` stands beside that, and `kilde-000003-questions`
where saved searches are watched. A rebuild makes the next pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """The indices of one build."""

    alias: str
    number: int

    @property
    def records(self) -> str:
        """The records."""
        return f"{self.alias}-{self.number:06}-records"

    @property
    def forms(self) -> str:
        """The forms in their texts, for prefixes and misspelt words."""
        return f"{self.alias}-{self.number:06}-forms"

    @property
    def questions(self) -> str:
        """The questions of saved searches; there is none before one is watched."""
        return f"{self.alias}-{self.number:06}-questions"

    @property
    def following(self) -> Pair:
        """The one after this."""
        return Pair(self.alias, self.number + 1)


def pair_of(alias: str, index: str) -> Pair | None:
    """The pair that an index belongs to; None for an index that Kilde did not make under this alias."""
    found = re.fullmatch(rf"{re.escape(alias)}-([0-9]{{6,}})-(?:records|forms|questions)", index)
    return Pair(alias, int(found[1])) if found else None


def pairs_of(alias: str, indices: Iterable[str]) -> list[Pair]:
    """The pairs that some indices belong to, the last made last."""
    found = {pair for index in indices if (pair := pair_of(alias, index))}
    return sorted(found, key=lambda pair: pair.number)
