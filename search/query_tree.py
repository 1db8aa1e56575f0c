"""What a query asks, as a tree of frozen values: `search.query_language` reads and prints it, the engine answers it.

Texts are NFC, without soft hyphens and other invisible characters, and otherwise as they were typed: the index folds
and stems them, so that `Århus` and `Aarhus` stay two trees and find the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class FieldName(StrEnum):
    """The fields that a query can name; each also has a Danish name (`search.query_names`)."""

    KOMMUNE = "kommune"
    REGION = "region"
    SOURCE = "source"
    KIND = "kind"
    PUBLISHER = "publisher"
    TITLE = "title"
    THEME = "theme"
    DATE = "date"
    """Publication."""
    MENTIONS = "mentions"
    """Dates that the text mentions."""
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Word:
    """A word; at most one of the three marks is set. "§ 12" is one word, and so is "igu'en" or "arbejds-kraft"."""

    text: str
    exact: bool = False
    """`=word`: this form alone."""
    prefix: bool = False
    """`word*`: all words that begin so."""
    fuzzy: bool = False
    """`word~`: words spelt nearly so."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand one after the other; one or more. No stop word among them is ignored."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Two words or phrases at most `distance` words apart, in either order; neighbours are 1 apart."""

    left: Word | Phrase
    right: Word | Phrase
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """All parts, two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts, two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """All records that the part does not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class Exactly:
    """One value of a facet: a kommune's code, a region's full name, a kind, or a source, publisher or theme as typed.

    Case does not count for what was typed. `former` is the kommune of before 2007 that was asked for: `value` is then
    the code of its main successor, which has more in it than was asked.
    """

    value: str
    former: str | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Days, both inclusive; None is an open end, and one of them is given. A record matches on overlap."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts in øre, both inclusive; None is an open end, and one of them is given. A record matches on overlap."""

    low: int | None
    high: int | None


Value: TypeAlias = Word | Phrase | Exactly | Dates | Amounts


@dataclass(frozen=True, slots=True)
class FieldIs:
    """A field has a value: Word or Phrase for `title`, Dates for `date` and `mentions`, Amounts for `amount`.

    All other fields take Exactly.
    """

    field: FieldName
    value: Value


Node: TypeAlias = Word | Phrase | Near | And | Or | Not | FieldIs
