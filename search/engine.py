"""Search: a Query in, a Page out; or all that answers it, one by one or counted.

`Engine` is the seam. Two stand behind it: the embedded one (`search.embedded`) reads Whoosh's segments as numpy arrays,
the other (`search.opensearch`) asks a cluster. Nothing above asks which one it has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from kilde.folder import IndexPlace
from search.arrivals import Arrivals
from search.deadline import NEVER, Deadline
from search.embedded import EmbeddedEngine
from search.found import Commit, Days, Found, Reading
from search.lexicon import Lexicon
from search.opensearch.engine import OpenSearchEngine
from search.page import Page, Query, Texts
from search.watch import Candidates, Watch


class Answer(Protocol):
    """What answers a query in one commit of the index: commits meanwhile change nothing of it."""

    @property
    def reading(self) -> Reading:
        """The query as it was read."""

    @property
    def commit(self) -> Commit:
        """Which commit answers."""

    def walk(self) -> Iterator[Found]:
        """The records that match, in the order of the query; by document its first record each. No limit is heeded."""

    def walk_by_place(self) -> Iterator[Found]:
        """The records that match by publication (unknown last), document, and place in it: as mentions are listed."""

    def newest(self, arrivals: Arrivals, most: int) -> Sequence[tuple[Found, int]]:
        """The records that match in the documents that were seen last, each with its document's place among all.

        `most` of them, and the rest of the last document: half of one would be lost when the next one comes.
        """

    def candidates(self, watch: Watch) -> Candidates:
        """The records that match, in order: all of them that a saved search may not have given yet, at least."""

    def values(self, facet: str, *, by_document: bool) -> Counter[str]:
        """How many of the matching records, or of their documents, have each value of a facet."""

    def published(self, *, by_document: bool) -> Counter[Days | None]:
        """How many of the matching records, or of their documents, were published on each day or in each period."""

    def amounts(self, low: int, high: int | None) -> Sequence[int]:
        """The amounts in øre from `low` to `high` that the matching records mention, each once for each document."""

    def absence(self) -> str:
        """What it means that nothing matches: ABSENT or NOT_COLLECTED."""


class Engine(Protocol):
    """Answers questions over the newest commit.

    DamagedError or MissingError when the index cannot be read; TooLongError when the deadline is past before the answer
    is there.
    """

    def search(self, query: Query, deadline: Deadline = NEVER) -> Page:
        """The page of hits that the query asks for; its coverage is for the caller to fill in.

        UsageError for a cursor of another query.
        """

    def ask(self, query: Query, deadline: Deadline = NEVER) -> Answer:
        """All that answers the query."""

    def lexicon(self) -> Lexicon:
        """The words and values of the index."""


def open_engine(place: IndexPlace, texts: Texts) -> Engine:
    """The engine over an index: the embedded one over a folder. Several threads may ask it at once."""
    return EmbeddedEngine(place, texts) if isinstance(place, Path) else OpenSearchEngine(place, texts)
