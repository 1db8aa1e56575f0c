"""Did you mean: a query with its unknown words replaced by the nearest ones of the index, if that finds something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from search.lexicon import Lexicon
from search.matching import asked_of
from search.query_language import print_query
from search.query_tree import And, FieldIs, FieldName, Near, Node, Or, Phrase, Word
from search.stops import terms

MOST_TRIES = 5
"""Queries that are tried: all unknown words replaced by their nearest, then by their second nearest, and so on."""
MOST_UNKNOWN = 5
"""Different unknown words that neighbours are looked for, which takes time; a query of more is in no Danish."""


@dataclass(frozen=True, slots=True)
class Speller:
    """What is known about words: whether the index has one, and the forms nearest to one, best first."""

    knows: Callable[[Word], bool]
    nearest: Callable[[str], list[str]]


def suggestion(tree: Node | None, lexicon: Lexicon, field: str, hits: Callable[[Node], int]) -> str | None:
    """The text of a query that finds something, where a word of this one stands in no record's field."""
    if tree is None:
        return None

    def knows(word: Word) -> bool:
        keys = sorted({key for form in asked_of(word).forms for key in form.whole})
        return any(lexicon.frequencies(field, keys))

    better = suggest(tree, Speller(knows, lambda word: lexicon.nearest(word, field)), hits)
    return print_query(better) if better else None


def suggest(tree: Node, speller: Speller, hits: Callable[[Node], int]) -> Node | None:
    """The first query with replaced words that has hits; None where there is none, or every word is known.

    `hits` counts under the filters of the question, so that no suggestion leads to nothing.
    """
    unknown = dict.fromkeys(word for word in _words(tree) if not speller.knows(Word(word)))
    if not 0 < len(unknown) <= MOST_UNKNOWN:
        return None
    neighbours = {word: found for word in unknown if (found := speller.nearest(word))}
    tried = {tree}
    for place in range(MOST_TRIES):
        better = replaced(tree, {word: found[min(place, len(found) - 1)] for word, found in neighbours.items()})
        if better not in tried and hits(better):
            return better
        tried.add(better)
    return None


def replaced(tree: Node, instead: dict[str, str]) -> Node:
    """The tree with other words in place of these, also in phrases, NEAR and titles; what is ruled out stays."""
    match tree:
        case Word() | Phrase():
            return _term(tree, instead)
        case Near(left, right):
            return replace(tree, left=_term(left, instead), right=_term(right, instead))
        case FieldIs(FieldName.TITLE, Word() | Phrase() as value):
            return replace(tree, value=_term(value, instead))
        case And(parts) | Or(parts):
            return type(tree)(tuple(replaced(part, instead) for part in parts))
        case _:
            return tree


def _term(term: Word | Phrase, instead: dict[str, str]) -> Word | Phrase:
    if isinstance(term, Phrase):
        return Phrase(tuple(instead.get(word, word) for word in term.words))
    marked = term.exact or term.prefix or term.fuzzy
    return term if marked else Word(instead.get(term.text, term.text))


def _words(tree: Node) -> list[str]:
    """The words that may be misspelt, of phrases too."""
    found: list[str] = []
    for term in terms(tree, ruled_out=False):
        parts = (term.left, term.right) if isinstance(term, Near) else (term,)
        for part in parts:
            value = part.value if isinstance(part, FieldIs) else part
            if isinstance(value, Phrase):
                found += value.words
            elif isinstance(value, Word) and not (value.exact or value.prefix or value.fuzzy):
                found.append(value.text)
    return found
