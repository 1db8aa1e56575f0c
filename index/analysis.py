"""The Danish analyzer: a text -> tokens with positions, offsets and keys; a word of a query -> the keys to look up.

`DANISH` is the whole chain in one expression. Everything that depends on a word alone is worked out once per form.
`WholeWords` and `ExactForms` are the same chain as Whoosh analyzers, for schemas and for comparing with Whoosh itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import Analyzer

from index.filters import Keys, hyphenated, numbers, sections, words
from kilde.danish.folding import fold
from kilde.danish.words import is_stop_word

# A number with its decimals; else letters and digits with apostrophes and hyphens inside; else a section sign with its
# number. Possessive: linear.
_FORMS = re.compile(
    r"[0-9]++(?:[.,][0-9]++)*+(?![^\W_]|['’][^\W\d_])"
    "|[^\\W_]++(?:['’\\-\u2010\u2011][^\\W_]++)*+"
    "|§{1,2}[ \u00a0\u202f]?[0-9]++[^\\W_]*+"
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form in a text: its span, the position of its first step, and its keys."""

    start: int
    end: int
    position: int
    keys: Keys


@dataclass(frozen=True, slots=True)
class Chain:
    """An analyzer: a pattern for the forms, and what gives a form's keys."""

    forms: re.Pattern[str]
    keys: Callable[[str], Keys]

    def __call__(self, text: str) -> Iterator[Form]:
        """The forms of a text in order. Spans are those of the text as given, soft and line-end hyphens included."""
        folded = fold(text)
        position = 0
        for match in self.forms.finditer(folded.text):
            keys = self.keys(match.group())
            start, end = folded.span(*match.span()) if folded.cuts else match.span()
            yield Form(start, end, position, keys)
            position += len(keys.steps)

    def words(self, text: str) -> list[str]:
        """The forms of a text in order, without spans."""
        return self.forms.findall(fold(text).text)

    def all_keys(self, text: str) -> list[Keys]:
        """The keys of all forms in order, without spans."""
        return list(map(self.keys, self.words(text)))


def read_keys(form: str) -> Keys:
    """The keys of a form, worked out anew."""
    return sections(form) or numbers(form) or hyphenated(form) or words(form)


DANISH = Chain(_FORMS, lru_cache(maxsize=1 << 16)(read_keys))


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of a query, as `DANISH` reads it: several forms where punctuation parts it (`og/eller`)."""

    forms: tuple[Keys, ...]
    stop: bool

    @property
    def steps(self) -> tuple[tuple[str, ...], ...]:
        """The keys that must stand one after the other."""
        return tuple(step for keys in self.forms for step in (keys.asked if len(keys.asked) > 1 else (keys.whole,)))


def ask(text: str) -> Asked:
    """Read a word or phrase of a query."""
    return Asked(tuple(DANISH.all_keys(text)), is_stop_word(text))


class _KeyAnalyzer(Analyzer):
    """Gives Whoosh a token for each key."""

    def __init__(self, of: Callable[[Keys], tuple[tuple[str, ...], ...]]) -> None:
        self.of = of

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **_: Any) -> Iterator[Any]:
        token = Token(positions, chars, removestops=True)
        for form in DANISH(value):
            token.startchar, token.endchar = form.start, form.end
            for number, step in enumerate(self.of(form.keys)):
                for key in step:
                    token.text, token.pos, token.stopped, token.boost = key, form.position + number, False, 1.0
                    yield token


class WholeWords(_KeyAnalyzer):
    """`DANISH` for Whoosh: all keys of a text."""

    def __init__(self) -> None:
        super().__init__(_steps)


class ExactForms(_KeyAnalyzer):
    """The forms as they stand, for Whoosh."""

    def __init__(self) -> None:
        super().__init__(_exact)


def _steps(keys: Keys) -> tuple[tuple[str, ...], ...]:
    return keys.steps


def _exact(keys: Keys) -> tuple[tuple[str, ...], ...]:
    return (keys.exact,)
