"""The query language: text to tree and back. The grammar, with examples, is docs/query.md.

query   = any ;
any     = all { OR all } ;
all     = item { [ AND ] item } ;
item    = NOT item | "-" item | near ;
near    = atom [ NEAR/n atom ] ;          two words or phrases
atom    = word | =word | word* | word~ | "phrase" | field:value | "(" any ")" ;
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category

from kilde.errors import QueryError
from search.query_errors import MAX_CHARACTERS, MAX_DEPTH, MAX_TERMS, Place
from search.query_printing import print_query
from search.query_tokens import Mark, Token, read_tokens
from search.query_tree import And, FieldIs, Near, Node, Not, Or, Phrase, Word
from search.query_words import is_blank

__all__ = ["parse_query", "print_query"]


def parse_query(text: str) -> Node | None:
    """The tree of a query; None for an empty one, which means everything. QueryError says where it cannot be read.

    >>> parse_query('indsats OR "ny pulje"')
    Or(parts=(Word(text='indsats', exact=False, prefix=False, fuzzy=False), Phrase(words=('ny', 'pulje'))))
    """
    _check_characters(text)
    if all(map(is_blank, text)):
        return None
    tokens = tuple(read_tokens(text))
    whole = Place(text, 0, len(text))
    if not tokens:
        raise whole.refuse(f"expected a word, found {text.strip()!r}")
    _check_terms(tokens)
    parser = _Parser(whole, tokens)
    node = parser.any_of(0)
    left = parser.ahead()
    if left is not None:
        raise left.place.refuse("expected '(' before this ')'", "")
    return node


def _check_characters(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise Place(text, MAX_CHARACTERS, len(text)).refuse(
            f"expected at most {MAX_CHARACTERS} characters, found {len(text)}"
        )
    broken = next((place for place, character in enumerate(text) if category(character) == "Cs"), None)
    if broken is not None:
        raise Place(text, broken, broken + 1).refuse("expected text in UTF-8, found bytes that are none")


def _check_terms(tokens: Sequence[Token]) -> None:
    count = 0
    for token in tokens:
        count += _terms(token)
        if count > MAX_TERMS:
            raise token.place.refuse(f"expected at most {MAX_TERMS} words, found more")


def _terms(token: Token) -> int:
    node = token.node.value if isinstance(token.node, FieldIs) else token.node
    return len(node.words) if isinstance(node, Phrase) else int(node is not None)


class _Parser:
    """Reads tokens from left to right; `next` is the one that is read next."""

    def __init__(self, whole: Place, tokens: Sequence[Token]) -> None:
        self.whole = whole
        self.tokens = tokens
        self.next = 0

    def ahead(self) -> Token | None:
        """The token to be read next, None at the end."""
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def take(self, *marks: Mark) -> Token | None:
        """Read the next token if it is one of these."""
        token = self.ahead()
        if token is None or token.mark not in marks:
            return None
        self.next += 1
        return token

    def any_of(self, depth: int) -> Node:
        parts = [self.all_of(depth)]
        while self.take(Mark.OR):
            parts.append(self.all_of(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self, depth: int) -> Node:
        parts = [self.item(depth)]
        while (token := self.ahead()) is not None and token.mark not in (Mark.OR, Mark.CLOSE):
            self.take(Mark.AND)
            parts.append(self.item(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def item(self, depth: int) -> Node:
        sign = self.take(Mark.NOT)
        if sign is None:
            return self.near(depth)
        return Not(self.item(_deeper(depth, sign)))

    def near(self, depth: int) -> Node:
        left = self.atom(depth)
        sign = self.take(Mark.NEAR)
        if sign is None:
            return left
        right = self.atom(depth)
        if not isinstance(left, Word | Phrase) or not isinstance(right, Word | Phrase):
            raise sign.place.refuse("expected a word or a phrase on both sides of NEAR", "")
        again = self.take(Mark.NEAR)
        if again is not None:
            middle = print_query(right)
            raise again.place.refuse("expected two words for one NEAR", f"{middle} {again.place.surface}")
        return Near(left, right, sign.distance)

    def atom(self, depth: int) -> Node:
        token = self.take(Mark.TERM, Mark.OPEN)
        if token is None:
            raise self.nothing()
        if token.mark is Mark.OPEN:
            return self.group(token, depth)
        assert token.node is not None, "a term has a node"
        return token.node

    def group(self, opening: Token, depth: int) -> Node:
        closing = self.take(Mark.CLOSE)
        if closing is not None:
            raise opening.place.upto(closing.place.end).refuse("expected a word between the parentheses", "")
        node = self.any_of(_deeper(depth, opening))
        if self.take(Mark.CLOSE) is None:
            end = len(self.whole.text)
            raise opening.place.upto(end).refuse("expected ')' for this '('", f"{opening.place.upto(end).surface})")
        return node

    def nothing(self) -> QueryError:
        """What is wrong where a word should stand: the operator before it has none."""
        token = self.ahead()
        before = self.tokens[self.next - 1] if self.next else None
        if before is not None and before.mark in (Mark.OR, Mark.AND, Mark.NOT, Mark.NEAR):
            return before.place.refuse(f"expected a word after {before.place.surface}", "")
        wrong = token if token is not None else self.tokens[-1]
        return wrong.place.refuse(f"expected a word before {wrong.place.surface}", "")


def _deeper(depth: int, token: Token) -> int:
    if depth == MAX_DEPTH:
        raise token.place.refuse(f"expected at most {MAX_DEPTH} parentheses and NOTs within each other, found more")
    return depth + 1
