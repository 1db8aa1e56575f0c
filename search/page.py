"""A question and its answer: `Query` goes into the engine, `Page` comes out. Values only.

Every front end (command line, web, API) renders the same `Page`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from search.query_tree import Node
from search.synonyms import NONE, Synonyms

FACETS = ("kommune", "region", "source", "kind", "publisher", "theme", "year", "role")
"""The facets by name; each is an attribute of `Filters` with the values that are chosen."""

DEFAULT_LIMIT = 20

ABSENT = "searched and absent"
NOT_COLLECTED = "not collected"
"""There is nothing at all from the time and sources that are asked for."""


class Sort(StrEnum):
    """The order of hits; ties go by id."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    AMOUNT = "amount"
    """The largest amount first; records without one last."""


class By(StrEnum):
    """What a hit is, and what `total` and the facets count."""

    RECORD = "record"
    DOCUMENT = "document"
    """One hit a document: its best record."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search beside its words. One facet's values are alternatives, everything else combines.

    Days and amounts are inclusive and match on overlap; None is an open end.
    """

    kommune: tuple[str, ...] = ()
    """Four-digit codes. Institutions count only where `role` asks for them."""
    region: tuple[str, ...] = ()
    """Full names: "Region Nordjylland"."""
    source: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    """Kinds of documents."""
    publisher: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    """Years of publication, four digits."""
    role: tuple[str, ...] = ()
    """authority, place, institution"""
    published_from: date | None = None
    published_to: date | None = None
    mentions_from: date | None = None
    mentions_to: date | None = None
    amount_min: int | None = None
    """Øre."""
    amount_max: int | None = None
    """Øre."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question: what was typed, the tree it means (None: everything), and how to answer."""

    text: str = ""
    tree: Node | None = None
    filters: Filters = field(default_factory=Filters)
    facets: tuple[str, ...] = ()
    """Names out of FACETS, in the order of the answer."""
    sort: Sort = Sort.RELEVANCE
    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    by: By = By.RECORD
    synonyms: Synonyms = NONE
    """What words of the query stand for besides themselves."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a snippet; `marked` where it is what was searched for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, or the best one of a document."""

    id: str
    document: str
    version: str
    title: str
    heading: str
    """Empty where there is none."""
    kind: str
    """Of the document."""
    record_kind: str
    publisher: str | None
    published: str | None
    """2020, 2020-01 or 2020-01-16."""
    url: str | None
    score: float
    snippet: tuple[Segment, ...]
    kommuner: tuple[str, ...]
    """Codes, institutions left out unless asked for."""
    amounts: tuple[int, ...]
    """Øre."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet with the number of hits that have it; its own facet's selection does not lower the count."""

    value: str
    label: str
    """What a person reads: "Aarhus" for 0751."""
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was searched, so that no hits is either "searched and absent" or "not collected"."""

    documents: int
    months: int
    """Different months of publication."""
    late: tuple[str, ...] = ()
    """Sources that should have been read by now."""
    failing: tuple[str, ...] = ()
    """Sources whose last reading failed."""
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """An answer."""

    query: Query
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    """By the names that the query asked for, in its order; each facet's largest counts first."""
    next: str | None
    """The cursor of the page after this one."""
    suggestion: str | None
    """Another query that would find something, for misspelt words."""
    notes: tuple[str, ...]
    """What the reader should know of how the query was read: ignored stop words, capped expansions."""
    coverage: Coverage
    absence: str | None = None
    """Where nothing was found: ABSENT or NOT_COLLECTED."""


class Texts(Protocol):
    """Where the engine reads the text of a hit: the record store."""

    def text(self, record_id: str, version: str) -> str:
        """The text of a record in a version; MissingError where there is none."""
        ...
