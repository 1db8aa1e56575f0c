"""The query language, read: text -> tree, or a QueryError that says where, why and what to write instead.

    query   = [any]
    any     = all { ("OR" | "ELLER") all }
    all     = one { ["AND" | "OG"] one }
    one     = ("NOT" | "IKKE" | "-") one | near
    near    = leaf [ "NEAR" ["/" number] leaf ]
    leaf    = "(" any ")" | phrase | field ":" value | "=" word | word "*" | word "~" | word | "*"

Operators are written in capitals; `-` counts before a letter, a quote or a parenthesis. docs/query.md tells it to users.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar
from unicodedata import normalize

from kilde.errors import QueryError
from search.tree import (
    Amounts,
    And,
    Dates,
    Everything,
    Exact,
    Fuzzy,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Title,
    Value,
    Word,
    leaves,
)
from search.values import Wrong, kind_name, kommune_code, read_amounts, read_dates, region_name

LONGEST = 512
"""Characters of a query."""
MOST_TERMS = 32
_DEEPEST = 20
"""Parentheses within parentheses."""
_SHORTEST_PREFIX = 2
_SHORTEST_FUZZY = 3
_NEAR = 5
"""Words apart for a NEAR without a number."""
_FARTHEST = 100

FIELDS = {
    "kommune": "kommune",
    "region": "region",
    "source": "source",
    "kilde": "source",
    "kind": "kind",
    "type": "kind",
    "publisher": "publisher",
    "udgiver": "publisher",
    "title": "title",
    "titel": "title",
    "theme": "theme",
    "tema": "theme",
    "date": "date",
    "dato": "date",
    "mentions": "mentions",
    "nævner": "mentions",
    "amount": "amount",
    "beløb": "amount",
}
"""The fields by the names they have in queries, English and Danish."""

_OR = frozenset({"OR", "ELLER"})
_AND = frozenset({"AND", "OG"})
_NOT = frozenset({"NOT", "IKKE"})
_PIECE = re.compile(
    r"""\s*(?:(?P<mark>[()]|-(?=[^\W\d_]|["(=]))"""
    r"""|(?P<field>[^\W\d_]{1,40}+:)?(?:"(?P<phrase>[^"]*+)(?P<end>"?)|(?P<word>[^\s()"]++)))"""
)
_FIELD = re.compile(r"([^\W\d_]+):(.*)")
_LETTER = re.compile(r"[^\W_]")
"""A letter or digit: without one there is nothing to search for."""
_NEAR_WORD = re.compile(r"NEAR(?:/([0-9]{1,3}))?")
_CHECKS: dict[str, Callable[[str], str | Wrong]] = {
    "kommune": kommune_code,
    "region": region_name,
    "kind": kind_name,
}


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a query. `kind`: `(`, `)`, `-`, `phrase`, `word` or `end`."""

    kind: str
    text: str
    position: int
    field: str | None = None


def parse(text: str) -> Node:
    """Read a query. QueryError: too long, too many terms, or not in the language."""
    if len(text) > LONGEST:
        raise QueryError(f"a query has at most {LONGEST} characters, this one has {len(text)}", LONGEST)
    text = normalize("NFC", text)
    tokens = _tokens(text)
    if text.strip() and not tokens:
        raise QueryError("there is no word in this query", 0, "* for everything")
    tree = _Parser(tokens, len(text)).whole()
    if sum(1 for _ in leaves(tree)) > MOST_TERMS:
        raise QueryError(f"a query has at most {MOST_TERMS} terms", 0, "make two queries of it")
    return tree


class _Parser:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self._tokens = tokens
        self._next = 0
        self._end = _Token("end", "", length)
        self._depth = 0

    def whole(self) -> Node:
        if not self._tokens:
            return Everything()
        tree = self._any()
        token = self._peek()
        if token.kind != "end":
            raise QueryError("this parenthesis closes none", token.position, "leave it out, or open one before it")
        return tree

    def _peek(self, ahead: int = 0) -> _Token:
        place = self._next + ahead
        return self._tokens[place] if place < len(self._tokens) else self._end

    def _take(self) -> _Token:
        token = self._peek()
        self._next += 1
        return token

    def _at(self, words: frozenset[str]) -> bool:
        token = self._peek()
        return token.kind == "word" and token.field is None and token.text in words

    def _any(self) -> Node:
        children = [self._all()]
        while self._at(_OR):
            self._take()
            children.append(self._all())
        return _joined(children, Or)

    def _all(self) -> Node:
        children = [self._one()]
        while True:
            if self._at(_AND):
                self._take()
            elif self._peek().kind in ("end", ")") or self._at(_OR):
                return _joined(children, And)
            children.append(self._one())

    def _one(self) -> Node:
        negations = 0
        while self._at(_NOT) or self._peek().kind == "-":
            self._take()
            negations += 1
        tree = self._near()
        for _ in range(negations):
            tree = Not(tree)
        return tree

    def _near(self) -> Node:
        position = self._peek().position
        left = self._leaf()
        token = self._peek()
        operator = _NEAR_WORD.fullmatch(token.text) if token.kind == "word" and token.field is None else None
        if not operator:
            return left
        self._take()
        right_position = self._peek().position
        right = self._leaf()
        distance = int(operator[1] or _NEAR)
        if not 1 <= distance <= _FARTHEST:
            raise QueryError(f"NEAR goes from 1 to {_FARTHEST} words", token.position, f"NEAR/{_NEAR}")
        for side, place in ((left, position), (right, right_position)):
            if not isinstance(side, Word | Phrase):
                raise QueryError("NEAR joins two words or phrases", place, "put OR and NOT outside of it")
        assert isinstance(left, Word | Phrase)
        assert isinstance(right, Word | Phrase)
        return Near(left, right, distance)

    def _leaf(self) -> Node:
        token = self._take()
        if token.kind == "(":
            return self._group(token)
        if token.kind in ("end", ")"):
            raise QueryError("a word is missing here", token.position, "write one, or leave the operator out")
        if token.field is not None:
            return _field(token)
        if token.kind == "phrase":
            return Phrase(token.text)
        if token.text in _OR | _AND | _NOT or _NEAR_WORD.fullmatch(token.text):
            raise QueryError(f"{token.text} stands where a word should", token.position, f'"{token.text}" to search for it')
        return _word(token)

    def _group(self, opened: _Token) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise QueryError(f"more than {_DEEPEST} parentheses within each other", opened.position)
        tree = self._any()
        closed = self._take()
        self._depth -= 1
        if closed.kind != ")":
            raise QueryError("this parenthesis is not closed", opened.position, "add ) at the end")
        return tree


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    while place < len(text) and (piece := _PIECE.match(text, place)):
        place = piece.end()
        if piece["mark"]:
            found.append(_Token(piece["mark"], piece["mark"], piece.start("mark")))
        elif piece["phrase"] is not None:
            found.append(_quoted(piece))
        else:
            start = piece.start("field") if piece["field"] else piece.start("word")
            found += _words((piece["field"] or "") + piece["word"], start)
    return found


def _quoted(piece: re.Match[str]) -> _Token:
    position = piece.start("phrase") - 1
    if not piece["end"]:
        raise QueryError("this quotation mark is not closed", position, 'add " at the end')
    if not _LETTER.search(piece["phrase"]):
        raise QueryError("there is no word between the quotation marks", position)
    field = piece["field"]
    start = piece.start("field") if field else position
    return _Token("phrase", piece["phrase"], start, field[:-1] if field else None)


def _words(text: str, position: int) -> list[_Token]:
    """The token of what stands between spaces; none where nothing of it can be found."""
    field = _FIELD.fullmatch(text)
    if field:
        return [_Token("word", field[2], position, field[1])]
    return [_Token("word", text, position)] if _LETTER.search(text) or text == "*" else []


def _word(token: _Token) -> Node:
    text = token.text
    if text == "*":
        return Everything()
    if text.startswith("="):
        return _form(Exact, text[1:], token, 1)
    if text.endswith("*"):
        return _form(Prefix, text[:-1], token, _SHORTEST_PREFIX)
    if text.endswith("~"):
        return _form(Fuzzy, text[:-1], token, _SHORTEST_FUZZY)
    return _form(Word, text, token, 1)


def _form(kind: type[Word | Exact | Prefix | Fuzzy], text: str, token: _Token, shortest: int) -> Node:
    for sign in "*~":
        if sign in text:
            plain = text.replace(sign, "")
            raise QueryError(f"{sign} belongs at the end of a word, and once", token.position, f"{plain}{sign}")
    if kind is not Word and text.startswith(("=", "-")):
        raise QueryError(f"{token.text!r} is no word", token.position, text.lstrip("=-"))
    if sum(each.isalnum() for each in text) < shortest:
        raise QueryError(f"{token.text!r} needs at least {shortest} letters", token.position)
    return kind(text)


def _field(token: _Token) -> Node:
    name = FIELDS.get((token.field or "").lower())
    if name is None:
        near = get_close_matches((token.field or "").lower(), list(FIELDS), 1)
        meant = f"{near[0]}:{token.text}" if near else f'"{token.field}:{token.text}" to search for it'
        raise QueryError(f"no field is called {token.field!r}", token.position, meant)
    position = token.position + len(token.field or "") + 1
    if not _LETTER.search(token.text):
        raise QueryError(f"{token.field}: needs a value behind the colon", position)
    if name in ("date", "mentions"):
        dates = _known(read_dates(token.text.strip()), position, token)
        return Dates(name, dates.low, dates.high)
    if name == "amount":
        amounts = _known(read_amounts(token.text), position, token)
        return Amounts(amounts.low, amounts.high)
    if name == "title":
        return Title(Phrase(token.text) if token.kind == "phrase" else Word(_plain(token)))
    if check := _CHECKS.get(name):
        _known(check(token.text), position, token)
    return Value(name, token.text)


def _plain(token: _Token) -> str:
    if token.text[0] in "=-" or token.text[-1] in "*~":
        raise QueryError("title: takes a word or a phrase", token.position, f'title:"{token.text.strip("=-*~")}"')
    return token.text


_Read = TypeVar("_Read")


def _known(found: _Read | Wrong, position: int, token: _Token) -> _Read:
    if isinstance(found, Wrong):
        meant = f"{token.field}:{_quoted_if_needed(found.suggestion)}" if found.suggestion else None
        raise QueryError(found.detail, position, meant)
    return found


def _quoted_if_needed(text: str) -> str:
    return f'"{text}"' if re.search(r"[\s()]", text) else text


def _joined(children: list[Node], kind: type[And | Or]) -> Node:
    if len(children) == 1:
        return children[0]
    flat: list[Node] = []
    for child in children:
        flat += child.children if isinstance(child, kind) else (child,)
    return kind(tuple(flat))
