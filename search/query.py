"""A question: the tree of what was typed, and the filters, facets, order and page that were chosen beside it.

`ask` reads everything that comes as text and refuses what it cannot read; a `Query` that exists can be searched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from index.fields import FACETS
from kilde.danish.mentions import PartialDate, Role
from kilde.errors import QueryError, UsageError
from search.parser import parse
from search.tree import Node, text_of
from search.values import Range, Wrong, kind_name, kommune_code, read_amounts, read_dates, region_name

LARGEST_PAGE = 1000
"""Hits on one page."""
MOST_VALUES = 200
"""Values of one filter."""


class Sort(StrEnum):
    """The order of hits."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    AMOUNT = "amount"


class By(StrEnum):
    """What a hit is: a record, or a document shown by its best record."""

    RECORD = "record"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits are restricted to. `values` has each facet's alternatives, as they stand in the index.

    Spans are inclusive: days as dates' first and last day, amounts in kroner. `roles` are how kommuner must be named;
    none means as authority or place.
    """

    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    roles: tuple[Role, ...] = ()
    published: Range[PartialDate] = Range(None, None)
    mentioned: Range[PartialDate] = Range(None, None)
    amount: Range[Decimal] = Range(None, None)


@dataclass(frozen=True, slots=True)
class Query:
    """A question that can be searched."""

    text: str
    tree: Node
    filters: Filters = Filters()
    facets: tuple[str, ...] = ()
    sort: Sort = Sort.RELEVANCE
    limit: int = 20
    cursor: str | None = None
    by: By = By.RECORD

    @property
    def identity(self) -> str:
        """What a cursor belongs to: all that decides which hits there are, and in which order."""
        return repr((text_of(self.tree), self.filters, self.sort, self.by))


def ask(
    text: str,
    *,
    values: Iterable[tuple[str, str]] = (),
    roles: Iterable[str] = (),
    published: tuple[str | None, str | None] = (None, None),
    mentions: tuple[str | None, str | None] = (None, None),
    amounts: tuple[str | None, str | None] = (None, None),
    facets: Iterable[str] = (),
    sort: str = Sort.RELEVANCE,
    limit: int = 20,
    cursor: str | None = None,
    by: str = By.RECORD,
) -> Query:
    """Read a question. `values` are pairs of a facet and a value in any usual spelling; pairs of bounds are from, to.

    QueryError for the query's own text, UsageError for everything else; both say what to do.
    """
    if not 0 <= limit <= LARGEST_PAGE:
        raise UsageError(f"--limit goes from 0 to {LARGEST_PAGE}, not {limit}")
    chosen = tuple(dict.fromkeys(facets))
    for name in chosen:
        _one_of(name, FACETS, "--facet")
    filters = Filters(
        _values(values),
        tuple(Role(_one_of(each, list(Role), "--role")) for each in dict.fromkeys(roles)),
        _dates(published, "--from/--to"),
        _dates(mentions, "--mentions-from/--mentions-to"),
        _amounts(amounts),
    )
    return Query(
        text,
        parse(text),
        filters,
        chosen,
        Sort(_one_of(sort, list(Sort), "--sort")),
        limit,
        cursor,
        By(_one_of(by, list(By), "--by")),
    )


def _values(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, dict[str, None]] = {}
    readers = {"kommune": kommune_code, "region": region_name, "kind": kind_name}
    for facet, text in pairs:
        _one_of(facet, FACETS, "a filter")
        value = readers[facet](text) if facet in readers else text
        if isinstance(value, Wrong):
            raise UsageError(f"--{facet}: {value.detail}")
        found.setdefault(facet, {})[value] = None
        if len(found[facet]) > MOST_VALUES:
            raise UsageError(f"--{facet}: at most {MOST_VALUES} values")
    return tuple((facet, tuple(sorted(values))) for facet, values in sorted(found.items()))


def _dates(bounds: tuple[str | None, str | None], option: str) -> Range[PartialDate]:
    low, high = (read_dates(each) if each else None for each in bounds)
    for bound in (low, high):
        if isinstance(bound, Wrong) or (bound is not None and bound.low != bound.high):
            raise UsageError(f"{option}: expected a date like 2020, 2020-01 or 2020-01-16, found {bounds!r}")
    assert not isinstance(low, Wrong)
    assert not isinstance(high, Wrong)
    return Range(low.low if low else None, high.high if high else None)


def _amounts(bounds: tuple[str | None, str | None]) -> Range[Decimal]:
    low, high = (read_amounts(each) if each else None for each in bounds)
    for bound in (low, high):
        if isinstance(bound, Wrong) or (bound is not None and bound.low != bound.high):
            raise UsageError(f"--amount-min/--amount-max: expected an amount like 500.000 or 5mio, found {bounds!r}")
    assert not isinstance(low, Wrong)
    assert not isinstance(high, Wrong)
    return Range(low.low if low else None, high.high if high else None)


def _one_of(name: str, known: Iterable[str], what: str) -> str:
    names = [str(each) for each in known]
    if name not in names:
        raise UsageError(f"{what} knows {', '.join(names)}; found {name!r}")
    return name


__all__ = ["By", "Filters", "Query", "QueryError", "Sort", "ask", "parse"]
