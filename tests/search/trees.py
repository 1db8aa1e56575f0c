"""Trees of queries for hypothesis: all kinds of nodes, within the limits of the language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from kilde.danish.kommuner import by_name, former_by_name, former_kommuner, kommuner
from kilde.model import DocumentKind
from search.query_names import OPERATORS, regions
from search.query_tree import Amounts, And, Dates, Exactly, FieldIs, FieldName, Near, Node, Not, Or, Phrase, Word

LETTERS = "abcåÅæøéißАж"
INNER = LETTERS + "0129½²-–'’,.:;/&@§%_=+!?#"
MOST_ØRE = 10**16

_NAMES_A_FIELD = re.compile(r"[^\W\d_]+:.*|NEAR(/.*)?")
_FORMER = [
    Exactly(former.successors[0], former.name)
    for former in former_kommuner()
    if by_name(former.name) is None and former_by_name(former.name) == former
]


def _framed(parts: tuple[str, str, str]) -> str:
    return "".join(parts)


plain_words = (
    st.one_of(
        st.tuples(st.sampled_from(LETTERS + "0129"), st.text(INNER, max_size=6), st.sampled_from(LETTERS + "%9")).map(
            _framed
        ),
        st.sampled_from(["§ 12", "§ 1-2", "50%", "igu'en", "69,9", "a@b.dk", "https://x.dk/a", "2019", "eller", "x"]),
    )
    .filter(lambda word: word not in OPERATORS and not _NAMES_A_FIELD.fullmatch(word))
)  # fmt: skip
"""Words as the parser makes them: a letter or figure at both ends, no operator."""


def letters(word: str) -> int:
    """Letters and figures of a word."""
    return sum(character.isalnum() for character in word)


words = st.one_of(
    plain_words.map(Word),
    plain_words.map(lambda word: Word(word, exact=True)),
    plain_words.filter(lambda word: letters(word) >= 2).map(lambda word: Word(word, prefix=True)),
    plain_words.filter(lambda word: letters(word) >= 3).map(lambda word: Word(word, fuzzy=True)),
)
phrases = st.lists(plain_words, min_size=1, max_size=4).map(lambda several: Phrase(tuple(several)))
terms = st.one_of(words, phrases)


def _in_order(days: Sequence[date]) -> Dates:
    return Dates(*sorted(days))


_øre = st.one_of(st.integers(-MOST_ØRE, MOST_ØRE), st.integers(-200, 200).map(lambda number: number * 10**7))
dates = st.one_of(
    st.lists(st.dates(), min_size=2, max_size=2).map(_in_order),
    st.tuples(st.integers(1, 9999), st.integers(0, 5)).map(
        lambda it: Dates(date(it[0], 1, 1), date(min(it[0] + it[1], 9999), 12, 31))
    ),
    st.dates().map(lambda day: Dates(day, day)),
    st.dates().map(lambda day: Dates(day, None)),
    st.dates().map(lambda day: Dates(None, day)),
)
amounts = st.one_of(
    st.lists(_øre, min_size=2, max_size=2).map(lambda two: Amounts(min(two), max(two))),
    _øre.map(lambda one: Amounts(one, one)),
    _øre.map(lambda one: Amounts(one, None)),
    _øre.map(lambda one: Amounts(None, one)),
)
typed = plain_words.filter(lambda word: "§" not in word) | st.sampled_from(
    ["Nyt (og gammelt)", "A/S: x", "a, b!", ">=5"]
)
fields = st.one_of(
    terms.map(lambda term: FieldIs(FieldName.TITLE, term)),
    st.sampled_from([*map(Exactly, kommuner()), *_FORMER]).map(lambda value: FieldIs(FieldName.KOMMUNE, value)),
    st.sampled_from(sorted(regions().values())).map(lambda value: FieldIs(FieldName.REGION, Exactly(value))),
    st.sampled_from(list(DocumentKind)).map(lambda value: FieldIs(FieldName.KIND, Exactly(value.value))),
    st.builds(FieldIs, st.sampled_from([FieldName.SOURCE, FieldName.PUBLISHER, FieldName.THEME]), typed.map(Exactly)),
    st.builds(FieldIs, st.sampled_from([FieldName.DATE, FieldName.MENTIONS]), dates),
    amounts.map(lambda value: FieldIs(FieldName.AMOUNT, value)),
)
leaves: st.SearchStrategy[Node] = st.one_of(
    words, phrases, st.builds(Near, terms, terms, st.integers(1, 100)), fields
)  # fmt: skip


def _joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(And), several.map(Or), parts.map(Not))


trees = st.recursive(leaves, _joined, max_leaves=8)


def depth(node: Node) -> int:
    """Parentheses and NOTs within each other, at most."""
    if isinstance(node, Not):
        return 1 + depth(node.part)
    if isinstance(node, And | Or):
        return 1 + max(map(depth, node.parts))
    return 0
