"""What Kilde's Python API answers with: values that are read as you iterate, and tables where pandas is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Generic, TypeVar

from kilde.errors import MissingError
from search.export_cells import Column, Line
from search.page import Coverage, FacetValue, Hit, Page
from search.render import HIT_COLUMNS, hit_line

It = TypeVar("It")


class Answer(Generic[It]):
    """Values that are read when they are asked for: iterate over it as often as you like, or make a table of it."""

    def __init__(
        self, read: Callable[[], Iterator[It]], columns: Sequence[Column], to_line: Callable[[It], Line]
    ) -> None:
        self._read = read
        self._columns = columns
        self._to_line = to_line

    def __iter__(self) -> Iterator[It]:
        return self._read()

    def first(self) -> It | None:
        """The first value; None where there is none."""
        return next(iter(self), None)

    def to_frame(self) -> Any:
        """A pandas DataFrame, one row a value, in the columns of the command's CSV; MissingError without pandas."""
        names = [column.name for column in self._columns]
        rows = ([line[name] for name in names] for line in map(self._to_line, self))
        return _pandas().DataFrame(rows, columns=names)


class Hits(Answer[Hit]):
    """All hits of a search in order, with what its page says beside them."""

    def __init__(self, page: Page, read: Callable[[], Iterator[Hit]]) -> None:
        super().__init__(read, HIT_COLUMNS, hit_line)
        self.page = page

    @property
    def total(self) -> int:
        """How many there are, whatever the limit."""
        return self.page.total

    @property
    def facets(self) -> Mapping[str, tuple[FacetValue, ...]]:
        """The counts of the facets that were asked for."""
        return self.page.facets

    @property
    def notes(self) -> tuple[str, ...]:
        """How the query was read: ignored stop words, synonyms, capped expansions."""
        return self.page.notes

    @property
    def suggestion(self) -> str | None:
        """Another query that finds something, where this one finds nothing."""
        return self.page.suggestion

    @property
    def coverage(self) -> Coverage:
        """What was searched."""
        return self.page.coverage

    @property
    def absence(self) -> str | None:
        """Where nothing was found: "searched and absent" or "not collected"."""
        return self.page.absence

    def __repr__(self) -> str:
        return f"<Hits of {self.page.query.text!r}: {self.total:,}>"


def _pandas() -> Any:
    try:
        return import_module("pandas")
    except ModuleNotFoundError:
        raise MissingError(
            "a DataFrame needs pandas: `pip install pandas`; without it, iterate over the answer"
        ) from None
