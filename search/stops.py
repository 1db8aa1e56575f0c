"""Words that a query leaves out because nearly every text has them: said, never silent."""

from __future__ import annotations

from collections.abc import Iterator

from index.analysis import ask
from search.query_tree import And, FieldIs, Near, Node, Not, Or, Phrase, Word


def without_stop_words(tree: Node | None) -> tuple[Node | None, tuple[str, ...]]:
    """The tree without its stop words, and a note that names them; all stay where there is nothing else.

    A stop word within a phrase or NEAR is no leaf of its own, and stays.
    """
    found = list(terms(tree)) if tree else []
    words = [term.text for term in found if isinstance(term, Word) and _is_stop(term)]
    if tree is None or not words or len(words) == len(found):
        return tree, ()
    left = _without(tree)
    assert left is not None
    named = ", ".join(dict.fromkeys(words))
    return left, (f"ignored, since nearly all texts have them: {named}",)


def terms(tree: Node, ruled_out: bool = True) -> Iterator[Word | Phrase | Near | FieldIs]:
    """The terms of a tree in order; those that a NOT rules out only if asked for."""
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms(part, ruled_out)
        case Not(part):
            if ruled_out:
                yield from terms(part)
        case _:
            yield tree


def _without(tree: Node) -> Node | None:
    match tree:
        case And(parts) | Or(parts):
            kept = tuple(left for part in parts if (left := _without(part)) is not None)
            if not kept:
                return None
            return kept[0] if len(kept) == 1 else type(tree)(kept)
        case Not(part):
            left = _without(part)
            return None if left is None else Not(left)
        case _:
            return None if _is_stop(tree) else tree


def _is_stop(term: Node) -> bool:
    return isinstance(term, Word) and not (term.exact or term.prefix or term.fuzzy) and ask(term.text).stop
