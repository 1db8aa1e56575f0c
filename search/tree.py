"""The tree of a query, and its one way to be written: `parse(text_of(tree)) == tree`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from kilde.danish.mentions import PartialDate


@dataclass(frozen=True, slots=True)
class Everything:
    """All records: an empty query, or `*`."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms, alone or within a compound."""

    text: str


@dataclass(frozen=True, slots=True)
class Exact:
    """A form exactly as it is written: `=word`."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other: `"some words"`."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Forms that begin so: `word*`."""

    text: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Forms that are nearly so: `word~`."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """Two words or phrases at most `distance` words apart, in any order."""

    left: Word | Phrase
    right: Word | Phrase
    distance: int


@dataclass(frozen=True, slots=True)
class Title:
    """A word or phrase in the document's title."""

    part: Word | Phrase


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: `kommune:Aarhus`."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Dates:
    """Days that overlap low..high: of publication (`date`), or named in the text (`mentions`)."""

    field: str
    low: PartialDate | None
    high: PartialDate | None


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts in kroner that overlap low..high."""

    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Not:
    """Records that do not match."""

    child: Node


@dataclass(frozen=True, slots=True)
class And:
    """Records that match all; two children or more, none of them an And."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Records that match any; two children or more, none of them an Or."""

    children: tuple[Node, ...]


Leaf: TypeAlias = Everything | Word | Exact | Phrase | Prefix | Fuzzy | Near | Title | Value | Dates | Amounts
Node: TypeAlias = Leaf | Not | And | Or

# A value that needs no quotes: nothing that parts, groups or means a range.
_BARE = re.compile(r"[^\s()\"]+")


def text_of(tree: Node) -> str:
    """The query that reads back as this tree."""
    match tree:
        case And(children):
            return " ".join(_grouped(child, Or) for child in children)
        case Or(children):
            return " OR ".join(_grouped(child, Or) for child in children)
        case Not(child):
            return "NOT " + _grouped(child, And, Or)
        case Near(left, right, distance):
            return f"{text_of(left)} NEAR/{distance} {text_of(right)}"
        case Title(part):
            return "title:" + text_of(part)
        case Value(field, text):
            return f"{field}:{text}" if _BARE.fullmatch(text) else f'{field}:"{text}"'
        case Dates(field, low, high):
            return f"{field}:{_range(low, high)}"
        case Amounts(low, high):
            return f"amount:{_range(low and _kroner(low), high and _kroner(high))}"
        case _:
            return _leaf(tree)


def leaves(tree: Node) -> Iterator[Leaf]:
    """The leaves in order; a Near is one."""
    match tree:
        case And(children) | Or(children):
            for child in children:
                yield from leaves(child)
        case Not(child):
            yield from leaves(child)
        case _:
            yield tree


def positive(tree: Node) -> Iterator[Leaf]:
    """The leaves that are asked for, not those that are ruled out."""
    match tree:
        case And(children) | Or(children):
            for child in children:
                yield from positive(child)
        case Not():
            return
        case _:
            yield tree


def _leaf(tree: Everything | Word | Exact | Phrase | Prefix | Fuzzy) -> str:
    match tree:
        case Everything():
            return "*"
        case Word(text):
            return text
        case Exact(text):
            return "=" + text
        case Phrase(text):
            return f'"{text}"'
        case Prefix(text):
            return text + "*"
        case Fuzzy(text):
            return text + "~"


def _grouped(tree: Node, *kinds: type[And | Or]) -> str:
    return f"({text_of(tree)})" if isinstance(tree, kinds) else text_of(tree)


def _range(low: object, high: object) -> str:
    if low == high:
        return str(low)
    return f"{'' if low is None else low}..{'' if high is None else high}"


def _kroner(amount: Decimal) -> str:
    text = f"{amount:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
