"""How the news of a saved search are found: what an engine is told of the search, and what it answers.

An engine may look at all hits each time. One that is told which documents came, and remembers which searches they
answer, need not; both give the same news.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kilde.state import State
from kilde.store import Store
from kilde.watched import Watched
from search.found import Found
from search.page import Query


@dataclass(frozen=True, slots=True)
class Watch:
    """A saved search whose news are wanted, and what there is to find them by."""

    name: str
    state: State
    store: Store
    queries: Callable[[], Mapping[str, Query]]
    """All saved searches by name."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Hits of a saved search: all that it has not given yet are among them."""

    found: Sequence[Found]
    """In the order of the query; by document the first record of each."""
    total: int
    """All hits that there are now."""
    watched: Watched | None = None
    """What is to be noted when the news among them have been given; None for nothing."""
