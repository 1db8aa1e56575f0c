"""What the analyzer makes of a text: its tokens with the keys they are found by, as a text and as a query, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.analysis import DANISH, Form, ask
from index.filters import Keys, numbers
from kilde.danish.word_reasons import Reason, reasons
from search.query_language import parse_query, print_query
from search.query_tree import Near, Phrase, Word
from search.stops import terms
from search.synonyms import NONE, Synonyms

LONGEST_TEXT = 10_000
"""Characters that are analyzed for showing."""
_SEPARATORS = "-\u2010\u2011"


@dataclass(frozen=True, slots=True)
class Step:
    """A position of the text and the keys that stand at it."""

    position: int
    keys: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A form of the text with its span, the forms that `=word` compares, and its positions."""

    start: int
    end: int
    form: str
    exact: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A word or phrase of a query: the keys that must stand one after the other, any of several at each place.

    `whole` are the keys that find it as one word. A word with a mark (`=word`, `word*`, `word~`) looks up forms.
    """

    text: str
    marked: bool
    stop: bool
    steps: tuple[tuple[str, ...], ...]
    whole: tuple[str, ...]
    synonyms: tuple[str, ...]


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, as the index has them."""
    for form in DANISH(text[:LONGEST_TEXT]):
        yield _token(text[form.start : form.end], form)


def lookups(text: str, synonyms: Synonyms = NONE) -> tuple[Lookup, ...]:
    """The words and phrases of a query, as they are looked up; QueryError where the text is no query."""
    found: list[Lookup] = []
    tree = parse_query(text)
    for term in terms(tree) if tree else ():
        parts = (term.left, term.right) if isinstance(term, Near) else (term,)
        found += [_lookup(part, synonyms) for part in parts if isinstance(part, Word | Phrase)]
    return tuple(found)


def _token(written: str, form: Form) -> Token:
    is_number = numbers(form.keys.exact[-1]) is not None
    why = {} if is_number else {it.key: it for it in _reasons(written)}
    steps = tuple(
        Step(form.position + number, tuple(why.get(key) or _of_filter(key, form.keys) for key in step))
        for number, step in enumerate(form.keys.steps)
    )
    return Token(form.start, form.end, written, form.keys.exact, steps)


def _reasons(written: str) -> Iterator[Reason]:
    """Of the form without hyphens, and of its pieces."""
    seen = "".join(character for character in written if character.isprintable() and not character.isspace())
    pieces = seen
    for separator in _SEPARATORS:
        pieces = pieces.replace(separator, "-")
    for piece in reversed(list(dict.fromkeys([pieces.replace("-", ""), *filter(None, pieces.split("-"))]))):
        yield from reasons(piece)


def _of_filter(key: str, keys: Keys) -> Reason:
    """Keys that are not of words: numbers and sections."""
    if key.startswith("§"):
        return Reason(key, "section", "a section of a law, found by its number too")
    if key not in keys.whole:
        return Reason(key, "part", "the number of a section, or the year of a day")
    return Reason(key, "number", "without points between thousands and noughts behind the comma")


def _lookup(part: Word | Phrase, synonyms: Synonyms) -> Lookup:
    words = part.text if isinstance(part, Word) else " ".join(part.words)
    asked = ask(words)
    marked = isinstance(part, Word) and (part.exact or part.prefix or part.fuzzy)
    return Lookup(
        text=print_query(part),
        marked=marked,
        stop=asked.stop and not marked and isinstance(part, Word),
        steps=() if marked else asked.steps,
        whole=asked.forms[0].whole if len(asked.forms) == 1 and not marked else (),
        synonyms=tuple(map(print_query, synonyms.of(part))),
    )
