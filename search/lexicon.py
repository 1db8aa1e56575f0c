"""What an index knows of its words and of the values of its facets: what a query is read with."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest
from typing import Protocol

from index.columns import Segment
from search.expansion import expand, nearest
from search.matching import EXACT_FIELDS
from search.query_tree import Word


class Lexicon(Protocol):
    """The words and values of one commit of an index. Deleted records may still count until they are merged away."""

    @property
    def records(self) -> int:
        """How many records there are."""

    def expand(self, word: Word, field: str) -> tuple[tuple[str, ...], str | None]:
        """The forms in body or title that `word*` or `word~` stands for; a note where more are known than searched."""

    def nearest(self, word: str, field: str) -> list[str]:
        """The few forms of body or title that look most like a word, the best first."""

    def beginning(self, field: str, prefix: str, most: int) -> list[str]:
        """The shortest forms of body or title whose folded spelling begins with a folded prefix."""

    def frequencies(self, field: str, terms: Sequence[str]) -> list[int]:
        """In how many records each of some keys or forms of a field stands."""

    def values(self, field: str) -> frozenset[str]:
        """All values of a field of facets."""


class SegmentLexicon:
    """The words and values of the segments of a commit."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments

    @property
    def records(self) -> int:
        """The records of all segments."""
        return sum(segment.size for segment in self._segments)

    def expand(self, word: Word, field: str) -> tuple[tuple[str, ...], str | None]:
        """The forms that a word with a mark stands for."""
        return expand(word, EXACT_FIELDS[field], self._segments)

    def nearest(self, word: str, field: str) -> list[str]:
        """The forms that look most like a word."""
        return nearest(word, EXACT_FIELDS[field], self._segments)

    def beginning(self, field: str, prefix: str, most: int) -> list[str]:
        """The shortest forms that begin so."""
        forms = {form for segment in self._segments for form in segment.forms_from(EXACT_FIELDS[field], prefix)}
        return nsmallest(most, forms, key=lambda form: (len(form), form))

    def frequencies(self, field: str, terms: Sequence[str]) -> list[int]:
        """The sizes of the terms' lists of records."""
        return [sum(len(segment.postings(field, term).documents) for segment in self._segments) for term in terms]

    def values(self, field: str) -> frozenset[str]:
        """The values of all segments."""
        return frozenset(each for segment in self._segments for each in segment.facet(field).values)
