"""A tree as a query that reads back to the same tree, with English names and as few parentheses as it takes."""

from __future__ import annotations

from search.query_tree import And, FieldIs, FieldName, Near, Node, Not, Or, Phrase, Word
from search.query_values import print_value
from search.query_words import quote, unparted

_TAKEN_AS_TYPED = frozenset({FieldName.SOURCE, FieldName.KIND, FieldName.PUBLISHER, FieldName.THEME})
"""Fields whose values end where the next word begins."""


def print_query(node: Node | None) -> str:
    """The query of a tree; `parse_query` reads it back where it keeps the limits of a query."""
    return "" if node is None else _print(node, is_followed=False)


def _print(node: Node, *, is_followed: bool) -> str:
    match node:
        case Word() | Phrase():
            return _print_term(node)
        case FieldIs():
            return f"{node.field}:{_print_value(node, is_followed=is_followed)}"
        case Near():
            return f"{_print_term(node.left)} NEAR/{node.distance} {_print_term(node.right)}"
        case Not():
            return f"NOT {_group(node.part, (And, Or), is_followed=is_followed)}"
        case And():
            followed = (isinstance(part, Word | Near) for part in (*node.parts[1:], None))
            return " ".join(
                _group(part, (And, Or), is_followed=it) for part, it in zip(node.parts, followed, strict=True)
            )
        case Or():
            return " OR ".join(_group(part, (Or,), is_followed=False) for part in node.parts)


def _group(node: Node, kinds: tuple[type[And | Or], ...], *, is_followed: bool) -> str:
    """The node in parentheses where it is one of these kinds."""
    if isinstance(node, kinds):
        return f"({_print(node, is_followed=False)})"
    return _print(node, is_followed=is_followed)


def _print_term(term: Word | Phrase) -> str:
    if isinstance(term, Phrase):
        return f'"{" ".join(map(unparted, term.words))}"'
    return "=" * term.exact + unparted(term.text) + "*" * term.prefix + "~" * term.fuzzy


def _print_value(node: FieldIs, *, is_followed: bool) -> str:
    if isinstance(node.value, Word | Phrase):
        return _print_term(node.value)
    value = print_value(node.field, node.value)
    return f'"{value}"' if is_followed and node.field not in _TAKEN_AS_TYPED else quote(value)
