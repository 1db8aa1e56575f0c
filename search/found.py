"""What an engine hands to what shows, exports and counts: a query as it was read, and the records found, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from search.deadline import NEVER, Deadline
from search.page import Query
from search.query_tree import FieldIs, Node, Word

Days = tuple[int, int]
"""The first and last day of a publication, as ordinals."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was read: stop words out, words expanded, values of facets found, and what is said of that.

    `tree` is what is left to match when `selections`, the chosen values of facets, are taken from it.
    """

    query: Query
    tree: Node | None
    selections: Mapping[str, frozenset[str]]
    expansions: Mapping[tuple[str, Word], tuple[str, ...]] = field(default_factory=dict)
    """By field and word: the forms that `word*` and `word~` stand for."""
    values: Mapping[FieldIs, frozenset[str]] = field(default_factory=dict)
    """The values in the index that a term of the tree means."""
    notes: tuple[str, ...] = ()
    deadline: Deadline = NEVER


@dataclass(frozen=True, slots=True)
class Commit:
    """What answers: a number that grows with every commit, the change of the store that it covers, its records."""

    generation: int
    change: int
    records: int


class Found(Protocol):
    """A record that answers a question."""

    @property
    def record(self) -> str:
        """Its id."""

    @property
    def document(self) -> str:
        """The id of its document."""

    @property
    def score(self) -> float:
        """How well it matches."""

    @property
    def card(self) -> Mapping[str, Any]:
        """What is shown of it, by the names of `index.fields`."""

    @property
    def published(self) -> Days | None:
        """When its document was published; None where that is not known."""
