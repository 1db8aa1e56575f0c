"""Refusing a query: where, why, and the whole query as it could be written instead."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from kilde.errors import QueryError

MAX_CHARACTERS = 512
MAX_TERMS = 32
"""Words, words of phrases, and values of fields."""

MAX_DEPTH = 8
"""Parentheses and NOTs within each other."""

MAX_DISTANCE = 100
"""Of NEAR."""


class Correction(ValueError):
    """A value that cannot be meant so: what was expected, and what to write in its place, if that is known."""

    def __init__(self, detail: str, instead: str | None = None) -> None:
        super().__init__(detail)
        self.instead = instead


def refusal(text: str, start: int, end: int, detail: str, instead: str | None = None) -> QueryError:
    """An error at `text[start:end]`; its suggestion is the whole query with `instead` in that place.

    The message holds all of it, counting characters from 1; `position` and `suggestion` are for programs.
    """
    suggestion = None
    if instead is not None:
        suggestion = " ".join((text[:start] + instead + text[end:]).split()) or None
    message = f"character {start + 1}: {detail}"
    return QueryError(f"{message}; try: {suggestion}" if suggestion else message, start, suggestion)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, if any does."""
    return next(iter(get_close_matches(word.casefold(), list(known), 1)), None)
