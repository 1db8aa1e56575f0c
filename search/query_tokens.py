"""A query as a row of tokens: parentheses, operators and terms. The rules are those of docs/query.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from search.query_errors import MAX_DISTANCE, Place
from search.query_fields import field_parts, read_field
from search.query_names import AND_WORDS, NOT_WORDS, OR_WORDS
from search.query_terms import read_phrase, read_quoted, read_word, sign_of
from search.query_tree import FieldIs, Phrase, Word
from search.query_words import QUOTES, after_blanks, bare, chunk_end, denies, opened, plain

_NEAR = re.compile(r"NEAR(?:/(.*))?", re.DOTALL)
_NOTHING = {"|": "OR", "||": "OR", "&&": "", "!": "NOT", "*": "", "~": "", "=": "", "==": ""}
"""Signs without a word that other engines read as operators, and what to write here."""


class Mark(Enum):
    """What a token is."""

    TERM = "a word"
    OPEN = "'('"
    CLOSE = "')'"
    OR = "OR"
    AND = "AND"
    NOT = "NOT"
    NEAR = "NEAR"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query; a term has a node, NEAR a distance."""

    mark: Mark
    place: Place
    node: Word | Phrase | FieldIs | None = None
    distance: int = 0


def read_tokens(text: str) -> Iterator[Token]:
    """The tokens in their order; punctuation between words gives none. QueryError where one cannot be read."""
    start = after_blanks(text, 0)
    while start < len(text):
        token, end = _read(text, start)
        if token is not None:
            yield token
        start = after_blanks(text, end)


def _read(text: str, start: int) -> tuple[Token | None, int]:
    one = Place(text, start, start + 1)
    if one.surface in "()":
        return Token(Mark.OPEN if one.surface == "(" else Mark.CLOSE, one), one.end
    if one.surface in QUOTES:
        inner, end = read_quoted(one)
        return Token(Mark.TERM, one.upto(end), read_phrase(one.upto(end), inner)), end
    if denies(text, start):
        return Token(Mark.NOT, one), one.end
    return _read_chunk(one.upto(chunk_end(text, start)))


def _read_chunk(place: Place) -> tuple[Token | None, int]:
    whole = plain(place.surface)
    core, chunk = bare(whole), opened(whole)
    if not core:
        return _read_sign(place, whole)
    parts = field_parts(place, chunk)
    if parts:
        field, end = read_field(place, *parts)
        return Token(Mark.TERM, place.upto(end), field), end
    token = None if sign_of(chunk) else _operator(place, core)
    return token or Token(Mark.TERM, place, read_word(place, chunk)), place.end


def _operator(place: Place, core: str) -> Token | None:
    for mark, words in ((Mark.OR, OR_WORDS), (Mark.AND, AND_WORDS), (Mark.NOT, NOT_WORDS)):
        if core in words:
            return Token(mark, place)
    near = _NEAR.fullmatch(core)
    return Token(Mark.NEAR, place, distance=_distance(place, near[1] or "")) if near else None


def _distance(place: Place, written: str) -> int:
    if not written.isdecimal() or len(written) > 3 or not 1 <= int(written) <= MAX_DISTANCE:
        expected = f"expected NEAR/ and a number of words from 1 to {MAX_DISTANCE}"
        raise place.refuse(f"{expected}, found {place.surface!r}", "NEAR/5")
    return int(written)


def _read_sign(place: Place, chunk: str) -> tuple[Token | None, int]:
    """Punctuation: "§" waits for its number, what other engines read as an operator is refused, the rest is nothing."""
    if set(chunk) == {"§"}:
        start = after_blanks(place.text, place.end)
        end = chunk_end(place.text, start)
        number = plain(place.text[start:end])
        if number[:1].isdecimal():
            return Token(Mark.TERM, place.upto(end), read_word(place.upto(end), chunk + number)), end
    if chunk in _NOTHING:
        raise place.refuse(f"expected a word, found {chunk!r}", _NOTHING[chunk])
    return None, place.end
