"""Refusing a query: where, why, and the whole query as it could be written instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from kilde.errors import QueryError

MAX_CHARACTERS = 512
MAX_TERMS = 32
"""Words, words of phrases, and values of fields."""

MAX_DEPTH = 8
"""Parentheses and NOTs within each other."""

MAX_DISTANCE = 100
"""Of NEAR."""

_ALIKE = 0.7


class CorrectionError(ValueError):
    """A value that cannot be meant so: what was expected, and what to write in its place where that is known."""

    def __init__(self, detail: str, instead: str | None = None) -> None:
        super().__init__(detail)
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Place:
    """`text[start:end]` of a query."""

    text: str
    start: int
    end: int

    @property
    def surface(self) -> str:
        """What stands there."""
        return self.text[self.start : self.end]

    def upto(self, end: int) -> Place:
        """The place from the same start to another end."""
        return Place(self.text, self.start, end)

    def refuse(self, detail: str, instead: str | None = None, position: int | None = None) -> QueryError:
        """An error here; its suggestion is the whole query with `instead` in this place, empty for nothing.

        The position is the start of the place unless another is given. The message holds all of it and counts
        characters from 1; the error's `position` and `suggestion` are for programs.
        """
        suggestion = None
        if instead is not None:
            suggestion = " ".join((self.text[: self.start] + instead + self.text[self.end :]).split()) or None
        where = self.start if position is None else position
        message = f"character {where + 1}: {detail}"
        return QueryError(f"{message}; try: {suggestion}" if suggestion else message, where, suggestion)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, if any does."""
    return next(iter(get_close_matches(word.casefold(), list(known), 1, _ALIKE)), None)
