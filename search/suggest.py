"""Did you mean: a query with its unknown words replaced by the nearest ones of the index, if that finds something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from search.query_tree import And, Node, Not, Or, Word

MOST_TRIES = 5
"""Queries that are tried: all unknown words replaced by their nearest, then by their second nearest, and so on."""


@dataclass(frozen=True, slots=True)
class Speller:
    """What is known about words: whether the index has one, and the forms nearest to one, best first."""

    knows: Callable[[Word], bool]
    nearest: Callable[[str], list[str]]


def suggest(tree: Node, speller: Speller, hits: Callable[[Node], int]) -> Node | None:
    """The first query with replaced words that has hits; None where there is none, or every word is known."""
    for place in range(MOST_TRIES):
        better = replaced(tree, speller, place)
        if better != tree and hits(better):
            return better
    return None


def replaced(tree: Node, speller: Speller, place: int) -> Node:
    """The tree with each unknown word replaced by its neighbour in this place, the last one where it has fewer."""
    match tree:
        case Word(text, exact=False, prefix=False, fuzzy=False) if not speller.knows(tree):
            words = speller.nearest(text)
            return Word(words[min(place, len(words) - 1)]) if words else tree
        case And(parts):
            return And(tuple(replaced(part, speller, place) for part in parts))
        case Or(parts):
            return Or(tuple(replaced(part, speller, place) for part in parts))
        case Not():
            return tree
        case _:
            return tree
